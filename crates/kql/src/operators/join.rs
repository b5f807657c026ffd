//! `join` of all kinds, and `lookup`: rows of two sides by equal keys.
//!
//! The right side is held, the left side passes: its rows keep their order, and each comes with its right rows in theirs. Right rows
//! that found none come last, where the kind wants them. Null keys match null keys, as on Kusto's engine.

use super::{Body, Operator, Pulled, Refusal, Run, Setup, flags, set};
use crate::{
    bind::{Binder, Cells, Given, Pipe, Told},
    frame::{BATCH_ROWS, Frame, Place, Places, Vector},
    keys::KeyTable,
    relation::Column,
    value::Value,
};
use chartroom_base::{sort, diagnostic::Span};
use chartroom_kql_syntax::ast::{BinaryOperator, Expr, ExprKind, JoinKind, Query};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, rc::Rc};

/// Rows of the left and the right input whose keys are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The keys' columns on the left.
    pub left_keys: Vec<usize>,
    /// Those on the right.
    pub right_keys: Vec<usize>,
    /// Which left columns come out.
    pub left: Vec<usize>,
    /// Which right columns come out behind them.
    pub right: Vec<usize>,
    /// Only the first left row of each key.
    pub is_unique: bool,
    /// What becomes of left rows.
    pub of_left: Side,
    /// What becomes of right rows.
    pub of_right: Side,
}

/// What becomes of the rows of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// Pairs come out.
    Paired,
    /// Pairs, and rows without a partner.
    Outer,
    /// Each row once that has a partner, without it.
    Semi,
    /// Each row that has none.
    Anti,
    /// It only decides about the other side.
    Unseen,
}

/// `join kind=… (right) on conditions`.
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    left: Pipe,
    kind: Option<JoinKind>,
    right: &Query,
    on: &[Expr],
    span: Span,
) -> Result<Pipe, Told> {
    let (left, right, keys) = sides(binder, left, right, on, span)?;
    let kind = kind.unwrap_or(JoinKind::InnerUnique);
    let (of_left, of_right) = match kind {
        JoinKind::InnerUnique | JoinKind::Inner => (Side::Paired, Side::Paired),
        JoinKind::LeftOuter => (Side::Outer, Side::Paired),
        JoinKind::RightOuter => (Side::Paired, Side::Outer),
        JoinKind::FullOuter => (Side::Outer, Side::Outer),
        JoinKind::LeftSemi => (Side::Semi, Side::Unseen),
        JoinKind::LeftAnti => (Side::Anti, Side::Unseen),
        JoinKind::RightSemi => (Side::Unseen, Side::Semi),
        JoinKind::RightAnti => (Side::Unseen, Side::Anti),
    };
    let is_unique = kind == JoinKind::InnerUnique;
    Ok(join(binder, (left, right), &keys, Shape { is_unique, of_left, of_right, drops_right_keys: false }))
}

/// `lookup kind=… (right) on conditions`: the right side's keys do not come out.
pub(crate) fn bind_lookup(
    binder: &mut Binder<'_>,
    left: Pipe,
    kind: Option<JoinKind>,
    right: &Query,
    on: &[Expr],
    span: Span,
) -> Result<Pipe, Told> {
    let (left, right, keys) = sides(binder, left, right, on, span)?;
    let of_left = match kind {
        None | Some(JoinKind::LeftOuter) => Side::Outer,
        Some(JoinKind::Inner) => Side::Paired,
        Some(other) => {
            let message = format!("`lookup` is `leftouter` or `inner`, not `{}`", other.word());
            return Err(binder.error("KQL0005", span, message));
        }
    };
    let shape = Shape { is_unique: false, of_left, of_right: Side::Paired, drops_right_keys: true };
    Ok(join(binder, (left, right), &keys, shape))
}

#[derive(Clone, Copy)]
struct Shape {
    is_unique: bool,
    of_left: Side,
    of_right: Side,
    drops_right_keys: bool,
}

/// The keys of both sides, pair by pair.
type Keys = Vec<(Cells, Cells)>;

/// Both sides as rows, and their keys.
fn sides(
    binder: &mut Binder<'_>,
    left: Pipe,
    right: &Query,
    on: &[Expr],
    span: Span,
) -> Result<(Pipe, Pipe, Keys), Told> {
    let right = binder.pipe(right);
    let (mut left, mut right) = (binder.rows_of(left), binder.rows_of(right?));
    let keys = conditions(binder, &mut left, &mut right, on, span)?;
    Ok((left, right, keys))
}

/// The keys of both sides, pair by pair.
fn conditions(
    binder: &mut Binder<'_>,
    left: &mut Pipe,
    right: &mut Pipe,
    on: &[Expr],
    span: Span,
) -> Result<Keys, Told> {
    let mut keys = Vec::new();
    let mut result = Ok(());
    for condition in on {
        match one_condition(binder, left, right, condition) {
            Ok(pair) => keys.push(pair),
            Err(told) => result = Err(told),
        }
    }
    result?;
    if keys.is_empty() {
        return Err(binder.error("KQL0172", span, "`join` needs `on` and at least one key"));
    }
    Ok(keys)
}

fn one_condition(
    binder: &mut Binder<'_>,
    left: &mut Pipe,
    right: &mut Pipe,
    condition: &Expr,
) -> Result<(Cells, Cells), Told> {
    let (left_expr, right_expr) = match &condition.kind {
        ExprKind::Name(name) => {
            let has = |pipe: &Pipe| pipe.columns().iter().any(|column| column.name == *name);
            if has(left) != has(right) {
                let message = format!("The column `{name}` must exist on both sides of the join");
                let help = "Write `$left.a == $right.b` for columns of different names";
                return Err(binder.error_with_help("KQL0173", condition.span, message, help));
            }
            (condition.clone(), condition.clone())
        }
        ExprKind::Binary { operator: BinaryOperator::Equal, left: first, right: second, .. } => {
            match (side(first), side(second)) {
                (Some((true, a)), Some((false, b))) => (a, b),
                (Some((false, b)), Some((true, a))) => (a, b),
                _ => return Err(wrong_condition(binder, condition.span)),
            }
        }
        _ => return Err(wrong_condition(binder, condition.span)),
    };
    let (a, b) = (binder.cells(left, &left_expr), binder.cells(right, &right_expr));
    let (a, b) = (a?, b?);
    if a.kind == Kind::Dynamic || b.kind == Kind::Dynamic {
        let message = "The join key is of a 'dynamic' type";
        let help = "Put `tostring(…)` around it before the join";
        return Err(binder.error_with_help("KQL0164", condition.span, message, help));
    }
    let is_whole = |kind| matches!(kind, Kind::Int | Kind::Long);
    let is_number = |kind| is_whole(kind) || kind == Kind::Real;
    if a.kind == b.kind || (is_whole(a.kind) && is_whole(b.kind)) {
        return Ok((a, b));
    }
    if is_number(a.kind) && is_number(b.kind) {
        let a = binder.cells_as(left, &a, Kind::Real, condition.span)?;
        let b = binder.cells_as(right, &b, Kind::Real, condition.span)?;
        return Ok((a, b));
    }
    let message = format!("The join keys are of different types, {} and {}", a.kind.name(), b.kind.name());
    Err(binder.error_with_help("KQL0174", condition.span, message, "Convert one of them before the join"))
}

fn wrong_condition(binder: &mut Binder<'_>, span: Span) -> Told {
    let message = "A join condition is a column of both sides, or `$left.a == $right.b`";
    binder.error("KQL0175", span, message)
}

/// `$left.name`: whether it is the left one, and the column's expression.
fn side(expression: &Expr) -> Option<(bool, Expr)> {
    let (base, column) = match &expression.kind {
        ExprKind::Path { base, name } => (base, Expr { kind: ExprKind::Name(name.text.clone()), ..expression.clone() }),
        _ => return None,
    };
    match &base.kind {
        ExprKind::Name(side) if side == "$left" => Some((true, column)),
        ExprKind::Name(side) if side == "$right" => Some((false, column)),
        _ => None,
    }
}

/// The relation of two pipes by their keys.
fn join(binder: &mut Binder<'_>, (left, right): (Pipe, Pipe), keys: &[(Cells, Cells)], shape: Shape) -> Pipe {
    let place = |given: &mut Vec<Given>, cells: &Cells| {
        let known = given.iter().position(|given| given.cells == *cells);
        known.unwrap_or_else(|| {
            given.push(Given::new("", cells.clone()));
            given.len() - 1
        })
    };
    let (mut left_given, mut right_given) = (left.given(), right.given());
    let mut left_shown: Vec<usize> = (0..left_given.len()).collect();
    let mut right_shown: Vec<usize> = (0..right_given.len()).collect();
    let left_keys: Vec<usize> = keys.iter().map(|(key, _)| place(&mut left_given, key)).collect();
    let right_keys: Vec<usize> = keys.iter().map(|(_, key)| place(&mut right_given, key)).collect();
    if shape.drops_right_keys {
        right_shown.retain(|at| !right_keys.contains(at));
    }
    if shape.of_right == Side::Unseen {
        right_shown.clear();
    }
    if shape.of_left == Side::Unseen {
        left_shown.clear();
    }
    let mut columns: Vec<Column> = Vec::new();
    for given in left_shown.iter().filter_map(|at| left_given.get(*at)) {
        columns.push(given.column.clone());
    }
    for given in right_shown.iter().filter_map(|at| right_given.get(*at)) {
        let mut column = given.column.clone();
        let name = column.shown.name.clone();
        let mut number = 0_u32;
        while columns.iter().any(|known| known.shown.name == column.shown.name) {
            number += 1;
            column.shown.name = format!("{name}{number}");
            column.is_stored = false;
        }
        columns.push(column);
    }
    let (left, right) = (binder.seal(left, left_given), binder.seal(right, right_given));
    let count = columns.len();
    let join = Join {
        left_keys,
        right_keys,
        left: left_shown,
        right: right_shown,
        is_unique: shape.is_unique,
        of_left: shape.of_left,
        of_right: shape.of_right,
    };
    let relation = binder.relation(Body::Join(join), vec![left, right], columns);
    binder.restart(relation, count)
}

impl Operator for Join {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let [left, right] = [0, 1].map(|at| inputs.get(at).copied().unwrap_or(0));
        let of_left = set(needed).filter_map(|at| self.left.get(at)).chain(&self.left_keys).copied();
        let of_right = set(needed)
            .filter_map(|at| self.right.get(at.checked_sub(self.left.len())?))
            .chain(&self.right_keys)
            .copied();
        vec![flags(left, of_left), flags(right, of_right)]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Joining {
            join: self.clone(),
            kinds: setup.output_kinds(),
            keys: KeyTable::default(),
            right: Vec::new(),
            places: Vec::new(),
            nexts: Vec::new(),
            chains: Vec::new(),
            matched: Vec::new(),
            seen: KeyTable::default(),
            waiting: VecDeque::new(),
            cursor: Cursor::default(),
            has_right: false,
            has_left: false,
            last: None,
        })
    }
}

struct Joining {
    join: Join,
    kinds: Vec<Kind>,
    keys: KeyTable,
    right: Vec<Frame>,
    /// All right rows: frame and row.
    places: Vec<(u32, u32)>,
    /// Per right row the next one of its key; [`END`] for none.
    nexts: Vec<u32>,
    /// Per key of the right side its first and its last row.
    chains: Vec<(u32, u32)>,
    /// Per key of the right side, whether a left row had it.
    matched: Vec<bool>,
    /// Keys of the left side, for those of which only the first row counts.
    seen: KeyTable,
    /// Left batches that were not gone through, with their rows' keys; the first is in work.
    waiting: VecDeque<Frame>,
    cursor: Cursor,
    has_right: bool,
    has_left: bool,
    /// Right rows that come last; made once both sides are in.
    last: Option<VecDeque<(u32, u32)>>,
}

/// A left row, and frame and row of a right one.
type Pair = (Option<u32>, Option<(u32, u32)>);

/// Where the work on the first left batch stands.
#[derive(Default)]
struct Cursor {
    /// Per row its key's number on the right side; empty when the batch was not begun.
    keys: Vec<u32>,
    /// Rows that count.
    is_first: Vec<bool>,
    row: usize,
    /// The next right row of that left row; `None` before the first.
    partner: Option<u32>,
}

/// No further row.
const END: u32 = u32::MAX;

impl Joining {
    /// The next batch of pairs from the left rows that wait.
    fn pairs(&mut self) -> Option<Frame> {
        let left = self.waiting.front()?.clone();
        if self.cursor.keys.is_empty() {
            self.cursor.keys = self.keys.find(&left, &self.join.left_keys);
            if self.join.is_unique {
                let mut known = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
                let numbers = self.seen.add(&left, &self.join.left_keys);
                self.cursor.is_first = numbers
                    .into_iter()
                    .map(|number| {
                        let is_first = number >= known;
                        known = known.max(number.saturating_add(1));
                        is_first
                    })
                    .collect();
            }
        }
        let mut pairs: Vec<Pair> = Vec::new();
        while pairs.len() < BATCH_ROWS && self.cursor.row < left.rows() {
            let row = self.cursor.row;
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            let key = self.cursor.keys.get(row).copied().unwrap_or(u32::MAX) as usize;
            let is_first = self.cursor.is_first.get(row).copied().unwrap_or(true);
            let first = self.chains.get(key).map_or(END, |chain| chain.0);
            if let Some(matched) = self.matched.get_mut(key) {
                *matched = true;
            }
            match self.join.of_left {
                Side::Paired | Side::Outer if is_first => {
                    let partner = self.cursor.partner.unwrap_or(first);
                    if let Some(place) = self.places.get(partner as usize) {
                        pairs.push((Some(number), Some(*place)));
                        let next = self.nexts.get(partner as usize).copied().unwrap_or(END);
                        if next != END {
                            self.cursor.partner = Some(next);
                            continue;
                        }
                    } else if self.join.of_left == Side::Outer {
                        pairs.push((Some(number), None));
                    }
                }
                Side::Semi if first != END => pairs.push((Some(number), None)),
                Side::Anti if first == END => pairs.push((Some(number), None)),
                _ => {}
            }
            self.cursor.row += 1;
            self.cursor.partner = None;
        }
        if self.cursor.row >= left.rows() {
            self.waiting.pop_front();
            self.cursor = Cursor::default();
        }
        Some(self.frame(Some(&left), &pairs))
    }

    /// The columns of these pairs; no row on a side: nulls.
    fn frame(&self, left: Option<&Frame>, pairs: &[Pair]) -> Frame {
        let lefts: Option<Vec<u32>> = pairs.iter().map(|(row, _)| *row).collect();
        let column = |(at, kind): (usize, &Kind)| {
            let right = at.checked_sub(self.join.left.len()).and_then(|at| self.join.right.get(at));
            match (self.join.left.get(at), left, &lefts, right) {
                (Some(column), Some(left), Some(rows), _) => left.column(*column).take(rows),
                (_, _, _, Some(column)) => {
                    let frames: Vec<Option<&Vector>> =
                        self.right.iter().map(|frame| frame.columns().get(*column).map(Rc::as_ref)).collect();
                    Vector::collect(*kind, &frames, pairs.iter().map(|(_, right)| *right))
                }
                _ => Vector::Same(Value::none(*kind), pairs.len()),
            }
        };
        let columns = self.kinds.iter().enumerate().map(|cell| Rc::new(column(cell))).collect();
        Frame::new(pairs.len(), columns).with_places(self.places(left, pairs))
    }

    /// Where the pairs stand, where the rows of both sides bear places: left rows with their partners in order, then right rows alone.
    fn places(&self, left: Option<&Frame>, pairs: &[Pair]) -> Option<Rc<Places>> {
        let of_left = left.map(|left| left.places());
        let place = |(row, right): &Pair| match (of_left, row, right) {
            (Some(places), Some(row), right) => {
                let place = places?.get(*row as usize)?;
                // Unique among the pairs of a left row, and in the order of the right rows.
                let partner = right.map_or(0, |(frame, row)| (u64::from(frame) << 16) | u64::from(row));
                Some(Place { part: (place.part << 40) | partner, ..place })
            }
            (_, _, Some((frame, row))) => {
                Some(self.right.get(*frame as usize)?.places()?.get(*row as usize)?.behind())
            }
            _ => None,
        };
        let places: Option<Vec<Place>> = pairs.iter().map(place).collect();
        places.map(|places| Rc::new(Places::Each(places)))
    }

    /// Right rows that come by themselves, in their order.
    fn rest(&self) -> VecDeque<(u32, u32)> {
        let wants_matched = match self.join.of_right {
            Side::Outer | Side::Anti => false,
            Side::Semi => true,
            Side::Paired | Side::Unseen => return VecDeque::new(),
        };
        let chains = self.chains.iter().zip(&self.matched).filter(|(_, matched)| **matched == wants_matched);
        let next = |row: &u32| self.nexts.get(*row as usize).copied().filter(|next| *next != END);
        let rows = chains.flat_map(|((first, _), _)| std::iter::successors(Some(*first), next));
        let mut rest: Vec<(u32, u32)> = rows.filter_map(|row| self.places.get(row as usize)).copied().collect();
        sort::sort(&mut rest);
        rest.into()
    }
}

impl Run for Joining {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        if input == 0 {
            self.waiting.push_back(frame);
            return Ok(());
        }
        let number = u32::try_from(self.right.len()).unwrap_or(u32::MAX);
        for (row, key) in (0_u32..).zip(self.keys.add(&frame, &self.join.right_keys)) {
            let new = u32::try_from(self.places.len()).unwrap_or(END);
            self.places.push((number, row));
            self.nexts.push(END);
            match self.chains.get_mut(key as usize) {
                Some((_, last)) => {
                    if let Some(next) = self.nexts.get_mut(*last as usize) {
                        *next = new;
                    }
                    *last = new;
                }
                // Keys are numbered as they come.
                None => {
                    self.chains.push((new, new));
                    self.matched.push(false);
                }
            }
        }
        self.right.push(frame);
        Ok(())
    }

    fn end(&mut self, input: usize) {
        if input == 0 {
            self.has_left = true;
        } else {
            self.has_right = true;
        }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.has_right {
            return Ok(Pulled::Nothing);
        }
        if let Some(frame) = self.pairs() {
            return Ok(if frame.rows() == 0 { Pulled::Working } else { Pulled::Frame(frame) });
        }
        if !self.has_left {
            return Ok(Pulled::Nothing);
        }
        let mut rest = match self.last.take() {
            Some(rest) => rest,
            None => self.rest(),
        };
        let count = rest.len().min(BATCH_ROWS);
        let pairs: Vec<_> = rest.drain(..count).map(|right| (None, Some(right))).collect();
        self.last = Some(rest);
        Ok(if pairs.is_empty() { Pulled::Nothing } else { Pulled::Frame(self.frame(None, &pairs)) })
    }

    fn memory(&self) -> usize {
        let frames = self.right.iter().chain(&self.waiting).map(Frame::memory).sum::<usize>();
        let rows: usize = self.right.iter().map(Frame::rows).sum();
        frames + rows * 24 + self.keys.memory() + self.seen.memory()
    }
}
