//! `any(column, …)`, the old spelling.
use super::{Aggregate, Naming, take_any};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "any",
    about: "The old spelling of `take_any`, which names its columns otherwise.",
    naming: Naming::Each("any_"),
    examples: &[("datatable(x: long)[1, 2] | summarize any(x)", "1")],
    ..take_any::AGGREGATE
};
