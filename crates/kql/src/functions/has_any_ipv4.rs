//! `has_any_ipv4(text, address, …)`.
use super::{Call, Function, Kind, Parameter, Value, has_ipv4_prefix::any_word};

pub(super) const FUNCTION: Function = Function {
    name: "has_any_ipv4",
    about: "Whether any of these IPv4 addresses stands in a text, no letter or digit next to it.",
    parameters: &[Parameter::Text, Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"has_any_ipv4("a 127.0.0.1 b", "127.0.0.1", "127.0.0.2")"#, "true"), (r#"has_any_ipv4("a 127.0.0.1 b", dynamic(["10.0.0.1"]))"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    any_word(call, |address, sought| address == sought)
}
