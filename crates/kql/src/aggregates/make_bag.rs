//! `make_bag(bag, [limit])`.
use super::{Aggregate, Naming, Parameter, lists, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_bag",
    about: "One bag of all properties of the bags; of a name that comes again, the first row has its way.",
    parameters: &[Parameter::Dynamic, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("bag_"),
    kinds: lists::kinds,
    start: PerGroup::<lists::Gathered<{ lists::BAG }>>::start,
    examples: &[("datatable(x: dynamic)[dynamic({'a': 1}), dynamic({'b': 2, 'a': 3})] | summarize make_bag(x)", r#"{"a":1,"b":2}"#)],
    ..Aggregate::BASE
};
