//! `dcount_hll(hll)`.
use super::{Function, Kind, Parameter};
use crate::sketch::Hll;

pub(super) const FUNCTION: Function = Function {
    name: "dcount_hll",
    about: "How many different values a value of `hll` stands for.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Long),
    call: |call| Hll::read(call.text(0)).map(|hll| hll.count()).into(),
    examples: &[(r#"dcount_hll(dynamic([14,0,"lZmkohfLKZ+wLehEQD7H6g=="]))"#, "2"), ("dcount_hll(dynamic([]))", "null")],
    ..Function::BASE
};
