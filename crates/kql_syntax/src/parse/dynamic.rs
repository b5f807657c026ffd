//! `dynamic(…)`: JSON with KQL's literals in it, kept as JSON text without blanks.

use super::Parser;
use crate::{
    ast::{DateTimeLiteral, ExprKind, Literal},
    token::TokenKind,
};
use chartroom_base::ticks::Ticks;

impl Parser<'_> {
    /// Behind `dynamic(`.
    pub(super) fn dynamic_literal(&mut self) -> ExprKind {
        let mut json = String::new();
        let is_read = self.json(&mut json);
        if is_read {
            self.expect_sign(")");
        } else {
            self.skip_to(&[")"]);
            self.eat_sign(")");
            return ExprKind::Error;
        }
        ExprKind::Literal(Literal::Dynamic((json != "null").then_some(json)))
    }

    fn json(&mut self, json: &mut String) -> bool {
        if !self.enter() {
            return false;
        }
        let is_read = self.json_value(json);
        self.leave();
        is_read
    }

    fn json_value(&mut self, json: &mut String) -> bool {
        let Some(token) = self.token() else {
            self.expected("a value");
            return false;
        };
        match (token.kind, self.here()) {
            (TokenKind::Sign, "[") => return self.json_list(json, "]"),
            (TokenKind::Sign, "{") => return self.json_list(json, "}"),
            (TokenKind::String { .. }, _) => {
                if let ExprKind::Literal(Literal::String(text)) = self.string_literal() {
                    push_json_string(json, &text);
                }
                return true;
            }
            (TokenKind::Name, "dynamic") if self.ahead(1) == "(" => {
                self.bump();
                self.bump();
                return self.json(json) && self.expect_sign(")");
            }
            (TokenKind::Sign, "-")
                if matches!(self.token_after(1).map(|t| t.kind), Some(TokenKind::Long | TokenKind::Real)) =>
            {
                self.bump();
                json.push('-');
                push_number(json, self.here());
            }
            (TokenKind::Long | TokenKind::Real, number) => push_number(json, number),
            (TokenKind::Name, word @ ("true" | "false" | "null")) => json.push_str(word),
            (TokenKind::TimeSpan | TokenKind::Typed { .. }, _) => {
                return match self.literal(token) {
                    ExprKind::Literal(literal) => push_literal(json, &literal),
                    _ => false,
                };
            }
            _ => {
                self.expected("a JSON value");
                return false;
            }
        }
        self.bump();
        true
    }

    /// An array, or an object when it ends with `}`.
    fn json_list(&mut self, json: &mut String, close: &str) -> bool {
        json.push_str(self.here());
        self.bump();
        let mut is_first = true;
        while !self.is_sign(close) {
            if !is_first {
                if !self.expect_sign(",") {
                    return false;
                }
                json.push(',');
            }
            is_first = false;
            if close == "}" {
                if !self.token().is_some_and(|token| matches!(token.kind, TokenKind::String { .. })) {
                    self.expected("a key in quotes");
                    return false;
                }
                let key = self.string_token();
                push_json_string(json, &key);
                if !self.expect_sign(":") {
                    return false;
                }
                json.push(':');
            }
            if !self.json(json) {
                return false;
            }
        }
        self.bump();
        json.push_str(close);
        true
    }
}

/// A number as JSON has it: no hexadecimal, no point without digits.
fn push_number(json: &mut String, number: &str) {
    match super::literal::long(number).filter(|_| number.starts_with("0x") || number.starts_with("0X")) {
        Some(value) => json.push_str(&value.to_string()),
        None => {
            let (mantissa, exponent) = number.split_at(number.find(['e', 'E']).unwrap_or(number.len()));
            json.push_str(mantissa.strip_suffix('.').unwrap_or(mantissa));
            json.push_str(exponent);
        }
    }
}

fn push_literal(json: &mut String, literal: &Literal) -> bool {
    match literal {
        Literal::Bool(Some(value)) => json.push_str(if *value { "true" } else { "false" }),
        Literal::Int(Some(value)) => json.push_str(&value.to_string()),
        Literal::Long(Some(value)) | Literal::TimeSpan(Some(value)) => json.push_str(&value.to_string()),
        Literal::Real(Some(value)) if value.is_finite() => json.push_str(&format!("{value:?}")),
        Literal::Real(Some(value)) if value.is_nan() => push_json_string(json, "NaN"),
        Literal::Real(Some(value)) => {
            push_json_string(json, if *value > 0.0 { "Infinity" } else { "-Infinity" });
        }
        Literal::DateTime(DateTimeLiteral::At(ticks)) => push_json_string(json, &Ticks(*ticks).to_string()),
        Literal::Decimal(Some(number)) => json.push_str(number),
        Literal::Guid(Some(text)) => push_json_string(json, text),
        _ => json.push_str("null"),
    }
    true
}

fn push_json_string(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
}
