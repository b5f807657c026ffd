//! `series_decompose(series, [period], [trend], [test points], [threshold])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{
    json::ObjectWriter,
    series::{self, decompose::{self, Parts, Trend, Wish}},
};

pub(super) const FUNCTION: Function = Function {
    name: "series_decompose",
    about: "Takes a series apart: season (of a period, 0 for none, -1 to find it), trend ('avg', 'linefit', 'none'), both together as the baseline, and what they leave.",
    columns: &[("baseline", Kind::Dynamic), ("seasonal", Kind::Dynamic), ("trend", Kind::Dynamic), ("residual", Kind::Dynamic)],
    parameters: &[Parameter::Dynamic, Parameter::Whole, Parameter::Text, Parameter::Whole, Parameter::Number],
    optional: 4,
    is_strict: false,
    check: |arguments| check(arguments, 1, 2),
    returns: |_| Ok(Kind::Dynamic),
    call: |call| {
        let Some(Parts { baseline, seasonal, trend, residual }) = parts(call, &[1, 2, 3, 4]) else { return Value::Null };
        let mut out = ObjectWriter::default();
        for (name, part) in [("baseline", baseline), ("seasonal", seasonal), ("trend", trend)] {
            out.value(name, &series::array_text(part.into_iter().map(Some)));
        }
        out.value("residual", &series::array_text(residual));
        Value::owned(out.finish())
    },
    examples: &[("series_decompose(dynamic([1, 2, 1, 2, 1, 5]), 2, 'none')", "[1.0,2.0,1.0,2.0,1.0,2.0], [1.0,2.0,1.0,2.0,1.0,2.0], [0.0,0.0,0.0,0.0,0.0,0.0], [0.0,0.0,0.0,0.0,0.0,3.0]"), ("series_decompose(dynamic([1, 2, 3, 4]), 0, 'linefit')", "[1.0,2.0,3.0,4.0], [0.0,0.0,0.0,0.0], [1.0,2.0,3.0,4.0], [0.0,0.0,0.0,0.0]")],
    ..Function::BASE
};

/// What is wrong with a constant period or trend at these places.
pub(super) fn check(arguments: &[Option<Value<'_>>], period: usize, trend: usize) -> Result<(), String> {
    let given = |at: usize| arguments.get(at).and_then(Option::as_ref);
    if given(period).and_then(Value::long).is_some_and(|period| period < -1) {
        return Err("takes a period of -1 (to be found), 0 (none) or more".to_owned());
    }
    if given(trend).is_some_and(|trend| Trend::from_name(trend.text()).is_none()) {
        return Err("takes 'avg', 'linefit' or 'none' as its trend".to_owned());
    }
    Ok(())
}

/// The parts of the series; period, trend, test points and threshold are the arguments at these places.
pub(super) fn parts(call: &Call<'_, '_>, places: &[usize; 4]) -> Option<Parts> {
    let [period, trend, points, threshold] = *places;
    let numbers = series::numbers(call.text(0))?;
    let wish = Wish {
        period: call.long(period).unwrap_or(-1),
        trend: Trend::from_name(call.text(trend))?,
        test_points: call.long(points).and_then(|points| usize::try_from(points).ok()).unwrap_or(0),
        threshold: call.real(threshold).unwrap_or(0.6),
    };
    Some(decompose::decompose(&numbers, &wish))
}
