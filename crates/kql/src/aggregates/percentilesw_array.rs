//! `percentilesw_array(value, weight, percent, …)`.
use super::{Aggregate, Naming, Parameter, ranks};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "percentilesw_array",
    about: "The values at the nearest ranks of percentiles, each value counted as often as its weight says, as an array.",
    parameters: &[Parameter::Any, Parameter::Whole, Parameter::Any],
    repeats: true,
    naming: Naming::Prefix("percentiles_"),
    kinds: |inputs| ranks::kinds(inputs, 2, true),
    start: ranks::start::<{ ranks::WEIGHTED_ARRAY }>,
    examples: &[("datatable(x: long, w: long)[10, 8, 20, 6, 30, 3, 40, 1] | summarize percentilesw_array(x, w, 50, 75, 99.9)", "[20,20,40]")],
    ..Aggregate::BASE
};
