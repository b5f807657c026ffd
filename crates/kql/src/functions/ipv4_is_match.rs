//! `ipv4_is_match(address, address, [prefix])`.
use super::{Call, Function, Kind, Parameter, Value, ipv4_compare};

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_is_match",
    about: "Whether two addresses are the same over the bits of the shortest prefix; null when one is none.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv4_is_match("192.168.1.1/24", "192.168.1.255")"#, "true"), (r#"ipv4_is_match("10.0.0.1", "10.0.0.2")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    ipv4_compare::compared(call).map(std::cmp::Ordering::is_eq).into()
}
