//! CSV and NDJSON, as the engine writes them.

use super::{Column, Rows};
use chartroom_engine::rows;
use chartroom_protocol::request::RowFormat;
use std::io::{self, Write};

pub(super) struct Written(rows::RowWriter);

impl Written {
    pub(super) fn new(format: RowFormat, columns: &[Column]) -> Self {
        Self(rows::RowWriter::new(format, columns.iter().map(|column| (column.name.as_str(), column.kind))))
    }
}

impl<W: Write> super::RowWriter<W> for Written {
    fn begin(&mut self, out: &mut W) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.0.head(&mut bytes);
        out.write_all(&bytes)
    }

    fn rows(&mut self, rows: &Rows, out: &mut W) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.0.rows(rows.iter().map(Vec::as_slice), &mut bytes);
        out.write_all(&bytes)
    }

    fn end(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
}
