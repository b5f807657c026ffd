//! `makeset(value, [limit])`.
use super::{Aggregate, Naming, Parameter, lists, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "makeset",
    about: "The old spelling of `make_set`, which stops at 128 elements unless told otherwise.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("set_"),
    kinds: lists::kinds,
    start: PerGroup::<lists::Gathered<{ lists::SET_LEGACY }>>::start,
    examples: &[("datatable(x: long)[3, 1, 3] | summarize makeset(x)", "[3,1]")],
    ..Aggregate::BASE
};
