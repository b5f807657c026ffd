//! Comparing and calculating with two values.

use crate::{convert::convert, decimal::Decimal, fold, plan::Binary, value::Value};
use chartroom_base::ticks::END;
use chartroom_schema::kind::Kind;
use std::cmp::Ordering;

/// How two values of one kind (or two numbers) stand; `None` when one is null or NaN.
#[must_use]
pub(crate) fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Long(a), Value::Long(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
        (Value::Null, _) | (_, Value::Null) => None,
        (a, b) => a.real()?.partial_cmp(&b.real()?),
    }
}

/// A dynamic as a value that compares with one of kind `other`.
fn scalar_for<'a>(value: &Value<'a>, kind: Kind, other: Kind) -> Value<'a> {
    if kind != Kind::Dynamic {
        return value.clone();
    }
    match other {
        Kind::Int | Kind::Long | Kind::Real => {
            let text = value.text();
            let whole = text.parse::<i64>().map(Value::Long);
            whole.or_else(|_| text.parse::<f64>().map(Value::Real)).unwrap_or(Value::Null)
        }
        other => convert(value.clone(), Kind::Dynamic, other),
    }
}

/// Equality that never is null unless both are: null equals nothing else.
fn equal(left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    match (left.is_null(), right.is_null()) {
        (true, true) => None,
        (true, false) | (false, true) => Some(false),
        (false, false) => Some(order(left, right) == Some(Ordering::Equal)),
    }
}

/// Works out `left operator right`.
///
/// Equality is total as above; order and arithmetic are null when an operand is. Whole numbers wrap, times outside the years
/// 1 to 9999 and division of whole numbers by zero are null.
#[must_use]
pub(crate) fn binary<'a>(
    operator: Binary,
    kind: Kind,
    (left, left_kind): (&Value<'a>, Kind),
    (right, right_kind): (&Value<'a>, Kind),
) -> Value<'a> {
    if left_kind == Kind::Decimal || right_kind == Kind::Decimal {
        return decimals(operator, kind, (left, left_kind), (right, right_kind));
    }
    let truth = |truth: Option<bool>| truth.map_or(Value::Null, Value::Bool);
    let (left, right) = (&scalar_for(left, left_kind, right_kind), &scalar_for(right, right_kind, left_kind));
    let ordered = |accept: fn(Ordering) -> bool| match (left.is_null(), right.is_null()) {
        (false, false) => Value::Bool(order(left, right).is_some_and(accept)),
        _ => Value::Null,
    };
    match operator {
        Binary::Equal => truth(equal(left, right)),
        Binary::NotEqual => truth(equal(left, right).map(|equal| !equal)),
        Binary::EqualFold => Value::Bool(fold::equal(left.text(), right.text())),
        Binary::NotEqualFold => Value::Bool(!fold::equal(left.text(), right.text())),
        Binary::Less => ordered(Ordering::is_lt),
        Binary::LessOrEqual => ordered(Ordering::is_le),
        Binary::Greater => ordered(Ordering::is_gt),
        Binary::GreaterOrEqual => ordered(Ordering::is_ge),
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Modulo => {
            calculate(operator, kind, left, right)
        }
    }
}

/// The decimal of a value of that kind.
pub(crate) fn decimal(value: &Value<'_>, kind: Kind) -> Option<Decimal> {
    convert(value.borrow(), kind, Kind::Decimal).text().parse().ok()
}

/// The same where an operand is a decimal: any number beside it becomes one. A timespan is scaled as a real.
fn decimals<'a>(
    operator: Binary,
    kind: Kind,
    (left, left_kind): (&Value<'a>, Kind),
    (right, right_kind): (&Value<'a>, Kind),
) -> Value<'a> {
    if kind == Kind::TimeSpan {
        let real = |value: &Value<'a>, kind: Kind| match kind {
            Kind::Decimal => convert(value.clone(), kind, Kind::Real),
            _ => value.clone(),
        };
        return calculate(operator, kind, &real(left, left_kind), &real(right, right_kind));
    }
    let (a, b) = (decimal(left, left_kind), decimal(right, right_kind));
    let ordered = |accept: fn(Ordering) -> bool| a.zip(b).map(|(a, b)| accept(a.cmp(&b)));
    let is_equal = || (a.is_some() || b.is_some()).then_some(a == b);
    let number = |result: fn(Decimal, Decimal) -> Option<Decimal>| {
        Value::from(a.zip(b).and_then(|(a, b)| result(a, b)).map(|result| result.to_string()))
    };
    match operator {
        Binary::Equal => is_equal().into(),
        Binary::NotEqual => is_equal().map(|is_equal| !is_equal).into(),
        Binary::Less => ordered(Ordering::is_lt).into(),
        Binary::LessOrEqual => ordered(Ordering::is_le).into(),
        Binary::Greater => ordered(Ordering::is_gt).into(),
        Binary::GreaterOrEqual => ordered(Ordering::is_ge).into(),
        Binary::Add => number(Decimal::plus),
        Binary::Subtract => number(|a, b| a.plus(b.negated())),
        Binary::Multiply => number(Decimal::times),
        Binary::Divide => number(Decimal::over),
        Binary::Modulo => number(Decimal::modulo),
        Binary::EqualFold | Binary::NotEqualFold => Value::Null,
    }
}

/// How two values of that kind stand; `None` when one is null or NaN.
pub(crate) fn order_of(kind: Kind, left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match kind {
        Kind::Decimal => Some(decimal(left, kind)?.cmp(&decimal(right, kind)?)),
        _ => order(left, right),
    }
}

fn calculate(operator: Binary, kind: Kind, left: &Value<'_>, right: &Value<'_>) -> Value<'static> {
    match (left, right) {
        (Value::Long(a), Value::Long(b)) if kind != Kind::Real => {
            let result = match operator {
                Binary::Add => Some(a.wrapping_add(*b)),
                Binary::Subtract => Some(a.wrapping_sub(*b)),
                Binary::Multiply => Some(a.wrapping_mul(*b)),
                Binary::Divide if *b != 0 => Some(a.wrapping_div(*b)),
                Binary::Modulo if *b != 0 => Some(a.wrapping_rem_euclid(*b)),
                _ => None,
            };
            let is_time = kind == Kind::DateTime;
            let result = result.filter(|ticks| !is_time || (0..END).contains(ticks));
            result.map_or(Value::Null, Value::Long)
        }
        (left, right) => match (left.real(), right.real()) {
            (Some(a), Some(b)) => {
                let result = match operator {
                    Binary::Add => a + b,
                    Binary::Subtract => a - b,
                    Binary::Multiply => a * b,
                    Binary::Divide => a / b,
                    _ => a.rem_euclid(b),
                };
                #[expect(clippy::cast_possible_truncation, reason = "saturates: a timespan times a real")]
                if kind == Kind::TimeSpan { Value::Long(result as i64) } else { Value::Real(result) }
            }
            _ => Value::Null,
        },
    }
}
