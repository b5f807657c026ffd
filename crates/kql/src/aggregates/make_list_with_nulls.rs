//! `make_list_with_nulls(value)`.
use super::{Aggregate, Naming, Parameter, lists, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_list_with_nulls",
    about: "The values as an array, nulls among them.",
    parameters: &[Parameter::Any],
    optional: 0,
    naming: Naming::Prefix("list_"),
    kinds: lists::kinds,
    start: PerGroup::<lists::Gathered<{ lists::LIST_NULLS }>>::start,
    examples: &[("datatable(x: long)[3, long(null)] | summarize make_list_with_nulls(x)", "[3,null]")],
    ..Aggregate::BASE
};
