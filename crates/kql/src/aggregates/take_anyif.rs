//! `take_anyif(column, condition)`.
use super::{Aggregate, Parameter, take_any};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "take_anyif",
    aliases: &["anyif"],
    about: "The value of some row that meets a condition, here always the first that has one.",
    parameters: &[Parameter::Any, Parameter::Bool],
    repeats: false,
    condition: Some(1),
    examples: &[("datatable(x: long, b: bool)[1, false, 2, true, 3, true] | summarize take_anyif(x, b)", "2")],
    ..take_any::AGGREGATE
};
