//! `percentiles_array(value, percent, …)`.
use super::{Aggregate, Naming, Parameter, ranks};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "percentiles_array",
    about: "The values at the nearest ranks of percentiles, as an array; exact.",
    parameters: &[Parameter::Any, Parameter::Any],
    repeats: true,
    naming: Naming::Prefix("percentiles_"),
    kinds: |inputs| ranks::kinds(inputs, 1, true),
    start: ranks::start::<{ ranks::ARRAY }>,
    examples: &[("datatable(x: long)[1, 2, 3, 4] | summarize percentiles_array(x, 25, 100)", "[1,4]"), ("datatable(x: long)[1, 2, 3, 4] | summarize percentiles_array(x, dynamic([25, 100]))", "[1,4]")],
    ..Aggregate::BASE
};
