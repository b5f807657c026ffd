//! `take_any(column, …)`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, pick};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "take_any",
    about: "The columns of some row, here always the first; of one column, the first value that is neither null nor empty.",
    parameters: &[Parameter::Any],
    repeats: true,
    naming: Naming::Each(""),
    kinds: |inputs| pick::kinds(inputs, false),
    start: PerGroup::<pick::Pick<{ pick::ANY }>>::start,
    examples: &[
        ("datatable(x: long, y: string)[1, 'a', 3, 'b'] | summarize take_any(x, y)", "1, a"),
        ("datatable(x: string)['', 'b', 'c'] | summarize take_any(x)", "b"),
        ("datatable(x: long)[] | summarize take_any(x)", "null"),
    ],
    ..Aggregate::BASE
};
