//! `percentile_tdigest(tdigest, percent, [typeof(type)])`.
use super::{Function, Kind, Parameter};
use crate::sketch::Digest;

pub(super) const FUNCTION: Function = Function {
    name: "percentile_tdigest",
    about: "The value at the nearest rank of a percentile, from a value of `tdigest`.",
    parameters: &[Parameter::Dynamic, Parameter::Number],
    returns: |_| Ok(Kind::Dynamic),
    call: |call| Digest::read(call.text(0)).zip(call.real(1)).and_then(|(digest, percent)| digest.percentile(percent)).into(),
    examples: &[(r#"percentile_tdigest(dynamic(["long",[1,4],[3,1]]), 50)"#, "1"), (r#"percentile_tdigest(dynamic(["timespan",[600000000],[1]]), 50, typeof(timespan))"#, "00:01:00")],
    ..Function::BASE
};
