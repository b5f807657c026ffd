//! `ipv6_is_in_range(address, range)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v6;

pub(super) const FUNCTION: Function = Function {
    name: "ipv6_is_in_range",
    about: "Whether an address lies in a range (`fe80::/10`); null when one is none.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv6_is_in_range("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd", "a5e:f127:8a9d:146d:e102:b5d3:c755:0000/112")"#, "true"), (r#"ipv6_is_in_range("::1", "fe80::/10")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    is_in(call.text(0), call.text(1)).into()
}

/// Whether the address lies in the range.
pub(super) fn is_in(address: &str, range: &str) -> Option<bool> {
    let (address, range) = (parse_v6(address)?, parse_v6(range)?);
    let prefix = range.prefix.min(address.prefix);
    Some(address.masked(prefix) == range.masked(prefix))
}
