//! Constants.

use super::Parser;
use crate::{
    ast::{DateTimeLiteral, ExprKind, Literal},
    literal::{parse_datetime, parse_timespan, timespan_with_unit},
    token::{Token, TokenKind},
};

impl Parser<'_> {
    /// Strings side by side are one string.
    pub(super) fn string_literal(&mut self) -> ExprKind {
        let mut text = String::new();
        while self.token().is_some_and(|token| matches!(token.kind, TokenKind::String { .. })) {
            text.push_str(&self.string_token());
        }
        ExprKind::Literal(Literal::String(text))
    }

    pub(super) fn literal(&mut self, token: Token) -> ExprKind {
        self.bump();
        let text = self.slice(token);
        let literal = match token.kind {
            TokenKind::Long => long(text).map(|value| Literal::Long(Some(value))),
            TokenKind::Real => text.parse().ok().map(|value| Literal::Real(Some(value))),
            TokenKind::TimeSpan => timespan_with_unit(text).map(|ticks| Literal::TimeSpan(Some(ticks))),
            TokenKind::Typed { is_closed: false } => {
                self.error("KQL0002", token.span, "This literal has no closing bracket");
                return ExprKind::Error;
            }
            _ => typed(text),
        };
        match literal {
            Some(literal) => ExprKind::Literal(literal),
            None => {
                let shown: String = text.chars().take(60).collect();
                self.error("KQL0004", token.span, format!("`{shown}` is not a value of its type"));
                ExprKind::Error
            }
        }
    }
}

/// A whole number, decimal or hexadecimal.
pub(super) fn long(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => i64::from_str_radix(hex, 16).ok()?.checked_mul(sign),
        // With its sign: the smallest number has no positive counterpart.
        None if digits.starts_with(|c: char| c.is_ascii_digit()) => text.parse().ok(),
        None => None,
    }
}

/// `name(raw text)`.
fn typed(text: &str) -> Option<Literal> {
    let (name, raw) = text.split_once('(')?;
    let raw = raw.strip_suffix(')')?.trim();
    let inner = raw.trim_matches(|c| matches!(c, '"' | '\'')).trim();
    let is_null = raw == "null";
    Some(match name.trim_end() {
        "bool" | "boolean" => Literal::Bool(match inner {
            "true" | "True" | "1" => Some(true),
            "false" | "False" | "0" => Some(false),
            "null" => None,
            _ => return None,
        }),
        "int" => Literal::Int(if is_null { None } else { Some(i32::try_from(long(inner)?).ok()?) }),
        "long" => Literal::Long(if is_null { None } else { Some(long(inner)?) }),
        "decimal" => Literal::Decimal(if is_null { None } else { Some(decimal(inner)?) }),
        "real" | "double" => Literal::Real(if is_null { None } else { Some(real(inner)?) }),
        "datetime" | "date" => Literal::DateTime(match inner {
            "" => DateTimeLiteral::Now,
            "null" => DateTimeLiteral::Null,
            _ => DateTimeLiteral::At(parse_datetime(inner).or_else(|| date_parts(inner))?),
        }),
        "timespan" | "time" => Literal::TimeSpan(if is_null { None } else { Some(parse_timespan(inner)?) }),
        "guid" => Literal::Guid(if is_null { None } else { Some(guid(inner)?) }),
        "typeof" => Literal::Type(inner.to_owned()),
        _ => return None,
    })
}

/// Digits with at most one point, as JSON has them, and an exponent.
fn decimal(text: &str) -> Option<String> {
    let (sign, body) = text.strip_prefix('-').map_or(("", text), |body| ("-", body));
    let body = body.strip_prefix('+').unwrap_or(body);
    let is_number = body.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && body.parse::<f64>().is_ok_and(f64::is_finite);
    let zero = if body.starts_with('.') { "0" } else { "" };
    is_number.then(|| format!("{sign}{zero}{}", body.strip_suffix('.').unwrap_or(body)))
}

fn real(text: &str) -> Option<f64> {
    match text {
        "nan" | "NaN" => Some(f64::NAN),
        "+inf" | "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => {
            text.parse().ok()
        }
        _ => None,
    }
}

/// `datetime(2025, 6, 14)`.
fn date_parts(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    parse_datetime(&format!("{year}-{month}-{day}"))
}

/// 32 hexadecimal digits, with or without hyphens, as lower case with hyphens.
fn guid(text: &str) -> Option<String> {
    let text = text.trim_start_matches('{').trim_end_matches('}');
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    if digits.len() != 32 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_lowercase();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}
