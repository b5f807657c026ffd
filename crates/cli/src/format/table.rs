//! Columns for the eye: numbers to the right, all values whole.
//!
//! Widths follow the head and the first rows that come; a wider value later pushes its line, and is not cut.

use super::{Column, RowWriter, Rows};
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Wider columns are not padded to their widest value.
const WIDEST: usize = 60;

pub(super) struct Table {
    columns: Vec<Column>,
    /// Characters per column; known once the first rows are.
    widths: Option<Vec<usize>>,
}

impl Table {
    pub(super) const fn new(columns: Vec<Column>) -> Self {
        Self { columns, widths: None }
    }

    fn head<W: Write>(&mut self, rows: &Rows, out: &mut W) -> io::Result<Vec<usize>> {
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let widest = rows.iter().map(|row| width(&shown(row, at))).max().unwrap_or(0);
                widest.min(WIDEST).max(width(&column.name))
            })
            .collect();
        let names: Vec<Cow<'_, str>> =
            self.columns.iter().map(|column| Cow::Borrowed(column.name.as_str())).collect();
        self.line(&names, &widths, out)?;
        let rules: Vec<Cow<'_, str>> = widths.iter().map(|&width| Cow::Owned("-".repeat(width))).collect();
        self.line(&rules, &widths, out)?;
        self.widths = Some(widths.clone());
        Ok(widths)
    }

    fn line<W: Write>(&self, cells: &[Cow<'_, str>], widths: &[usize], out: &mut W) -> io::Result<()> {
        let mut line = String::new();
        for ((cell, column), &wanted) in cells.iter().zip(&self.columns).zip(widths) {
            let blanks = " ".repeat(wanted.saturating_sub(width(cell)));
            let is_number = matches!(column.kind, "int" | "long" | "real" | "timespan");
            let (before, after) = if is_number { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
            line.extend([before, cell, after, "  "]);
        }
        writeln!(out, "{}", line.trim_end())
    }
}

impl<W: Write> RowWriter<W> for Table {
    fn begin(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }

    fn rows(&mut self, rows: &Rows, out: &mut W) -> io::Result<()> {
        let widths = match &self.widths {
            Some(widths) => widths.clone(),
            None => self.head(rows, out)?,
        };
        for row in rows {
            let cells: Vec<Cow<'_, str>> = (0..self.columns.len()).map(|at| shown(row, at)).collect();
            self.line(&cells, &widths, out)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut W) -> io::Result<()> {
        if self.widths.is_none() {
            self.head(&[], out)?;
        }
        Ok(())
    }
}

/// A cell on one line: what would break it or steer the terminal is written as an escape.
fn shown(row: &[Option<String>], at: usize) -> Cow<'_, str> {
    let Some(text) = row.get(at).and_then(Option::as_deref) else { return Cow::Borrowed("") };
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::super::{Format, printed};

    #[test]
    fn numbers_stand_to_the_right_and_lines_do_not_break() {
        let text = printed(
            Format::Table,
            &[("Name", "string"), ("Count", "long")],
            &[&[Some("GetObject"), Some("12")], &[Some("é\n\u{1b}[1m"), None]],
        );
        let expected = "\
Name          Count
------------  -----
GetObject        12
é\\n\\u{1b}[1m
";
        assert_eq!(text, expected);
    }

    #[test]
    fn no_rows_leave_the_head() {
        assert_eq!(printed(Format::Table, &[("A", "string"), ("B", "long")], &[]), "A  B\n-  -\n");
    }
}
