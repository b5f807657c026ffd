//! `stdevp(value)`.
use super::{Aggregate, Kind, Naming, Parameter, moments, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "stdevp",
    about: "The standard deviation of all values; of none it is 0.",
    parameters: &[Parameter::Number],
    naming: Naming::Prefix("stdevp_"),
    kinds: |_| Ok(vec![Kind::Real]),
    start: PerGroup::<moments::Moments<{ moments::STDEV_P }>>::start,
    examples: &[("datatable(x: long)[1, 2, 3, 4, 5] | summarize stdevp(x)", "1.4142135623730951"), ("datatable(x: long)[] | summarize stdevp(x)", "0.0")],
    ..Aggregate::BASE
};
