//! `set_union(array, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "set_union",
    about: "Each element of any of the arrays once, in the order in which they come.",
    parameters: &[Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("set_union(dynamic([1, 2, 1]), dynamic([2, 3]))", "[1,2,3]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut seen = std::collections::BTreeSet::new();
    let mut all = ArrayWriter::default();
    for array in call.arguments {
        let Some(elements) = json::elements(array.text()) else { return Value::Null };
        elements.filter(|element| seen.insert(json::canonical(element))).for_each(|element| all.raw(element));
    }
    Value::owned(all.finish())
}
