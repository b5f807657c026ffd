//! `variancepif(value, condition)`.
use super::{Aggregate, Naming, Parameter, variancep};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "variancepif",
    about: "The variance of all values of rows that meet a condition.",
    parameters: &[Parameter::Number, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("variancepif_"),
    examples: &[("datatable(x: long, b: bool)[2, true, 4, true, 9, false] | summarize variancepif(x, b)", "1.0")],
    ..variancep::AGGREGATE
};
