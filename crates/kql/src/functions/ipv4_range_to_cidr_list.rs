//! `ipv4_range_to_cidr_list(first, last)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json::ArrayWriter, net::{parse_v4, show_v4}};

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_range_to_cidr_list",
    about: "The ranges that together hold all addresses from one to another.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"ipv4_range_to_cidr_list("1.1.128.0", "1.1.140.255")"#, r#"["1.1.128.0/21","1.1.136.0/22","1.1.140.0/24"]"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(first), Some(last)) = (parse_v4(call.text(0)), parse_v4(call.text(1))) else { return Value::Null };
    let (mut at, last) = (u64::from(first.bits), u64::from(last.bits));
    let mut all = ArrayWriter::default();
    while at <= last {
        let mut bits = if at == 0 { 32 } else { at.trailing_zeros().min(32) };
        while bits > 0 && at + (1_u64 << bits) - 1 > last {
            bits -= 1;
        }
        all.string(&format!("{}/{}", show_v4(u32::try_from(at).unwrap_or(u32::MAX)), 32 - bits));
        at += 1_u64 << bits;
    }
    Value::owned(all.finish())
}
