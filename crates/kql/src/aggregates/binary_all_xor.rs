//! `binary_all_xor(value)`.
use super::{Aggregate, Kind, Naming, Parameter, bits, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "binary_all_xor",
    about: "The bits that an odd number of values have; of none it is null.",
    parameters: &[Parameter::Whole],
    naming: Naming::Prefix("binary_all_xor_"),
    kinds: |_| Ok(vec![Kind::Long]),
    start: PerGroup::<bits::Bits<{ bits::XOR }>>::start,
    examples: &[("datatable(x: long)[12, 10] | summarize binary_all_xor(x)", "6")],
    ..Aggregate::BASE
};
