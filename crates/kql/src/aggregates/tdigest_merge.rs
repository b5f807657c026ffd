//! `tdigest_merge(tdigest)`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, sketches};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "tdigest_merge",
    aliases: &["merge_tdigest", "merge_tdigests"],
    about: "Values of `tdigest` taken together.",
    parameters: &[Parameter::Dynamic],
    naming: Naming::Prefix("merge_tdigests_"),
    kinds: sketches::merge_kinds,
    start: PerGroup::<sketches::Digesting<true>>::start,
    examples: &[("datatable(x: dynamic)[dynamic([\"long\",[1],[2]]), dynamic([\"long\",[1,4],[1,1]])] | summarize tdigest_merge(x)", r#"["long",[1,4],[3,1]]"#)],
    ..Aggregate::BASE
};
