//! A row as the record that it stands for: JSON, so that rows and records are read, mapped and judged by one reader.
//!
//! **Invariant:** every cell that holds something is in the record; what is written reads back as the cell's text, or as the
//! number, truth, time or tree that it says.

use super::cells::Cell;
use super::form::{RowForm, Values, name_of_unnamed};
use super::sniff::is_nothing;
use crate::text::block::Block;
use crate::text::compact::quote_into;
use crate::text::cursor::Cursor;
use crate::text::stops::{is_stop, stop_mask};
use std::borrow::Cow;

/// Appends the record of a row; `bytes` is what its cells are ranges of.
pub(crate) fn write_cells(out: &mut Vec<u8>, bytes: &[u8], cells: &[Cell], form: &RowForm) {
    out.push(b'{');
    let start = out.len();
    for (at, cell) in cells.iter().enumerate() {
        let text = bytes.get(cell.start..cell.end).unwrap_or_default();
        let Some(column) = form.columns.get(at) else {
            if text.is_empty() {
                continue;
            }
            let mut name = String::new();
            quote_into(&name_of_unnamed(at.saturating_add(1)), &mut name);
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            write_text(out, text, cell.has_quotes);
            out.push(b',');
            continue;
        };
        if text.is_empty() || column.values.skips_nothing() && is_nothing(text) {
            if column.keeps_empty {
                out.extend_from_slice(column.spelled.as_bytes());
                out.extend_from_slice(b"\"\",");
            }
            continue;
        }
        if column.is_time {
            out.extend_from_slice(b"\"TimeGenerated\":");
            write_value(out, text, cell.has_quotes, column.values);
            out.push(b',');
        }
        out.extend_from_slice(column.spelled.as_bytes());
        if column.values == Values::Text {
            write_text(out, text, cell.has_quotes);
        } else {
            write_value(out, text, cell.has_quotes, column.values);
        }
        out.push(b',');
    }
    if out.len() > start {
        out.pop();
    }
    out.push(b'}');
}

/// What a cell says.
pub(crate) enum Value<'a> {
    /// Its text.
    Text,
    /// Its text is a number, but for letter case.
    Number,
    Truth(bool),
    /// This object or array.
    Tree(Cow<'a, [u8]>),
}

/// What a cell of a column that holds `values` says; its text when it is none of them.
#[inline]
pub(crate) fn value_of(text: &[u8], has_quotes: bool, values: Values) -> Value<'_> {
    let truth = || if is_truth(text) { Value::Truth(text.len() == 4) } else { Value::Text };
    match values {
        Values::Text | Values::Time => Value::Text,
        Values::Unknown if is_number(text) && is_exact(text) => Value::Number,
        Values::Unknown | Values::Bool => truth(),
        Values::Number if is_number(text) => Value::Number,
        Values::Number => Value::Text,
        Values::Json => {
            let tree = undoubled(text, has_quotes);
            if is_tree(&tree) { Value::Tree(tree) } else { Value::Text }
        }
    }
}

/// A value of a column that holds `values`; as a text when it is none of them.
pub(crate) fn write_value(out: &mut Vec<u8>, text: &[u8], has_quotes: bool, values: Values) {
    match value_of(text, has_quotes, values) {
        Value::Text => write_text(out, text, has_quotes),
        Value::Number | Value::Truth(_) => out.extend(text.iter().map(u8::to_ascii_lowercase)),
        Value::Tree(tree) => out.extend_from_slice(&tree),
    }
}

/// Appends a cell's text as a JSON string. `has_quotes`: a doubled quote is one.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &[u8], has_quotes: bool) {
    out.push(b'"');
    let mut rest = text;
    while let Some((chunk, _)) = rest.split_first_chunk::<16>() {
        let mask = stop_mask(chunk);
        let plain = if mask == 0 { 16 } else { mask.trailing_zeros() as usize };
        // A fixed length copies in one instruction; what is too much is taken back.
        let len = out.len();
        out.extend_from_slice(chunk);
        out.truncate(len.saturating_add(plain));
        rest = rest.get(plain..).unwrap_or_default();
        if plain < 16 {
            rest = write_stop(out, rest, has_quotes);
        }
    }
    while let Some((&byte, tail)) = rest.split_first() {
        if is_stop(byte) {
            rest = write_stop(out, rest, has_quotes);
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out.push(b'"');
}

/// Appends the escape of the byte that `rest` begins with; what is left behind it.
fn write_stop<'a>(out: &mut Vec<u8>, rest: &'a [u8], has_quotes: bool) -> &'a [u8] {
    let Some((&byte, tail)) = rest.split_first() else { return rest };
    match byte {
        b'"' => {
            out.extend_from_slice(b"\\\"");
            if has_quotes && let [b'"', tail @ ..] = tail {
                return tail;
            }
        }
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        byte => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            let digit = |value: u8| HEX.get(usize::from(value & 15)).copied().unwrap_or(b'0');
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[digit(byte >> 4), digit(byte)]);
        }
    }
    tail
}

/// A cell's text with doubled quotes made one.
pub(crate) fn undoubled(text: &[u8], has_quotes: bool) -> Cow<'_, [u8]> {
    if !has_quotes {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        out.push(byte);
        rest = match (byte, tail) {
            (b'"', [b'"', tail @ ..]) => tail,
            _ => tail,
        };
    }
    Cow::Owned(out)
}

/// Whether a text is a number as JSON writes them: no leading zeros or blanks, so that ids stay texts.
pub(crate) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.first() == Some(&b'0')) {
        return false;
    }
    let mut rest = text.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = fraction.get(len..).unwrap_or_default();
    }
    if let [b'e' | b'E', power @ ..] = rest {
        let power = power.strip_prefix(b"+").or_else(|| power.strip_prefix(b"-")).unwrap_or(power);
        let len = digits(power);
        return len > 0 && len == power.len();
    }
    rest.is_empty()
}

/// Whether a number is written the way a column of numbers writes it.
pub(crate) fn is_exact(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let mut written = String::new();
    chartroom_store::write_number(&mut written, text);
    written == text
}

/// `true` or `false` in any case.
pub(crate) fn is_truth(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"true") || text.eq_ignore_ascii_case(b"false")
}

/// Whether a text is one object or array in JSON.
pub(crate) fn is_tree(text: &[u8]) -> bool {
    if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let mut cursor = Cursor::new(Block::from(text), false);
    let start = cursor.blanks(0);
    let Some(end) = cursor.skip(start, 1) else { return false };
    cursor.repair.is_none() && cursor.blanks(end.get()) == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framing::rows::cells::split;
    use crate::framing::rows::form::RowColumn;

    #[track_caller]
    fn check(row: &str, values: Values, expected: &str) {
        let mut cells = Vec::new();
        split(row.as_bytes(), 0, b',', true, Some(&mut cells)).unwrap();
        let form = RowForm { columns: vec![RowColumn::new("a", values)], ..RowForm::default() };
        let mut out = Vec::new();
        write_cells(&mut out, row.as_bytes(), &cells, &form);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn cells_are_written_as_what_they_hold() {
        check("x,,y", Values::Text, r#"{"a":"x","Column3":"y"}"#);
        check("", Values::Text, "{}");
        check(
            "\"a \"\"quoted\"\" \\ text\nover lines\"",
            Values::Text,
            r#"{"a":"a \"quoted\" \\ text\nover lines"}"#,
        );
        check("a\0b", Values::Text, r#"{"a":"a\u0000b"}"#);
        check("12", Values::Text, r#"{"a":"12"}"#);
        check("12.50", Values::Number, r#"{"a":12.50}"#);
        check("12.50", Values::Unknown, r#"{"a":"12.50"}"#);
        check("-7", Values::Unknown, r#"{"a":-7}"#);
        check("007", Values::Number, r#"{"a":"007"}"#);
        check("few", Values::Number, r#"{"a":"few"}"#);
        check("TRUE", Values::Bool, r#"{"a":true}"#);
        check("\"{\"\"x\"\": [1]}\"", Values::Json, r#"{"a":{"x": [1]}}"#);
        check("\"{x=1}\"", Values::Json, r#"{"a":"{x=1}"}"#);
        check("5/4/2025", Values::Time, r#"{"a":"5/4/2025"}"#);
        check("-", Values::Number, "{}");
        check("N/A", Values::Text, r#"{"a":"N/A"}"#);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_back(text in "\\PC{0,40}|[\"\\\\a\n\t\0]{0,40}") {
            let mut out = Vec::new();
            write_text(&mut out, text.as_bytes(), false);
            let read: String = serde_json::from_slice(&out).unwrap();
            proptest::prop_assert_eq!(read, text);
        }

        #[test]
        fn numbers_are_those_of_json(text in "-?[0-9.eE+-]{0,8}") {
            let is_json = serde_json::from_str::<serde_json::Number>(&text).is_ok();
            proptest::prop_assert!(!is_number(text.as_bytes()) || is_json || text.contains(['e', 'E']), "{}", text);
            proptest::prop_assert!(!is_json || is_number(text.as_bytes()), "{}", text);
        }
    }
}
