//! `range(start, stop, [step])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{aggregates::MOST_ELEMENTS, convert::as_json, json::ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "range",
    about: "An array of evenly spaced numbers or times from a start to a stop (included); null when there are more than 1,048,576.",
    parameters: &[Parameter::Any, Parameter::Any, Parameter::Any],
    optional: 1,
    returns: |kinds| match kinds { [Kind::DateTime, Kind::DateTime] | [Kind::DateTime, Kind::DateTime, Kind::TimeSpan] | [Kind::TimeSpan, Kind::TimeSpan] | [Kind::TimeSpan, Kind::TimeSpan, Kind::TimeSpan] => Ok(Kind::Dynamic), kinds if kinds.iter().all(|kind| matches!(kind, Kind::Int | Kind::Long | Kind::Real)) => Ok(Kind::Dynamic), _ => Err("takes numbers, or times and a timespan".to_owned()) },
    call,
    examples: &[("range(1, 8, 3)", "[1,4,7]"), ("range(3, 1, -1)", "[3,2,1]"), ("range(1.0, 2.0, 0.5)", "[1.0,1.5,2.0]"), ("range(datetime(2021-01-01), datetime(2021-01-03), 1d)", r#"["2021-01-01T00:00:00.0000000Z","2021-01-02T00:00:00.0000000Z","2021-01-03T00:00:00.0000000Z"]"#), ("range(1, 3, 0)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let kind = call.kind_of(0);
    let is_time = matches!(kind, Kind::DateTime | Kind::TimeSpan);
    let step = if call.has(2) { call.value(2) } else if is_time { Value::Long(chartroom_base::ticks::PER_SECOND * 3_600) } else { Value::Long(1) };
    if step.real() == Some(0.0) {
        return Value::Null;
    }
    let mut all = ArrayWriter::default();
    let mut count = 0;
    if let (Value::Long(start), Value::Long(stop), Value::Long(step)) = (call.value(0), call.value(1), &step) {
        let mut at = Some(start);
        while let Some(value) = at.filter(|at| if *step > 0 { *at <= stop } else { *at >= stop }) {
            count += 1;
            if count > MOST_ELEMENTS {
                return Value::Null;
            }
            all.raw(as_json(Value::Long(value), kind).text());
            at = value.checked_add(*step);
        }
        return Value::owned(all.finish());
    }
    let (Some(start), Some(stop), Some(step)) = (call.real(0), call.real(1), step.real()) else { return Value::Null };
    let steps = ((stop - start) / step + 1e-9).floor();
    if steps.is_nan() || steps >= 1_048_576.0 {
        return Value::Null;
    }
    let mut at = 0.0;
    while at <= steps {
        all.raw(as_json(Value::Real(start + at * step), Kind::Real).text());
        at += 1.0;
    }
    Value::owned(all.finish())
}
