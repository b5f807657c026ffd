//! `covariance(x, y)`.
use super::{Aggregate, Kind, Naming, Parameter, moments, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "covariance",
    about: "How two columns of a sample vary together; of fewer than two rows it is 0.",
    parameters: &[Parameter::Number, Parameter::Number],
    naming: Naming::Pair("covariance_"),
    kinds: |_| Ok(vec![Kind::Real]),
    start: PerGroup::<moments::Moments<{ moments::COVARIANCE }>>::start,
    examples: &[("datatable(x: real, y: real)[1.0, 14.0, 2.0, 10.0, 3.0, 17.0, 4.0, 20.0, 5.0, 50.0] | summarize covariance(x, y)", "20.5")],
    ..Aggregate::BASE
};
