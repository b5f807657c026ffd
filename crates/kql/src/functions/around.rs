//! `around(value, center, distance)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{compare, plan::Binary};

pub(super) const FUNCTION: Function = Function {
    name: "around",
    about: "Whether a value is no farther from a center than a distance.",
    parameters: &[Parameter::Any, Parameter::Any, Parameter::Any],
    returns: |kinds| {
        let is_whole = |kind: &Kind| matches!(kind, Kind::Int | Kind::Long);
        let is_number = |kind: &Kind| is_whole(kind) || *kind == Kind::Real;
        match kinds {
            [Kind::DateTime, Kind::DateTime, Kind::TimeSpan]
            | [Kind::TimeSpan, Kind::TimeSpan, Kind::TimeSpan] => Ok(Kind::Bool),
            _ if kinds.iter().all(is_number) => Ok(Kind::Bool),
            _ => Err("takes numbers, or times and a timespan".to_owned()),
        }
    },
    call,
    examples: &[("around(5, 7, 2)", "true"), ("around(5, 8, 2)", "false"), ("around(datetime(2021-08-02 16:01), datetime(2021-08-02 16:00), 1m)", "true")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let kind = if call.kinds.contains(&Kind::Real) { Kind::Real } else { Kind::Long };
    let value = |at: usize| crate::convert::convert(call.value(at), call.kind_of(at), kind);
    let (center, distance) = (value(1), value(2));
    let is = |operator: Binary, edge: Binary| {
        let edge = compare::binary(edge, kind, (&center, kind), (&distance, kind));
        compare::binary(operator, Kind::Bool, (&value(0), kind), (&edge, kind)).truth()
    };
    match (is(Binary::GreaterOrEqual, Binary::Subtract), is(Binary::LessOrEqual, Binary::Add)) {
        (Some(above), Some(below)) => Value::Bool(above && below),
        _ => Value::Null,
    }
}
