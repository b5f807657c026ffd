//! `argmin(value, column, …)`, the old spelling.
use super::{Aggregate, Naming, arg_min};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "argmin",
    about: "The old spelling of `arg_min`, which names its columns otherwise.",
    naming: Naming::Each("min_"),
    examples: &[("datatable(x: long, y: string)[3, 'b', 1, 'a'] | summarize argmin(x, y)", "1, a")],
    ..arg_min::AGGREGATE
};
