//! `count_distinct(value)`.
use super::{Aggregate, Naming, Parameter, dcount};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "count_distinct",
    about: "How many different values there are; nulls are left out.",
    parameters: &[Parameter::Any],
    optional: 0,
    naming: Naming::Prefix("count_distinct_"),
    examples: &[("datatable(x: real)[1.5, 2.5, 1.5] | summarize count_distinct(x)", "2")],
    ..dcount::AGGREGATE
};
