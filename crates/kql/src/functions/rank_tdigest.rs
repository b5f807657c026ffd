//! `rank_tdigest(tdigest, value)`.
use super::{Call, Function, Kind, Parameter};
use crate::sketch::Digest;

pub(super) const FUNCTION: Function = Function {
    name: "rank_tdigest",
    about: "How many values of a `tdigest` are not above a value.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::Real),
    call: |call| rank(call).map(|(below, _)| below).into(),
    examples: &[(r#"rank_tdigest(dynamic(["long",[1,4],[3,1]]), 2)"#, "3.0")],
    ..Function::BASE
};

/// How many values are not above the second argument, and how many there are.
#[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
pub(super) fn rank(call: &Call<'_, '_>) -> Option<(f64, f64)> {
    let (below, all) = Digest::read(call.text(0))?.rank(&call.value(1))?;
    Some((below as f64, all as f64))
}
