//! `max_of(value, …)`.
use super::{Call, Function, Parameter, Value, common_kind, promoted};
use crate::compare::order_of;
use std::cmp::Ordering;

pub(super) const FUNCTION: Function = Function {
    name: "max_of",
    about: "The greatest of the values; nulls are left out.",
    parameters: &[Parameter::Any, Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |kinds| common_kind(kinds.iter().copied()),
    call,
    examples: &[("max_of(1, 5, 3)", "5"), ("max_of(1, 2.5)", "2.5"), ("max_of(1, long(null))", "1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut best = Value::Null;
    for at in 0..call.arguments.len() {
        let value = promoted(call, at);
        if best.is_null() || order_of(call.kind, &value, &best) == Some(Ordering::Greater) {
            best = value;
        }
    }
    best.or_none(call.kind)
}
