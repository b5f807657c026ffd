//! Lines of text that are a log: plain lines, `key=value` pairs (logfmt), and fields that `#Fields:` names (W3C).
//!
//! A record per line; lines that begin with a blank belong to the one before, as stack traces and folded headers do.
//! **Invariant:** all of a line is in its record: in `Message`, or under its keys.

use super::cells::RowEnd;
use super::form::{RowColumn, RowForm, Shape, Values};
use super::record::{write_text, write_value};
use crate::framing::{BOM, is_blank};
use crate::time::parse_time;

/// Lines of the head that are looked at.
const LINES: usize = 200;
/// Bytes of a line in which its time is looked for.
const REACH: usize = 160;
/// Pairs that make a line of logfmt.
const PAIRS: usize = 2;
/// What begins the line that names fields.
const FIELDS: &[u8] = b"#Fields:";

/// The form of the log that `head` begins with, if its lines are one; `is_all`: the file is no longer.
pub(crate) fn find_log(head: &[u8], is_all: bool) -> Option<RowForm> {
    let mark = if head.starts_with(BOM) { BOM.len() } else { 0 };
    let mut at = mark;
    let (mut lines, mut timed, mut paired) = (0_usize, 0_usize, 0_usize);
    while lines < LINES && at < head.len() {
        let Some(row) = split_line(head, at, is_all, true) else { break };
        let line = head.get(at..row.end).unwrap_or_default();
        if lines == 0
            && let Some(columns) = fields(line)
        {
            let form = RowForm { shape: Shape::Fields, first_row: row.next as u64, ..RowForm::default() };
            return Some(RowForm { columns, ..form });
        }
        at = row.next;
        // Directives before the one that names the fields; comments.
        if line.trim_ascii().is_empty() || line.starts_with(b"#") {
            continue;
        }
        lines = lines.saturating_add(1);
        timed = timed.saturating_add(usize::from(is_timed(line)));
        paired = paired.saturating_add(usize::from(pairs(line).is_some_and(|pairs| pairs >= PAIRS)));
    }
    let shape = if lines == 0 {
        return None;
    } else if paired.saturating_mul(10) >= lines.saturating_mul(7) {
        Shape::Logfmt
    } else if timed.saturating_mul(2) >= lines {
        Shape::Text
    } else {
        return None;
    };
    Some(RowForm { shape, first_row: mark as u64, ..RowForm::default() })
}

/// The end of the line at `at`, with the lines that belong to it if it `folds`. `None`: more bytes are needed.
pub(crate) fn split_line(bytes: &[u8], at: usize, is_all: bool, folds: bool) -> Option<RowEnd> {
    let mut from = at;
    loop {
        let Some(newline) = memchr::memchr(b'\n', bytes.get(from..)?).map(|found| found.saturating_add(from))
        else {
            return is_all.then_some(RowEnd { end: bytes.len(), next: bytes.len(), has_stray_quote: false });
        };
        let next = newline.saturating_add(1);
        let is_folded = match bytes.get(next) {
            Some(b' ' | b'\t') => folds && newline > at,
            Some(_) => false,
            None if is_all || !folds => false,
            None => return None,
        };
        if !is_folded {
            let is_crlf =
                newline > at && newline.checked_sub(1).and_then(|last| bytes.get(last)) == Some(&b'\r');
            let end = if is_crlf { newline.saturating_sub(1) } else { newline };
            return Some(RowEnd { end, next, has_stray_quote: false });
        }
        from = next;
    }
}

/// The columns that a line names, if it is the one that does.
pub(crate) fn fields(line: &[u8]) -> Option<Vec<RowColumn>> {
    let names = String::from_utf8_lossy(line.strip_prefix(FIELDS)?).into_owned();
    let mut columns: Vec<RowColumn> =
        names.split_ascii_whitespace().map(|name| RowColumn::new(name, Values::Unknown)).collect();
    super::sniff::unique(&mut columns);
    Some(columns)
}

/// Appends the record of a line.
pub(crate) fn write_line(out: &mut Vec<u8>, line: &[u8], form: &RowForm) {
    out.push(b'{');
    match form.shape {
        Shape::Fields => write_fields(out, line, form),
        Shape::Logfmt if pairs(line).is_some() => write_pairs(out, line),
        _ => {
            if let Some(time) = time(line) {
                member(out, "TimeGenerated");
                write_text(out, time.as_bytes(), false);
                out.push(b',');
            }
            member(out, "Message");
            write_text(out, line, false);
            out.push(b',');
        }
    }
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b'}');
}

fn member(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(RowColumn::new(name, Values::Text).spelled.as_bytes());
}

/// Fields between blanks, or tabs where there are some; `-` is nothing.
fn write_fields(out: &mut Vec<u8>, line: &[u8], form: &RowForm) {
    let delimiter = if line.contains(&b'\t') { b'\t' } else { b' ' };
    let (mut date, mut clock) = (None, None);
    for (at, cell) in line.split(|&byte| byte == delimiter).enumerate() {
        if cell.is_empty() || cell == b"-" {
            continue;
        }
        let unnamed;
        let column = match form.columns.get(at) {
            Some(column) => column,
            None => {
                let name = super::form::name_of_unnamed(at.saturating_add(1));
                unnamed = RowColumn::new(&name, Values::Text);
                &unnamed
            }
        };
        match column.name.as_str() {
            "date" => date = Some(cell),
            "time" => clock = Some(cell),
            _ => {}
        }
        out.extend_from_slice(column.spelled.as_bytes());
        write_value(out, cell, false, column.values);
        out.push(b',');
    }
    if let (Some(date), Some(clock)) = (date, clock) {
        member(out, "TimeGenerated");
        write_text(out, &[date, b"T", clock, b"Z"].concat(), false);
        out.push(b',');
    }
}

/// A pair of logfmt, as ranges of what is left of the line, and how much of it was taken.
struct Pair<'a> {
    key: &'a [u8],
    /// As written, with its quotes.
    value: &'a [u8],
    taken: usize,
}

/// The pair that `rest` begins with.
fn pair(rest: &[u8]) -> Option<Pair<'_>> {
    let key_end = rest.iter().position(|&byte| byte == b'=' || is_blank(byte) || byte == b'"')?;
    let key = rest.get(..key_end).filter(|key| !key.is_empty() && rest.get(key_end) == Some(&b'='))?;
    let is_key = key.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.-@/:$".contains(byte));
    let start = key_end.saturating_add(1);
    let value = rest.get(start..)?;
    let len = if value.first() == Some(&b'"') {
        crate::framing::wrapper::string_end(value, 0)
            .unwrap_or_else(|| value.iter().position(|&byte| is_blank(byte)).unwrap_or(value.len()))
    } else {
        value.iter().position(|&byte| is_blank(byte)).unwrap_or(value.len())
    };
    is_key.then_some(Pair { key, value: value.get(..len)?, taken: start.saturating_add(len) })
}

/// The length of the word that `rest` begins with: at least one byte, whatever it is. (0x1E parts records, but is trimmed by no one.)
fn word(rest: &[u8]) -> usize {
    let tail = rest.get(1..).unwrap_or_default();
    tail.iter().position(|&byte| is_blank(byte)).map_or(rest.len(), |blank| blank.saturating_add(1))
}

/// How many pairs a line has that begins with one.
fn pairs(line: &[u8]) -> Option<usize> {
    let (mut rest, mut count) = (line.trim_ascii(), 0_usize);
    pair(rest)?;
    while !rest.is_empty() {
        let taken = match pair(rest) {
            Some(pair) => {
                count = count.saturating_add(1);
                pair.taken
            }
            None => word(rest),
        };
        rest = rest.get(taken..).unwrap_or_default().trim_ascii_start();
    }
    Some(count)
}

fn write_pairs(out: &mut Vec<u8>, line: &[u8]) {
    let mut rest = line.trim_ascii();
    let mut words: Vec<u8> = Vec::new();
    let mut seen: Vec<&[u8]> = Vec::new();
    while !rest.is_empty() {
        let found = pair(rest);
        let taken = match &found {
            Some(Pair { key, value, taken }) if !seen.contains(key) => {
                if seen.len() < 256 {
                    seen.push(key);
                }
                write_text(out, key, false);
                out.push(b':');
                match value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")) {
                    // Its escapes are those of JSON; what is none is noted by the reader.
                    Some(_) if value.len() > 1 && !value.iter().any(|&byte| byte < b' ') => {
                        out.extend_from_slice(value);
                    }
                    _ => write_value(out, value, false, Values::Unknown),
                }
                out.push(b',');
                *taken
            }
            // Words without a key, and keys that come again.
            _ => {
                let taken = match &found {
                    Some(pair) => pair.taken,
                    None => word(rest),
                };
                if !words.is_empty() {
                    words.push(b' ');
                }
                words.extend_from_slice(rest.get(..taken).unwrap_or_default());
                taken
            }
        };
        rest = rest.get(taken..).unwrap_or_default().trim_ascii_start();
    }
    if !words.is_empty() {
        let name = if seen.contains(&b"Message".as_slice()) { "Words" } else { "Message" };
        member(out, name);
        write_text(out, &words, false);
        out.push(b',');
    }
}

/// Whether a line tells a time where logs do.
fn is_timed(line: &[u8]) -> bool {
    time(line).is_some() || is_bsd_time(line)
}

/// The time a line begins with, or has in brackets as web servers write it, in a form that is read as one.
fn time(line: &[u8]) -> Option<String> {
    let line = line.get(..REACH).unwrap_or(line);
    let line = String::from_utf8_lossy(line);
    // `<34>1 ` in front is the priority and version of a syslog line.
    let bare = match line.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some((digits, rest)) if digits.len() <= 3 && digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            rest.strip_prefix("1 ").unwrap_or(rest)
        }
        _ => &line,
    };
    let bare = bare.trim_start_matches(['[', '(', '"']);
    let ends = bare
        .char_indices()
        .filter(|(_, char)| matches!(char, ' ' | '\t' | ']' | ')' | '"' | '|'))
        .map(|(at, _)| at);
    let mut best = None;
    for end in ends.chain([bare.len()]).take(6) {
        let text = bare.get(..end).unwrap_or_default().trim_end_matches([',', ':', ';', ' ']);
        if text.len() >= 14 && text.contains(':') && parse_time(text).is_some() {
            best = Some(text.to_owned());
        }
    }
    best.or_else(|| web_time(&line))
}

/// `[02/Mar/2026:08:15:30 +0000]`.
fn web_time(line: &str) -> Option<String> {
    let (_, rest) = line.split_once('[')?;
    let (text, _) = rest.split_once(']')?;
    let mut parts = text.splitn(3, '/');
    let (day, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, clock) = rest.split_once(':')?;
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month =
        MONTHS.find(month).filter(|at| month.len() == 3 && at % 3 == 0)?.checked_div(3)?.saturating_add(1);
    let text = format!("{year}-{month:02}-{day}T{}", clock.replace(' ', ""));
    parse_time(&text).map(|_| text)
}

/// `Mar  2 08:15:30`, in front of a host: a time without its year, which tells a log but no time.
fn is_bsd_time(line: &[u8]) -> bool {
    let line = match line.iter().take(5).position(|&byte| byte == b'>') {
        Some(end) if line.first() == Some(&b'<') => line.get(end.saturating_add(1)..).unwrap_or_default(),
        _ => line,
    };
    let Some(stamp) = line.get(..15).and_then(|stamp| std::str::from_utf8(stamp).ok()) else { return false };
    let mut parts = stamp.split_ascii_whitespace();
    let (month, day, clock) = (parts.next(), parts.next(), parts.next());
    let is_month =
        month.is_some_and(|month| "JanFebMarAprMayJunJulAugSepOctNovDec".contains(month) && month.len() == 3);
    let is_day = day.is_some_and(|day| day.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day)));
    let is_clock = clock.is_some_and(|clock| {
        clock.len() == 8
            && clock.split(':').filter(|part| part.len() == 2 && part.parse::<u8>().is_ok()).count() == 3
    });
    is_month && is_day && is_clock
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shape, offset of the first row and the records.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let bytes = text.as_bytes();
        let Some(form) = find_log(bytes, true) else {
            assert_eq!("none", expected, "{text}");
            return;
        };
        let mut out = format!("{:?}", form.shape);
        let mut at = form.first_row as usize;
        while at < bytes.len() {
            let row = split_line(bytes, at, true, form.shape != Shape::Fields).unwrap();
            let mut record = Vec::new();
            write_line(&mut record, &bytes[at..row.end], &form);
            out.push_str(&format!("\n{}", String::from_utf8(record).unwrap()));
            at = row.next;
        }
        assert_eq!(out, expected, "{text}");
    }

    #[test]
    fn a_separator_of_records_within_a_line_is_a_word() {
        assert_eq!(pairs(b"a=1 \x1e b=2"), Some(2));
        let mut out = Vec::new();
        write_pairs(&mut out, b"a=1 \x1e b=2");
        assert_eq!(String::from_utf8(out).unwrap(), "\"a\":1,\"b\":2,\"Message\":\"\\u001e\",");
    }

    #[test]
    fn logs_are_told_by_their_times() {
        check(
            "2026-03-02 08:15:30,123 INFO started\r\n  at main\n2026-03-02T08:15:31Z x\n",
            "Text\n{\"TimeGenerated\":\"2026-03-02 08:15:30,123\",\"Message\":\"2026-03-02 08:15:30,123 INFO started\\r\\n  at main\"}\n{\"TimeGenerated\":\"2026-03-02T08:15:31Z\",\"Message\":\"2026-03-02T08:15:31Z x\"}",
        );
        check(
            "<34>1 2026-03-02T08:15:30.5+01:00 host app - x\n",
            "Text\n{\"TimeGenerated\":\"2026-03-02T08:15:30.5+01:00\",\"Message\":\"<34>1 2026-03-02T08:15:30.5+01:00 host app - x\"}",
        );
        check("Mar  2 08:15:30 host sshd[1]: x\n", "Text\n{\"Message\":\"Mar  2 08:15:30 host sshd[1]: x\"}");
        check(
            "192.0.2.7 - - [02/Mar/2026:08:15:30 +0000] \"GET / HTTP/1.1\" 200\n",
            "Text\n{\"TimeGenerated\":\"2026-03-02T08:15:30+0000\",\"Message\":\"192.0.2.7 - - [02/Mar/2026:08:15:30 +0000] \\\"GET / HTTP/1.1\\\" 200\"}",
        );
        check("this is no log\nat all\n", "none");
        check("Dear all,\nthe meeting of 2026-03-02 is off.\n", "none");
    }

    #[test]
    fn pairs_are_members() {
        check(
            "ts=2026-03-02T08:15:30Z level=info msg=\"a \\\"b\\\" c\" n=3 x= word n=4\nlevel=warn at=x,y\n",
            "Logfmt\n{\"ts\":\"2026-03-02T08:15:30Z\",\"level\":\"info\",\"msg\":\"a \\\"b\\\" c\",\"n\":3,\"x\":\"\",\"Message\":\"word n=4\"}\n{\"level\":\"warn\",\"at\":\"x,y\"}",
        );
    }

    #[test]
    fn fields_have_the_names_given() {
        check(
            "#Software: x\n#Fields: date time cs-method sc-status\n2026-03-02 08:15:30 GET 200\n2026-03-02 08:15:31 - 404 more\n",
            "Fields\n{\"date\":\"2026-03-02\",\"time\":\"08:15:30\",\"cs-method\":\"GET\",\"sc-status\":200,\"TimeGenerated\":\"2026-03-02T08:15:30Z\"}\n{\"date\":\"2026-03-02\",\"time\":\"08:15:31\",\"sc-status\":404,\"Column5\":\"more\",\"TimeGenerated\":\"2026-03-02T08:15:31Z\"}",
        );
    }
}
