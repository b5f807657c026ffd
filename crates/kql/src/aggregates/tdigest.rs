//! `tdigest(value, [weight])`.
use super::{Aggregate, Naming, Parameter, per_group::PerGroup, sketches};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "tdigest",
    about: "What `percentile_tdigest` needs, as a dynamic that can be merged; exact up to 4,096 different values.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("tdigest_"),
    kinds: sketches::digest_kinds,
    start: PerGroup::<sketches::Digesting<false>>::start,
    examples: &[("datatable(x: long)[3, 1, 3] | summarize tdigest(x)", r#"["long",[1,3],[1,2]]"#), ("datatable(x: real, w: long)[1.5, 2] | summarize tdigest(x, w)", r#"["real",[1.5],[2]]"#)],
    ..Aggregate::BASE
};
