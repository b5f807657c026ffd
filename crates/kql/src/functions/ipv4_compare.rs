//! `ipv4_compare(address, address, [prefix])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v4;

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_compare",
    about: "-1, 0 or 1, as one address stands before, at or behind another, over the bits of the shortest prefix; null when one is none.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"ipv4_compare("192.168.1.1/24", "192.168.1.255")"#, "0"), (r#"ipv4_compare("192.168.1.1", "192.168.1.2")"#, "-1"), (r#"ipv4_compare("192.168.1.1", "192.168.1.0", 31)"#, "0"), (r#"ipv4_compare("x", "1.2.3.4")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    compared(call).map(|order| order as i64).into()
}

/// How the first two arguments stand, over the bits that count for both.
pub(super) fn compared(call: &Call<'_, '_>) -> Option<std::cmp::Ordering> {
    let (a, b) = (parse_v4(call.text(0))?, parse_v4(call.text(1))?);
    let third = if call.has(2) { u32::try_from(call.long(2)?).ok().filter(|prefix| *prefix <= 32)? } else { 32 };
    let prefix = third.min(a.prefix).min(b.prefix);
    Some(a.masked(prefix).cmp(&b.masked(prefix)))
}
