//! `binary_all_and(value)`.
use super::{Aggregate, Kind, Naming, Parameter, bits, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "binary_all_and",
    about: "The bits that all values have; of none it is null.",
    parameters: &[Parameter::Whole],
    naming: Naming::Prefix("binary_all_and_"),
    kinds: |_| Ok(vec![Kind::Long]),
    start: PerGroup::<bits::Bits<{ bits::AND }>>::start,
    examples: &[("datatable(x: long)[12, 10] | summarize binary_all_and(x)", "8")],
    ..Aggregate::BASE
};
