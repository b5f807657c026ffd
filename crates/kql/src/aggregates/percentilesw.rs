//! `percentilesw(value, weight, percent, …)`.
use super::{Aggregate, Naming, Parameter, ranks};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "percentilesw",
    about: "The values at the nearest ranks of percentiles, each value counted as often as its weight says; a column each.",
    parameters: &[Parameter::Any, Parameter::Whole, Parameter::Number],
    repeats: true,
    naming: Naming::Percentiles(2),
    kinds: |inputs| ranks::kinds(inputs, 2, false),
    start: ranks::start::<{ ranks::WEIGHTED }>,
    examples: &[("datatable(x: long, w: long)[10, 8, 20, 6, 30, 3, 40, 1] | summarize percentilesw(x, w, 50, 99.9)", "20, 40")],
    ..Aggregate::BASE
};
