//! `parse_csv(text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ArrayWriter;

pub(super) const FUNCTION: Function = Function {
    name: "parse_csv",
    about: "The fields of a CSV text's first record, as an array of texts.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"parse_csv('aa,"b,b",cc,"say ""x"""')"#, r#"["aa","b,b","cc","say \"x\""]"#), (r#"parse_csv("a,b\nc,d")"#, r#"["a","b"]"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut all = ArrayWriter::default();
    let mut field = String::new();
    let mut chars = call.text(0).chars().peekable();
    let (mut is_quoted, mut is_start) = (false, true);
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' if is_quoted || is_start => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                all.string(&field);
                field.clear();
                is_start = true;
                continue;
            }
            '\r' if !is_quoted && chars.peek() == Some(&'\n') => break,
            '\n' if !is_quoted => break,
            c => field.push(c),
        }
        is_start = false;
    }
    all.string(&field);
    Value::owned(all.finish())
}
