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
    call: |call| {
        let (mut rank, mut place) = (1, 0);
        let ranks = (0..call.rows).map(|row| {
            let before = row.checked_sub(1).map(|before| call.value(0, before));
            if row == 0 || call.restarts(1, row) {
                (rank, place) = (1, 1);
            } else {
                place += 1;
                if before != Some(call.value(0, row)) {
                    rank = place;
                }
            }
            Value::Long(rank)
        });
        ranks.collect()
    },
    examples: &[("2; 3; 3; 100", "x", "1; 2; 2; 4")],
};
