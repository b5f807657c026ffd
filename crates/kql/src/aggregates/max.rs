//! `max(value)`.
use super::{Aggregate, Naming, Parameter, extreme};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "max",
    about: "The greatest of the values; of none it is null.",
    parameters: &[Parameter::Any],
    naming: Naming::Prefix("max_"),
    kinds: extreme::kinds,
    start: extreme::start::<true>,
    examples: &[
        ("datatable(x: long)[1, 3, long(null), 2] | summarize max(x)", "3"),
        ("datatable(x: string)['a', 'c', 'b'] | summarize max(x)", "c"),
        ("datatable(x: real)[real(nan), 2.5] | summarize max(x)", "2.5"),
        ("datatable(x: datetime)[] | summarize max(x)", "null"),
    ],
    ..Aggregate::BASE
};
