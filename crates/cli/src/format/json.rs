//! One JSON document: `{"columns":[{"name":…,"type":…}],"rows":[[…]]}`.

use super::{Column, RowWriter, Rows};
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) struct Json {
    columns: Vec<Column>,
    has_rows: bool,
}

impl Json {
    pub(super) const fn new(columns: Vec<Column>) -> Self {
        Self { columns, has_rows: false }
    }
}

impl<W: Write> RowWriter<W> for Json {
    fn begin(&mut self, out: &mut W) -> io::Result<()> {
        let columns: Vec<Value> =
            self.columns.iter().map(|column| json!({ "name": column.name, "type": column.kind })).collect();
        write!(out, "{{\"columns\":{},\"rows\":[", Value::Array(columns))
    }

    fn rows(&mut self, rows: &Rows, out: &mut W) -> io::Result<()> {
        for row in rows {
            let separator = if self.has_rows { "," } else { "" };
            self.has_rows = true;
            let cells: Vec<String> =
                self.columns.iter().enumerate().map(|(at, column)| value(column.kind, row.get(at))).collect();
            write!(out, "{separator}[{}]", cells.join(","))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"]}\n")
    }
}

/// A cell as JSON of its type.
///
/// Numbers keep their digits, a dynamic value is what it is, everything else is text. What JSON has no number for
/// (not a number, infinities) is text too.
pub(super) fn value(kind: &str, cell: Option<&Option<String>>) -> String {
    let Some(Some(text)) = cell else { return "null".to_owned() };
    let is_json = match kind {
        "int" | "long" => text.parse::<i64>().is_ok(),
        "real" => {
            text.parse::<f64>().is_ok_and(f64::is_finite) && serde_json::from_str::<Value>(text).is_ok()
        }
        "decimal" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "bool" => text == "true" || text == "false",
        "dynamic" => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        _ => false,
    };
    if is_json { text.clone() } else { Value::String(text.clone()).to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, printed};
    use super::value;

    #[track_caller]
    fn check(kind: &str, text: &str, expected: &str) {
        assert_eq!(value(kind, Some(&Some(text.to_owned()))), expected);
    }

    #[test]
    fn the_document_has_columns_and_rows() {
        assert_eq!(
            printed(Format::Json, &[("Count", "long")], &[&[Some("3")]]),
            "{\"columns\":[{\"name\":\"Count\",\"type\":\"long\"}],\"rows\":[[3]]}\n"
        );
        assert_eq!(
            printed(Format::Json, &[("A", "string")], &[&[None], &[Some("")]]),
            "{\"columns\":[{\"name\":\"A\",\"type\":\"string\"}],\"rows\":[[null],[\"\"]]}\n"
        );
    }

    #[test]
    fn values_are_of_their_type() {
        check("long", "9007199254740993", "9007199254740993");
        check("real", "1.5", "1.5");
        check("real", "NaN", "\"NaN\"");
        check("real", "inf", "\"inf\"");
        check("bool", "true", "true");
        check("datetime", "2026-03-01T00:00:00.0000000Z", "\"2026-03-01T00:00:00.0000000Z\"");
        check("dynamic", "{\"a\":12345678901234567890123}", "{\"a\":12345678901234567890123}");
        check("dynamic", "{broken", "\"{broken\"");
        check("string", "3", "\"3\"");
        check("string", "a\"b\n", "\"a\\\"b\\n\"");
    }
}
