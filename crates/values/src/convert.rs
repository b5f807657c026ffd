//! One kind to another, as Kusto's `to…` functions do: what cannot be converted becomes null, never an error.

use crate::{
    decimal::Decimal,
    json,
    value::{Value, push_export},
};
use chartroom_kql_syntax::{parse_datetime, parse_timespan};
use chartroom_schema::kind::Kind;
use std::borrow::Cow;

/// `value` of kind `from` as a value of kind `to`.
pub fn convert<'a>(value: Value<'a>, from: Kind, to: Kind) -> Value<'a> {
    if from == to {
        return value.or_none(to);
    }
    if value.is_null() {
        return Value::none(to);
    }
    if from == Kind::Dynamic {
        return from_dynamic(value, to).or_none(to);
    }
    if from == Kind::Decimal && !matches!(to, Kind::String | Kind::Dynamic) {
        return from_decimal(value.text(), to);
    }
    match to {
        Kind::String => to_text(value, from),
        Kind::Dynamic => to_dynamic(value, from),
        Kind::Bool => to_bool(&value, from),
        Kind::Int => to_int(&value, from),
        Kind::Long => to_long(&value, from),
        Kind::Real => to_real(&value, from),
        Kind::DateTime => to_datetime(&value, from),
        Kind::TimeSpan => to_timespan(&value, from),
        Kind::Guid => to_guid(&value),
        Kind::Decimal => to_decimal(&value, from),
    }
}

/// The value as JSON, a text as the string that it is, whatever it holds; null for null and for dynamic `null`.
pub fn as_json(value: Value<'_>, from: Kind) -> Value<'_> {
    match (from, value) {
        (Kind::String, Value::Text(text)) => {
            let mut quoted = String::with_capacity(text.len() + 2);
            json::push_string(&mut quoted, &text);
            Value::owned(quoted)
        }
        (_, value) => convert(value, from, Kind::Dynamic),
    }
}

/// `tostring`: as exported, but for truth, which Kusto writes with a capital.
fn to_text(value: Value<'_>, from: Kind) -> Value<'_> {
    match value {
        Value::Text(text) => Value::Text(text),
        Value::Bool(truth) => Value::borrowed(if truth { "True" } else { "False" }),
        Value::Real(real) => Value::owned(real_text(real)),
        other => {
            let mut text = String::new();
            push_export(&mut text, &other, from);
            Value::owned(text)
        }
    }
}

/// The shortest digits that read back as the same float; from 15 places on, or below 0.0001, as `1.5E+20`, as .NET writes it.
fn real_text(real: f64) -> String {
    let mut text = String::new();
    let size = real.abs();
    if !real.is_finite() {
        crate::value::push_real(&mut text, real);
    } else if size != 0.0 && !(1e-4..1e15).contains(&size) {
        let written = format!("{real:e}");
        let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
        text = format!("{digits}E{sign}{exponent:0>2}");
    } else {
        text = real.to_string();
    }
    text
}

fn to_dynamic(value: Value<'_>, from: Kind) -> Value<'_> {
    match (from, value) {
        // A text that is no JSON is itself, as a JSON string.
        (Kind::String, Value::Text(text)) => json::parse_text(text),
        (_, Value::Bool(truth)) => Value::borrowed(if truth { "true" } else { "false" }),
        (Kind::Int | Kind::Long, Value::Long(long)) => Value::owned(long.to_string()),
        (_, Value::Real(real)) if real.is_finite() => {
            let mut text = String::new();
            crate::value::push_real(&mut text, real);
            Value::owned(text)
        }
        // JSON has no NaN and no infinity: they are strings, as Kusto has it.
        (_, other) => {
            let mut text = String::new();
            push_export(&mut text, &other, from);
            let mut quoted = String::new();
            json::push_string(&mut quoted, &text);
            Value::owned(quoted)
        }
    }
}

fn from_dynamic(value: Value<'_>, to: Kind) -> Value<'_> {
    let text = match value {
        Value::Text(text) => text,
        other => return other,
    };
    let is_string = text.starts_with('"');
    // An object or array is its JSON; a string its characters; all else its letters.
    let scalar = match text.as_bytes().first() {
        Some(b'"') => Cow::Owned(json::unquote(&text)),
        Some(b'{' | b'[') if to != Kind::String => return Value::Null,
        _ if text == "null" => return Value::Null,
        _ => text,
    };
    if to == Kind::String {
        return Value::Text(scalar);
    }
    match (to, scalar.as_ref()) {
        (Kind::Bool, "true") => Value::Bool(true),
        (Kind::Bool, "false") => Value::Bool(false),
        (Kind::TimeSpan, "true") => Value::Long(1),
        (Kind::TimeSpan, "false") => Value::Long(0),
        (Kind::TimeSpan, number) if !is_string && number.parse::<f64>().is_ok() => {
            match number.parse::<i64>() {
                Ok(ticks) => Value::Long(ticks),
                Err(_) => convert(Value::Real(number.parse().unwrap_or(f64::NAN)), Kind::Real, to),
            }
        }
        (Kind::Int | Kind::Long, number) if number.contains(['.', 'e', 'E']) => match number.parse::<f64>() {
            Ok(real) => convert(Value::Real(real), Kind::Real, to),
            Err(_) => Value::Null,
        },
        _ => convert(Value::Text(scalar), Kind::String, to).into_owned(),
    }
}

fn to_bool(value: &Value<'_>, from: Kind) -> Value<'static> {
    match (from, value) {
        (Kind::Int | Kind::Long, Value::Long(long)) => Value::Bool(*long != 0),
        (_, Value::Real(real)) => Value::Bool(*real != 0.0),
        (_, Value::Text(text)) => {
            let text = text.trim();
            if text.eq_ignore_ascii_case("true") {
                Value::Bool(true)
            } else if text.eq_ignore_ascii_case("false") {
                Value::Bool(false)
            } else {
                text.parse::<i64>().map_or(Value::Null, |long| Value::Bool(long != 0))
            }
        }
        _ => Value::Null,
    }
}

fn to_long(value: &Value<'_>, from: Kind) -> Value<'static> {
    match (from, value) {
        (_, Value::Long(long)) => Value::Long(*long),
        (_, Value::Bool(truth)) => Value::Long(i64::from(*truth)),
        (_, Value::Real(real)) if real.is_nan() => Value::Null,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates and truncates toward zero, as Kusto does"
        )]
        (_, Value::Real(real)) => Value::Long(*real as i64),
        (_, Value::Text(text)) => whole(text).map_or(Value::Null, Value::Long),
        _ => Value::Null,
    }
}

/// `[+-]digits` or `0x…`, blanks around it allowed; nothing else is a whole number.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => i64::from_str_radix(hex, 16).ok(),
        Some(_) => None,
        None => text.parse().ok(),
    }
}

fn to_int(value: &Value<'_>, from: Kind) -> Value<'static> {
    match (value, to_long(value, from)) {
        #[expect(clippy::cast_possible_truncation, reason = "saturates, as Kusto does from real")]
        (Value::Real(real), Value::Long(_)) => Value::Long(i64::from(*real as i32)),
        // A text that does not fit is no int; a number wraps.
        (Value::Text(_), Value::Long(long)) => {
            i32::try_from(long).map_or(Value::Null, |int| Value::Long(int.into()))
        }
        #[expect(clippy::cast_possible_truncation, reason = "wraps, as Kusto does")]
        (_, Value::Long(long)) => Value::Long(i64::from(long as i32)),
        (_, other) => other,
    }
}

fn to_real(value: &Value<'_>, from: Kind) -> Value<'static> {
    match (from, value) {
        (Kind::DateTime | Kind::TimeSpan, _) => Value::Null,
        (_, Value::Bool(truth)) => Value::Real(f64::from(u8::from(*truth))),
        (_, Value::Text(text)) => real(text).map_or(Value::Null, Value::Real),
        (_, number) => number.real().map_or(Value::Null, Value::Real),
    }
}

fn real(text: &str) -> Option<f64> {
    let text = text.trim();
    match text {
        "NaN" | "nan" => Some(f64::NAN),
        "Infinity" | "inf" | "+inf" => Some(f64::INFINITY),
        "-Infinity" | "-inf" => Some(f64::NEG_INFINITY),
        _ => {
            let is_number = text.bytes().any(|byte| byte.is_ascii_digit())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
            is_number.then(|| text.parse().ok()).flatten()
        }
    }
}

fn to_decimal(value: &Value<'_>, from: Kind) -> Value<'static> {
    let decimal = match (from, value) {
        (Kind::DateTime | Kind::TimeSpan | Kind::Guid, _) => None,
        (_, Value::Bool(truth)) => Some(Decimal::from_long(i64::from(*truth))),
        (_, Value::Long(long)) => Some(Decimal::from_long(*long)),
        (_, Value::Real(real)) => Decimal::from_real(*real),
        (_, Value::Text(text)) => text.parse().ok(),
        _ => None,
    };
    decimal.map(|decimal| decimal.to_string()).into()
}

/// A decimal as a value of another kind, where its text alone would not do.
fn from_decimal(text: &str, to: Kind) -> Value<'static> {
    let Ok(decimal) = text.parse::<Decimal>() else { return Value::Null };
    match to {
        Kind::Real => Value::Real(decimal.to_real()),
        Kind::Long => decimal.to_long().into(),
        #[expect(clippy::cast_possible_truncation, reason = "wraps, as a long does")]
        Kind::Int => decimal.to_long().map(|long| i64::from(long as i32)).into(),
        Kind::Bool => Value::Bool(decimal != Decimal::default()),
        Kind::TimeSpan => decimal.to_long().into(),
        _ => Value::Null,
    }
}

fn to_datetime(value: &Value<'_>, from: Kind) -> Value<'static> {
    match (from, value) {
        (_, Value::Text(text)) => parse_datetime(text).map_or(Value::Null, Value::Long),
        (Kind::Int | Kind::Long, Value::Long(ticks)) if (0..chartroom_base::ticks::END).contains(ticks) => {
            Value::Long(*ticks)
        }
        _ => Value::Null,
    }
}

fn to_timespan(value: &Value<'_>, from: Kind) -> Value<'static> {
    match (from, value) {
        // A bare number in a text is no timespan, though in a literal it is days.
        (_, Value::Text(text)) if !text.contains([':', 'd', 'h', 'm', 's']) => Value::Null,
        (_, Value::Text(text)) => parse_timespan(text).map_or(Value::Null, Value::Long),
        (_, Value::Long(ticks)) => Value::Long(*ticks),
        (_, Value::Bool(truth)) => Value::Long(i64::from(*truth)),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates and truncates toward zero, as Kusto does"
        )]
        (_, Value::Real(ticks)) if ticks.is_finite() => Value::Long(*ticks as i64),
        _ => Value::Null,
    }
}

fn to_guid(value: &Value<'_>) -> Value<'static> {
    let digits: String =
        value.text().trim().chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map(|(from, to)| digits.get(from..to));
    match parts {
        [Some(a), Some(b), Some(c), Some(d), Some(e)]
            if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            Value::owned([a, b, c, d, e].join("-"))
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Value<'_>, from: Kind, to: Kind, expected: &str) {
        let result = convert(value, from, to);
        let mut text = String::new();
        push_export(&mut text, &result, to);
        assert_eq!(if result.is_null() { "null" } else { &text }, expected);
    }

    #[test]
    fn what_cannot_be_converted_is_null() {
        check(Value::borrowed("5.7"), Kind::String, Kind::Long, "null");
        check(Value::borrowed(" -12 "), Kind::String, Kind::Long, "-12");
        check(Value::borrowed("0x1F"), Kind::String, Kind::Long, "31");
        check(Value::borrowed("yes"), Kind::String, Kind::Bool, "null");
        check(Value::borrowed("TRUE "), Kind::String, Kind::Bool, "true");
        check(Value::Long(9_999_999_999), Kind::Long, Kind::Int, "1410065407");
        check(Value::Real(-2.7), Kind::Real, Kind::Long, "-2");
        check(Value::borrowed("10"), Kind::String, Kind::TimeSpan, "null");
        check(Value::Null, Kind::Long, Kind::String, "");
    }

    #[test]
    fn dynamics_are_their_text() {
        check(Value::borrowed("\"a\\\"b\""), Kind::Dynamic, Kind::String, "a\"b");
        check(Value::borrowed("{\"a\":1}"), Kind::Dynamic, Kind::String, "{\"a\":1}");
        check(Value::borrowed("true"), Kind::Dynamic, Kind::String, "true");
        check(Value::borrowed("\"12\""), Kind::Dynamic, Kind::Long, "12");
        check(Value::borrowed("1.5"), Kind::Dynamic, Kind::Long, "1");
        check(Value::borrowed("[1]"), Kind::Dynamic, Kind::Long, "null");
        check(Value::Bool(true), Kind::Bool, Kind::String, "True");
        check(Value::borrowed("not json"), Kind::String, Kind::Dynamic, "\"not json\"");
        check(Value::borrowed("{ \"a\" : [1, 2] }"), Kind::String, Kind::Dynamic, "{\"a\":[1,2]}");
    }
}
