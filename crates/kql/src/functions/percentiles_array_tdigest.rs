//! `percentiles_array_tdigest(tdigest, percent, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json::{self, ArrayWriter}, sketch::Digest};

pub(super) const FUNCTION: Function = Function {
    name: "percentiles_array_tdigest",
    aliases: &["percentile_array_tdigest"],
    about: "The values at the nearest ranks of percentiles, from a value of `tdigest`, as an array.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"percentiles_array_tdigest(dynamic(["long",[1,4],[3,1]]), 50, 100)"#, "[1,4]"), (r#"percentiles_array_tdigest(dynamic(["long",[1,4],[3,1]]), dynamic([50, 100]))"#, "[1,4]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(digest) = Digest::read(call.text(0)) else { return Value::Null };
    let mut out = ArrayWriter::default();
    for argument in call.arguments.iter().skip(1) {
        let listed = json::elements(argument.text()).into_iter().flatten().filter_map(|element| element.parse().ok());
        for percent in listed.chain(argument.real()) {
            out.raw(digest.percentile(percent).as_deref().unwrap_or("null"));
        }
    }
    Value::owned(out.finish())
}
