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
    call: |call| {
        let mut rank = 0;
        let ranks = (0..call.rows).map(|row| {
            let before = row.checked_sub(1).map(|before| call.value(0, before));
            if row == 0 || call.restarts(1, row) {
                rank = 1;
            } else if before != Some(call.value(0, row)) {
                rank += 1;
            }
            Value::Long(rank)
        });
        ranks.collect()
    },
    examples: &[("2; 3; 3; 100", "x", "1; 2; 2; 3"), ("2; 3; 3", "x; changed", "1; 1; 1")],
};
