//! Comma-separated values with a head, as RFC 4180 quotes them; lines end in a line feed. Null is an empty field.

use super::{Column, RowWriter, Rows};
use std::io::{self, Write};

pub(super) struct Csv {
    columns: Vec<Column>,
}

impl Csv {
    pub(super) const fn new(columns: Vec<Column>) -> Self {
        Self { columns }
    }
}

impl<W: Write> RowWriter<W> for Csv {
    fn begin(&mut self, out: &mut W) -> io::Result<()> {
        line(self.columns.iter().map(|column| column.name.as_str()), out)
    }

    fn rows(&mut self, rows: &Rows, out: &mut W) -> io::Result<()> {
        for row in rows {
            line(
                (0..self.columns.len()).map(|at| row.get(at).and_then(Option::as_deref).unwrap_or("")),
                out,
            )?;
        }
        Ok(())
    }

    fn end(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
}

fn line<'a, W: Write>(fields: impl Iterator<Item = &'a str>, out: &mut W) -> io::Result<()> {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        if field.contains(['"', ',', '\n', '\r']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::super::{Format, printed};

    #[test]
    fn fields_are_quoted_when_they_must_be() {
        let text = printed(
            Format::Csv,
            &[("A", "string"), ("B,C", "dynamic"), ("D", "long")],
            &[&[Some("x y"), Some("{\"k\":1}"), None], &[Some("a\nb"), Some("c,d"), Some("3")]],
        );
        assert_eq!(text, "A,\"B,C\",D\nx y,\"{\"\"k\"\":1}\",\n\"a\nb\",\"c,d\",3\n");
    }
}
