//! `bitset_count_ones(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "bitset_count_ones",
    about: "How many bits are set.",
    parameters: &[Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("bitset_count_ones(42)", "3")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).map(|x| i64::from(x.count_ones())).into()
}
