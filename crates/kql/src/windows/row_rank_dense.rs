//! `row_rank_dense(term, [restart])`.
use super::{Parameter, WindowFunction};
use crate::value::Value;
use chartroom_schema::kind::Kind;

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "row_rank_dense",
    about: "The rank of the row among ordered values, equal ones alike, without gaps; it begins anew where the second argument is true.",
    parameters: &[Parameter::Any, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::Long),
    call: |call, row, carried| {
        if call.restarts(1, row) {
            carried.longs.0 = 1;
        } else if call.differs(row) {
            carried.longs.0 += 1;
        }
        Value::Long(carried.longs.0)
    },
    examples: &[("2; 3; 3; 100", "x", "1; 2; 2; 3"), ("2; 3; 3", "x; changed", "1; 1; 1")],
};
