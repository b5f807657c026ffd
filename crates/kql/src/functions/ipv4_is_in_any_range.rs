//! `ipv4_is_in_any_range(address, range, …)`.
use super::{Call, Function, Kind, Parameter, Value, ipv4_is_in_range::is_in};

pub(super) const FUNCTION: Function = Function {
    name: "ipv4_is_in_any_range",
    about: "Whether an address lies in any of the ranges, given one by one or as an array; null when it is none.",
    parameters: &[Parameter::Text, Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"ipv4_is_in_any_range("192.168.1.6", "192.168.1.1/24", "10.0.0.1/8")"#, "true"), (r#"ipv4_is_in_any_range("127.0.0.1", dynamic(["127.0.0.1", "192.168.1.1"]))"#, "true"), (r#"ipv4_is_in_any_range("1.1.1.1", "10.0.0.0/8")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    any_range(call, is_in)
}

/// Whether it lies in any range of the arguments behind the first; ranges that are none are left out.
pub(super) fn any_range(call: &Call<'_, '_>, is_in: fn(&str, &str) -> Option<bool>) -> Value<'static> {
    let address = call.text(0);
    if is_in(address, address).is_none() {
        return Value::Null;
    }
    let found = (1..call.arguments.len()).any(|at| match crate::json::elements(call.text(at)) {
        Some(mut ranges) if call.kind_of(at) == Kind::Dynamic => {
            ranges.any(|range| is_in(address, &crate::json::unquote(range)) == Some(true))
        }
        _ => is_in(address, call.shown(at).text()) == Some(true),
    });
    Value::Bool(found)
}
