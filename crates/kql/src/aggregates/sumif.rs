//! `sumif(value, condition)`.
use super::{Aggregate, Naming, Parameter, sum};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "sumif",
    about: "The sum of the values of rows that meet a condition.",
    parameters: &[Parameter::Any, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("sumif_"),
    examples: &[("datatable(x: long, b: bool)[1, true, 2, false, 4, true] | summarize sumif(x, b)", "5")],
    ..sum::AGGREGATE
};
