//! `stdev(value)`.
use super::{Aggregate, Kind, Naming, Parameter, moments, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "stdev",
    about: "The standard deviation of a sample; of fewer than two values it is 0.",
    parameters: &[Parameter::Number],
    naming: Naming::Prefix("stdev_"),
    kinds: |_| Ok(vec![Kind::Real]),
    start: PerGroup::<moments::Moments<{ moments::STDEV }>>::start,
    examples: &[("datatable(x: long)[1, 2, 3, 4, 5] | summarize stdev(x)", "1.5811388300841898"), ("datatable(x: long)[] | summarize stdev(x)", "0.0")],
    ..Aggregate::BASE
};
