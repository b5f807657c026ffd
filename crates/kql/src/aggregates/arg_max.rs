//! `arg_max(value, column, …)`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, pick};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "arg_max",
    about: "The greatest value, and other columns of the row that has it.",
    parameters: &[Parameter::Any, Parameter::Any],
    optional: 1,
    repeats: true,
    naming: Naming::Each(""),
    kinds: |inputs| pick::kinds(inputs, true),
    start: PerGroup::<pick::Pick<{ pick::MAX }>>::start,
    examples: &[
        ("datatable(x: long, y: string)[1, 'a', 3, 'b', long(null), 'c'] | summarize arg_max(x, y)", "3, b"),
        ("datatable(x: long, y: string)[7, 'a', 7, 'b'] | summarize arg_max(x, y)", "7, a"),
        ("datatable(x: long, y: string)[long(null), 'c'] | summarize arg_max(x, y)", "null, c"),
    ],
    ..Aggregate::BASE
};
