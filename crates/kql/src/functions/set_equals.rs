//! `set_equals(array, array)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "set_equals",
    about: "Whether two arrays have the same elements, however often and in whatever order.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("set_equals(dynamic([1, 2, 2]), dynamic([2, 1]))", "true"), ("set_equals(dynamic([1]), dynamic([1, 2]))", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let set = |at: usize| Some(json::elements(call.text(at))?.map(json::canonical).collect::<std::collections::BTreeSet<_>>());
    set(0).zip(set(1)).map(|(a, b)| a == b).into()
}
