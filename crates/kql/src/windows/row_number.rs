//! `row_number([start], [restart])`.
use super::{Parameter, WindowFunction};
use crate::value::Value;
use chartroom_schema::kind::Kind;

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "row_number",
    about: "The number of the row, from a start (1); it begins anew where the second argument is true.",
    parameters: &[Parameter::Whole, Parameter::Bool],
    optional: 2,
    returns: |_| Ok(Kind::Long),
    call: |call, row, carried| {
        let start = call.value(0, row).long().unwrap_or(1);
        carried.longs.0 = if call.restarts(1, row) { start } else { carried.longs.0.wrapping_add(1) };
        Value::Long(carried.longs.0)
    },
    examples: &[("5; 6; 7", "", "1; 2; 3"), ("5; 6", "7", "7; 8"), ("5; 5; 7; 7", "1; changed", "1; 2; 1; 2")],
};
