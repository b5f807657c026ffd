//! `parse_ipv4_mask(address, prefix)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v4;

pub(super) const FUNCTION: Function = Function {
    name: "parse_ipv4_mask",
    about: "The first bits of the address, as many as the prefix says, as a number; null when it is none.",
    parameters: &[Parameter::Text, Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"parse_ipv4_mask("127.0.0.1", 24)"#, "2130706432")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let prefix = call.long(1).and_then(|prefix| u32::try_from(prefix).ok()).filter(|prefix| *prefix <= 32);
    parse_v4(call.text(0)).zip(prefix).map(|(ip, prefix)| i64::from(ip.masked(prefix.min(ip.prefix)))).into()
}
