//! `parse_ipv4(address)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v4;

pub(super) const FUNCTION: Function = Function {
    name: "parse_ipv4",
    about: "The address as a number, without the bits behind its prefix; null when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"parse_ipv4("203.0.113.10")"#, "3405803786"), (r#"parse_ipv4("192.168.1.1/24")"#, "3232235776"), (r#"parse_ipv4("1.2.3.400")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    parse_v4(call.text(0)).map(|ip| i64::from(ip.masked(ip.prefix))).into()
}
