//! `format_ipv4_mask(address, [prefix])`.
use super::{Call, Function, Kind, Parameter, Value, format_ipv4};
use crate::net::show_v4;

pub(super) const FUNCTION: Function = Function {
    name: "format_ipv4_mask",
    about: "The address without the bits behind a prefix, and the prefix; empty when it is none.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"format_ipv4_mask("192.168.1.1", 24)"#, "192.168.1.0/24"), (r#"format_ipv4_mask("192.168.1.1/24", 32)"#, "192.168.1.0/24")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    format_ipv4::masked(call).map(|(bits, prefix)| format!("{}/{prefix}", show_v4(bits))).into()
}
