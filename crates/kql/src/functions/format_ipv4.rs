//! `format_ipv4(address, [prefix])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::{V4, parse_v4, show_v4};

pub(super) const FUNCTION: Function = Function {
    name: "format_ipv4",
    about: "The address without the bits behind a prefix; an address may be a number. Empty when it is none.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"format_ipv4("192.168.1.1", 24)"#, "192.168.1.0"), ("format_ipv4(3232236031)", "192.168.1.255"), (r#"format_ipv4("192.168.1.1", -1)"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    masked(call).map(|(bits, _)| show_v4(bits)).into()
}

/// The first bits and how many they are.
pub(super) fn masked(call: &Call<'_, '_>) -> Option<(u32, u32)> {
    let ip = match call.value(0) {
        Value::Long(bits) => V4 { bits: u32::try_from(bits).ok()?, prefix: 32 },
        _ => parse_v4(call.shown(0).text())?,
    };
    let prefix = if call.has(1) { u32::try_from(call.long(1)?).ok().filter(|prefix| *prefix <= 32)? } else { 32 };
    let prefix = prefix.min(ip.prefix);
    Some((ip.masked(prefix), prefix))
}
