//! `ipv6_is_in_any_range(address, range, …)`.
use super::{Call, Function, Kind, Parameter, Value, {ipv4_is_in_any_range, ipv6_is_in_range::is_in}};

pub(super) const FUNCTION: Function = Function {
    name: "ipv6_is_in_any_range",
    about: "Whether an address lies in any of the ranges, given one by one or as an array; null when it is none.",
    parameters: &[Parameter::Text, Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv6_is_in_any_range("fe80::1", dynamic(["fe80::/10", "::1"]))"#, "true"), (r#"ipv6_is_in_any_range("2001::1", "fe80::/10")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    ipv4_is_in_any_range::any_range(call, is_in)
}
