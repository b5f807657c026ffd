//! `erfc(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "erfc",
    about: "One less the error function.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("erfc(0)", "1.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).map(libm::erfc).into()
}
