//! `argmax(value, column, …)`, the old spelling.
use super::{Aggregate, Naming, arg_max};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "argmax",
    about: "The old spelling of `arg_max`, which names its columns otherwise.",
    naming: Naming::Each("max_"),
    examples: &[("datatable(x: long, y: string)[1, 'a', 3, 'b'] | summarize argmax(x, y)", "3, b")],
    ..arg_max::AGGREGATE
};
