//! A row of a delimited table, from its cells straight into columns.
//!
//! Which place of the type's tree a cell is for is looked up once per header and then known by its number. A row becomes what
//! the record becomes that `write_cells` makes of it: that is written and read for rows that only wrap records or are no
//! events. **Invariant:** both ways give the same row; a test reads tables both ways.

use super::scan::Scan;
use super::shape::{After, Place, Plan, ROOT};
use crate::formats::ValueType;
use crate::framing::rows::cells::Cell;
use crate::framing::rows::form::{RowForm, Values, name_of_unnamed};
use crate::framing::rows::record::{Value, is_exact, is_number, is_truth, undoubled, value_of};
use crate::framing::rows::sniff::{is_nothing, is_time};
use crate::text::block::Block;
use crate::text::compact::quote_into;
use crate::text::cursor::{Cursor, Repair, Stop};
use crate::time::Seen;
use chartroom_base::hash::hash_bytes;
use std::borrow::Cow;

/// A row and what its cells mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableRow<'a> {
    /// What the cells are ranges of.
    pub(crate) block: Block<'a>,
    pub(crate) cells: &'a [Cell],
    pub(crate) form: &'a RowForm,
    /// The same for forms of the same header; see [`header_of`].
    pub(crate) header: u64,
}

/// What the keys of a form's columns hash to.
pub(crate) fn header_of(form: &RowForm) -> u64 {
    form.columns.iter().fold(1, |hash: u64, column| {
        hash.rotate_left(9)
            .wrapping_add(hash_bytes(column.spelled.as_bytes()))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// The places of a header's cells, as far as they were looked up.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    header: u64,
    places: Vec<Option<Place>>,
    /// Of the time that no key tells of.
    time: Option<Place>,
}

/// Which of a row's cells a place is wanted for.
#[derive(Clone, Copy)]
enum At {
    Cell(usize),
    Time,
}

impl Plan {
    /// From now on cells are of that header.
    fn bind_cells(&mut self, header: u64, count: usize) {
        if self.bound.header != header || self.bound.places.len() != count {
            self.bound = Bound { header, places: vec![None; count], time: None };
        }
    }
}

impl Scan<'_, '_> {
    /// Reads a row, as [`Self::record`] reads the record that it stands for.
    pub(crate) fn row(&mut self, row: &TableRow<'_>) -> Result<(), Stop> {
        self.plan.begin_row();
        self.scratch.parts().0.clear();
        self.scratch.seen.clear();
        self.scratch.both.clear();
        self.plan.enter(ROOT);
        self.plan.bind_cells(row.header, row.form.columns.len());
        match self.cells(row) {
            Some(()) => Ok(()),
            None => Err(self.cursor.stopped),
        }
    }

    fn cells(&mut self, row: &TableRow<'_>) -> Option<()> {
        let bytes = row.block.bytes();
        for (at, &cell) in row.cells.iter().enumerate() {
            let text = bytes.get(cell.start..cell.end).unwrap_or_default();
            let Some(column) = row.form.columns.get(at) else {
                if !text.is_empty() {
                    let mut key = String::new();
                    quote_into(&name_of_unnamed(at.saturating_add(1)), &mut key);
                    let key = key.as_bytes();
                    let place = self.place(key.get(1..key.len().saturating_sub(1)).unwrap_or_default())?;
                    self.cell_text(cell, text, place)?;
                }
                continue;
            };
            if text.is_empty() || column.values.skips_nothing() && is_nothing(text) {
                if column.keeps_empty {
                    let place = self.place_of(At::Cell(at), &column.spelled)?;
                    self.text(place.node, "", 1)?;
                }
                continue;
            }
            if column.is_time {
                let place = self.place_of(At::Time, "\"TimeGenerated\":")?;
                self.cell(row, at, cell, place)?;
            }
            let place = self.place_of(At::Cell(at), &column.spelled)?;
            self.cell(row, at, cell, place)?;
        }
        Some(())
    }

    /// The place of a cell whose key is `spelled`, in quotes and with its colon.
    #[inline]
    fn place_of(&mut self, at: At, spelled: &str) -> Option<Place> {
        let bound = &self.plan.bound;
        let known = match at {
            At::Cell(at) => bound.places.get(at).copied().flatten(),
            At::Time => bound.time,
        };
        if let Some(place) = known {
            return Some(place);
        }
        let key = spelled.as_bytes().get(1..spelled.len().saturating_sub(2)).unwrap_or_default();
        let place = self.place(key)?;
        // The stand-in for too many keys is told each time which key it stands in for.
        if !place.is_stand_in() {
            match at {
                At::Cell(at) => {
                    if let Some(slot) = self.plan.bound.places.get_mut(at) {
                        *slot = Some(place);
                    }
                }
                At::Time => self.plan.bound.time = Some(place),
            }
        }
        Some(place)
    }

    #[inline(never)]
    fn place(&mut self, key: &[u8]) -> Option<Place> {
        let found = self.plan.look_up((ROOT, After::NOTHING), key, self.formats, self.def, self.may_add);
        match found {
            Some((place, _)) => Some(place),
            None => self.unsure(),
        }
    }

    /// A cell that says something.
    #[inline]
    fn cell(&mut self, row: &TableRow<'_>, at: usize, cell: Cell, place: Place) -> Option<()> {
        let text = row.block.bytes().get(cell.start..cell.end).unwrap_or_default();
        let values = row.form.columns.get(at).map(|column| column.values).unwrap_or_default();
        let value = value_of(text, cell.has_quotes, values);
        if values == Values::Unknown {
            self.note_unknown(place.node, text);
        } else if !matches!(values, Values::Text | Values::Time) && matches!(value, Value::Text) {
            self.scratch.seen.push((place.node, Seen::MISFIT));
        }
        match value {
            Value::Text => self.cell_text(cell, text, place),
            Value::Truth(is_true) => self.truth(place.node, is_true),
            Value::Number => {
                // Digits, and perhaps a sign, a point or an exponent.
                let digits = std::str::from_utf8(text).unwrap_or_default();
                if digits.contains('E') {
                    self.number(place.node, &digits.to_ascii_lowercase())
                } else {
                    self.number(place.node, digits)
                }
            }
            Value::Tree(tree) => self.cell_tree(&String::from_utf8_lossy(&tree), place),
        }
    }

    /// Notes what a cell is whose column the head of the file had nothing in.
    #[cold]
    fn note_unknown(&mut self, node: usize, text: &[u8]) {
        // With words in it, it is a column of texts.
        if self.plan.nodes.get(node).is_some_and(|node| node.has_shown(Seen::WORDS)) {
            return;
        }
        let seen = if is_nothing(text) {
            Seen::NOTHING
        } else if is_number(text) {
            if is_exact(text) { Seen::NUMBER } else { Seen::NUMBER.and(Seen::INEXACT) }
        } else if is_truth(text) {
            Seen::TRUTH
        } else if is_time(text) {
            Seen::TIME
        } else if matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
            Seen::TREE
        } else {
            Seen::WORDS
        };
        self.scratch.seen.push((node, seen));
    }

    /// A text.
    #[inline]
    fn cell_text(&mut self, cell: Cell, text: &[u8], place: Place) -> Option<()> {
        if !cell.has_quotes
            && let Some(text) = self.cursor.block.sure_text(cell.start, cell.end)
        {
            let at = (self.plan.row, place.node);
            if let Some(slot) = self.plan.slots.get_mut(place.plain)
                && let Some(table) = self.table.as_deref_mut()
                && (slot.push_known(at, table, text) || slot.push_plain(at, table, text))
            {
                if place.is_tested {
                    self.test(place.node, ValueType::Text, text);
                }
                return Some(());
            }
            return self.text(place.node, text, 1);
        }
        let text = undoubled(text, cell.has_quotes);
        let text = String::from_utf8_lossy(&text);
        if matches!(text, Cow::Owned(_)) {
            self.cursor.note(Repair::InvalidUtf8);
        }
        self.text(place.node, &text, 1)
    }

    /// An object or array.
    fn cell_tree(&mut self, tree: &str, place: Place) -> Option<()> {
        let mut inner = Scan {
            plan: self.plan,
            table: self.table.as_deref_mut(),
            scratch: self.scratch,
            formats: self.formats,
            def: self.def,
            cursor: Cursor::new(Block::from(tree), false),
            evidence: self.evidence,
            may_add: self.may_add,
        };
        let start = inner.cursor.blanks(0);
        let end = inner.brackets(start, place.node, 1);
        let (repair, stopped) = (inner.cursor.repair, inner.cursor.stopped);
        self.evidence = inner.evidence;
        if let Some(repair) = repair {
            self.cursor.repair.get_or_insert(repair);
        }
        self.cursor.stopped = stopped;
        end.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats;
    use crate::framing::rows::cells::split;
    use crate::framing::rows::form::RowColumn;
    use crate::framing::rows::record::write_cells;
    use crate::reader::{Length, Read, Reader, RowPlace};
    use chartroom_store::Store;
    use proptest::prelude::*;

    /// All that is in a store, and what became of each row.
    fn told(store: &Store, reads: &[String]) -> String {
        let mut out = reads.join("\n");
        for table in store.tables() {
            out.push_str(&format!("\n{} {}", table.name(), table.row_count()));
            for column in table.columns() {
                out.push_str(&format!("\n  {} {:?}", column.name(), column.kind()));
                for row in 0..table.row_count() {
                    out.push_str(&format!(" {:?}", column.value(row)));
                }
            }
        }
        out
    }

    /// Reads the rows by their cells, or as the records that they stand for.
    fn read(columns: &[RowColumn], table: &str, rows: &[String], as_cells: bool) -> String {
        let form = RowForm { columns: columns.to_vec(), table: table.to_owned(), ..RowForm::default() };
        let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
        reader.set_table(&form.table, form.kinds());
        let (mut cells, mut reads) = (Vec::new(), Vec::new());
        for (offset, row) in (0_u64..).zip(rows) {
            let bytes = row.as_bytes();
            split(bytes, 0, b',', true, Some(&mut cells)).unwrap();
            let length = Length::Told(row.len() as u32);
            let place = RowPlace { file: 1, offset, number: 0, is_line: false, length };
            let block = Block::new(bytes);
            let read = if as_cells {
                let row = TableRow { block, cells: &cells, form: &form, header: header_of(&form) };
                reader.read_row(&mut store, row, place)
            } else {
                let mut record = Vec::new();
                write_cells(&mut record, bytes, &cells, &form);
                reader.read(&mut store, Block::new(&record), 0, true, place)
            };
            reads.push(match read {
                Read::Done { outcome, .. } => format!("{outcome:?}"),
                Read::Broken { fault, .. } => fault.to_string(),
                Read::NeedMore => "more".to_owned(),
            });
        }
        told(&store, &reads)
    }

    const NAMES: &[&str] = &[
        "TimeGenerated",
        "timegenerated",
        "OperationName",
        "RoomId",
        "ResultSignature",
        "properties",
        "Type",
        "eventName",
        "eventID",
        "AdditionalFields",
        "name",
        "n",
        "Column3",
        "a\"b",
        "@message",
        "identity",
        "CallerIpAddress",
        "count_d",
        "userIdentity",
    ];

    const WORDS: &[&str] = &[
        "",
        "x",
        "GetRoom",
        "AWSCloudTrail",
        "ACSRoomsIncomingOperations",
        "99466898241024408",
        "12",
        "1.50",
        "1E5",
        "-0",
        "007",
        "TRUE",
        "false",
        "null",
        "2026-03-02T08:15:30Z",
        "3/2/2026, 8:15:30.000 AM",
        "13/2/2026",
        "\"{\"\"a\"\": [1, {}]}\"",
        "\"{\"\"type\"\":\"\"IAMUser\"\",\"\"arn\"\":\"\"a\"\"}\"",
        "\"{\"\"eventVersion\"\":\"\"1.11\"\",\"\"eventID\"\":\"\"e1\"\",\"\"eventName\"\":\"\"Read\"\"}\"",
        "\"[]\"",
        "\"{x=1}\"",
        "\"say \"\"so\"\"\"",
        "a\\",
        "a\\b",
        "tab\there",
        "é",
        "a text that is rather long and comes again and again, as texts do",
        "\"two\nlines\"",
    ];

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![4 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => "[a-z0-9.]{0,6}"]
    }

    fn values() -> impl Strategy<Value = Values> {
        proptest::sample::select(
            &[
                Values::Text,
                Values::Text,
                Values::Unknown,
                Values::Number,
                Values::Bool,
                Values::Time,
                Values::Json,
            ][..],
        )
    }

    proptest! {
        #[test]
        fn rows_are_what_their_records_are(
            names in proptest::sample::subsequence(NAMES, 1..8),
            kinds in proptest::collection::vec((values(), any::<bool>()), 8),
            time in proptest::option::of(0_usize..8),
            table in proptest::sample::select(&["", "staff"][..]),
            rows in proptest::collection::vec(proptest::collection::vec(cell(), 1..10), 1..12),
        ) {
            let columns: Vec<RowColumn> = names.iter().zip(kinds).enumerate().map(|(at, (name, (values, keeps_empty)))| {
                RowColumn { keeps_empty, is_time: time == Some(at) && !name.to_lowercase().contains("time"), ..RowColumn::new(name, values) }
            }).collect();
            let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            prop_assert_eq!(read(&columns, table, &rows, true), read(&columns, table, &rows, false));
        }
    }
}
