//! `percentrank_tdigest(tdigest, value)`.
use super::{Function, Kind, Parameter, rank_tdigest::rank};

pub(super) const FUNCTION: Function = Function {
    name: "percentrank_tdigest",
    about: "How many values of a `tdigest` are not above a value, in percent of all.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::Real),
    call: |call| rank(call).filter(|(_, all)| *all > 0.0).map(|(below, all)| 100.0 * below / all).into(),
    examples: &[(r#"percentrank_tdigest(dynamic(["long",[1,4],[3,1]]), 2)"#, "75.0")],
    ..Function::BASE
};
