//! `makelist(value, [limit])`.
use super::{Aggregate, Naming, Parameter, lists, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "makelist",
    about: "The old spelling of `make_list`, which stops at 128 elements unless told otherwise.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("list_"),
    kinds: lists::kinds,
    start: PerGroup::<lists::Gathered<{ lists::LIST_LEGACY }>>::start,
    examples: &[("datatable(x: long)[3, 1] | summarize makelist(x)", "[3,1]")],
    ..Aggregate::BASE
};
