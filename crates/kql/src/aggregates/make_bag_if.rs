//! `make_bag_if(bag, condition, [limit])`.
use super::{Aggregate, Parameter, make_bag};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_bag_if",
    about: "One bag of all properties of the bags of rows that meet a condition.",
    parameters: &[Parameter::Dynamic, Parameter::Bool, Parameter::Whole],
    condition: Some(1),
    examples: &[("datatable(x: dynamic, b: bool)[dynamic({'a': 1}), true, dynamic({'b': 2}), false] | summarize make_bag_if(x, b)", r#"{"a":1}"#)],
    ..make_bag::AGGREGATE
};
