//! What a table is, by its first rows: of a known type, or one of its own, called after its file.

use super::cells::split;
use super::form::{RowForm, Shape, Values};
use super::record::write_cells;
use crate::formats::{Formats, KeyLevel, fold_key};
use crate::job::Task;
use crate::reader::{Block, Reader};

/// Rows by which a table is judged.
const ROWS: usize = 20;
/// Endings of files that say how they are packed.
const PACKINGS: &[&str] = &["gz", "zip", "tar", "tgz", "zst", "bz2", "xz"];
/// The longest name of a table.
const NAME: usize = 64;

impl RowForm {
    /// Completes the form of a table that lies in `head`, of the file that `task` is about.
    pub(crate) fn settle(&mut self, head: &[u8], is_all: bool, task: &Task, reader: &mut Reader) {
        self.table = table_name(&task.path, reader.formats());
        for column in &mut self.columns {
            if let Some(&values) = task.hints.cells.0.get(&column.name) {
                column.values = values;
            }
        }
        let mut plain = self.clone();
        for column in &mut plain.columns {
            column.values = Values::Text;
            column.keeps_empty = true;
        }
        let is_known =
            plain.first_records(head, is_all).iter().any(|record| reader.knows(Block::new(record)));
        self.fit(is_known, reader.formats());
    }

    /// Fits the columns to rows that are of a known type, or are not.
    pub(crate) fn fit(&mut self, is_known: bool, formats: &Formats) {
        for column in &mut self.columns {
            let key = fold_key(&column.name);
            if is_known {
                column.keeps_empty = !formats.atoms.of_key(KeyLevel::Record, &key).is_empty();
                // The type's columns say what values are; what is a tree stays one where no column takes it.
                if column.values != Values::Json {
                    column.values = Values::Text;
                }
            }
        }
        let tells_time = |name: &str| formats.feeds_time(&fold_key(name));
        if !is_known
            && !self.columns.iter().any(|column| tells_time(&column.name))
            && let Some(column) = self.columns.iter_mut().find(|column| column.values == Values::Time)
        {
            column.is_time = true;
            if let Some(&order) = self.orders.get(&column.name) {
                self.orders.insert("TimeGenerated".to_owned(), order);
            }
        }
    }

    /// The first rows of the table, as records.
    fn first_records(&self, head: &[u8], is_all: bool) -> Vec<Vec<u8>> {
        let Shape::Delimited(delimiter) = self.shape else { return Vec::new() };
        let mut at = usize::try_from(self.first_row).unwrap_or(usize::MAX);
        let (mut records, mut cells) = (Vec::new(), Vec::new());
        while records.len() < ROWS && at < head.len() {
            let Some(row) = split(head, at, delimiter, is_all, Some(&mut cells)) else { break };
            if row.end > at {
                let mut record = Vec::new();
                write_cells(&mut record, head, &cells, self);
                records.push(record);
            }
            at = row.next;
        }
        records
    }
}

/// The name of the table for rows of the file at `path`; empty when it has none that will do.
///
/// `exports/staff (2).csv.gz` is `staff`, and so is `staff-2026-03-02.csv`: exports of one kind are one table.
pub(crate) fn table_name(path: &str, formats: &Formats) -> String {
    let mut stem = path.rsplit(['/', '\\', '!']).next().unwrap_or_default();
    while let Some((front, ending)) = stem.rsplit_once('.')
        && PACKINGS.contains(&ending.to_ascii_lowercase().as_str())
        && !front.is_empty()
    {
        stem = front;
    }
    if let Some((front, ending)) = stem.rsplit_once('.')
        && !front.is_empty()
        && ending.len() <= 5
        && ending.starts_with(|first: char| first.is_ascii_alphabetic())
    {
        stem = front;
    }
    let is_number = |char: char| char.is_ascii_digit() || " ()-_.:+TZ".contains(char);
    let bare = stem.trim_end_matches(is_number);
    // Names that are numbers but for a letter, such as ids, say more whole.
    let stem = if bare.chars().filter(|char| char.is_alphabetic()).count() >= 2 { bare } else { stem };
    let mut name: String = stem
        .chars()
        .map(|char| if char.is_ascii_alphanumeric() || char == '_' { char } else { '_' })
        .take(NAME)
        .collect();
    if !name.contains(|char: char| char.is_ascii_alphanumeric()) {
        return String::new();
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    let is_taken = |name: &str| {
        let is_view = ["Events", "Requests"].iter().any(|view| view.eq_ignore_ascii_case(name));
        is_view || formats.tables().keys().any(|table| table.eq_ignore_ascii_case(name))
    };
    if is_taken(&name) {
        name.push_str("_rows");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        assert_eq!(table_name(path, crate::formats()), expected, "{path}");
    }

    #[test]
    fn tables_are_named_after_their_files() {
        check("a/staff.csv", "staff");
        check("staff (2).csv.gz", "staff");
        check("export.zip/staff-2026-03-02.tsv", "staff");
        check("query_data.csv", "query_data");
        check("BetterMTDAppLog_CL.csv", "BetterMTDAppLog_CL");
        check("2026-03-02.csv", "_2026_03_02");
        check("AWSCloudTrail.csv", "AWSCloudTrail_rows");
        check("...", "");
        check("", "");
        check("Übersicht Mai.csv", "_bersicht_Mai");
    }
}
