//! `variance(value)`.
use super::{Aggregate, Kind, Naming, Parameter, moments, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "variance",
    about: "The variance of a sample; of fewer than two values it is 0.",
    parameters: &[Parameter::Number],
    naming: Naming::Prefix("variance_"),
    kinds: |_| Ok(vec![Kind::Real]),
    start: PerGroup::<moments::Moments<{ moments::VARIANCE }>>::start,
    examples: &[("datatable(x: long)[1, 2, 3, 4, 5] | summarize variance(x)", "2.5"), ("datatable(x: long)[] | summarize variance(x)", "0.0")],
    ..Aggregate::BASE
};
