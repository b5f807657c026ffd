//! `ipv6_compare(address, address, [prefix])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v6;

pub(super) const FUNCTION: Function = Function {
    name: "ipv6_compare",
    about: "-1, 0 or 1, as one address (IPv6 or IPv4) stands before, at or behind another, over the bits of the shortest prefix; null when one is none.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"ipv6_compare("fe80::85d:e82c:9446:7994/120", "fe80::85d:e82c:9446:7998")"#, "0"), (r#"ipv6_compare("192.168.1.1", "::ffff:c0a8:0101")"#, "0"), (r#"ipv6_compare("::1", "::2")"#, "-1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    compared(call).map(|order| order as i64).into()
}

/// How the first two arguments stand, over the bits that count for both.
pub(super) fn compared(call: &Call<'_, '_>) -> Option<std::cmp::Ordering> {
    let (a, b) = (parse_v6(call.text(0))?, parse_v6(call.text(1))?);
    let third = if call.has(2) { u32::try_from(call.long(2)?).ok().filter(|prefix| *prefix <= 128)? } else { 128 };
    let prefix = third.min(a.prefix).min(b.prefix);
    Some(a.masked(prefix).cmp(&b.masked(prefix)))
}
