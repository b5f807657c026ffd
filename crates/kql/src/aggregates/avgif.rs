//! `avgif(value, condition)`.
use super::{Aggregate, Naming, Parameter, avg};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "avgif",
    about: "The mean of the values of rows that meet a condition.",
    parameters: &[Parameter::Any, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("avgif_"),
    examples: &[("datatable(x: long, b: bool)[1, true, 2, false, 4, true] | summarize avgif(x, b)", "2.5")],
    ..avg::AGGREGATE
};
