//! `has_ipv4(text, address)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::addresses;

pub(super) const FUNCTION: Function = Function {
    name: "has_ipv4",
    about: "Whether an IPv4 address stands in a text, no letter or digit next to it.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"has_ipv4("05:04:54 127.0.0.1 GET /favicon.ico 404", "127.0.0.1")"#, "true"), (r#"has_ipv4("127.0.0.12", "127.0.0.1")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(addresses(call.text(0)).any(|address| address == call.text(1)))
}
