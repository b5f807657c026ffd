//! `string_size(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "string_size",
    about: "How many bytes the text takes in UTF-8.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"string_size("häß")"#, "5")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    i64::try_from(call.text(0).len()).ok().into()
}
