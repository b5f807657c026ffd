//! `make_set_if(value, condition, [limit])`.
use super::{Aggregate, Parameter, make_set};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_set_if",
    about: "Each value of rows that meet a condition once, as an array.",
    parameters: &[Parameter::Any, Parameter::Bool, Parameter::Whole],
    condition: Some(1),
    examples: &[("datatable(x: long, b: bool)[3, true, 3, true, 2, false] | summarize make_set_if(x, b)", "[3]")],
    ..make_set::AGGREGATE
};
