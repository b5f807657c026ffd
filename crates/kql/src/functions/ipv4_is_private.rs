//! `ipv4_is_private(address)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v4;

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_is_private",
    about: "Whether an address lies in a private network (RFC 1918); null when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv4_is_private("10.1.2.3")"#, "true"), (r#"ipv4_is_private("127.0.0.1")"#, "false"), (r#"ipv4_is_private("x")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ip) = parse_v4(call.text(0)) else { return Value::Null };
    let is_in = |bits: u32, prefix: u32| ip.prefix >= prefix && ip.masked(prefix) == bits;
    Value::Bool(is_in(0x0a00_0000, 8) || is_in(0xac10_0000, 12) || is_in(0xc0a8_0000, 16))
}
