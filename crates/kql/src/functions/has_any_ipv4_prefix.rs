//! `has_any_ipv4_prefix(text, prefix, …)`.
use super::{Call, Function, Kind, Parameter, Value, has_ipv4_prefix::{any_word, begins}};

pub(super) const FUNCTION: Function = Function {
    name: "has_any_ipv4_prefix",
    about: "Whether an IPv4 address that begins with any of these stands in a text, no letter or digit next to it.",
    parameters: &[Parameter::Text, Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"has_any_ipv4_prefix("a 127.0.0.1 b", "10.", "127.0.")"#, "true"), (r#"has_any_ipv4_prefix("a 127.0.0.1 b", dynamic(["10."]))"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    any_word(call, begins)
}
