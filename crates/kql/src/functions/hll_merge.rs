//! `hll_merge(hll, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::sketch::Hll;

pub(super) const FUNCTION: Function = Function {
    name: "hll_merge",
    about: "Values of `hll` taken together.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"hll_merge(dynamic([14,0,""]), dynamic([14,0,"lZmkohfLKZ+wLehEQD7H6g=="]))"#, r#"[14,0,"lZmkohfLKZ+wLehEQD7H6g=="]"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let all = call.arguments.iter().filter_map(|argument| Hll::read(argument.text()));
    let merged = all.reduce(|mut merged, other| {
        merged.merge(&other);
        merged
    });
    merged.map(|hll| hll.json()).into()
}
