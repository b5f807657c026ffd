//! Window functions: a row's value depends on the rows before or behind it, so the rows must stand in an order.
//!
//! **Invariant:** each sees its arguments worked out for all rows, in their order, and gives one value a row. Where they may stand
//! (behind `sort`, `top`, `serialize`, …) is the binder's to decide.
//!
//! To add one: write `windows/<name>.rs` (copy `row_number.rs`), then add its name to [`windows!`] below. Its examples run as tests.

use crate::{functions::Parameter, value::Value};
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
    /// A value for each row.
    pub call: fn(&WindowCall<'_>) -> Vec<Value<'static>>,
    /// A column `x` (in order), a call, and the results as exported; run as tests.
    pub examples: &'static [(&'static str, &'static str, &'static str)],
}

/// One call of a window function.
pub struct WindowCall<'c> {
    /// How many rows there are.
    pub rows: usize,
    /// Per argument, its value for each row, in the order of the rows.
    pub arguments: &'c [&'c [Value<'static>]],
    /// The arguments' kinds.
    pub kinds: &'c [Kind],
    /// The result's kind.
    pub kind: Kind,
}

impl WindowCall<'_> {
    /// Argument number `at` for a row; null when it was left out.
    fn value(&self, at: usize, row: usize) -> &Value<'static> {
        self.arguments.get(at).and_then(|values| values.get(row)).unwrap_or(&Value::Null)
    }

    /// Whether argument number `at` says that a row begins anew.
    fn restarts(&self, at: usize, row: usize) -> bool {
        *self.value(at, row) == Value::Bool(true)
    }
}

/// The window function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static WindowFunction> {
    ALL.iter().copied().find(|function| function.name == name)
}

/// The values of the first argument so many rows on (second argument, 1), with what there is where there is no such row (third).
fn moved(call: &WindowCall<'_>, sign: i64) -> Vec<Value<'static>> {
    let row = |row: usize| {
        let by = call.value(1, row).long().unwrap_or(1).checked_mul(sign)?;
        let from = i64::try_from(row).ok()?.checked_add(by)?;
        usize::try_from(from).ok().filter(|from| *from < call.rows)
    };
    (0..call.rows)
        .map(|at| match row(at) {
            Some(from) => call.value(0, from).clone(),
            None => call.value(2, at).clone().or_none(call.kind),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bind::tests::constant, value::push_export};

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
                let values: Vec<&[Value<'static>]> =
                    given.iter().map(|argument| argument.1.as_slice()).collect();
                let kind = (function.returns)(&kinds).unwrap();
                let results =
                    (function.call)(&WindowCall { rows: x.len(), arguments: &values, kinds: &kinds, kind });
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
