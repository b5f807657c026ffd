//! `next(column, [offset], [default])`.
use super::{Parameter, WindowFunction, moved};

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "next",
    about: "The value of a later row (the next one); null, or a default, where there is none.",
    parameters: &[Parameter::Any, Parameter::Whole, Parameter::Any],
    optional: 2,
    returns: |kinds| kinds.first().copied().ok_or_else(|| "needs a column".to_owned()),
    call: |call, row, _| moved(call, row, 1),
    examples: &[("1; 2; 3", "x", "2; 3; null"), ("1; 2; 3", "x; 2; 0", "3; 0; 0")],
};
