//! `indexof(text, part, [start], [length], [occurrence])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "indexof",
    about: "How many characters come before a place where the part begins, among so many places from a start on; -1 when there is none.",
    parameters: &[Parameter::Any, Parameter::Any, Parameter::Whole, Parameter::Whole, Parameter::Whole],
    optional: 3,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"indexof("äbcab", "ab")"#, "3"), (r#"indexof("abc", "x")"#, "-1"), (r#"indexof("abcdefg", "cde", 1, 4)"#, "2"), (r#"indexof("abcdefg", "cde", 1, 1)"#, "-1"), (r#"indexof("abcdefgabcdefg", "cde", 1, 10, 2)"#, "9"), (r#"indexof("abcdefg", "cde", -5)"#, "2")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (text, part) = (call.shown(0), call.shown(1));
    let step = part.text().chars().next().map_or(1, char::len_utf8);
    let find = |from: usize| Some((from + text.text().get(from..)?.find(part.text())?, step));
    occurrence(call, text.text(), find).map_or(Value::Null, Value::Long)
}

/// The place of the occurrence that is asked for (arguments 2 to 4), in characters; -1 when there is none, `None` for senseless
/// arguments. `find` gives a place in bytes from a byte on, and how far behind it to look for the next.
pub(super) fn occurrence(
    call: &Call<'_, '_>,
    text: &str,
    find: impl Fn(usize) -> Option<(usize, usize)>,
) -> Option<i64> {
    let start = call.long(2).unwrap_or(0);
    let first = if start < 0 {
        let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
        text.chars().count().saturating_sub(back)
    } else {
        usize::try_from(start).ok()?
    };
    let byte = |count: usize| text.char_indices().nth(count).map_or(text.len() + 1, |(at, _)| at);
    let end = match call.long(3) {
        Some(length) if length >= 0 => byte(first.saturating_add(usize::try_from(length).ok()?)),
        _ => text.len() + 1,
    };
    let mut left = usize::try_from(call.long(4).unwrap_or(1)).ok().filter(|nth| *nth > 0)?;
    let mut from = if first == 0 { 0 } else { byte(first) };
    while let Some((at, step)) = find(from).filter(|(at, _)| *at < end) {
        left -= 1;
        if left == 0 {
            return i64::try_from(text.get(..at)?.chars().count()).ok();
        }
        from = at + step;
    }
    Some(-1)
}
