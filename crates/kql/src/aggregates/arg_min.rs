//! `arg_min(value, column, …)`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, pick};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "arg_min",
    about: "The least value, and other columns of the row that has it.",
    parameters: &[Parameter::Any, Parameter::Any],
    optional: 1,
    repeats: true,
    naming: Naming::Each(""),
    kinds: |inputs| pick::kinds(inputs, true),
    start: PerGroup::<pick::Pick<{ pick::MIN }>>::start,
    examples: &[("datatable(x: long, y: string)[3, 'b', 1, 'a', long(null), 'c'] | summarize arg_min(x, y)", "1, a")],
    ..Aggregate::BASE
};
