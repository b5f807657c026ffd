//! `hll_merge(hll)`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, sketches};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "hll_merge",
    about: "Values of `hll` taken together.",
    parameters: &[Parameter::Dynamic],
    naming: Naming::Prefix("hll_merge_"),
    kinds: sketches::merge_kinds,
    start: PerGroup::<sketches::Counting<true>>::start,
    examples: &[("datatable(x: dynamic)[dynamic([14,0,\"\"]), dynamic(null)] | summarize hll_merge(x)", r#"[14,0,""]"#)],
    ..Aggregate::BASE
};
