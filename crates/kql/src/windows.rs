//! Window functions: a row's value depends on the rows before or behind it, so the rows must stand in an order.
//!
//! **Invariant:** each sees its arguments worked out for all rows, in their order, and gives a value for one row after the other, so that
//! the work can be cut between any two. Where they may stand (behind `sort`, `top`, `serialize`, …) is the binder's to decide.
//!
//! To add one: write `windows/<name>.rs` (copy `row_number.rs`), then add its name to [`windows!`] below. Its examples run as tests.

use crate::{frame::Frame, functions::Parameter, value::Value};
use chartroom_schema::kind::Kind;

macro_rules! windows {
    ($($name:ident)*) => {
        $(mod $name;)*
        /// All window functions, by name.
        pub static ALL: &[&WindowFunction] = &[$(&$name::FUNCTION,)*];
    };
}

windows! { next prev row_cumsum row_number row_rank_dense row_rank_min row_window_session }

/// A window function: what it takes, gives and does, and what a person reads about it.
pub struct WindowFunction {
    /// Its name in KQL.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// The result's kind for arguments of these kinds, or what is wrong with them.
    pub returns: fn(&[Kind]) -> Result<Kind, String>,
    /// The value of a row. Rows are asked for one after the other, from the first on.
    pub call: fn(&WindowCall<'_>, usize, &mut Carried) -> Value<'static>,
    /// A column `x` (in order), a call, and the results as exported; run as tests.
    pub examples: &'static [(&'static str, &'static str, &'static str)],
}

/// One call of a window function.
pub struct WindowCall<'c> {
    /// All rows, in their order.
    pub(crate) frames: &'c [Frame],
    /// Where each frame begins, and behind them how many rows there are.
    pub(crate) starts: &'c [usize],
    /// The arguments' columns.
    pub(crate) arguments: &'c [usize],
    /// The result's kind.
    pub(crate) kind: Kind,
}

/// What a function carries from one row to the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Carried {
    /// Whole numbers: a sum, a rank and the like.
    longs: (i64, i64),
    /// A sum.
    real: f64,
    /// When the session began, and its last row's time.
    session: Option<(i64, i64)>,
}

impl WindowCall<'_> {
    /// Argument number `at` for a row; null when it was left out, or there is no such row.
    fn value(&self, at: usize, row: usize) -> Value<'_> {
        let found = || {
            let column = *self.arguments.get(at)?;
            let frame = self.starts.partition_point(|start| *start <= row).checked_sub(1)?;
            let row = row.checked_sub(*self.starts.get(frame)?)?;
            Some(self.frames.get(frame)?.columns().get(column)?.get(row))
        };
        found().unwrap_or(Value::Null)
    }

    /// Whether a row has another first argument than the one before it.
    fn differs(&self, row: usize) -> bool {
        row.checked_sub(1).is_none_or(|before| self.value(0, before) != self.value(0, row))
    }

    /// Whether argument number `at` says that a row begins anew; the first one does.
    fn restarts(&self, at: usize, row: usize) -> bool {
        row == 0 || self.value(at, row) == Value::Bool(true)
    }
}

/// The window function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static WindowFunction> {
    ALL.iter().copied().find(|function| function.name == name)
}

/// The value of the first argument so many rows on (second argument, 1), or what there is where there is no such row (third).
fn moved(call: &WindowCall<'_>, row: usize, sign: i64) -> Value<'static> {
    let from = || {
        let by = call.value(1, row).long().unwrap_or(1).checked_mul(sign)?;
        let from = i64::try_from(row).ok()?.checked_add(by)?;
        usize::try_from(from).ok().filter(|from| Some(from) < call.starts.last())
    };
    match from() {
        Some(from) => call.value(0, from).into_owned(),
        None => call.value(2, row).into_owned().or_none(call.kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bind::tests::constant, frame::Vector, value::push_export};
    use std::rc::Rc;

    #[test]
    fn every_window_function_is_documented_and_does_what_its_examples_say() {
        for function in ALL {
            assert!(function.about.ends_with('.') && !function.examples.is_empty(), "{}", function.name);
            for (column, arguments, expected) in function.examples {
                let column: Vec<(Kind, Value<'static>)> =
                    column.split(';').map(|cell| constant(cell.trim())).collect();
                let x: Vec<Value<'static>> = column.iter().map(|cell| cell.1.clone()).collect();
                let given: Vec<(Kind, Vec<Value<'static>>)> = arguments
                    .split(';')
                    .map(str::trim)
                    .filter(|argument| !argument.is_empty())
                    .map(|argument| match argument {
                        "x" => (column[0].0, x.clone()),
                        // Where the value changes.
                        "changed" => (
                            Kind::Bool,
                            (0..x.len()).map(|row| Value::Bool(row > 0 && x[row] != x[row - 1])).collect(),
                        ),
                        other => {
                            let (kind, value) = constant(other);
                            (kind, vec![value; x.len()])
                        }
                    })
                    .collect();
                let kinds: Vec<Kind> = given.iter().map(|argument| argument.0).collect();
                let kind = (function.returns)(&kinds).unwrap();
                // In frames of two rows: what a row sees may lie in another one.
                let frame = |from: usize| {
                    let rows = from..x.len().min(from + 2);
                    let column = |(kind, values): &(Kind, Vec<Value<'static>>)| {
                        Rc::new(Vector::from_values(*kind, values[rows.clone()].iter().map(Value::borrow)))
                    };
                    Frame::new(rows.len(), given.iter().map(column).collect())
                };
                let frames: Vec<Frame> = (0..x.len()).step_by(2).map(frame).collect();
                let starts: Vec<usize> = (0..x.len()).step_by(2).chain([x.len()]).collect();
                let columns: Vec<usize> = (0..given.len()).collect();
                let call = WindowCall { frames: &frames, starts: &starts, arguments: &columns, kind };
                let mut carried = Carried::default();
                let results: Vec<Value<'static>> =
                    (0..x.len()).map(|row| (function.call)(&call, row, &mut carried)).collect();
                let shown: Vec<String> = results
                    .iter()
                    .map(|value| {
                        let mut text = String::new();
                        push_export(&mut text, value, kind);
                        if value.is_null() { "null".to_owned() } else { text }
                    })
                    .collect();
                assert_eq!(shown.join("; "), *expected, "{}({arguments})", function.name);
            }
        }
    }
}
