//! `dcountif(value, condition, [accuracy])`.
use super::{Aggregate, Naming, Parameter, dcount};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "dcountif",
    about: "How many different values the rows have that meet a condition, exactly.",
    parameters: &[Parameter::Any, Parameter::Bool, Parameter::Whole],
    condition: Some(1),
    naming: Naming::Prefix("dcountif_"),
    examples: &[("datatable(x: string, b: bool)['a', true, 'a', true, 'b', false] | summarize dcountif(x, b)", "1")],
    ..dcount::AGGREGATE
};
