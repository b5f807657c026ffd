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
    call: |call| {
        let mut number = 0;
        let numbers = (0..call.rows).map(|row| {
            let start = call.value(0, row).long().unwrap_or(1);
            number = if row == 0 || call.restarts(1, row) { start } else { number + 1 };
            Value::Long(number)
        });
        numbers.collect()
    },
    examples: &[("5; 6; 7", "", "1; 2; 3"), ("5; 6", "7", "7; 8"), ("5; 5; 7; 7", "1; changed", "1; 2; 1; 2")],
};
