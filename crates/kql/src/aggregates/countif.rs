//! `countif(condition)`.
use super::{Aggregate, Naming, Parameter, count};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "countif",
    about: "How many rows meet a condition.",
    parameters: &[Parameter::Bool],
    optional: 0,
    condition: Some(0),
    naming: Naming::Prefix("countif_"),
    examples: &[("datatable(b: bool)[true, false, bool(null), true] | summarize countif(b)", "2")],
    ..count::AGGREGATE
};
