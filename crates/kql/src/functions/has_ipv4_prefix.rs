//! `has_ipv4_prefix(text, prefix)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json, net::addresses};

pub(super) const FUNCTION: Function = Function {
    name: "has_ipv4_prefix",
    about: "Whether an IPv4 address that begins so (`10.1.`) stands in a text, no letter or digit next to it.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"has_ipv4_prefix("05:04:54 127.0.0.1 GET", "127.0.")"#, "true"), (r#"has_ipv4_prefix("05:04:54 127.0.0.1 GET", "10.")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(addresses(call.text(0)).any(|address| begins(address, call.text(1))))
}

/// Whether the address begins with a prefix that ends at a dot, or is it.
pub(super) fn begins(address: &str, prefix: &str) -> bool {
    address == prefix || (prefix.ends_with('.') && address.starts_with(prefix))
}

/// Whether the test holds for any address in the first argument with any of the texts in the others, arrays among them.
pub(super) fn any_word(call: &Call<'_, '_>, test: fn(&str, &str) -> bool) -> Value<'static> {
    let found = (1..call.arguments.len()).any(|at| {
        let given = call.shown(at);
        let words: Vec<String> = match json::elements(call.text(at)) {
            Some(elements) if call.kind_of(at) == Kind::Dynamic => elements.map(json::unquote).collect(),
            _ => vec![given.text().to_owned()],
        };
        words.iter().any(|word| addresses(call.text(0)).any(|address| test(address, word)))
    });
    Value::Bool(found)
}
