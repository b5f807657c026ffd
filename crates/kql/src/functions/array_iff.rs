//! `array_iff(conditions, then, otherwise)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "array_iff",
    aliases: &["array_iif"],
    about: "Per condition, the element of one array or of the other (or the one value for all).",
    parameters: &[Parameter::Dynamic, Parameter::Any, Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_iff(dynamic([true, false, true]), dynamic([1, 2, 3]), dynamic([4, 5, 6]))", "[1,5,3]"), (r#"array_iff(dynamic([1, 0, 50]), "yes", "no")"#, r#"["yes","no","yes"]"#), ("array_iff(dynamic([true, true]), dynamic([1]), 0)", "[1,null]"), (r#"array_iff(dynamic(["x", null]), 1, 0)"#, "[null,null]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let conditions = call.value(0);
    let Some(conditions) = json::elements(conditions.text()) else { return Value::Null };
    let values = [call.json_or_null(1), call.json_or_null(2)];
    let lists = values.each_ref().map(|value| json::elements(value.text()).map(Iterator::collect::<Vec<_>>));
    let mut all = ArrayWriter::default();
    for (at, condition) in conditions.enumerate() {
        let side = match condition {
            "true" => 0,
            "false" => 1,
            other => match other.parse::<f64>() {
                Ok(number) => usize::from(number == 0.0),
                Err(_) => {
                    all.raw("null");
                    continue;
                }
            },
        };
        all.raw(match (lists.get(side).and_then(Option::as_ref), values.get(side)) {
            (Some(list), _) => list.get(at).copied().unwrap_or("null"),
            (None, Some(value)) => value.text(),
            _ => "null",
        });
    }
    Value::owned(all.finish())
}
