//! `variancep(value)`.
use super::{Aggregate, Kind, Naming, Parameter, moments, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "variancep",
    about: "The variance of all values; of none it is 0.",
    parameters: &[Parameter::Number],
    naming: Naming::Prefix("variancep_"),
    kinds: |_| Ok(vec![Kind::Real]),
    start: PerGroup::<moments::Moments<{ moments::VARIANCE_P }>>::start,
    examples: &[("datatable(x: long)[1, 2, 3, 4, 5] | summarize variancep(x)", "2.0"), ("datatable(x: long)[] | summarize variancep(x)", "0.0")],
    ..Aggregate::BASE
};
