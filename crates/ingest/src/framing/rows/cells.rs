//! One row of a delimited table to its cells: RFC 4180, and what real files do beyond it.
//!
//! A quote counts only at the beginning of a cell; between quotes everything is text, line breaks included, and a doubled
//! quote is one. What follows a closing quote belongs to the cell, as spreadsheets read it.
//!
//! **Invariant:** where a row ends depends on the bytes from its first one on, never on how they were cut. A quote that opens
//! a cell, is not closed on its line, and is not closed by a quote in front of a delimiter or line break later on, is no
//! quote: the row ends with its line. So one stray quote costs no row but its own.

use super::marks::{BLOCK, marks};

/// Cells of a row; in one with more, the last holds all the rest.
pub(crate) const MAX_CELLS: usize = 16_384;

/// A cell, as a range of the bytes that the row lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// First byte, behind the opening quote if there is one.
    pub(crate) start: usize,
    /// One past the last, before the closing quote.
    pub(crate) end: usize,
    /// Quotes in it are doubled, or it goes on behind its closing quote.
    pub(crate) has_quotes: bool,
    /// It stood in quotes.
    pub(crate) is_quoted: bool,
}

/// Where a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowEnd {
    /// One past its last byte, its line break excluded.
    pub(crate) end: usize,
    /// One past its line break.
    pub(crate) next: usize,
    /// A quote in it was taken for text, because nothing closes it.
    pub(crate) has_stray_quote: bool,
}

/// Splits the row at `at`. `is_all`: nothing follows `bytes` that could close a quote. `None`: more bytes are needed.
pub(crate) fn split(
    bytes: &[u8],
    at: usize,
    delimiter: u8,
    is_all: bool,
    mut cells: Option<&mut Vec<Cell>>,
) -> Option<RowEnd> {
    if let Some(cells) = cells.as_deref_mut() {
        cells.clear();
    }
    let mut walk = Walk { bytes, delimiter, at, base: at.wrapping_sub(BLOCK), marks: [0; 3] };
    let mut start = at;
    let mut has_stray_quote = false;
    loop {
        let quoted = if bytes.get(start) == Some(&b'"') {
            match closing(&mut walk, start.saturating_add(1), is_all) {
                Closed::Well { end, has_quotes } => Some((end, has_quotes)),
                Closed::More => return None,
                Closed::Never => {
                    has_stray_quote = true;
                    walk.at = start;
                    None
                }
            }
        } else {
            None
        };
        // Up to the delimiter or line break that ends the cell.
        let found = walk.next([false, true, true]);
        if found.is_none() && !is_all {
            return None;
        }
        let stop = found.unwrap_or(bytes.len());
        let is_newline = bytes.get(stop) != Some(&delimiter);
        let mut end = stop;
        if is_newline
            && found.is_some()
            && end > start
            && end.checked_sub(1).and_then(|last| bytes.get(last)) == Some(&b'\r')
        {
            end = end.saturating_sub(1);
        }
        if let Some(cells) = cells.as_deref_mut() {
            let cell = match quoted {
                Some((closing, has_quotes)) if closing.saturating_add(1) >= end => {
                    Cell { start: start.saturating_add(1), end: closing, has_quotes, is_quoted: true }
                }
                // Text behind the closing quote: its own quotes are part of it.
                Some(_) => Cell { start: start.saturating_add(1), end, has_quotes: true, is_quoted: true },
                None => Cell { start, end, has_quotes: false, is_quoted: false },
            };
            let count = cells.len();
            match cells.last_mut() {
                Some(last) if count >= MAX_CELLS => last.end = end,
                _ => cells.push(cell),
            }
        }
        if is_newline {
            let next = if found.is_some() { stop.saturating_add(1) } else { stop };
            return Some(RowEnd { end, next, has_stray_quote });
        }
        start = stop.saturating_add(1);
        walk.at = start;
    }
}

/// How a quoted cell ends.
enum Closed {
    /// By the quote at `end`.
    Well { end: usize, has_quotes: bool },
    /// Not by anything: its quote is text.
    Never,
    /// More bytes decide.
    More,
}

/// The closing quote of the cell whose text begins at `start`; leaves the walk behind it.
fn closing(walk: &mut Walk<'_>, start: usize, is_all: bool) -> Closed {
    let (bytes, delimiter) = (walk.bytes, walk.delimiter);
    let (mut has_quotes, mut at) = (false, start);
    loop {
        walk.at = at;
        let Some(quote) = walk.next([true, false, false]) else {
            return if is_all { Closed::Never } else { Closed::More };
        };
        let behind = quote.saturating_add(1);
        match bytes.get(behind) {
            Some(b'"') => {
                has_quotes = true;
                at = quote.saturating_add(2);
                continue;
            }
            None if !is_all => return Closed::More,
            None | Some(b'\n' | b'\r') => {}
            Some(&next) if next == delimiter => {}
            // Closed in the middle of a cell: on one line that is a sloppy writer, over lines it is another cell's quote.
            Some(_) if memchr::memchr(b'\n', bytes.get(start..quote).unwrap_or_default()).is_some() => {
                return Closed::Never;
            }
            Some(_) => {}
        }
        walk.at = behind;
        return Closed::Well { end: quote, has_quotes };
    }
}

/// A walk from mark to mark.
struct Walk<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    at: usize,
    /// Where the block begins that `marks` are of.
    base: usize,
    /// Quotes, delimiters, line breaks.
    marks: [u64; 3],
}

impl Walk<'_> {
    /// The next wanted mark (quote, delimiter, line break) from `at` on, and goes there.
    #[inline]
    fn next(&mut self, wanted: [bool; 3]) -> Option<usize> {
        loop {
            let inside = self.at.wrapping_sub(self.base);
            if inside >= BLOCK {
                self.load()?;
                continue;
            }
            let mut bits = 0;
            for (marks, is_wanted) in self.marks.iter().zip(wanted) {
                if is_wanted {
                    bits |= marks;
                }
            }
            bits &= u64::MAX << inside;
            if bits == 0 {
                self.at = self.base.saturating_add(BLOCK);
                continue;
            }
            self.at = self.base.saturating_add(bits.trailing_zeros() as usize);
            return Some(self.at);
        }
    }

    /// The marks of the block at `at`.
    fn load(&mut self) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        let found = match rest.first_chunk::<BLOCK>() {
            Some(block) => marks(block, self.delimiter),
            None if rest.is_empty() => return None,
            None => {
                let mut block = [b'x'; BLOCK];
                for (to, from) in block.iter_mut().zip(rest) {
                    *to = *from;
                }
                marks(&block, self.delimiter)
            }
        };
        self.base = self.at;
        self.marks = [found.quote, found.delimiter, found.newline];
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rows as texts, cells between `‹›`.
    fn rows(text: &[u8]) -> String {
        let (mut at, mut cells, mut out) = (0, Vec::new(), String::new());
        while at < text.len() {
            let row = split(text, at, b',', true, Some(&mut cells)).unwrap();
            assert!(row.next > at, "goes on");
            for cell in &cells {
                let cell = String::from_utf8_lossy(&text[cell.start..cell.end]).into_owned();
                out.push_str(&format!("‹{}›", cell.escape_debug()));
            }
            out.push_str(if row.has_stray_quote { "!\n" } else { "\n" });
            at = row.next;
        }
        out
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(rows(text.as_bytes()).trim_end(), expected, "{text}");
    }

    #[test]
    fn cells_as_rfc_4180_has_them() {
        check("a,b,c\n1,,3\r\n", "‹a›‹b›‹c›\n‹1›‹›‹3›");
        check("\"a\",\"b,\"\"c\"\"\",\"d\r\ne\"\r\nf", "‹a›‹b,\\\"\\\"c\\\"\\\"›‹d\\r\\ne›\n‹f›");
        check(",\n", "‹›‹›");
        check("\"\",\"\"\"\"", "‹›‹\\\"\\\"›");
    }

    #[test]
    fn quotes_within_a_cell_are_text() {
        check("5\" pipe,b\nc,d", "‹5\\\" pipe›‹b›\n‹c›‹d›");
        check("\"a\"x,b\n", "‹a\\\"x›‹b›");
    }

    #[test]
    fn a_stray_quote_costs_its_own_row_only() {
        check("a,\"b\nc,d\ne,f\n", "‹a›‹\\\"b›!\n‹c›‹d›\n‹e›‹f›");
        check("a,\"b\n\"c\",\"d\"\n", "‹a›‹\\\"b›!\n‹c›‹d›");
    }

    proptest! {
        #[test]
        fn cutting_changes_no_row(text in "[a,\"\n\r]{0,60}", pad in 0_usize..70) {
            let text = format!("{}{text}", "x".repeat(pad)).into_bytes();
            let mut at = 0;
            while at < text.len() {
                let whole = split(&text, at, b',', true, None).unwrap();
                for cut in at..text.len() {
                    if let Some(part) = split(&text[..cut], at, b',', false, None) {
                        prop_assert_eq!(part, whole);
                    }
                }
                // Cut behind the row: what it was decided by is gone, and it is the same row.
                prop_assert_eq!(split(&text[..whole.next], at, b',', true, None).unwrap(), whole);
                at = whole.next;
            }
        }
    }
}
