//! `exp10(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "exp10",
    about: "10 raised to the number.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("exp10(2)", "100.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).map(|x| 10_f64.powf(x)).into()
}
