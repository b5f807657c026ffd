//! `estimate_data_size(value, …)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "estimate_data_size",
    about: "About how many bytes the values take.",
    parameters: &[Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"estimate_data_size("abc")"#, "3"), ("estimate_data_size(1)", "8")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let size = |at: usize| match call.kind_of(at) {
        Kind::Bool => 1,
        Kind::Int => 4,
        Kind::Long | Kind::Real | Kind::DateTime | Kind::TimeSpan => 8,
        Kind::Guid => 16,
        _ => i64::try_from(call.text(at).len()).unwrap_or(i64::MAX),
    };
    Value::Long((0..call.arguments.len()).map(size).fold(0, i64::saturating_add))
}
