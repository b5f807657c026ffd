//! `split(text, delimiter, [index])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::push_string;

pub(super) const FUNCTION: Function = Function {
    name: "split",
    about: "The parts of a text between the delimiters, as an array; with an index, an array of that part alone.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[
        (r#"split("a_b_c", "_")"#, r#"["a","b","c"]"#),
        (r#"split("a,b", ",", 1)"#, r#"["b"]"#),
        (r#"split("a/b", "/")[-1]"#, "\"b\""),
        (r#"split("a,b", ",", 5)"#, "null"),
        (r#"split("ab", "")"#, "null"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (text, delimiter) = (call.text(0), call.text(1));
    if delimiter.is_empty() {
        return Value::Null;
    }
    let mut json = String::from("[");
    let mut push = |part: &str| {
        if json.len() > 1 {
            json.push(',');
        }
        push_string(&mut json, part);
    };
    match call.long(2) {
        None => text.split(delimiter).for_each(&mut push),
        Some(index) => {
            let part = usize::try_from(index).ok().and_then(|index| text.split(delimiter).nth(index));
            let Some(part) = part else { return Value::Null };
            push(part);
        }
    }
    json.push(']');
    Value::owned(json)
}
