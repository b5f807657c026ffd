//! `hll_if(value, condition, [accuracy])`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, sketches};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "hll_if",
    about: "The same as `hll`, of rows that meet a condition.",
    parameters: &[Parameter::Any, Parameter::Bool, Parameter::Whole],
    optional: 1,
    condition: Some(1),
    naming: Naming::Prefix("hll_if_"),
    kinds: sketches::kinds,
    start: PerGroup::<sketches::Counting<false>>::start,
    examples: &[("datatable(x: long)[1, 2] | summarize hll_if(x, false)", r#"[14,0,""]"#)],
    ..Aggregate::BASE
};
