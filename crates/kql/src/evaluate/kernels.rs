//! Instructions over whole numbers (times too), a column at a time.
//!
//! **Invariant:** a kernel gives what [`Instruction::apply`] gives row by row, or says that it is none for these operands. To add one:
//! add an arm to [`kernel`]; the law that any split gives the same answers holds it against the slow way.

use crate::{
    frame::Vector,
    plan::Binary,
    program::{Action, Instruction},
    value::Value,
};
use chartroom_base::ticks::{END, PER_DAY};
use chartroom_schema::kind::Kind;
use chartroom_store::Bitmap;
use std::rc::Rc;

/// An operand that is whole numbers.
#[derive(Clone, Copy)]
enum Longs<'a> {
    Same(i64),
    Each(&'a [i64], Option<&'a Bitmap>),
}

impl<'a> Longs<'a> {
    fn new(vector: &'a Vector) -> Option<Self> {
        match vector {
            Vector::Same(Value::Long(long), _) => Some(Self::Same(*long)),
            Vector::Longs { values, nulls } => Some(Self::Each(values, nulls.as_ref())),
            _ => None,
        }
    }

    const fn nulls(self) -> Option<&'a Bitmap> {
        match self {
            Self::Same(_) => None,
            Self::Each(_, nulls) => nulls,
        }
    }

    fn get(self, row: usize) -> i64 {
        match self {
            Self::Same(long) => long,
            Self::Each(values, _) => values.get(row).copied().unwrap_or(0),
        }
    }
}

/// What the instruction comes to, where there is a kernel for it.
pub(super) fn kernel(instruction: &Instruction, operands: &[Rc<Vector>], rows: usize) -> Option<Vector> {
    let is_whole = |kind: &Kind| matches!(kind, Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan);
    if !instruction.operand_kinds.iter().all(is_whole) {
        return None;
    }
    match (&instruction.action, operands) {
        (Action::Binary(operator), [left, right]) => {
            binary(*operator, instruction.kind, Longs::new(left)?, Longs::new(right)?, rows)
        }
        (Action::Call { function, .. }, [value, size]) if function.name == "bin" => {
            let (Longs::Each(values, nulls), Longs::Same(size)) = (Longs::new(value)?, Longs::new(size)?)
            else {
                return None;
            };
            (size > 0).then(|| floored(values, nulls, size))?
        }
        (Action::Call { function, .. }, [value]) if function.name == "startofday" => {
            let Longs::Each(values, nulls) = Longs::new(value)? else { return None };
            floored(values, nulls, PER_DAY)
        }
        _ => None,
    }
}

/// Each rounded down to a multiple; `None` when one would leave the range of whole numbers.
fn floored(values: &[i64], nulls: Option<&Bitmap>, size: i64) -> Option<Vector> {
    if values.iter().any(|value| *value < i64::MIN / 2) {
        return None;
    }
    // Neighbours often fall into one bin: a division is dearer than a look.
    let (mut from, mut to) = (0, 0);
    let floor = |value: &i64| {
        if *value < from || *value >= to {
            from = value.wrapping_sub(value.rem_euclid(size));
            to = from.saturating_add(size);
        }
        from
    };
    Some(Vector::Longs { values: values.iter().map(floor).collect(), nulls: nulls.cloned() })
}

fn binary(operator: Binary, kind: Kind, left: Longs<'_>, right: Longs<'_>, rows: usize) -> Option<Vector> {
    let nulls = match (left.nulls(), right.nulls()) {
        (None, None) => None,
        (Some(nulls), None) | (None, Some(nulls)) => Some(nulls.clone()),
        (Some(left), Some(right)) => {
            let mut nulls = left.clone();
            nulls.or(right);
            Some(nulls)
        }
    };
    let calculated = |calculate: fn(i64, i64) -> i64| {
        let values: Vec<i64> = (0..rows).map(|row| calculate(left.get(row), right.get(row))).collect();
        let is_out = kind == Kind::DateTime && values.iter().any(|ticks| !(0..END).contains(ticks));
        let is_whole = matches!(kind, Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan);
        (is_whole && !is_out).then_some(Vector::Longs { values, nulls: nulls.clone() })
    };
    let compared = |accept: fn(i64, i64) -> bool| {
        let mut values = Bitmap::from_fn(rows, |row| accept(left.get(row), right.get(row)));
        if let Some(nulls) = &nulls {
            values.and_not(nulls);
        }
        Vector::Bools { values, nulls: nulls.clone() }
    };
    match operator {
        // Null equals nothing but is no null here: where there are any, row by row.
        Binary::Equal if nulls.is_none() => Some(compared(|a, b| a == b)),
        Binary::NotEqual if nulls.is_none() => Some(compared(|a, b| a != b)),
        Binary::Less => Some(compared(|a, b| a < b)),
        Binary::LessOrEqual => Some(compared(|a, b| a <= b)),
        Binary::Greater => Some(compared(|a, b| a > b)),
        Binary::GreaterOrEqual => Some(compared(|a, b| a >= b)),
        Binary::Add => calculated(i64::wrapping_add),
        Binary::Subtract => calculated(i64::wrapping_sub),
        Binary::Multiply => calculated(i64::wrapping_mul),
        _ => None,
    }
}
