//! `strcat_array(array, delimiter)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "strcat_array",
    aliases: &["array_strcat"],
    about: "The elements of an array as one text, a delimiter between; nulls are empty.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"strcat_array(dynamic([1, 2, 3]), "->")"#, "1->2->3"), (r#"strcat_array(dynamic(["a", null, true, {"x": 1}]), "-")"#, r#"a--true-{"x":1}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let delimiter = call.shown(1);
    let Some(elements) = json::elements(call.text(0)) else { return Value::EMPTY };
    let mut text = String::new();
    for (at, element) in elements.enumerate() {
        if at > 0 {
            text.push_str(delimiter.text());
        }
        if element != "null" {
            text.push_str(&json::unquote(element));
        }
        if text.len() > super::replace_string::LONGEST {
            return Value::EMPTY;
        }
    }
    Value::owned(text)
}
