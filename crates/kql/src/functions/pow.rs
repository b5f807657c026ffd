//! `pow(base, exponent)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "pow",
    about: "The base raised to the exponent.",
    parameters: &[Parameter::Number, Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("pow(2, 3)", "8.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).zip(call.real(1)).map(|(base, exponent)| base.powf(exponent)).into()
}
