//! `row_rank_min(term, [restart])`.
use super::{Parameter, WindowFunction};
use crate::value::Value;
use chartroom_schema::kind::Kind;

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "row_rank_min",
    about: "The rank of the row among ordered values: the place of the first of equal ones; it begins anew where the second argument is true.",
    parameters: &[Parameter::Any, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::Long),
    call: |call, row, carried| {
        // The rank, and the row's place.
        if call.restarts(1, row) {
            carried.longs = (1, 1);
        } else {
            carried.longs.1 += 1;
            if call.differs(row) {
                carried.longs.0 = carried.longs.1;
            }
        }
        Value::Long(carried.longs.0)
    },
    examples: &[("2; 3; 3; 100", "x", "1; 2; 2; 4")],
};
