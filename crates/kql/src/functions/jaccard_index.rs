//! `jaccard_index(array, array)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "jaccard_index",
    about: "The share of elements that two arrays have in common.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("jaccard_index(dynamic([1, 2, 3]), dynamic([1, 2, 4]))", "0.5")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let set = |at: usize| Some(json::elements(call.text(at))?.map(json::canonical).collect::<std::collections::BTreeSet<_>>());
    let Some((a, b)) = set(0).zip(set(1)) else { return Value::Null };
    let (Ok(both), Ok(any)) = (u32::try_from(a.intersection(&b).count()), u32::try_from(a.union(&b).count())) else {
        return Value::Null;
    };
    Value::Real(f64::from(both) / f64::from(any))
}
