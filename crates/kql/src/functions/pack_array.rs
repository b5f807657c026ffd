//! `pack_array(value, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ArrayWriter;

pub(super) const FUNCTION: Function = Function {
    name: "pack_array",
    about: "An array of the values.",
    parameters: &[Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"pack_array(1, "a", 2 * 1s)"#, r#"[1,"a","00:00:02"]"#), ("pack_array(long(null), dynamic([1]))", "[null,[1]]"), (r#"pack_array("[1]")"#, r#"["[1]"]"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut all = ArrayWriter::default();
    (0..call.arguments.len()).for_each(|at| all.raw(call.json_or_null(at).text()));
    Value::owned(all.finish())
}
