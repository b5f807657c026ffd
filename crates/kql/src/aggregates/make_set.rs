//! `make_set(value, [limit])`.
use super::{Aggregate, Naming, Parameter, lists, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_set",
    about: "Each value once, as an array, in the order of the rows; of arrays, their elements.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("set_"),
    kinds: lists::kinds,
    start: PerGroup::<lists::Gathered<{ lists::SET }>>::start,
    examples: &[
        ("datatable(x: string)['b', 'a', 'b'] | summarize make_set(x)", "[\"b\",\"a\"]"),
        ("datatable(x: dynamic)[dynamic([1, 2]), dynamic([2, 3]), dynamic(4)] | summarize make_set(x)", "[1,2,3,4]"),
        ("datatable(x: long)[] | summarize make_set(x)", "[]"),
    ],
    ..Aggregate::BASE
};
