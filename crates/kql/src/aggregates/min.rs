//! `min(value)`.
use super::{Aggregate, Naming, Parameter, extreme};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "min",
    about: "The least of the values; of none it is null.",
    parameters: &[Parameter::Any],
    naming: Naming::Prefix("min_"),
    kinds: extreme::kinds,
    start: extreme::start::<false>,
    examples: &[
        ("datatable(x: long)[2, 1, long(null)] | summarize min(x)", "1"),
        ("datatable(x: long)[] | summarize min(x)", "null"),
    ],
    ..Aggregate::BASE
};
