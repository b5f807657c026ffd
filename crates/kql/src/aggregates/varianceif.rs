//! `varianceif(value, condition)`.
use super::{Aggregate, Naming, Parameter, variance};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "varianceif",
    about: "The variance of a sample, of rows that meet a condition.",
    parameters: &[Parameter::Number, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("varianceif_"),
    examples: &[("datatable(x: long, b: bool)[2, true, 4, true, 9, false] | summarize varianceif(x, b)", "2.0")],
    ..variance::AGGREGATE
};
