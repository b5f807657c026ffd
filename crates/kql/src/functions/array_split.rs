//! `array_split(array, places)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "array_split",
    about: "The array cut before a place or before each of several.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_split(dynamic([1, 2, 3, 4, 5]), 2)", "[[1,2],[3,4,5]]"), ("array_split(dynamic([1, 2, 3, 4, 5]), dynamic([1, 3]))", "[[1],[2,3],[4,5]]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(elements) = json::elements(call.text(0)) else { return Value::Null };
    let elements: Vec<&str> = elements.collect();
    let places = call.json(1);
    let places: Vec<&str> = json::elements(places.text()).map_or_else(|| vec![places.text()], Iterator::collect);
    let count = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let place = |place: &&str| match place.parse::<i64>().ok()? {
        at if at < 0 => usize::try_from(count.saturating_add(at).max(0)).ok(),
        at => usize::try_from(at.min(count)).ok(),
    };
    let Some(mut cuts) = places.iter().map(place).collect::<Option<Vec<usize>>>() else { return Value::Null };
    cuts.push(elements.len());
    let mut all = ArrayWriter::default();
    let mut from = 0;
    for cut in cuts {
        let mut part = ArrayWriter::default();
        elements.get(from..cut.max(from)).unwrap_or_default().iter().for_each(|element| part.raw(element));
        all.raw(&part.finish());
        from = from.max(cut);
    }
    Value::owned(all.finish())
}
