//! `unicode_codepoints_from_string(text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ArrayWriter;

pub(super) const FUNCTION: Function = Function {
    name: "unicode_codepoints_from_string",
    aliases: &["to_utf8"],
    about: "The characters' numbers, as an array.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"unicode_codepoints_from_string("aä")"#, "[97,228]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut array = ArrayWriter::default();
    call.text(0).chars().for_each(|c| array.raw(itoa::Buffer::new().format(u32::from(c))));
    Value::owned(array.finish())
}
