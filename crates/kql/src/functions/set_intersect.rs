//! `set_intersect(array, array, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "set_intersect",
    about: "Each element that all arrays have, once.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("set_intersect(dynamic([1, 2, 3, 2]), dynamic([2, 3]), dynamic([3, 2]))", "[2,3]"), ("set_intersect(dynamic([1]), dynamic([2]))", "[]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    filtered(call, |in_others| in_others.iter().all(|is_in| *is_in))
}

/// Each element of the first array once, that stands so in the others.
pub(super) fn filtered(call: &Call<'_, '_>, keep: impl Fn(&[bool]) -> bool) -> Value<'static> {
    let mut sets = Vec::new();
    for array in call.arguments.iter().skip(1) {
        let Some(elements) = json::elements(array.text()) else { return Value::Null };
        sets.push(elements.map(json::canonical).collect::<std::collections::BTreeSet<_>>());
    }
    let Some(elements) = json::elements(call.text(0)) else { return Value::Null };
    let mut seen = std::collections::BTreeSet::new();
    let mut all = ArrayWriter::default();
    for element in elements {
        let key = json::canonical(element);
        let in_others: Vec<bool> = sets.iter().map(|set| set.contains(&key)).collect();
        if keep(&in_others) && seen.insert(key) {
            all.raw(element);
        }
    }
    Value::owned(all.finish())
}
