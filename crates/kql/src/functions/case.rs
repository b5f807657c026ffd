//! `case(condition, value, …, otherwise)`.
use super::{Call, Function, Kind, Parameter, Value, common_kind, promoted};

pub(super) const FUNCTION: Function = Function {
    name: "case",
    about: "The value behind the first condition that holds, else the last one.",
    parameters: &[Parameter::Bool, Parameter::Any, Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |kinds| {
        let Some((otherwise, pairs)) = kinds.split_last() else { return Err("needs arguments".to_owned()) };
        let (pairs, rest) = pairs.as_chunks::<2>();
        if !rest.is_empty() {
            return Err("takes pairs of condition and value, and a last value".to_owned());
        }
        if pairs.iter().any(|[condition, _]| *condition != Kind::Bool) {
            return Err("takes a bool as each condition".to_owned());
        }
        common_kind(pairs.iter().map(|[_, value]| *value).chain([*otherwise]))
    },
    call,
    examples: &[
        (r#"case(1 > 2, "a", 2 > 1, "b", "c")"#, "b"),
        (r#"case(bool(null), "a", "c")"#, "c"),
        ("case(false, 1, 2.5)", "2.5"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut at = 0;
    while at + 1 < call.arguments.len() {
        if call.value(at) == Value::Bool(true) {
            return promoted(call, at + 1);
        }
        at += 2;
    }
    promoted(call, at)
}
