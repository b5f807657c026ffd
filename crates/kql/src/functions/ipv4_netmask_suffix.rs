//! `ipv4_netmask_suffix(address)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::net::parse_v4;

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_netmask_suffix",
    about: "The length of an address's prefix, 32 when it has none; null when it is no address.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"ipv4_netmask_suffix("10.1.2.3/16")"#, "16"), (r#"ipv4_netmask_suffix("10.1.2.3")"#, "32")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    parse_v4(call.text(0)).map(|ip| i64::from(ip.prefix)).into()
}
