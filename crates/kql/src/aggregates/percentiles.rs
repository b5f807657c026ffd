//! `percentiles(value, percent, …)`.
use super::{Aggregate, Naming, Parameter, ranks};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "percentiles",
    about: "The values at the nearest ranks of percentiles, a column each; exact.",
    parameters: &[Parameter::Any, Parameter::Number],
    repeats: true,
    naming: Naming::Percentiles(1),
    kinds: |inputs| ranks::kinds(inputs, 1, false),
    start: ranks::start::<{ ranks::COLUMNS }>,
    examples: &[("datatable(x: real)[1.5, 2.5, 3.5, 4.5] | summarize percentiles(x, 0, 50, 100)", "1.5, 2.5, 4.5")],
    ..Aggregate::BASE
};
