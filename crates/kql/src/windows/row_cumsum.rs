//! `row_cumsum(term, [restart])`.
use super::{Parameter, WindowFunction};
use crate::value::Value;
use chartroom_schema::kind::Kind;

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "row_cumsum",
    about: "The sum of the values up to the row; it begins anew where the second argument is true, nulls add nothing.",
    parameters: &[Parameter::Any, Parameter::Bool],
    optional: 1,
    returns: |kinds| match kinds.first() {
        Some(Kind::Int | Kind::Long) => Ok(Kind::Long),
        Some(kind @ (Kind::Real | Kind::TimeSpan)) => Ok(*kind),
        _ => Err("takes numbers or timespans".to_owned()),
    },
    call: |call, row, carried| {
        if call.restarts(1, row) {
            (carried.longs.0, carried.real) = (0, 0.0);
        }
        let value = call.value(0, row);
        if call.kind == Kind::Real {
            carried.real += value.real().unwrap_or(0.0);
            Value::Real(carried.real)
        } else {
            carried.longs.0 = carried.longs.0.wrapping_add(value.long().unwrap_or(0));
            Value::Long(carried.longs.0)
        }
    },
    examples: &[
        ("2; 4; 6", "x", "2; 6; 12"),
        ("1; 1; 5; 5", "x; changed", "1; 2; 5; 10"),
        ("0.5; real(null)", "x", "0.5; 0.5"),
    ],
};
