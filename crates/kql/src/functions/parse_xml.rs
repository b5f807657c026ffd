//! `parse_xml(text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::xml;

pub(super) const FUNCTION: Function = Function {
    name: "parse_xml",
    about: "The XML that a text holds as JSON: children by name, attributes as `@name`, text beside them as `#text`; null when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"parse_xml("<a><b x='1'>t</b><c>2</c><c>3</c></a>")"#, r##"{"a":{"b":{"@x":"1","#text":"t"},"c":["2","3"]}}"##), (r#"parse_xml("<a>")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    xml::to_json(call.text(0)).into()
}
