//! `punycode_domain_from_string(domain)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "punycode_domain_from_string",
    about: "The domain with each of its labels in punycode where it needs it.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"punycode_domain_from_string("bücher.de")"#, "xn--bcher-kva.de")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let label = |label: &str| match label.is_ascii() {
        true => label.to_owned(),
        false => format!("xn--{}", crate::punycode::encode(label).unwrap_or_default()),
    };
    Value::owned(call.text(0).split('.').map(label).collect::<Vec<_>>().join("."))
}
