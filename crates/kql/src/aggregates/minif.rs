//! `minif(value, condition)`.
use super::{Aggregate, Naming, Parameter, min};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "minif",
    about: "The least value of rows that meet a condition.",
    parameters: &[Parameter::Any, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("minif_"),
    examples: &[("datatable(x: long, b: bool)[1, false, 5, true, 4, true] | summarize minif(x, b)", "4")],
    ..min::AGGREGATE
};
