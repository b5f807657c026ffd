//! `binary_not(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "binary_not",
    about: "All bits turned over.",
    parameters: &[Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("binary_not(0)", "-1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).map(|x| !x).into()
}
