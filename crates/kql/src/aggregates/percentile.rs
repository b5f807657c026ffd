//! `percentile(value, percent)`.
use super::{Aggregate, Naming, Parameter, ranks};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "percentile",
    about: "The value at the nearest rank of a percentile; exact.",
    parameters: &[Parameter::Any, Parameter::Number],
    repeats: false,
    naming: Naming::Percentiles(1),
    kinds: |inputs| ranks::kinds(inputs, 1, false),
    start: ranks::start::<{ ranks::COLUMNS }>,
    examples: &[("datatable(x: long)[9, 8, 7, 6, 5, 4, 3, 2, 1, 0] | summarize percentile(x, 50)", "4"), ("datatable(x: long)[] | summarize percentile(x, 50)", "null")],
    ..Aggregate::BASE
};
