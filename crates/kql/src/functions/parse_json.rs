//! `parse_json(text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "parse_json",
    aliases: &["todynamic", "parsejson", "toobject"],
    about: "The JSON that a text holds, as dynamic; a text that is no JSON is itself. A dynamic stays as it is.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[
        (r#"parse_json('{"a": [1, 2]}').a[1]"#, "2"),
        (r#"parse_json("not json")"#, "\"not json\""),
        (r#"parse_json('{"b":"{\\"c\\":4}"}').b.c"#, "null"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Dynamic)
}
