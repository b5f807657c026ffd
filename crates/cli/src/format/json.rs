//! One JSON document: `{"columns":[{"name":…,"type":…}],"rows":[[…]]}`.

use super::{Column, RowWriter, Rows};
use chartroom_engine::rows::json_value;
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
            let cells: Vec<String> = self
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| json_value(column.kind, row.get(at).and_then(Option::as_deref)))
                .collect();
            write!(out, "{separator}[{}]", cells.join(","))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"]}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, printed};

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
}
