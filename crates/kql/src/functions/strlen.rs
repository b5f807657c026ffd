//! `strlen(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "strlen",
    about: "The number of characters of a text.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"strlen("häß")"#, "3"), (r#"strlen("")"#, "0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    // Characters, not bytes: Kusto counts Unicode code points.
    i64::try_from(call.text(0).chars().count()).map_or(Value::Null, Value::Long)
}
