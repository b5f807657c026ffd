//! `maxif(value, condition)`.
use super::{Aggregate, Naming, Parameter, max};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "maxif",
    about: "The greatest value of rows that meet a condition.",
    parameters: &[Parameter::Any, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("maxif_"),
    examples: &[("datatable(x: long, b: bool)[1, true, 5, false, 4, true] | summarize maxif(x, b)", "4")],
    ..max::AGGREGATE
};
