//! `stdevif(value, condition)`.
use super::{Aggregate, Naming, Parameter, stdev};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "stdevif",
    about: "The standard deviation of a sample, of rows that meet a condition.",
    parameters: &[Parameter::Number, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("stdevif_"),
    examples: &[("datatable(x: long, b: bool)[2, true, 4, true, 9, false] | summarize stdevif(x, b)", "1.4142135623730951")],
    ..stdev::AGGREGATE
};
