//! `parse_ipv6_mask(address, prefix)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::{parse_v6, show_v6};

pub(super) const FUNCTION: Function = Function {
    name: "parse_ipv6_mask",
    about: "The first bits of the address, as many as the prefix says, in full; empty when it is none.",
    parameters: &[Parameter::Text, Parameter::Whole],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"parse_ipv6_mask("fe80::85d:e82c:9446:7994", 120)"#, "fe80:0000:0000:0000:085d:e82c:9446:7900")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let prefix = call.long(1).and_then(|prefix| u32::try_from(prefix).ok()).filter(|prefix| *prefix <= 128);
    parse_v6(call.text(0)).zip(prefix).map(|(ip, prefix)| show_v6(ip.masked(prefix.min(ip.prefix)))).into()
}
