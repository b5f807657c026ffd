//! Whether text is a delimited table, by evidence: which delimiter gives rows of one length, whether the first row names the
//! columns, and what the cells of each column hold.
//!
//! **Invariant:** depends on the head alone. A row that the head does not hold whole is not looked at.

use super::cells::{Cell, split};
use super::form::{RowColumn, RowForm, Shape, Values, name_of_unnamed};
use super::record::{is_number, is_truth, undoubled};
use crate::framing::BOM;
use crate::time::{Seen, read_time};
use crate::value::says_nothing;
use std::borrow::Cow;
use std::collections::HashSet;

/// Delimiters, the likeliest first.
const DELIMITERS: &[u8] = b",\t;|";
/// Rows that are looked at.
const ROWS: usize = 2_000;
/// The longest name of a column.
const NAME: usize = 128;

/// A row of the head: its cells as texts.
type Row<'a> = Vec<Cow<'a, [u8]>>;

/// A table that may be one.
struct Candidate<'a> {
    delimiter: u8,
    rows: Vec<(usize, Row<'a>)>,
    /// Rows of the first one's length, among those behind it.
    agreeing: usize,
    /// One past the first row.
    header_end: usize,
}

/// The form of the table that `head` begins with, if it is one; `is_all`: the file is no longer.
///
/// `delimiter`: a person says what stands between its cells, and so that it is one.
pub(crate) fn find_table(head: &[u8], is_all: bool, delimiter: Option<u8>) -> Option<RowForm> {
    let mark = if head.starts_with(BOM) { BOM.len() } else { 0 };
    let (told, at) = match separator_line(head, mark) {
        Some((delimiter, at)) => (Some(delimiter), at),
        None => (None, mark),
    };
    let at = blank_lines(head, at);
    if let Some(delimiter) = delimiter {
        return form(head, at, &candidate(head, at, delimiter, is_all)?);
    }
    let mut best: Option<(Candidate<'_>, usize)> = None;
    for &delimiter in DELIMITERS {
        if told.is_some_and(|told| told != delimiter) {
            continue;
        }
        let Some(candidate) = candidate(head, at, delimiter, is_all) else { continue };
        let Some(score) = score(&candidate) else { continue };
        if best.as_ref().is_none_or(|(_, known)| score > *known) {
            best = Some((candidate, score));
        }
    }
    let (candidate, _) = best?;
    form(head, at, &candidate)
}

/// `sep=;`, which tells a spreadsheet the delimiter: that, and where the next line begins.
fn separator_line(head: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = head.get(at..)?;
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let line_end = memchr::memchr(b'\n', rest.get(..16).unwrap_or(rest))?;
    let &delimiter = rest.strip_prefix(b"sep=")?.first()?;
    let skipped = head.len().saturating_sub(at).saturating_sub(rest.len());
    Some((delimiter, at.saturating_add(skipped).saturating_add(line_end).saturating_add(1)))
}

/// Past lines without anything.
fn blank_lines(head: &[u8], at: usize) -> usize {
    let rest = head.get(at..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    at.saturating_add(blank)
}

fn candidate(head: &[u8], at: usize, delimiter: u8, is_all: bool) -> Option<Candidate<'_>> {
    let (mut at, mut cells, mut rows) = (at, Vec::new(), Vec::new());
    let mut header_end = None;
    while rows.len() < ROWS && at < head.len() {
        let Some(row) = split(head, at, delimiter, is_all, Some(&mut cells)) else { break };
        header_end.get_or_insert(row.next);
        if row.end > at {
            rows.push((at, texts(head, &cells)));
        }
        at = row.next;
    }
    let wanted = rows.first()?.1.len();
    let agreeing = rows.iter().skip(1).filter(|(_, row)| row.len() == wanted).count();
    Some(Candidate { delimiter, rows, agreeing, header_end: header_end? })
}

fn texts<'a>(head: &'a [u8], cells: &[Cell]) -> Row<'a> {
    cells
        .iter()
        .map(|cell| undoubled(head.get(cell.start..cell.end).unwrap_or_default(), cell.has_quotes))
        .collect()
}

/// How good a table it is; `None`: none.
fn score(candidate: &Candidate<'_>) -> Option<usize> {
    let (_, first) = candidate.rows.first()?;
    let behind = candidate.rows.len().saturating_sub(1);
    if first.len() < 2 || candidate.agreeing.saturating_mul(10) < behind.saturating_mul(7) {
        return None;
    }
    let has_header = is_header(first);
    let are_names = first.iter().filter(|cell| !cell.is_empty()).all(|cell| is_name(cell));
    let is_table = match (has_header, behind) {
        (true, 0) => are_names,
        // Prose has commas too: then names that are names must speak for a table.
        (true, _) if first.len() == 2 => are_names && candidate.agreeing == behind,
        (true, _) => {
            let names = first.iter().filter(|cell| cell.is_empty() || is_name(cell)).count();
            names.saturating_mul(3) >= first.len().saturating_mul(2)
        }
        (false, _) => {
            let typed = first.iter().filter(|cell| is_number(cell) || is_time(cell)).count();
            behind >= 2 && first.len() >= 3 && typed > 0 && candidate.agreeing == behind
        }
    };
    // Rows of one length first, then the number of columns.
    let share = candidate.agreeing.saturating_mul(100).checked_div(behind).unwrap_or(100);
    is_table.then(|| share.saturating_mul(100_000).saturating_add(first.len()))
}

/// Whether a row names columns: texts, no two alike, none that is a value.
fn is_header(row: &Row<'_>) -> bool {
    let named = row.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
    let mut seen = HashSet::new();
    named >= 1
        && named.saturating_mul(2) >= row.len()
        && row.iter().map(|cell| cell.trim_ascii()).filter(|cell| !cell.is_empty()).all(|cell| {
            let is_value = is_number(cell) || is_truth(cell) || is_time(cell) || cell.len() > NAME;
            !is_value && !matches!(cell.first(), Some(b'{' | b'[')) && (seen.insert(cell) || is_name(cell))
        })
}

/// Whether a text is what people call columns.
fn is_name(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let text = text.trim();
    text.chars().next().is_some_and(|first| first.is_alphabetic() || matches!(first, '_' | '@' | '$' | '#'))
        && text.split(' ').count() <= 5
        && text.chars().all(|char| char.is_alphanumeric() || " _-.:/()[]@$#%&*".contains(char))
        && !text.ends_with(['.', ':'])
}

/// Whether a text is a point in time written as one; a mere number is none.
pub(crate) fn is_time(cell: &[u8]) -> bool {
    time(cell).is_some()
}

/// What a point in time shows of how it is written.
fn time(cell: &[u8]) -> Option<Seen> {
    let text = std::str::from_utf8(cell).ok().filter(|text| (8..=64).contains(&text.len()))?;
    let has_marks = text.bytes().any(|byte| matches!(byte, b'-' | b'/' | b':' | b',' | b'T'));
    (has_marks && !is_number(cell)).then(|| read_time(text, false))?.map(|(_, seen)| seen)
}

fn form(head: &[u8], start: usize, candidate: &Candidate<'_>) -> Option<RowForm> {
    let (_, first) = candidate.rows.first()?;
    let has_header = is_header(first);
    let first_row = if has_header { candidate.header_end } else { start };
    let data = candidate.rows.get(usize::from(has_header)..).unwrap_or_default();
    let names = if has_header { names(first) } else { (1..=first.len()).map(name_of_unnamed).collect() };
    let mut columns: Vec<RowColumn> = Vec::with_capacity(names.len());
    let mut shown = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let cells = data.iter().filter_map(|(_, row)| row.get(at).map(Cow::as_ref));
        let (values, order) = values(cells);
        columns.push(RowColumn::new(without_zone(name), values));
        shown.push(order);
    }
    unique(&mut columns);
    let orders = columns.iter().zip(shown).filter_map(|(column, order)| Some((column.name.clone(), order?)));
    let header = head.get(start..first_row).unwrap_or_default().trim_ascii_end().to_vec();
    let shape = Shape::Delimited(candidate.delimiter);
    let zone_tag = names.iter().find_map(|name| zone_tag(name)).unwrap_or_default().to_owned();
    let (first_row, orders) = (first_row as u64, orders.collect());
    Some(RowForm { shape, first_row, header, columns, zone_tag, orders, ..RowForm::default() })
}

fn names(header: &Row<'_>) -> Vec<String> {
    header
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let name = String::from_utf8_lossy(cell.trim_ascii()).into_owned();
            if name.is_empty() { name_of_unnamed(at.saturating_add(1)) } else { name }
        })
        .collect()
}

/// A column's name without the zone of its times: `TimeGenerated [UTC]`.
pub(crate) fn without_zone(name: &str) -> &str {
    name.strip_suffix(']')
        .and_then(|name| name.rsplit_once(" ["))
        .filter(|(name, zone)| !name.is_empty() && !zone.contains('['))
        .map_or(name, |(name, _)| name)
}

/// The zone that a column's name tells of its times.
fn zone_tag(name: &str) -> Option<&str> {
    let tag = name.strip_prefix(without_zone(name))?.strip_prefix(" [")?.strip_suffix(']')?;
    (!tag.is_empty()).then_some(tag)
}

/// Gives columns of one name numbers: no cell may displace another.
pub(crate) fn unique(columns: &mut [RowColumn]) {
    let mut seen: HashSet<String> = HashSet::new();
    for column in columns {
        let mut name = column.name.clone();
        let mut number = 1_usize;
        while !seen.insert(name.clone()) {
            number = number.saturating_add(1);
            name = format!("{}_{number}", column.name);
        }
        if name != column.name {
            *column = RowColumn::new(&name, column.values);
        }
    }
}

/// What cells hold, by all of them; and whether the day comes first in their times, where they show it.
pub(crate) fn values<'a>(cells: impl Iterator<Item = &'a [u8]>) -> (Values, Option<bool>) {
    let (mut number, mut truth, mut time_, mut tree) = (true, true, true, true);
    let (mut shown, mut seen) = (Seen::default(), false);
    for cell in cells.filter(|cell| !is_nothing(cell)) {
        seen = true;
        number = number && is_number(cell);
        truth = truth && is_truth(cell);
        tree = tree && matches!(cell.trim_ascii_start().first(), Some(b'{' | b'['));
        if time_ {
            match time(cell) {
                Some(more) => shown = shown.and(more),
                None => time_ = false,
            }
        }
        if !(number || truth || time_ || tree) {
            break;
        }
    }
    let values = match (seen, number, truth, time_, tree) {
        (false, ..) => Values::Unknown,
        (_, true, ..) => Values::Number,
        (_, _, true, ..) => Values::Bool,
        (_, _, _, true, _) => Values::Time,
        (.., true) => Values::Json,
        _ => Values::Text,
    };
    let order = match (shown.has(Seen::DAY_FIRST), shown.has(Seen::MONTH_FIRST)) {
        (true, false) if values == Values::Time => Some(true),
        (false, true) if values == Values::Time => Some(false),
        _ => None,
    };
    (values, order)
}

/// Whether a cell says that there is no value.
pub(crate) fn is_nothing(cell: &[u8]) -> bool {
    cell.len() <= 12 && std::str::from_utf8(cell).is_ok_and(says_nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delimiter, offset of the first row, columns with their values.
    #[track_caller]
    fn check(head: &str, expected: &str) {
        let found = find_table(head.as_bytes(), true, None).map_or_else(
            || "none".to_owned(),
            |form| {
                let Shape::Delimited(delimiter) = form.shape else { return "no table".to_owned() };
                let columns: Vec<String> = form
                    .columns
                    .iter()
                    .map(|column| format!("{}:{:?}", column.name, column.values))
                    .collect();
                format!("{:?} {} {}", char::from(delimiter), form.first_row, columns.join(" "))
            },
        );
        assert_eq!(found, expected, "{head}");
    }

    #[test]
    fn tables_are_told_by_evidence() {
        check("a,b\n1,x\n", "',' 4 a:Number b:Text");
        check("\u{feff}a;b;c\r\n1,5;true;\r\n2,5;FALSE;\r\n", "';' 10 a:Text b:Bool c:Unknown");
        check("a\tb\n2021-08-02T16:01:29Z\t{\"x\":1}\n", "'\\t' 4 a:Time b:Json");
        check("sep=|\na|b\n\"x|y\"|2\n", "'|' 10 a:Text b:Number");
        check("when,what,n\n5/4/2025,x,1\n21/4/2025,y,2\n", "',' 12 when:Time what:Text n:Number");
        check("name,\"a\nb\"\nx,y\n", "none");
        check("1,2,3\n4,5,6\n7,8,9\n", "',' 0 Column1:Number Column2:Number Column3:Number");
        check(
            "TimeGenerated [UTC],a,a,\n2021-08-02 16:01:29Z,1,2,3\n",
            "',' 25 TimeGenerated:Time a:Number a_2:Number Column4:Number",
        );
    }

    #[test]
    fn prose_is_no_table() {
        check("Dear all,\nsee you.\n", "none");
        check("this is no log\nat all\n", "none");
        check("", "none");
        check("We met, we talked, we ate.\nIt was late, I think.\nBye, now, then.\n", "none");
        check("function f(a, b) {\n  return a, b;\n}\n", "none");
    }
}
