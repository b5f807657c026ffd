//! `binary_all_or(value)`.
use super::{Aggregate, Kind, Naming, Parameter, bits, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "binary_all_or",
    about: "The bits that any value has; of none it is null.",
    parameters: &[Parameter::Whole],
    naming: Naming::Prefix("binary_all_or_"),
    kinds: |_| Ok(vec![Kind::Long]),
    start: PerGroup::<bits::Bits<{ bits::OR }>>::start,
    examples: &[("datatable(x: long)[12, 10] | summarize binary_all_or(x)", "14")],
    ..Aggregate::BASE
};
