//! One JSON object a line, keys in the order of the columns.

use super::{Column, RowWriter, Rows, json::value};
use serde_json::Value;
use std::io::{self, Write};

pub(super) struct Ndjson {
    columns: Vec<Column>,
}

impl Ndjson {
    pub(super) const fn new(columns: Vec<Column>) -> Self {
        Self { columns }
    }
}

impl<W: Write> RowWriter<W> for Ndjson {
    fn begin(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }

    fn rows(&mut self, rows: &Rows, out: &mut W) -> io::Result<()> {
        for row in rows {
            for (at, column) in self.columns.iter().enumerate() {
                let before = if at == 0 { "{" } else { "," };
                let name = Value::String(column.name.clone());
                write!(out, "{before}{name}:{}", value(column.kind, row.get(at)))?;
            }
            out.write_all(if self.columns.is_empty() { b"{}\n" } else { b"}\n" })?;
        }
        Ok(())
    }

    fn end(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, printed};

    #[test]
    fn one_object_a_line() {
        let text = printed(
            Format::Ndjson,
            &[("B", "string"), ("A", "long")],
            &[&[Some("x"), Some("1")], &[Some("y"), None]],
        );
        assert_eq!(text, "{\"B\":\"x\",\"A\":1}\n{\"B\":\"y\",\"A\":null}\n");
    }
}
