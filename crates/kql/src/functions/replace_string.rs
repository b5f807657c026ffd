//! `replace_string(text, lookup, rewrite)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "replace_string",
    about: "The text with every place where the second stands replaced by the third.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"replace_string("a-b-c", "-", "+")"#, "a+b+c"), (r#"replace_string("abc", "", "x")"#, "abc")],
    ..Function::BASE
};

/// Longer results are cut: a text in a log never is, a query that multiplies texts would be.
pub(super) const LONGEST: usize = 4 << 20;

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (text, lookup, rewrite) = (call.text(0), call.text(1), call.text(2));
    let grows = rewrite.len().saturating_mul(text.len()) > LONGEST && rewrite.len() > lookup.len();
    if lookup.is_empty() || grows {
        return call.value(0);
    }
    Value::owned(text.replace(lookup, rewrite))
}
