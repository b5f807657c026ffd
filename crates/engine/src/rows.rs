//! Rows as a file to keep: CSV and one JSON object a line, the same bytes from the page and from the command line.
//!
//! **Invariant:** values are exact, whatever a spreadsheet would make of them: `=1+1` stays `=1+1`. Null and the empty text are
//! the same empty field in CSV; in JSON they are not.

use chartroom_base::json::{Json, is_json, push_text};
use chartroom_protocol::request::RowFormat;

/// Writes rows of some columns.
#[derive(Clone, Debug)]
pub struct RowWriter {
    format: RowFormat,
    /// Names (as they are written) and KQL's names of types.
    columns: Vec<(String, &'static str)>,
}

impl RowWriter {
    /// A writer of rows with these columns: names, and KQL's names of types.
    #[must_use]
    pub fn new<'a>(format: RowFormat, columns: impl IntoIterator<Item = (&'a str, &'static str)>) -> Self {
        let written = |name: &str| match format {
            RowFormat::Csv => csv_field(name),
            RowFormat::Ndjson => json_text(name),
        };
        let columns = columns.into_iter();
        Self { format, columns: columns.map(|(name, kind)| (written(name), kind)).collect() }
    }

    /// What stands before the first row.
    pub fn head(&self, out: &mut Vec<u8>) {
        if self.format == RowFormat::Csv {
            for (at, (name, _)) in self.columns.iter().enumerate() {
                push(out, if at > 0 { "," } else { "" }, name);
            }
            out.push(b'\n');
        }
    }

    /// Some rows of cells; `None` is null.
    pub fn rows<'a>(&self, rows: impl IntoIterator<Item = &'a [Option<String>]>, out: &mut Vec<u8>) {
        for row in rows {
            for (at, (name, kind)) in self.columns.iter().enumerate() {
                let cell = row.get(at).and_then(Option::as_deref);
                match self.format {
                    RowFormat::Csv => {
                        push(out, if at > 0 { "," } else { "" }, &csv_field(cell.unwrap_or("")));
                    }
                    RowFormat::Ndjson => {
                        push(out, if at > 0 { "," } else { "{" }, name);
                        push(out, ":", &json_value(kind, cell));
                    }
                }
            }
            let end: &[u8] = match self.format {
                RowFormat::Csv => b"\n",
                RowFormat::Ndjson if self.columns.is_empty() => b"{}\n",
                RowFormat::Ndjson => b"}\n",
            };
            out.extend_from_slice(end);
        }
    }
}

fn push(out: &mut Vec<u8>, before: &str, text: &str) {
    out.extend_from_slice(before.as_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// As RFC 4180 quotes it.
fn csv_field(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    push_text(&mut out, text);
    out
}

/// A cell as JSON of its type, which is named as KQL does.
///
/// Numbers keep their digits, a dynamic value is what it is, everything else is text. What JSON has no number for
/// (not a number, infinities) is text too.
#[must_use]
pub fn json_value(kind: &str, cell: Option<&str>) -> String {
    let Some(text) = cell else { return "null".to_owned() };
    let is_bare = match kind {
        "int" | "long" => text.parse::<i64>().is_ok(),
        "real" => {
            text.parse::<f64>().is_ok_and(f64::is_finite)
                && matches!(Json::parse(text), Some(Json::Number(_)))
        }
        "decimal" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "bool" => text == "true" || text == "false",
        "dynamic" => is_json(text),
        _ => false,
    };
    if is_bare { text.to_owned() } else { json_text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: RowFormat, columns: &[(&str, &'static str)], rows: &[&[Option<&str>]], expected: &str) {
        let rows: Vec<Vec<Option<String>>> =
            rows.iter().map(|cells| cells.iter().map(|cell| cell.map(str::to_owned)).collect()).collect();
        let writer = RowWriter::new(format, columns.iter().copied());
        let mut out = Vec::new();
        writer.head(&mut out);
        writer.rows(rows.iter().map(Vec::as_slice), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[track_caller]
    fn check_value(kind: &str, text: &str, expected: &str) {
        assert_eq!(json_value(kind, Some(text)), expected);
    }

    #[test]
    fn fields_are_quoted_when_they_must_be_and_never_altered() {
        check(
            RowFormat::Csv,
            &[("A", "string"), ("B,C", "dynamic"), ("D", "long")],
            &[
                &[Some("x y"), Some("{\"k\":1}"), None],
                &[Some("a\nb"), Some("c,d"), Some("3")],
                &[Some("=1+1"), None, Some("-3")],
            ],
            "A,\"B,C\",D\nx y,\"{\"\"k\"\":1}\",\n\"a\nb\",\"c,d\",3\n=1+1,,-3\n",
        );
    }

    #[test]
    fn one_object_a_line() {
        check(
            RowFormat::Ndjson,
            &[("B", "string"), ("A", "long")],
            &[&[Some("x"), Some("1")], &[Some("y"), None]],
            "{\"B\":\"x\",\"A\":1}\n{\"B\":\"y\",\"A\":null}\n",
        );
    }

    #[test]
    fn values_are_of_their_type() {
        check_value("long", "9007199254740993", "9007199254740993");
        check_value("real", "1.5", "1.5");
        check_value("real", "NaN", "\"NaN\"");
        check_value("real", "inf", "\"inf\"");
        check_value("bool", "true", "true");
        check_value("datetime", "2026-03-01T00:00:00.0000000Z", "\"2026-03-01T00:00:00.0000000Z\"");
        check_value("dynamic", "{\"a\":12345678901234567890123}", "{\"a\":12345678901234567890123}");
        check_value("dynamic", "{broken", "\"{broken\"");
        check_value("string", "3", "\"3\"");
        check_value("string", "a\"b\n", "\"a\\\"b\\n\"");
    }
}
