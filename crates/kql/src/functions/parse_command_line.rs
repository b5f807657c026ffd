//! `parse_command_line(line, parser)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ArrayWriter;

pub(super) const FUNCTION: Function = Function {
    name: "parse_command_line",
    about: "The arguments of a command line as Windows cuts it, as an array.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"parse_command_line("a.exe \"b c\" d", "windows")"#, r#"["a.exe","b c","d"]"#), (r#"parse_command_line(@'x "a\"b" c\\d', "windows")"#, r#"["x","a\"b","c\\\\d"]"#), (r#"parse_command_line("a", "other")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    if !call.text(1).eq_ignore_ascii_case("windows") {
        return Value::Null;
    }
    let mut all = ArrayWriter::default();
    let mut argument: Option<String> = None;
    let (mut is_quoted, mut backslashes) = (false, 0_usize);
    let mut chars = call.text(0).chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            backslashes += 1;
            continue;
        }
        if c == '"' {
            // Backslashes before a quote are halved; an odd one makes the quote a letter.
            let text = argument.get_or_insert_default();
            text.extend(std::iter::repeat_n('\\', backslashes / 2));
            if !backslashes.is_multiple_of(2) {
                text.push('"');
            } else if is_quoted && chars.peek() == Some(&'"') {
                text.push('"');
                chars.next();
            } else {
                is_quoted = !is_quoted;
            }
            backslashes = 0;
            continue;
        }
        if backslashes > 0 {
            argument.get_or_insert_default().extend(std::iter::repeat_n('\\', backslashes));
            backslashes = 0;
        }
        if matches!(c, ' ' | '\t') && !is_quoted {
            if let Some(argument) = argument.take() {
                all.string(&argument);
            }
        } else {
            argument.get_or_insert_default().push(c);
        }
    }
    if backslashes > 0 {
        argument.get_or_insert_default().extend(std::iter::repeat_n('\\', backslashes));
    }
    if let Some(argument) = argument {
        all.string(&argument);
    }
    Value::owned(all.finish())
}
