//! `parse_url(url)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ObjectWriter;

pub(super) const FUNCTION: Function = Function {
    name: "parse_url",
    aliases: &["parseurl"],
    about: "The parts of an absolute address, all of them texts; all empty when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"parse_url("https://h.io:443/p?k=v#f").Port"#, r#""443""#), (r#"parse_url("https://u:p@h.io/p?x=1&y=2&x=3")["Query Parameters"]"#, r#"{"x":["1","3"],"y":"2"}"#), (r#"parse_url("https://user@h.io/p").Host"#, r#""user@h.io""#), (r#"parse_url("not a url").Host"#, r#""""#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (scheme, rest) = call.text(0).split_once("://").filter(|(scheme, _)| !scheme.is_empty()).unwrap_or_default();
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = place.find('/').map_or((place, ""), |at| place.split_at(at));
    // A bare slash is a path only where something follows.
    let is_last = query.is_none() && !call.text(0).contains('#');
    let path = if path == "/" && is_last { "" } else { path };
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => (user, host),
        _ => ("", authority),
    };
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (host, ""),
    };
    let quoted = |text: &str| {
        let mut out = String::new();
        crate::json::push_string(&mut out, text);
        out
    };
    let mut out = ObjectWriter::default();
    for (name, part) in [("Scheme", scheme), ("Host", host), ("Port", port), ("Path", path), ("Username", user), ("Password", password)] {
        out.value(name, &quoted(part));
    }
    out.value("Query Parameters", &super::parse_urlquery::parameters(query.unwrap_or("")));
    out.value("Fragment", &quoted(fragment));
    Value::owned(out.finish())
}
