//! `parse_ipv6(address)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::{parse_v6, show_v6};

pub(super) const FUNCTION: Function = Function {
    name: "parse_ipv6",
    about: "The address in full, without the bits behind its prefix; empty when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"parse_ipv6("2001:db8::10")"#, "2001:0db8:0000:0000:0000:0000:0000:0010"), (r#"parse_ipv6("1.2.3.4/24")"#, "0000:0000:0000:0000:0000:ffff:0102:0300"), (r#"parse_ipv6("x")"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    parse_v6(call.text(0)).map(|ip| show_v6(ip.masked(ip.prefix))).into()
}
