//! One value of one row, and its texts.

use chartroom_base::ticks::{PER_DAY, PER_SECOND, Ticks};
use chartroom_schema::kind::Kind;
use std::{borrow::Cow, fmt::Write as _};

/// A value. Its kind is the node's: a datetime is a [`Value::Long`] of ticks, a dynamic is a [`Value::Text`] of JSON.
///
/// Strings are never null: whoever makes a value of kind string makes [`Value::EMPTY`] instead.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// bool.
    Bool(bool),
    /// int, long, datetime, timespan.
    Long(i64),
    /// real.
    Real(f64),
    /// string, dynamic, guid.
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    /// The empty text.
    pub const EMPTY: Value<'static> = Value::Text(Cow::Borrowed(""));

    /// A text that lives elsewhere.
    #[must_use]
    pub const fn borrowed(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }

    /// A text of its own.
    #[must_use]
    pub const fn owned(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }

    /// No value of this kind: the empty text for strings, else null.
    #[must_use]
    pub const fn none(kind: Kind) -> Value<'static> {
        if matches!(kind, Kind::String) { Value::EMPTY } else { Value::Null }
    }

    /// The same, so that strings are never null.
    #[must_use]
    pub fn or_none(self, kind: Kind) -> Self {
        if matches!(self, Value::Null) { Value::none(kind) } else { self }
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text, of a value that is one; else empty.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Value::Text(text) = self { text } else { "" }
    }

    /// The truth, of a value that is one.
    #[must_use]
    pub const fn truth(&self) -> Option<bool> {
        if let Value::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The whole number, of a value that is one.
    #[must_use]
    pub const fn long(&self) -> Option<i64> {
        if let Value::Long(long) = self { Some(*long) } else { None }
    }

    /// The number as a float, of a value that is one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "Kusto promotes so")]
    pub const fn real(&self) -> Option<f64> {
        match self {
            Value::Long(long) => Some(*long as f64),
            Value::Real(real) => Some(*real),
            _ => None,
        }
    }

    /// The same value, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(truth) => Value::Bool(truth),
            Value::Long(long) => Value::Long(long),
            Value::Real(real) => Value::Real(real),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// The same value, borrowing the text from here.
    #[must_use]
    pub fn borrow(&self) -> Value<'_> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(truth) => Value::Bool(*truth),
            Value::Long(long) => Value::Long(*long),
            Value::Real(real) => Value::Real(*real),
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        }
    }
}

impl From<Option<bool>> for Value<'_> {
    fn from(truth: Option<bool>) -> Self {
        truth.map_or(Value::Null, Value::Bool)
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(long: Option<i64>) -> Self {
        long.map_or(Value::Null, Value::Long)
    }
}

impl From<Option<f64>> for Value<'_> {
    fn from(real: Option<f64>) -> Self {
        real.map_or(Value::Null, Value::Real)
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(text: Option<String>) -> Self {
        text.map_or(Value::Null, Value::owned)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::owned(text)
    }
}

/// Appends the value as exported: what cells show, files hold and searches look through. Nothing for null.
pub fn push_export(out: &mut String, value: &Value<'_>, kind: Kind) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Long(long) => match kind {
            Kind::DateTime => push_datetime(out, *long),
            Kind::TimeSpan => push_timespan(out, *long),
            _ => out.push_str(itoa::Buffer::new().format(*long)),
        },
        Value::Real(real) => push_real(out, *real),
        Value::Text(text) => out.push_str(text),
    }
}

fn push_display(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let written = write!(out, "{value}");
    debug_assert!(written.is_ok());
}

/// `2021-08-02T16:01:29.0000000Z`, digit by digit: searches write millions of them.
fn push_datetime(out: &mut String, ticks: i64) {
    let ((year, month, day), (hour, minute, second), fraction) = Ticks(ticks).to_civil();
    push_digits(out, year, 1_000);
    for (sign, number, unit) in [
        ('-', month, 10),
        ('-', day, 10),
        ('T', hour, 10),
        (':', minute, 10),
        (':', second, 10),
        ('.', fraction, 1_000_000),
    ] {
        out.push(sign);
        push_digits(out, number, unit);
    }
    out.push('Z');
}

/// The digits of a number that is not negative, from that of `unit` (a power of ten) on.
fn push_digits(out: &mut String, number: i64, mut unit: i64) {
    while unit > 0 {
        out.push(char::from(b'0' + u8::try_from(number / unit % 10).unwrap_or(0)));
        unit /= 10;
    }
}

/// The shortest text that reads back as the same float: `1.5`, `1.0`, `1E+300` as Kusto would is `1e300` here.
pub fn push_real(out: &mut String, real: f64) {
    if real.is_nan() {
        out.push_str("NaN");
    } else if real.is_infinite() {
        out.push_str(if real > 0.0 { "Infinity" } else { "-Infinity" });
    } else if real == real.trunc() && real.abs() < 1e15 {
        push_display(out, format_args!("{real:.1}"));
    } else {
        push_display(out, format_args!("{real:?}"));
    }
}

/// `[-][d.]hh:mm:ss[.fffffff]`.
pub fn push_timespan(out: &mut String, ticks: i64) {
    let size = ticks.unsigned_abs();
    let (per_day, per_second) = (PER_DAY.unsigned_abs(), PER_SECOND.unsigned_abs());
    let (days, seconds, fraction) = (size / per_day, size % per_day / per_second, size % per_second);
    if ticks < 0 {
        out.push('-');
    }
    if days > 0 {
        push_display(out, format_args!("{days}."));
    }
    push_display(out, format_args!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60));
    if fraction > 0 {
        push_display(out, format_args!(".{fraction:07}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Value<'_>, kind: Kind, expected: &str) {
        let mut out = String::new();
        push_export(&mut out, &value, kind);
        assert_eq!(out, expected);
    }

    #[test]
    fn values_export_exactly() {
        check(Value::Long(PER_DAY + 36_015_000_000), Kind::TimeSpan, "1.01:00:01.5000000");
        check(Value::Long(-PER_SECOND), Kind::TimeSpan, "-00:00:01");
        check(Value::Long(0), Kind::DateTime, "0001-01-01T00:00:00.0000000Z");
        check(Value::Real(0.1), Kind::Real, "0.1");
        check(Value::Real(3.0), Kind::Real, "3.0");
        check(Value::Real(1e300), Kind::Real, "1e300");
        check(Value::Real(-0.0), Kind::Real, "-0.0");
        for ticks in [0, 637_635_168_891_234_567, chartroom_base::ticks::END - 1] {
            check(Value::Long(ticks), Kind::DateTime, &Ticks(ticks).to_string());
        }
        check(Value::Bool(true), Kind::Bool, "true");
        check(Value::Null, Kind::Long, "");
    }
}
