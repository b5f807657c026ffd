//! `join` of all kinds, and `lookup`: rows of two sides by equal keys.
//!
//! The right side is held and its keys are numbered, the left side passes; only numbers of rows are put together, and columns are taken
//! by them at the end. Left rows keep their order, and each comes with its right rows in theirs. Right rows that found none come last,
//! where the kind wants them. Null keys match null keys, as on Kusto's engine.
//!
//! **Invariant:** rows that bear places may come in any order. What is given bears places then, in whose order it is the same for any order in
//! which rows came: a left row's, with the number of the partner among its key's; a right row by itself stands behind them all.

use super::{Body, Operator, Pulled, Refusal, Run, Setup, flags, order::BlockOrder, set};
use crate::{
    bind::{Binder, Cells, Given, Pipe, Told},
    frame::{BATCH_ROWS, Frame, Place, Places, Vector},
    keys::KeyTable,
    relation::Column,
    value::Value,
    work,
};
use chartroom_base::diagnostic::Span;
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
        let is_chained = matches!(self.of_left, Side::Paired | Side::Outer);
        Box::new(Joining {
            join: self.clone(),
            kinds: setup.output_kinds(),
            right: Right { is_chained, ..Right::default() },
            waiting: VecDeque::new(),
            held: VecDeque::new(),
            bests: Vec::new(),
            count: 0,
            current: None,
            cursor: Cursor::default(),
            has_right: false,
            has_left: false,
            rest: 0,
        })
    }
}

struct Joining {
    join: Join,
    kinds: Vec<Kind>,
    right: Right,
    /// Left batches whose keys were not looked up.
    waiting: VecDeque<Left>,
    /// Those of which only the first row of each key counts, until all are in: the first may come last.
    held: VecDeque<Left>,
    /// Per key of the right side, the first left row that has it: its place, batch and number.
    bests: Vec<Option<(Place, u32, u32)>>,
    /// Left batches that came.
    count: u32,
    /// The left batch in work.
    current: Option<Left>,
    cursor: Cursor,
    has_right: bool,
    has_left: bool,
    /// Right rows that were looked at for those that come by themselves.
    rest: usize,
}

/// A left batch.
struct Left {
    frame: Frame,
    number: u32,
    /// Per row its key's number on the right side.
    keys: Vec<u32>,
}

/// Where the work on a left batch stands.
#[derive(Default)]
struct Cursor {
    row: usize,
    /// The next right row of that left row, and its number among those of its key; `None` before the first.
    partner: Option<(u32, u64)>,
}

/// Rows that stand side by side: left ones by their number in a batch, right ones among all ([`END`]: none).
#[derive(Default)]
struct Pairs {
    left: Vec<u32>,
    right: Vec<u32>,
    /// Numbers of the right ones among those of their key.
    ordinals: Vec<u64>,
}

impl Pairs {
    fn push(&mut self, left: u32, right: u32, ordinal: u64) {
        self.left.push(left);
        self.right.push(right);
        self.ordinals.push(ordinal);
    }
}

/// No further row, no key.
const END: u32 = u32::MAX;

/// A left row had the key.
const MATCHED: u8 = 1;
/// The first left row of the key was taken.
const TAKEN: u8 = 2;
/// The key's rows did not come in order, or the reverse of it.
const LOOSE: u8 = 4;
/// They were put in order.
const LINKED: u8 = 8;

/// The right side: rows by their keys.
#[derive(Default)]
struct Right {
    keys: KeyTable,
    frames: Vec<Frame>,
    /// All rows: frame and row.
    rows: Vec<(u32, u32)>,
    /// Per row its key.
    of_rows: Vec<u32>,
    /// Per row the next one of its key.
    nexts: Vec<u32>,
    /// Per key its first and its last row, and what is known of it.
    chains: Vec<(u32, u32)>,
    flags: Vec<u8>,
    /// Whether all rows of a key are wanted.
    is_chained: bool,
    has_loose: bool,
    /// Rows of loose keys on their way into order, and how many rows were looked at for them.
    loose: BlockOrder<u32>,
    looked: usize,
}

impl Right {
    fn add(&mut self, frame: Frame, columns: &[usize]) {
        let number = u32::try_from(self.frames.len()).unwrap_or(END);
        let keys = self.keys.add(&frame, columns);
        let has_places = frame.places().is_some();
        self.frames.push(frame);
        for (row, key) in (0_u32..).zip(keys) {
            let new = u32::try_from(self.rows.len()).unwrap_or(END);
            self.rows.push((number, row));
            self.of_rows.push(key);
            self.nexts.push(END);
            // Keys are numbered as they come.
            let Some((first, last)) = self.chains.get(key as usize).copied() else {
                self.chains.push((new, new));
                self.flags.push(0);
                continue;
            };
            if !self.is_chained || self.has(key, LOOSE) {
                continue;
            }
            if !has_places || self.place(last) <= self.place(new) {
                self.link(last, new);
                self.set_chain(key, (first, new));
            } else if self.place(new) < self.place(first) {
                self.link(new, first);
                self.set_chain(key, (new, last));
            } else {
                self.flag(key, LOOSE);
                self.has_loose = true;
            }
        }
    }

    fn place(&self, row: u32) -> Place {
        let place = || {
            let (frame, row) = *self.rows.get(row as usize)?;
            self.frames.get(frame as usize)?.places()?.get(row as usize)
        };
        place().unwrap_or_default()
    }

    fn link(&mut self, row: u32, next: u32) {
        if let Some(slot) = self.nexts.get_mut(row as usize) {
            *slot = next;
        }
    }

    fn set_chain(&mut self, key: u32, chain: (u32, u32)) {
        if let Some(slot) = self.chains.get_mut(key as usize) {
            *slot = chain;
        }
    }

    fn has(&self, key: u32, flag: u8) -> bool {
        self.flags.get(key as usize).is_some_and(|flags| flags & flag != 0)
    }

    fn flag(&mut self, key: u32, flag: u8) {
        if let Some(flags) = self.flags.get_mut(key as usize) {
            *flags |= flag;
        }
    }

    /// All rows are in: puts a batch of those in order that came out of it. Whether all are.
    fn settle(&mut self) -> bool {
        if !self.has_loose {
            return true;
        }
        if self.looked < self.rows.len() {
            let end = self.rows.len().min(self.looked + BATCH_ROWS);
            for row in self.looked..end {
                if self.of_rows.get(row).is_some_and(|key| self.has(*key, LOOSE)) {
                    self.loose.extend(u32::try_from(row));
                }
            }
            work::count(BATCH_ROWS);
            self.looked = end;
            return false;
        }
        let mut order = std::mem::take(&mut self.loose);
        let is_sorted = order.sort_some(|row| self.place(row));
        let rows = if is_sorted { order.next(|row| self.place(row)) } else { Vec::new() };
        self.loose = order;
        for row in &rows {
            let key = self.of_rows.get(*row as usize).copied().unwrap_or(END);
            let chain = self.chains.get(key as usize).copied().filter(|_| self.has(key, LINKED));
            if let Some((_, last)) = chain {
                self.link(last, *row);
            }
            self.link(*row, END);
            self.flag(key, LINKED);
            self.set_chain(key, (chain.map_or(*row, |chain| chain.0), *row));
        }
        self.has_loose = !is_sorted || !rows.is_empty();
        !self.has_loose
    }

    fn memory(&self) -> usize {
        let frames = self.frames.iter().map(Frame::memory).sum::<usize>();
        frames + self.rows.capacity() * 16 + self.chains.capacity() * 9 + self.keys.memory() + self.loose.memory()
    }
}

impl Joining {
    /// Takes up the next left batch; whether there was one.
    fn begin_left(&mut self) -> bool {
        let Some(mut left) = self.waiting.pop_front() else {
            self.current = if self.has_left { self.held.pop_front() } else { None };
            return self.current.is_some();
        };
        left.keys = self.right.keys.find(&left.frame, &self.join.left_keys);
        let Some(places) = left.frame.places().filter(|_| self.join.is_unique) else {
            self.current = Some(left);
            return true;
        };
        self.bests.resize(self.right.chains.len(), None);
        for (row, key) in (0_u32..).zip(&left.keys) {
            if let (Some(best), Some(place)) = (self.bests.get_mut(*key as usize), places.get(row as usize))
                && best.is_none_or(|(known, ..)| place < known)
            {
                *best = Some((place, left.number, row));
            }
        }
        self.held.push_back(left);
        true
    }

    /// The next batch of pairs from the left batch in work.
    fn pairs(&mut self) -> Option<Frame> {
        let left = self.current.take()?;
        let mut pairs = Pairs::default();
        while pairs.left.len() < BATCH_ROWS
            && let Some(key) = left.keys.get(self.cursor.row).copied()
        {
            let row = u32::try_from(self.cursor.row).unwrap_or(END);
            let first = self.right.chains.get(key as usize).map_or(END, |chain| chain.0);
            self.right.flag(key, MATCHED);
            match self.join.of_left {
                Side::Paired | Side::Outer => {
                    let next = self.cursor.partner.or_else(|| self.counts(&left, row, key).then_some((first, 0)));
                    match next {
                        Some((END, _)) if self.join.of_left == Side::Outer => pairs.push(row, END, 0),
                        None | Some((END, _)) => {}
                        Some((partner, ordinal)) => {
                            pairs.push(row, partner, ordinal);
                            let next = self.right.nexts.get(partner as usize).copied().unwrap_or(END);
                            if next != END {
                                self.cursor.partner = Some((next, ordinal + 1));
                                continue;
                            }
                        }
                    }
                }
                Side::Semi if first != END => pairs.push(row, END, 0),
                Side::Anti if first == END => pairs.push(row, END, 0),
                _ => {}
            }
            self.cursor.row += 1;
            self.cursor.partner = None;
        }
        let places = left.frame.places().map(|places| Rc::new(Places::paired(places, &pairs.left, &pairs.ordinals)));
        let frame = self.frame(Some(&left.frame), &pairs).with_places(places);
        if self.cursor.row < left.keys.len() {
            self.current = Some(left);
        } else {
            self.cursor = Cursor::default();
        }
        Some(frame)
    }

    /// Whether a left row counts, where only the first of each key does.
    fn counts(&mut self, left: &Left, row: u32, key: u32) -> bool {
        if !self.join.is_unique {
            return true;
        }
        if left.frame.places().is_some() {
            let best = self.bests.get(key as usize).copied().flatten();
            return best.is_some_and(|(_, batch, first)| (batch, first) == (left.number, row));
        }
        let is_first = !self.right.has(key, TAKEN);
        self.right.flag(key, TAKEN);
        is_first
    }

    /// The columns of these pairs; no row on a side: nulls.
    fn frame(&self, left: Option<&Frame>, pairs: &Pairs) -> Frame {
        let count = pairs.right.len();
        let column = |(at, kind): (usize, &Kind)| {
            let right = at.checked_sub(self.join.left.len()).and_then(|at| self.join.right.get(at));
            match (self.join.left.get(at), left, right) {
                (Some(column), Some(left), _) => left.column(*column).take(&pairs.left),
                (_, _, Some(column)) => {
                    let frames = self.right.frames.iter().map(|frame| frame.columns().get(*column).map(Rc::as_ref));
                    let frames: Vec<Option<&Vector>> = frames.collect();
                    let place = |row: &u32| self.right.rows.get(*row as usize).copied();
                    Vector::collect(*kind, &frames, pairs.right.iter().map(place))
                }
                _ => Vector::Same(Value::none(*kind), count),
            }
        };
        Frame::new(count, self.kinds.iter().enumerate().map(|cell| Rc::new(column(cell))).collect())
    }

    /// Looks at the next right rows for those that come by themselves; `None` once all were looked at.
    fn alone(&mut self) -> Option<Frame> {
        let wants_matched = match self.join.of_right {
            Side::Outer | Side::Anti => false,
            Side::Semi => true,
            Side::Paired | Side::Unseen => return None,
        };
        let end = self.right.rows.len().min(self.rest + BATCH_ROWS);
        let numbers = (self.rest..end).zip(self.right.of_rows.get(self.rest..end)?);
        let wanted = numbers.filter(|(_, key)| self.right.has(**key, MATCHED) == wants_matched);
        let right: Vec<u32> = wanted.filter_map(|(row, _)| u32::try_from(row).ok()).collect();
        if self.rest == end {
            return None;
        }
        work::count(end - self.rest);
        self.rest = end;
        let has_places = self.right.frames.first().is_some_and(|frame| frame.places().is_some());
        let places = has_places.then(|| {
            Rc::new(Places::Each(right.iter().map(|row| self.right.place(*row).behind()).collect()))
        });
        Some(self.frame(None, &Pairs { right, ..Pairs::default() }).with_places(places))
    }
}

impl Run for Joining {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        if input == 0 {
            self.waiting.push_back(Left { frame, number: self.count, keys: Vec::new() });
            self.count = self.count.saturating_add(1);
        } else {
            self.right.add(frame, &self.join.right_keys);
        }
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
        if !self.right.settle() {
            return Ok(Pulled::Working);
        }
        if self.current.is_none() && self.begin_left() && self.current.is_none() {
            return Ok(Pulled::Working);
        }
        let next = match self.pairs() {
            None if self.has_left => self.alone(),
            next => next,
        };
        Ok(match next {
            Some(frame) if frame.rows() > 0 => Pulled::Frame(frame),
            Some(_) => Pulled::Working,
            None => Pulled::Nothing,
        })
    }

    fn memory(&self) -> usize {
        let left = self.waiting.iter().chain(&self.held).chain(&self.current);
        let left: usize = left.map(|left| left.frame.memory() + left.keys.capacity() * 4).sum();
        left + self.right.memory() + self.bests.capacity() * size_of::<Option<(Place, u32, u32)>>()
    }
}
