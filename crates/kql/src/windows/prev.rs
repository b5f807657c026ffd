//! `prev(column, [offset], [default])`.
use super::{Parameter, WindowFunction, moved};

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "prev",
    about: "The value of an earlier row (the one before); null, or a default, where there is none.",
    parameters: &[Parameter::Any, Parameter::Whole, Parameter::Any],
    optional: 2,
    returns: |kinds| kinds.first().copied().ok_or_else(|| "needs a column".to_owned()),
    call: |call, row, _| moved(call, row, -1),
    examples: &[("1; 2; 3", "x", "null; 1; 2"), ("'a'; 'b'", "x", "; a"), ("1; 2; 3", "x; 2; 9", "9; 9; 1")],
};
