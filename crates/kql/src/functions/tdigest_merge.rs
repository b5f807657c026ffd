//! `tdigest_merge(tdigest, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::sketch::Digest;

pub(super) const FUNCTION: Function = Function {
    name: "tdigest_merge",
    aliases: &["merge_tdigest", "merge_tdigests"],
    about: "Values of `tdigest` taken together.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"tdigest_merge(dynamic(["long",[1],[2]]), dynamic(["long",[1,4],[1,1]]))"#, r#"["long",[1,4],[3,1]]"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let all = call.arguments.iter().filter_map(|argument| Digest::read(argument.text()));
    let merged = all.reduce(|mut merged, other| {
        merged.entries.extend(other.entries);
        merged
    });
    merged.map(|digest| digest.settled().json()).into()
}
