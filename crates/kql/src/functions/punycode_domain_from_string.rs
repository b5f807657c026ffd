//! `punycode_domain_from_string(domain)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "punycode_domain_from_string",
    about: "The domain with its labels read from punycode.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"punycode_domain_from_string("xn--bcher-kva.de")"#, "bücher.de")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let label = |label: &str| match label.strip_prefix("xn--") {
        Some(code) => crate::punycode::decode(code).unwrap_or_else(|| label.to_owned()),
        None => label.to_owned(),
    };
    Value::owned(call.text(0).split('.').map(label).collect::<Vec<_>>().join("."))
}
