//! `ipv4_is_in_range(address, range)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v4;

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_is_in_range",
    about: "Whether an address lies in a range (`10.0.0.0/8`); null when one is none.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv4_is_in_range("192.168.1.6", "192.168.1.1/24")"#, "true"), (r#"ipv4_is_in_range("127.0.0.1", "192.168.1.1")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    is_in(call.text(0), call.text(1)).into()
}

/// Whether the address lies in the range.
pub(super) fn is_in(address: &str, range: &str) -> Option<bool> {
    let (address, range) = (parse_v4(address)?, parse_v4(range)?);
    let prefix = range.prefix.min(address.prefix);
    Some(address.masked(prefix) == range.masked(prefix))
}
