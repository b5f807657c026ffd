//! `series_fill_linear(series, [missing], [edges], [constant])`.
use super::{Call, Function, Kind, Parameter, Value, series_fill_forward::is_missing};
use crate::{json::{self, ArrayWriter}, series};

pub(super) const FUNCTION: Function = Function {
    name: "series_fill_linear",
    about: "The series with missing values (null, or a given one) on the line between their neighbours; edges take the nearest value unless told otherwise, a series without values the constant (0).",
    parameters: &[Parameter::Dynamic, Parameter::Any, Parameter::Bool, Parameter::Any],
    optional: 3,
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fill_linear(dynamic([null, 111.0, null, 36.0, null]))", "[111.0,111.0,73.5,36.0,36.0]"), ("series_fill_linear(dynamic([null, 111, null, 36, 41]), double(null), false)", "[null,111,73,36,41]"), ("series_fill_linear(dynamic([null, null]))", "[0.0,0.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let value = call.value(0);
    let Some(elements) = json::elements(value.text()) else { return Value::Null };
    let elements: Vec<&str> = elements.collect();
    let known: Vec<(usize, f64)> = elements
        .iter()
        .enumerate()
        .filter(|(_, element)| !is_missing(call, 1, element))
        .filter_map(|(at, element)| Some((at, element.parse().ok()?)))
        .collect();
    // Whole numbers stay whole.
    let is_whole = known.iter().all(|(at, _)| elements.get(*at).is_some_and(|element| element.parse::<i64>().is_ok()));
    let has_edges = call.truth(2) != Some(false);
    let constant = call.real(3).unwrap_or(0.0);
    let mut out = ArrayWriter::default();
    for (at, element) in elements.iter().enumerate() {
        let after = known.partition_point(|(place, _)| *place < at);
        let next = known.get(after);
        let before = after.checked_sub(1).and_then(|before| known.get(before));
        let filled = match (before, next) {
            (_, Some((place, _))) if *place == at => {
                out.raw(element);
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "places in an array")]
            (Some((from, start)), Some((to, end))) => {
                Some(start + (end - start) * ((at - from) as f64 / (to - from) as f64))
            }
            (Some((_, edge)), None) | (None, Some((_, edge))) if has_edges => Some(*edge),
            (None, None) => Some(constant),
            _ => None,
        };
        match filled {
            None => out.raw(element),
            #[expect(clippy::cast_possible_truncation, reason = "between two whole numbers")]
            Some(filled) if is_whole && !known.is_empty() => out.raw(&(filled as i64).to_string()),
            filled => series::push_number(&mut out, filled),
        }
    }
    Value::owned(out.finish())
}
