//! `hll(value, [accuracy])`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, sketches};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "hll",
    about: "What `dcount_hll` needs to count different values, as a dynamic that can be merged; exact up to 8,192 of them.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("hll_"),
    kinds: sketches::kinds,
    start: PerGroup::<sketches::Counting<false>>::start,
    examples: &[("datatable(x: long)[1, 2, 1] | summarize hll(x)", r#"[14,0,"lZmkohfLKZ+wLehEQD7H6g=="]"#), ("datatable(x: long)[] | summarize hll(x)", r#"[14,0,""]"#)],
    ..Aggregate::BASE
};
