//! `make-series`: per key an array for each aggregate, along an axis of even steps.
//!
//! The aggregates are a `summarize` by the keys and the point of the axis, which shards share; what is done here is to lay its
//! rows side by side and to fill what is missing. First point, end, step and defaults come as a row of their own, because they may
//! be known only at run time (`toscalar`).

use super::{Body, Operator, Pulled, Refusal, Run, Setup, order::BlockOrder, rows::Rows};
use crate::{
    aggregates::MOST_ELEMENTS,
    bind::{Binder, Given, Pipe, Told, build},
    convert::as_json,
    frame::{BATCH_ROWS, Builder, Frame, Place, Vector},
    json::ArrayWriter,
    keys::KeyTable,
    operators::summarize,
    plan::Constant,
    relation::Column,
    value::Value,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{BinaryOperator, Expr, ExprKind, Named, OperatorKind, Parameter, SeriesAggregate};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// What the point of the axis is called before it is laid out: no name that a text can hold.
const POINT: &str = "\0point";

/// Values of all series of one answer, at most.
const MOST_VALUES: usize = 1 << 26;

/// The first input: keys, point, aggregates, and rows of one series may lie anywhere; the second: one row of first point, end, step
/// and the defaults, null where none was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeSeries {
    /// How many keys.
    pub keys: usize,
    /// Whether the end is a point itself.
    pub is_inclusive: bool,
    /// Whether no rows give a series of defaults.
    pub is_nonempty: bool,
    /// The kind of the points.
    pub axis: Kind,
}

/// What the text says.
pub(crate) struct Clause<'a> {
    pub(crate) aggregates: &'a [SeriesAggregate],
    pub(crate) axis: &'a Named,
    pub(crate) from: Option<&'a Expr>,
    pub(crate) to: Option<&'a Expr>,
    pub(crate) step: &'a Expr,
    pub(crate) is_legacy: bool,
    pub(crate) by: &'a [Named],
    pub(crate) parameters: &'a [Parameter],
    pub(crate) span: Span,
}

/// `make-series aggregates on axis from … to … step … by keys`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>) -> Result<Pipe, Told> {
    let mut pipe = binder.rows_of(pipe);
    let is_nonempty = is_nonempty(binder, clause.parameters)?;
    let axis = binder.cells(&mut pipe, &clause.axis.value)?;
    let own = clause.axis.name.as_ref().map(|name| name.text.clone());
    let axis_name = own.or_else(|| binder.auto_name(&pipe, &clause.axis.value));
    let axis_name = axis_name.unwrap_or_else(|| "Column1".to_owned());

    // First point, end, step: over no rows, so that columns do not stand for them.
    let one = binder.relation(Body::Rows(Rows { count: 1, columns: Vec::new() }), Vec::new(), Vec::new());
    let mut bounds = binder.restart(one, 0);
    let mut given: Vec<Given> = Vec::new();
    let mut exprs: Vec<Option<Expr>> = Vec::new();
    for bound in [clause.from, clause.to, Some(clause.step)] {
        let Some(bound) = bound else {
            given.push(Given::new("", binder.constant_cells(&mut bounds, axis.kind, &Constant::Null)?));
            exprs.push(None);
            continue;
        };
        let cells = binder.cells(&mut bounds, bound)?;
        let constant = binder.cells_constant(&bounds, &cells);
        let literal = constant.and_then(|constant| build::literal(cells.kind, &constant, bound.span));
        exprs.push(Some(literal.unwrap_or_else(|| bound.clone())));
        given.push(Given::new("", cells));
    }
    let kinds: Vec<Kind> = given.iter().map(|given| given.cells.kind).collect();
    let point_kind = axis_kind(binder, axis.kind, &kinds, clause)?;
    let step_kind = if point_kind == Kind::DateTime { Kind::TimeSpan } else { point_kind };
    for (at, given) in given.iter_mut().enumerate() {
        let kind = if at == 2 { step_kind } else { point_kind };
        given.cells = binder.cells_as(&mut bounds, &given.cells, kind, clause.span)?;
    }
    let step = given.get(2).and_then(|step| binder.cells_constant(&bounds, &step.cells));
    if step.is_some_and(|step| Value::from(&step).real().is_none_or(|step| step <= 0.0)) {
        return Err(binder.error("KQL0180", clause.step.span, "The step of `make-series` must be above 0"));
    }

    let (pipe, point) = within(binder, pipe, clause, &exprs, axis.kind == Kind::Real)?;
    let mut by = clause.by.to_vec();
    by.push(build::named(POINT, point));
    let items: Vec<Named> = clause.aggregates.iter().map(|aggregate| aggregate.item.clone()).collect();
    let summarized = summarize::bind(binder, pipe, &items, &by)?;
    let relation = binder.seal_all(summarized);
    let columns = binder.columns_of(relation);
    let keys = clause.by.len();
    if columns.len() != by.len() + items.len() {
        let message = "An aggregate of `make-series` gives one column; take one percentile at a time";
        return Err(binder.error("KQL0181", clause.span, message));
    }
    let mut shown: Vec<Column> = columns.iter().take(keys).cloned().collect();
    for (column, aggregate) in columns.iter().skip(keys + 1).zip(clause.aggregates) {
        let kind = column.kind();
        if matches!(kind, Kind::String | Kind::Dynamic | Kind::Guid | Kind::Bool) {
            let message = format!("`make-series` takes aggregates that give numbers or times, not {}", kind.name());
            return Err(binder.error("KQL0181", aggregate.item.value.span, message));
        }
        shown.push(Column::new(column.shown.name.clone(), Kind::Dynamic));
        let default = match &aggregate.default {
            None => {
                let zero = match kind {
                    Kind::Real => Constant::Real(0.0),
                    Kind::Decimal => Constant::Text("0".to_owned()),
                    Kind::DateTime => Constant::Null,
                    _ => Constant::Long(0),
                };
                binder.constant_cells(&mut bounds, kind, &zero)?
            }
            Some(default) => {
                let cells = binder.cells(&mut bounds, default)?;
                // A fraction among whole numbers stays one.
                let stays = matches!((kind, cells.kind), (Kind::Int | Kind::Long, Kind::Real));
                if stays { cells } else { binder.cells_as(&mut bounds, &cells, kind, default.span)? }
            }
        };
        given.push(Given::new("", default));
    }
    shown.push(Column::new(axis_name, Kind::Dynamic));
    let bounds = binder.seal(bounds, given);
    let series = MakeSeries { keys, is_inclusive: clause.is_legacy, is_nonempty, axis: point_kind };
    let count = shown.len();
    let relation = binder.relation(Body::MakeSeries(series), vec![relation, bounds], shown);
    Ok(binder.restart(relation, count))
}

/// `kind=nonempty`; hints say nothing here.
fn is_nonempty(binder: &mut Binder<'_>, parameters: &[Parameter]) -> Result<bool, Told> {
    let mut is_nonempty = false;
    for parameter in parameters.iter().filter(|parameter| parameter.name.text == "kind") {
        match &parameter.value.kind {
            ExprKind::Name(kind) if kind == "nonempty" => is_nonempty = true,
            _ => return Err(binder.error("KQL0017", parameter.value.span, "Expected: nonempty (KS005)")),
        }
    }
    Ok(is_nonempty)
}

/// The kind of the points; told when first point, end and step do not fit the axis.
fn axis_kind(binder: &mut Binder<'_>, axis: Kind, bounds: &[Kind], clause: &Clause<'_>) -> Result<Kind, Told> {
    let is_number = |kind: &Kind| matches!(kind, Kind::Int | Kind::Long | Kind::Real);
    let kind = match (axis, bounds) {
        (Kind::DateTime, [Kind::DateTime, Kind::DateTime, Kind::TimeSpan]) => Some(Kind::DateTime),
        (Kind::TimeSpan, [Kind::TimeSpan, Kind::TimeSpan, Kind::TimeSpan]) => Some(Kind::TimeSpan),
        (axis, bounds) if is_number(&axis) && bounds.iter().all(is_number) => {
            let is_real = axis == Kind::Real || bounds.contains(&Kind::Real);
            Some(if is_real { Kind::Real } else { Kind::Long })
        }
        _ => None,
    };
    kind.ok_or_else(|| {
        let names: Vec<&str> = bounds.iter().map(|kind| kind.name()).collect();
        let message = format!(
            "`make-series` cannot go along {} from {} to {} by {}",
            axis.name(),
            names.first().unwrap_or(&""),
            names.get(1).unwrap_or(&""),
            names.get(2).unwrap_or(&"")
        );
        let help = "The axis is a datetime, timespan or number, and its step a timespan or number";
        binder.error_with_help("KQL0182", clause.axis.span.to(clause.step.span), message, help)
    })
}

/// The rows whose points lie on the axis, and the expression of their points.
fn within(
    binder: &mut Binder<'_>,
    mut pipe: Pipe,
    clause: &Clause<'_>,
    bounds: &[Option<Expr>],
    is_real: bool,
) -> Result<(Pipe, Expr), Told> {
    let span = clause.axis.span;
    let axis = &clause.axis.value;
    let bound = |at: usize| bounds.get(at).cloned().flatten();
    let Some(step) = bound(2) else { return Err(Told) };
    let bin = |value: Expr| build::call("bin", vec![value, step.clone()], span);
    let point = match bound(0) {
        Some(from) if !clause.is_legacy => {
            build::call("bin_at", vec![axis.clone(), step.clone(), from], span)
        }
        _ => bin(axis.clone()),
    };
    // What is no number lies nowhere on the axis.
    let is_there = if is_real { "isfinite" } else { "isnotnull" };
    let mut conditions = vec![build::call(is_there, vec![axis.clone()], span)];
    let mut condition = |left: &Expr, operator, right| {
        conditions.push(build::binary(operator, left.clone(), right, span));
    };
    if clause.is_legacy {
        bound(0).into_iter().for_each(|from| condition(&point, BinaryOperator::GreaterOrEqual, bin(from)));
        bound(1).into_iter().for_each(|to| condition(&point, BinaryOperator::LessOrEqual, to));
    } else {
        bound(0).into_iter().for_each(|from| condition(axis, BinaryOperator::GreaterOrEqual, from));
        bound(1).into_iter().for_each(|to| condition(axis, BinaryOperator::Less, to));
    }
    let condition = build::expression(ExprKind::And(conditions), span);
    pipe = binder.operators(pipe, &[build::operator(OperatorKind::Where(condition), clause.span)])?;
    Ok((pipe, point))
}

impl Operator for MakeSeries {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let kinds = setup.input_kinds(0);
        Box::new(Laying {
            series: self.clone(),
            key_builders: kinds.iter().take(self.keys).map(|kind| Builder::new(*kind)).collect(),
            point_builder: Builder::new(self.axis),
            value_builders: kinds.iter().skip(self.keys + 1).map(|kind| Builder::new(*kind)).collect(),
            value_kinds: kinds.iter().skip(self.keys + 1).copied().collect(),
            default_kinds: setup.input_kinds(1).into_iter().skip(3).collect(),
            table: KeyTable::default(),
            groups: Vec::new(),
            bounds: Vec::new(),
            open: 2,
            sizes: Vec::new(),
            points: None,
            order: BlockOrder::default(),
            ordered: Vec::new(),
            laid: None,
        })
    }
}

struct Laying {
    series: MakeSeries,
    key_builders: Vec<Builder>,
    point_builder: Builder,
    value_builders: Vec<Builder>,
    value_kinds: Vec<Kind>,
    default_kinds: Vec<Kind>,
    table: KeyTable,
    /// Per row its series.
    groups: Vec<u32>,
    /// First point, end, step, defaults.
    bounds: Vec<Value<'static>>,
    /// Inputs that may still give rows.
    open: usize,
    /// Per series its rows.
    sizes: Vec<usize>,
    /// The points of all rows, once they are in, and the rows on their way into the order of series and points.
    points: Option<Vector>,
    order: BlockOrder<u32>,
    ordered: Vec<u32>,
    laid: Option<Laid>,
}

/// All rows, in the order of series and points.
struct Laid {
    keys: Vec<Vector>,
    points: Vector,
    values: Vec<Vector>,
    /// Rows: series after series, point after point.
    order: Vec<u32>,
    /// Where each series ends in the order.
    ends: Vec<usize>,
    next: usize,
    /// Values given so far.
    given: usize,
    /// The last axis: most series have the same.
    axis: (Option<(Axis, String)>, usize),
}

/// The points of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    first: Number,
    step: Number,
    count: usize,
}

/// A point or distance: ticks and whole numbers, or a float.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Whole(i64),
    Real(f64),
}

impl Number {
    /// Stands to another's as the one to the other, where both are whole or both are floats. Below 2^64.
    fn rank(self) -> u128 {
        let bits = match self {
            Self::Whole(long) => long,
            // As `f64::total_cmp`.
            Self::Real(real) => {
                let bits = real.to_bits().cast_signed();
                bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
            }
        };
        u128::from(bits.cast_unsigned() ^ (1 << 63))
    }

    fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Long(long) => Some(Self::Whole(*long)),
            Value::Real(real) if real.is_finite() => Some(Self::Real(*real)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a point beyond 2^53 steps has no series")]
    const fn real(self) -> f64 {
        match self {
            Self::Whole(long) => long as f64,
            Self::Real(real) => real,
        }
    }

    /// How many steps lie between `self` and `to`; 0 when it is behind. A part of a step counts as one when `is_up`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    fn steps(self, to: Self, step: Self, is_up: bool) -> u64 {
        match (self, to, step) {
            (Self::Whole(from), Self::Whole(to), Self::Whole(step)) => {
                let (distance, step) = (i128::from(to) - i128::from(from), i128::from(step).max(1));
                let steps = if is_up { (distance + step - 1).div_euclid(step) } else { distance.div_euclid(step) };
                u64::try_from(steps).unwrap_or(0)
            }
            _ => {
                let steps = (to.real() - self.real()) / step.real();
                // Ten steps of 0.1 are one.
                let steps = if is_up { (steps - 1e-9).ceil() } else { (steps + 1e-9).floor() };
                steps.max(0.0) as u64
            }
        }
    }
}

impl Axis {
    #[expect(clippy::cast_precision_loss, reason = "a place in an array")]
    fn point(&self, at: usize) -> Value<'static> {
        match (self.first, self.step) {
            (Number::Whole(first), Number::Whole(step)) => {
                let at = i64::try_from(at).unwrap_or(i64::MAX);
                at.checked_mul(step).and_then(|by| first.checked_add(by)).into()
            }
            (first, step) => Value::Real(at as f64 * step.real() + first.real()),
        }
    }
}

impl Laying {
    /// All rows are in: puts them in order, a block a call. Whether it is done.
    fn lay(&mut self) -> bool {
        let groups = &self.groups;
        let points = self.points.get_or_insert_with(|| {
            self.order.extend(0..u32::try_from(groups.len()).unwrap_or(u32::MAX));
            std::mem::replace(&mut self.point_builder, Builder::new(self.series.axis)).finish()
        });
        // Series after series, point after point, rows without one first.
        let place = |row: u32| {
            let group = groups.get(row as usize).copied().unwrap_or_default();
            let point = Number::of(&points.get(row as usize)).map_or(0, |point| point.rank() + 1);
            Place { key: u128::from(group) << 96 | point, ..Place::default() }
        };
        if !self.order.sort_some(place) {
            return false;
        }
        let rows = self.order.next(place);
        if !rows.is_empty() {
            self.ordered.extend(rows);
            return false;
        }
        let mut count = self.table.len();
        if count == 0 && self.series.is_nonempty && self.series.keys == 0 {
            count = 1;
        }
        let mut end = 0;
        let of_group = |group: usize| {
            end += self.sizes.get(group).copied().unwrap_or(0);
            end
        };
        self.laid = Some(Laid {
            ends: (0..count).map(of_group).collect(),
            keys: self.key_builders.drain(..).map(Builder::finish).collect(),
            points: self.points.take().unwrap_or(Vector::Same(Value::Null, 0)),
            values: self.value_builders.drain(..).map(Builder::finish).collect(),
            order: std::mem::take(&mut self.ordered),
            next: 0,
            given: 0,
            axis: (None, 0),
        });
        true
    }
}

impl Laid {
    /// The rows of a series in the order of their points.
    fn rows(&self, series: usize) -> &[u32] {
        let start = series.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(series).copied());
        range.and_then(|(start, end)| self.order.get(start..end)).unwrap_or_default()
    }

    /// The axis of a series; `None` when a bound is not there that is needed.
    fn axis(&self, series: usize, bounds: &[Value<'_>], is_inclusive: bool) -> Result<Option<Axis>, Refusal> {
        let bound = |at: usize| bounds.get(at).and_then(Number::of);
        let rows = self.rows(series);
        let point = |row: Option<&u32>| row.and_then(|row| Number::of(&self.points.get(*row as usize)));
        let Some(step) = bound(2).filter(|step| step.real() > 0.0) else {
            return Err(Refusal::Value("the step of `make-series` must be above 0".to_owned()));
        };
        // The older form begins where `bin` puts the first point.
        let from = match (bound(0), step) {
            (Some(Number::Whole(from)), Number::Whole(step)) if is_inclusive => {
                Some(Number::Whole(from.div_euclid(step).saturating_mul(step)))
            }
            (Some(from), step) if is_inclusive => {
                Some(Number::Real((from.real() / step.real()).floor() * step.real()))
            }
            (from, _) => from,
        };
        let Some(first) = from.or_else(|| point(rows.first())) else { return Ok(None) };
        let count = match (bound(1), point(rows.last())) {
            (Some(to), _) if is_inclusive => {
                if first.real() > to.real() { 0 } else { first.steps(to, step, false).saturating_add(1) }
            }
            (Some(to), _) => first.steps(to, step, true),
            (None, Some(last)) => first.steps(last, step, false).saturating_add(1),
            (None, None) => 0,
        };
        match usize::try_from(count) {
            Ok(count) if count <= MOST_ELEMENTS => Ok(Some(Axis { first, step, count })),
            _ => Err(Refusal::Value(format!(
                "`make-series` gives at most 1,048,576 points a series, and this axis would have {count}; take a longer step"
            ))),
        }
    }
}

impl Run for Laying {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        if input == 1 {
            self.bounds = frame.columns().iter().map(|column| column.get(0).into_owned()).collect();
            return Ok(());
        }
        let keys: Vec<usize> = (0..self.series.keys).collect();
        let mut met = self.table.len();
        let groups = self.table.add(&frame, &keys);
        let points = frame.column(self.series.keys);
        for (row, group) in groups.iter().enumerate() {
            if *group as usize >= met {
                met += 1;
                for (at, builder) in self.key_builders.iter_mut().enumerate() {
                    builder.push(&frame.column(at).get(row));
                }
            }
            self.point_builder.push(&points.get(row));
        }
        for (at, builder) in self.value_builders.iter_mut().enumerate() {
            let column = frame.column(self.series.keys + 1 + at);
            (0..frame.rows()).for_each(|row| builder.push(&column.get(row)));
        }
        self.sizes.resize(self.table.len(), 0);
        for group in &groups {
            if let Some(size) = self.sizes.get_mut(*group as usize) {
                *size += 1;
            }
        }
        self.groups.extend(groups);
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.open = self.open.saturating_sub(1);
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if self.open > 0 {
            return Ok(Pulled::Nothing);
        }
        if self.laid.is_none() && !self.lay() {
            return Ok(Pulled::Working);
        }
        let Some(laid) = &mut self.laid else { return Ok(Pulled::Nothing) };
        let (mut series, mut arrays) = (Vec::new(), vec![Vec::new(); laid.values.len() + 1]);
        let mut work = 0;
        while laid.next < laid.ends.len() && series.len() < BATCH_ROWS && work < BATCH_ROWS {
            let number = laid.next;
            laid.next += 1;
            let Some(axis) = laid.axis(number, &self.bounds, self.series.is_inclusive)? else { continue };
            work += axis.count * (laid.values.len() + 1) + 1;
            laid.given += axis.count * (laid.values.len() + 1);
            if laid.given > MOST_VALUES {
                let message = "all series of one `make-series` hold at most 67,108,864 values; take a longer step, a shorter \
                               range or fewer keys";
                return Err(Refusal::Value(message.to_owned()));
            }
            series.push(u32::try_from(number).unwrap_or(u32::MAX));
            // Per point the row that stands there.
            let mut rows: Vec<Option<u32>> = vec![None; axis.count];
            for row in laid.rows(number) {
                let Some(point) = Number::of(&laid.points.get(*row as usize)) else { continue };
                let at = match (axis.first, point) {
                    (Number::Whole(_), Number::Whole(_)) => axis.first.steps(point, axis.step, false),
                    // Nearest: points of floats are worked out in two ways.
                    _ => axis.first.steps(Number::Real(point.real() + axis.step.real() / 2.0), axis.step, false),
                };
                if let Some(slot) = usize::try_from(at).ok().and_then(|at| rows.get_mut(at)) {
                    *slot = Some(*row);
                }
            }
            for (at, (values, array)) in laid.values.iter().zip(&mut arrays).enumerate() {
                let kind = self.value_kinds.get(at).copied().unwrap_or(Kind::Long);
                let default = self.bounds.get(at + 3).cloned().unwrap_or(Value::Null);
                let default = element(default, self.default_kinds.get(at).copied().unwrap_or(kind));
                let mut out = ArrayWriter::default();
                for row in &rows {
                    match row {
                        Some(row) => out.raw(element(values.get(*row as usize), kind).text()),
                        None => out.raw(default.text()),
                    }
                }
                array.push(out.finish());
            }
            let known = laid.axis.0.as_ref().filter(|(known, _)| *known == axis).map(|(_, text)| text.clone());
            let text = known.unwrap_or_else(|| {
                let mut out = ArrayWriter::default();
                (0..axis.count).for_each(|at| out.raw(element(axis.point(at), self.series.axis).text()));
                out.finish()
            });
            laid.axis = (Some((axis, text.clone())), text.len());
            arrays.last_mut().into_iter().for_each(|array| array.push(text.clone()));
        }
        if series.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let mut columns: Vec<Rc<Vector>> = laid.keys.iter().map(|key| Rc::new(key.take(&series))).collect();
        columns.extend(arrays.into_iter().map(|array| {
            Rc::new(Vector::from_values(Kind::Dynamic, array.into_iter().map(Value::owned)))
        }));
        Ok(Pulled::Frame(Frame::new(series.len(), columns)))
    }

    fn memory(&self) -> usize {
        let builders = self.key_builders.iter().chain(&self.value_builders).chain([&self.point_builder]);
        let laid = self.laid.as_ref().map_or(0, |laid| {
            let columns = laid.keys.iter().chain(&laid.values).chain([&laid.points]);
            columns.map(Vector::memory).sum::<usize>() + laid.order.len() * 4 + laid.ends.len() * 8 + laid.axis.1
        });
        self.table.memory() + builders.map(Builder::memory).sum::<usize>() + self.groups.capacity() * 4 + self.order.memory() + self.ordered.capacity() * 4 + laid
    }
}

/// A value as an element of an array.
fn element(value: Value<'_>, kind: Kind) -> Value<'_> {
    match as_json(value, kind) {
        Value::Null => Value::borrowed("null"),
        json => json,
    }
}
