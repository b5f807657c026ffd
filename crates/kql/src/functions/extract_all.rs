//! `extract_all(pattern, [groups], text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "extract_all",
    aliases: &["extractall"],
    about: "What every match of a regular expression captured: an array, of arrays when there are several groups.",
    parameters: &[Parameter::Text, Parameter::Any, Parameter::Text],
    optional: 1,
    regex: Some(0),
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"extract_all(@"(\d+)", "a 1, b 22")"#, r#"["1","22"]"#), (r#"extract_all(@"(\w)(\d)", "a1 b2")"#, r#"[["a","1"],["b","2"]]"#), (r#"extract_all(@"(\w)(\d)", dynamic([2]), "a1 b2")"#, r#"["1","2"]"#), (r#"extract_all(@"(?P<x>\w)(\d)", dynamic(["x", 2]), "a1")"#, r#"[["a","1"]]"#), (r#"extract_all(@"(\d+)", "none")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(regex) = call.regex else { return Value::Null };
    let text = call.shown(call.arguments.len() - 1);
    let groups: Vec<usize> = if call.has(2) {
        let Some(named) = json::elements(call.text(1)) else { return Value::Null };
        let place = |group: &str| {
            let name = json::unquote(group);
            name.parse::<usize>().ok().or_else(|| regex.capture_names().position(|known| known == Some(&name)))
        };
        let Some(places) = named.map(place).collect::<Option<Vec<usize>>>() else { return Value::Null };
        places
    } else {
        (1..regex.captures_len()).collect()
    };
    let mut all = ArrayWriter::default();
    let mut count = 0;
    for captures in regex.captures_iter(text.text()) {
        let group = |at: usize| captures.get(at).map_or("", |found| found.as_str());
        if let [only] = groups.as_slice() {
            all.string(group(*only));
        } else {
            let mut row = ArrayWriter::default();
            groups.iter().for_each(|at| row.string(group(*at)));
            all.raw(&row.finish());
        }
        count += 1;
    }
    if count == 0 { Value::Null } else { Value::owned(all.finish()) }
}
