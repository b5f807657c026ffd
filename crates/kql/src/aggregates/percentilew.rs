//! `percentilew(value, weight, percent)`.
use super::{Aggregate, Naming, Parameter, ranks};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "percentilew",
    about: "The value at the nearest rank of a percentile, each value counted as often as its weight says.",
    parameters: &[Parameter::Any, Parameter::Whole, Parameter::Number],
    repeats: false,
    naming: Naming::Percentiles(2),
    kinds: |inputs| ranks::kinds(inputs, 2, false),
    start: ranks::start::<{ ranks::WEIGHTED }>,
    examples: &[("datatable(x: long, w: long)[10, 8, 20, 6, 30, 3, 40, 1] | summarize percentilew(x, w, 75)", "20")],
    ..Aggregate::BASE
};
