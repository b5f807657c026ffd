//! `range x from a to b step c`.

use super::{Body, Operator, Pulled, Refusal, Run, Setup};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{BATCH_ROWS, Frame, Vector},
    relation::Column,
    value::Value,
};
use chartroom_kql_syntax::ast::{Expr, Name};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, rc::Rc};

/// For each row of first value, last value and distance: the values from first to last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range;

/// `range x from a to b step c`.
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    name: &Name,
    from: &Expr,
    to: &Expr,
    step: &Expr,
) -> Result<Pipe, Told> {
    let rows = super::rows::Rows { count: 1, columns: Vec::new() };
    let one = binder.relation(Body::Rows(rows), Vec::new(), Vec::new());
    let mut pipe = binder.restart(one, 0);
    let (first, last, by) =
        (binder.cells(&mut pipe, from), binder.cells(&mut pipe, to), binder.cells(&mut pipe, step));
    let (first, last, by) = (first?, last?, by?);
    let is_number = |kind| matches!(kind, Kind::Int | Kind::Long | Kind::Real);
    let (kind, by_kind) = match (first.kind, last.kind, by.kind) {
        (Kind::Int, Kind::Int, Kind::Int) => (Kind::Int, Kind::Int),
        (Kind::Int | Kind::Long, Kind::Int | Kind::Long, Kind::Int | Kind::Long) => (Kind::Long, Kind::Long),
        (a, b, c) if is_number(a) && is_number(b) && is_number(c) => (Kind::Real, Kind::Real),
        (Kind::DateTime, Kind::DateTime, Kind::TimeSpan) => (Kind::DateTime, Kind::TimeSpan),
        (Kind::TimeSpan, Kind::TimeSpan, Kind::TimeSpan) => (Kind::TimeSpan, Kind::TimeSpan),
        (a, b, c) => {
            let message = format!("`range` cannot go from {} to {} by {}", a.name(), b.name(), c.name());
            return Err(binder.error("KQL0036", from.span.to(step.span), message));
        }
    };
    let first = binder.cells_as(&mut pipe, &first, kind, from.span)?;
    let last = binder.cells_as(&mut pipe, &last, kind, to.span)?;
    let by = binder.cells_as(&mut pipe, &by, by_kind, step.span)?;
    let given = vec![Given::new("from", first), Given::new("to", last), Given::new("step", by)];
    let bounds = binder.seal(pipe, given);
    let columns = vec![Column::new(name.text.clone(), kind)];
    let relation = binder.relation(Body::Range(Range), vec![bounds], columns);
    Ok(Pipe { is_serialized: true, ..binder.restart(relation, 1) })
}

impl Operator for Range {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let kind = setup.output_kinds().first().copied().unwrap_or(Kind::Long);
        Box::new(Stepping { kind, waiting: VecDeque::new(), next: 0 })
    }
}

fn count(from: &Value<'_>, to: &Value<'_>, step: &Value<'_>) -> u64 {
    match (from, to, step) {
        (Value::Long(from), Value::Long(to), Value::Long(step)) => whole_steps(*from, *to, *step),
        (from, to, step) => match (from.real(), to.real(), step.real()) {
            (Some(from), Some(to), Some(step)) => real_steps(from, to, step),
            _ => 0,
        },
    }
}

/// How many values there are from `from` to `to`.
fn whole_steps(from: i64, to: i64, step: i64) -> u64 {
    let distance = i128::from(to) - i128::from(from);
    match i128::from(step) {
        0 => 0,
        step if (distance < 0) != (step < 0) && distance != 0 => 0,
        step => u64::try_from(distance / step + 1).unwrap_or(u64::MAX),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; negative was asked before")]
fn real_steps(from: f64, to: f64, step: f64) -> u64 {
    let steps = (to - from) / step;
    if step == 0.0 || !steps.is_finite() || steps < 0.0 { 0 } else { (steps + 1e-9).floor() as u64 + 1 }
}

struct Stepping {
    kind: Kind,
    /// First value, distance and count of what is to be given.
    waiting: VecDeque<(Value<'static>, Value<'static>, u64)>,
    next: u64,
}

impl Run for Stepping {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        for row in 0..frame.rows() {
            let [from, to, step] = [0, 1, 2].map(|at| frame.column(at).get(row).into_owned());
            let count = count(&from, &to, &step);
            self.waiting.push_back((from, step, count));
        }
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "far fewer rows than 2^53")]
    fn pull(&mut self) -> Result<Pulled, Refusal> {
        let Some((from, step, count)) = self.waiting.front() else { return Ok(Pulled::Nothing) };
        let end = (*count).min(self.next.saturating_add(BATCH_ROWS as u64));
        let value = |number: u64| match (from, step) {
            (Value::Long(from), Value::Long(step)) => {
                let value = i128::from(*from) + i128::from(*step) * i128::from(number);
                i64::try_from(value).map_or(Value::Null, Value::Long)
            }
            (from, step) => match (from.real(), step.real()) {
                (Some(from), Some(step)) => Value::Real(from + step * number as f64),
                _ => Value::Null,
            },
        };
        let rows = usize::try_from(end - self.next).unwrap_or(0);
        if rows == 0 {
            self.waiting.pop_front();
            self.next = 0;
            return Ok(Pulled::Working);
        }
        let column = Vector::from_values(self.kind, (self.next..end).map(value));
        self.next = end;
        Ok(Pulled::Frame(Frame::new(rows, vec![Rc::new(column)])))
    }
}
