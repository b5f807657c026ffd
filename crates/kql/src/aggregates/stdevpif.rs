//! `stdevpif(value, condition)`.
use super::{Aggregate, Naming, Parameter, stdevp};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "stdevpif",
    about: "The standard deviation of all values of rows that meet a condition.",
    parameters: &[Parameter::Number, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("stdevpif_"),
    examples: &[("datatable(x: long, b: bool)[2, true, 4, true, 9, false] | summarize stdevpif(x, b)", "1.0")],
    ..stdevp::AGGREGATE
};
