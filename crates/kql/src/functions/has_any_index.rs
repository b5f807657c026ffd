//! `has_any_index(text, words)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json, needle::Needle, plan::{How, Matcher}};

pub(super) const FUNCTION: Function = Function {
    name: "has_any_index",
    about: "The place in a list of the first word that the text has as a term; -1 when it has none, null for an empty list.",
    parameters: &[Parameter::Text, Parameter::Dynamic],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"has_any_index("this is an example", dynamic(["not", "example"]))"#, "1"), (r#"has_any_index("this is an example", dynamic(["not", "found"]))"#, "-1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(words) = json::elements(call.text(1)) else { return Value::Null };
    let matcher = Matcher { how: How::Has, is_fold: true };
    let mut words = words.map(json::unquote);
    let found = words.position(|word| Needle::new(matcher, &word).is_ok_and(|needle| needle.matches(call.text(0))));
    Value::Long(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
}
