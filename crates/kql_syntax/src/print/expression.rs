//! Expressions, with the brackets that their binding powers ask for.

use super::{name_of, print_name, print_query};
use crate::{
    ast::{DateTimeLiteral, Expr, ExprKind, Literal, Name, UnaryOperator},
    literal::quote,
};
use chartroom_base::ticks::{PER_DAY, PER_SECOND, Ticks};

/// How tightly signs and dots bind; text operators have 7.
const SIGN: u8 = 8;
const DOT: u8 = 9;

pub(super) fn expression(node: &Expr) -> String {
    match &node.kind {
        ExprKind::Literal(value) => literal(value),
        ExprKind::Name(name) => print_name(name),
        ExprKind::Star => "*".to_owned(),
        ExprKind::Path { base, name } => {
            let plain = name_of(name);
            if plain.starts_with('[') {
                format!("{}{plain}", within(base, DOT))
            } else {
                format!("{}.{plain}", within(base, DOT))
            }
        }
        ExprKind::Element { base, index } => format!("{}[{}]", within(base, DOT), element_index(index)),
        ExprKind::Call { name, arguments } => call(name, arguments),
        ExprKind::Method { base, name, arguments } => {
            format!("{}.{}", within(base, DOT), call(name, arguments))
        }
        ExprKind::Argument { name, value } => format!("{} = {}", name.text, expression(value)),
        ExprKind::Query(query) => format!("({})", print_query(query)),
        ExprKind::Names(names) => names.iter().map(name_of).collect::<Vec<_>>().join(", "),
        ExprKind::Unary { operator, operand } => {
            let sign = match operator {
                UnaryOperator::Plus => "+",
                UnaryOperator::Minus => "-",
            };
            // A further sign stands apart: two of them that touch read as one word to the eye.
            let gap = if matches!(operand.kind, ExprKind::Unary { .. }) { " " } else { "" };
            format!("{sign}{gap}{}", within(operand, SIGN))
        }
        ExprKind::Binary { operator, left, right, .. } => {
            let power = operator.power();
            let chains = matches!(power, 5 | 6);
            let least_left = if chains { power } else { power.saturating_add(1) };
            format!(
                "{} {} {}",
                within(left, least_left),
                operator.sign(),
                within(right, power.saturating_add(1))
            )
        }
        ExprKind::And(operands) => joined(operands, " and ", 3),
        ExprKind::Or(operands) => joined(operands, " or ", 2),
        ExprKind::In { operator, left, list: items, .. } => {
            format!("{} {} ({})", within(left, 4), operator.sign(), arguments_of(items))
        }
        ExprKind::Between { is_negated, value, low, high, .. } => format!(
            "{} {}between ({} .. {})",
            within(value, 4),
            if *is_negated { "!" } else { "" },
            within(low, 5),
            within(high, 5)
        ),
        ExprKind::Error => String::new(),
    }
}

/// An expression where a query needs no brackets of its own.
pub(super) fn argument(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Query(query) => print_query(query),
        _ => expression(value),
    }
}

pub(super) fn call(name: &Name, arguments: &[Expr]) -> String {
    format!("{}({})", name.text, arguments_of(arguments))
}

/// A query alone needs no brackets of its own; among others it does.
fn arguments_of(arguments: &[Expr]) -> String {
    match arguments {
        [only] => argument(only),
        several => list(several),
    }
}

pub(super) fn list(items: &[Expr]) -> String {
    items.iter().map(expression).collect::<Vec<_>>().join(", ")
}

/// A text alone in brackets would be a name.
fn element_index(index: &Expr) -> String {
    match &index.kind {
        ExprKind::Literal(Literal::String(_)) => format!("({})", expression(index)),
        _ => expression(index),
    }
}

fn joined(operands: &[Expr], word: &str, least: u8) -> String {
    operands.iter().map(|operand| within(operand, least)).collect::<Vec<_>>().join(word)
}

fn within(operand: &Expr, least: u8) -> String {
    let text = expression(operand);
    if power(operand) < least { format!("({text})") } else { text }
}

fn power(expression: &Expr) -> u8 {
    match &expression.kind {
        ExprKind::Or(_) => 1,
        ExprKind::And(_) => 2,
        ExprKind::In { .. } | ExprKind::Between { .. } => 3,
        ExprKind::Binary { operator, .. } => operator.power(),
        ExprKind::Unary { .. } => SIGN,
        // A dot behind a number is its own.
        ExprKind::Literal(Literal::Long(Some(_)) | Literal::Real(_) | Literal::TimeSpan(_)) => SIGN,
        _ => DOT,
    }
}

fn literal(literal: &Literal) -> String {
    let typed =
        |name: &str, value: Option<String>| format!("{name}({})", value.unwrap_or_else(|| "null".to_owned()));
    match literal {
        Literal::Bool(Some(value)) => value.to_string(),
        Literal::Bool(None) => typed("bool", None),
        Literal::Int(value) => typed("int", value.map(|value| value.to_string())),
        Literal::Long(Some(value)) if *value >= 0 => value.to_string(),
        Literal::Long(value) => typed("long", value.map(|value| value.to_string())),
        Literal::Real(Some(value)) if value.is_finite() && value.is_sign_positive() => format!("{value:?}"),
        Literal::Real(value) => typed("real", value.map(real)),
        Literal::Decimal(value) => typed("decimal", value.clone()),
        Literal::DateTime(DateTimeLiteral::At(ticks)) => typed("datetime", Some(Ticks(*ticks).to_string())),
        Literal::DateTime(DateTimeLiteral::Now) => "datetime()".to_owned(),
        Literal::DateTime(DateTimeLiteral::Null) => typed("datetime", None),
        Literal::TimeSpan(Some(ticks)) => timespan(*ticks),
        Literal::TimeSpan(None) => typed("timespan", None),
        Literal::Guid(value) => typed("guid", value.clone()),
        Literal::String(text) => quote(text),
        Literal::Dynamic(json) => typed("dynamic", json.clone()),
        Literal::Type(name) => format!("typeof({name})"),
    }
}

fn real(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+inf" } else { "-inf" }.to_owned()
    } else {
        format!("{value:?}")
    }
}

/// The shortest of its spellings.
fn timespan(ticks: i64) -> String {
    const UNITS: [(i64, &str); 6] = [
        (PER_DAY, "d"),
        (PER_DAY / 24, "h"),
        (PER_SECOND * 60, "m"),
        (PER_SECOND, "s"),
        (PER_SECOND / 1_000, "ms"),
        (1, "tick"),
    ];
    if ticks < 0 {
        const DAY: u64 = PER_DAY.unsigned_abs();
        const SECOND: u64 = PER_SECOND.unsigned_abs();
        let whole = ticks.unsigned_abs();
        let (days, rest) = (whole / DAY, whole % DAY);
        let (seconds, fraction) = (rest / SECOND, rest % SECOND);
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        return format!("timespan(-{days}.{hours:02}:{minutes:02}:{seconds:02}.{fraction:07})");
    }
    let fits =
        UNITS.iter().find(|(unit, _)| ticks.checked_rem(*unit) == Some(0) && (ticks > 0 || *unit == 1));
    let (unit, word) = fits.copied().unwrap_or((1, "tick"));
    let count = ticks.checked_div(unit).unwrap_or(0);
    if ticks == 0 { "0s".to_owned() } else { format!("{count}{word}") }
}
