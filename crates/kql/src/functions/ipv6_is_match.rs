//! `ipv6_is_match(address, address, [prefix])`.
use super::{Call, Function, Kind, Parameter, Value, ipv6_compare};

pub(super) const FUNCTION: Function = Function {
    name: "ipv6_is_match",
    about: "Whether two addresses (IPv6 or IPv4) are the same over the bits of the shortest prefix; null when one is none.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv6_is_match("fe80::1/64", "fe80::2")"#, "true"), (r#"ipv6_is_match("fe80::1", "fe80::2")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    ipv6_compare::compared(call).map(std::cmp::Ordering::is_eq).into()
}
