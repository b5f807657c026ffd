//! `count_distinctif(value, condition)`.
use super::{Aggregate, Naming, Parameter, count_distinct};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "count_distinctif",
    about: "How many different values the rows have that meet a condition.",
    parameters: &[Parameter::Any, Parameter::Bool],
    condition: Some(1),
    naming: Naming::Prefix("count_distinctif_"),
    examples: &[("datatable(x: long, b: bool)[1, true, 2, true, 3, false] | summarize count_distinctif(x, b)", "2")],
    ..count_distinct::AGGREGATE
};
