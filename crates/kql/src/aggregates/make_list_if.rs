//! `make_list_if(value, condition, [limit])`.
use super::{Aggregate, Parameter, make_list};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_list_if",
    about: "The values of rows that meet a condition, as an array.",
    parameters: &[Parameter::Any, Parameter::Bool, Parameter::Whole],
    condition: Some(1),
    examples: &[("datatable(x: long, b: bool)[3, true, 1, false, 2, true] | summarize make_list_if(x, b)", "[3,2]")],
    ..make_list::AGGREGATE
};
