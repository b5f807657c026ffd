//! `iff(condition, then, otherwise)`.
use super::{Call, Function, Kind, Parameter, Value, common_kind, promoted};

pub(super) const FUNCTION: Function = Function {
    name: "iff",
    aliases: &["iif"],
    about: "One value when the condition holds, another when it does not (or is null).",
    parameters: &[Parameter::Bool, Parameter::Any, Parameter::Any],
    is_strict: false,
    returns: |kinds| {
        let (Some(then), Some(otherwise)) = (kinds.get(1), kinds.get(2)) else { return Ok(Kind::String) };
        common_kind([*then, *otherwise])
    },
    call,
    examples: &[(r#"iff(1 < 2, "a", "b")"#, "a"), ("iif(bool(null), 1, 2)", "2"), ("iff(true, 1, 2.5)", "1.0"), (r#"iff(true, dynamic([1]), "a")"#, "[1]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let chosen = if call.value(0) == Value::Bool(true) { 1 } else { 2 };
    promoted(call, chosen)
}
