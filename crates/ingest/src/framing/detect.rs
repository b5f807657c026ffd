//! How a file is laid out, by its head.
//!
//! **Invariant:** depends on the first 64 KiB of the innermost file and on whether that is all of it; on nothing else.

use super::framed::is_one_object;
use super::grid;
use super::rows::sniff::find_table;
use super::rows::text::find_log;
use super::{BOM, Context, Layout, is_blank, skip, wrapper};
use crate::container::magic;
use crate::driver::salvage::{find_key, first_key};
use crate::report::Verdict;

/// What the head says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// Records may be in it.
    Text {
        /// How they lie.
        layout: Layout,
        /// Why, for the person.
        why: &'static str,
        /// Bytes to reject in front: the file begins within a record.
        cut_off: usize,
    },
    /// Nothing to read, with the reason.
    Nothing(Verdict),
}

/// First keys of records by which a file that begins within a record finds its footing.
const FOOTING: &[&[u8]] = &[b"\"eventVersion\"", b"\"time\"", b"\"TimeGenerated\"", b"\"TenantId\""];
/// Lines of the head that are looked at.
const LINES: usize = 50;

/// Judges `head`; `is_all`: the file is no longer; `delimiter`: a person says that it is a table with that between its cells.
pub(crate) fn detect(head: &[u8], is_all: bool, delimiter: Option<u8>) -> Found {
    if delimiter.is_some()
        && let Some(form) = find_table(head, is_all, delimiter)
    {
        let why = "rows of a table, with the delimiter you said";
        return Found::Text { layout: Layout::Rows(Box::new(form)), why, cut_off: 0 };
    }
    if let Some(verdict) = magic::name_unreadable(head) {
        return Found::Nothing(verdict);
    }
    let text = head.strip_prefix(BOM).unwrap_or(head);
    let start = skip(text, 0, is_blank);
    let body = text.get(start..).unwrap_or_default();
    let Some(&first) = body.first() else {
        return if is_all {
            let reason = if head.is_empty() { "empty" } else { "nothing but blanks" };
            Found::Nothing(Verdict::NoEvents(reason.to_owned()))
        } else {
            framed(body, "it begins with blanks only")
        };
    };
    let mut lines = Lines { rest: body, is_all };
    let line = lines.next();
    if grid::is_result(body) {
        return Found::Text {
            layout: Layout::Grid(Box::default()),
            why: "the result of a query",
            cut_off: 0,
        };
    }
    if first == b'{' {
        return match line {
            Some(line) if is_one_object(line) && !is_wrapper(line) => lines_layout("one object per line"),
            _ if is_wrapper(body) => framed(body, "objects that hold their records in an array"),
            _ => framed(body, "objects one after the other"),
        };
    }
    if first == b'[' {
        let element = body.get(skip(body, 1, is_blank)..).unwrap_or_default();
        return framed(element, "an array of records");
    }
    if body.starts_with(b"```") {
        return framed(b"", "JSON in a fenced block");
    }
    // Not JSON at its beginning; perhaps behind it.
    if let Some(line) = lines.next()
        && is_one_object(line)
    {
        return lines_layout("one object per line, from the second line on");
    }
    if let Some(form) = find_table(head, is_all, None) {
        return Found::Text { layout: Layout::Rows(Box::new(form)), why: "rows of a table", cut_off: 0 };
    }
    if let Some(at) = FOOTING.iter().filter_map(|key| find_key(text, 0, key)).min() {
        let bom = head.len().saturating_sub(text.len());
        let first = text.get(at..).unwrap_or_default();
        return Found::Text {
            layout: Layout::Framed(context(first)),
            why: "records, after a beginning that is cut off",
            cut_off: at.saturating_add(bom),
        };
    }
    let mut lines = Lines { rest: body, is_all: true };
    if lines.by_ref().take(LINES).any(|line| line.starts_with(b"{") || line.starts_with(b"[{")) {
        return framed(b"", "objects between lines of other text");
    }
    if let Some(form) = find_log(head, is_all) {
        return Found::Text { layout: Layout::Rows(Box::new(form)), why: "lines of a log", cut_off: 0 };
    }
    Found::Nothing(other_text(body))
}

/// The non-blank lines of the head, trimmed; a last one without its end only when that is the end of the file.
struct Lines<'a> {
    rest: &'a [u8],
    is_all: bool,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let (line, rest) = match memchr::memchr(b'\n', self.rest) {
                Some(end) => (self.rest.get(..end)?, self.rest.get(end.saturating_add(1)..)?),
                None if self.is_all => (self.rest, &[][..]),
                None => return None,
            };
            self.rest = rest;
            let line = line.trim_ascii();
            if !line.is_empty() {
                return Some(line);
            }
        }
    }
}

fn lines_layout(why: &'static str) -> Found {
    Found::Text { layout: Layout::Lines, why, cut_off: 0 }
}

/// A framed layout; `first` begins with the first object, if that is known.
fn framed(first: &[u8], why: &'static str) -> Found {
    Found::Text { layout: Layout::Framed(context(first)), why, cut_off: 0 }
}

/// The context in which a walk through a file with that head begins, whatever its layout.
pub(crate) fn framed_context(head: &[u8]) -> Context {
    let text = head.strip_prefix(BOM).unwrap_or(head);
    context(text.get(skip(text, 0, |byte| is_blank(byte) || byte == b'[')..).unwrap_or_default())
}

/// The context for records like the one that `first` begins with, or wraps.
fn context(first: &[u8]) -> Context {
    let wrapper_key = if first.starts_with(b"{") { wrapper::find_wrapper_key(first) } else { None };
    let mut record = first;
    while let wrapper::Head::Wrapper(len) = wrapper::head(record, wrapper_key.as_deref(), true) {
        let inside = record.get(len..).unwrap_or_default();
        record = inside.get(skip(inside, 0, is_blank)..).unwrap_or_default();
    }
    let record_key = first_key(record)
        .and_then(|key| key.get(1..key.len().checked_sub(1)?))
        .map(|key| String::from_utf8_lossy(key).into_owned());
    Context { wrapper_key, record_key, ..Context::default() }
}

fn is_wrapper(object: &[u8]) -> bool {
    wrapper::find_wrapper_key(object).is_some()
        || matches!(wrapper::head(object, None, true), wrapper::Head::Wrapper(_))
}

/// What text is that holds no JSON.
fn other_text(body: &[u8]) -> Verdict {
    if body.starts_with(b"<") {
        return Verdict::NoEvents("XML or HTML, no log read by this version".to_owned());
    }
    Verdict::NoEvents("text that is no log read by this version".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: &str) {
        let found = match detect(head.as_bytes(), true, None) {
            Found::Text { layout: Layout::Lines, .. } => "lines".to_owned(),
            Found::Text { layout: Layout::Framed(context), cut_off, .. } => {
                format!("framed {cut_off} {}", context.wrapper_key.unwrap_or_default())
            }
            Found::Text { layout: Layout::Rows(form), .. } => {
                format!("rows {} of {}", form.first_row, form.columns.len())
            }
            Found::Text { layout: Layout::Grid(_), .. } => "grid".to_owned(),
            Found::Nothing(Verdict::NoEvents(reason)) => format!("none: {reason}"),
            Found::Nothing(Verdict::NotRead(reason)) => format!("not read: {reason}"),
            Found::Nothing(Verdict::Events) => "?".to_owned(),
        };
        assert!(found.starts_with(expected), "{head}: {found}");
    }

    #[test]
    fn layouts_are_told_by_content() {
        check("{\"a\":1}\n{\"a\":2}\n", "lines");
        check("\u{feff}\r\n{\"a\":1}\r\n", "lines");
        check("{\"a\":1}", "lines");
        check("{\"a\":1}{\"a\":2}\n", "framed 0");
        check("{\n \"a\":1}\n", "framed 0");
        check("{\"Records\":[{\"a\":1}]}\n", "framed 0");
        check("{\"P\":1,\"records\":[{\"a\":1}]}\n", "framed 0 P");
        check("[{\"P\":1,\"records\":[{\"a\":1}]}]\n", "framed 0 P");
        check("[{\"a\":1}]", "framed 0");
        check("```json\n{\"a\":1}\n```", "framed 0");
        check("garbage\n{\"a\":1}\n{\"a\":1}\n", "lines");
        check("me\":\"x\",\"y\":{\"z\":1}},{\"eventVersion\":1}]}", "framed 21");
    }

    #[test]
    fn what_holds_no_records_is_named() {
        check("", "none: empty");
        check(" \r\n\n", "none: nothing but blanks");
        check("a,b\n1,2\n", "rows 4 of 2");
        check("Dear all,\nsee you.\n", "none: text");
        check("<html></html>", "none: XML");
    }
}
