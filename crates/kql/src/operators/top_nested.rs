//! `top-nested`: the greatest values of a column, within each the greatest of the next, and so on.
//!
//! Each level is a `summarize` by its column and those before it, which shards share. What is done here is to put the levels
//! together: children under their parents, ranked and cut. A level `with others` comes as partial states, so that what was cut can
//! be added up to one more row.

use chartroom_base::sort;
use super::{Body, Operator, Pulled, Refusal, Run, Setup, sort::SortKey, summarize};
use crate::{
    aggregates::{self, Reader, States},
    bind::{Binder, Given, Names, Pipe, Told},
    convert::convert,
    frame::{BATCH_ROWS, Builder, Frame},
    keys::KeyTable,
    plan::Constant,
    relation::{Column, RelationId},
    value::Value,
};
use chartroom_kql_syntax::ast::{Expr, ExprKind, Named, TopNested as Clause};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The most levels: they are gone through by recursion.
const MOST_LEVELS: usize = 32;

/// What levels' columns are called while they are summed up: no name that a text can hold.
const MARK: &str = "\0level";

/// One input a level: the columns of the levels so far, then the aggregate or its partial state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopNested {
    /// The levels, outermost first.
    pub levels: Vec<Level>,
}

/// One level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// How many values of each parent; all without it.
    pub count: Option<u64>,
    /// What the values that were cut are called together, and their aggregate; without it they are gone.
    pub others: Option<(Constant, summarize::AggregateCall)>,
    /// Smallest first.
    pub is_ascending: bool,
    /// Nulls before all else.
    pub nulls_first: bool,
}

/// `top-nested n of x with others = y by aggregate, …`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clauses: &[Clause]) -> Result<Pipe, Told> {
    let mut pipe = binder.rows_of(pipe);
    if let Some(clause) = clauses.get(MOST_LEVELS) {
        let message = format!("`top-nested` takes at most {MOST_LEVELS} levels here");
        return Err(binder.error("KQL0184", clause.span, message));
    }
    let mut names = Names::new(clauses.iter().flat_map(|clause| clause.of.name.iter().chain(&clause.by.key.name)));
    let mut given: Vec<Given> = Vec::new();
    let mut shown: Vec<(String, Kind)> = Vec::new();
    let mut result = Ok(());
    for (number, clause) in clauses.iter().enumerate() {
        match binder.cells(&mut pipe, &clause.of.value) {
            Ok(cells) => {
                let own = clause.of.name.as_ref().map(|name| name.text.clone());
                let own = own.or_else(|| binder.auto_name(&pipe, &clause.of.value));
                let name = names.next(own);
                let by = clause.by.key.name.as_ref().map(|name| name.text.clone());
                let by = names.next(Some(by.unwrap_or_else(|| format!("aggregated_{name}"))));
                shown.extend([(name, cells.kind), (by, Kind::Long)]);
                given.push(Given::new(format!("{MARK}{number}"), cells));
            }
            Err(told) => result = Err(told),
        }
    }
    result?;
    let (rows, count) = binder.seal_with(pipe, given);
    let (mut inputs, mut levels) = (Vec::new(), Vec::new());
    for (number, clause) in clauses.iter().enumerate() {
        // Each level goes to the shards by itself.
        let rows = binder.again(rows);
        let pipe = binder.restart(rows, count + clauses.len());
        let (input, level, kind) = bind_level(binder, pipe, clause, number)?;
        if let Some(column) = shown.get_mut(2 * number + 1) {
            column.1 = kind;
        }
        inputs.push(input);
        levels.push(level);
    }
    let columns: Vec<Column> = shown.into_iter().map(|(name, kind)| Column::new(name, kind)).collect();
    let count = columns.len();
    let relation = binder.relation(Body::TopNested(TopNested { levels }), inputs, columns);
    Ok(binder.restart(relation, count))
}

/// One level: its rows, what is done with them, and the kind of the aggregate.
fn bind_level(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    clause: &Clause,
    number: usize,
) -> Result<(RelationId, Level, Kind), Told> {
    let keys: Vec<Named> = (0..=number)
        .map(|level| {
            let value = Expr { kind: ExprKind::Name(format!("{MARK}{level}")), ..clause.of.value.clone() };
            Named { name: None, more_names: Vec::new(), value, span: clause.of.span }
        })
        .collect();
    let span = clause.by.key.value.span;
    let summarized = summarize::bind(binder, pipe, std::slice::from_ref(&clause.by.key), &keys)?;
    let Some(kind) = summarized.columns().get(number + 1).map(|column| column.kind) else { return Err(Told) };
    if summarized.columns().len() != number + 2 || kind == Kind::Dynamic {
        let message = "`top-nested` ranks by one value that can be compared";
        return Err(binder.error("KQL0185", span, message));
    }
    let count = clause.count.as_ref().map(|count| binder.row_count(count)).transpose()?;
    let mut level = Level {
        count,
        others: None,
        is_ascending: clause.by.is_ascending,
        nulls_first: clause.by.nulls_first,
    };
    let Some(others) = &clause.others else {
        return Ok((binder.seal_all(summarized), level, kind));
    };
    let (from, constant) = binder.constant(others)?;
    let to = summarized.columns().get(number).map_or(Kind::String, |column| column.kind);
    let constant = Constant::from(convert(Value::from(&constant), from, to));
    let is_call = matches!(&clause.by.key.value.kind, ExprKind::Call { name, .. } if aggregates::find(&name.text).is_some());
    let state = summarized.input.filter(|_| is_call).and_then(|input| binder.states_of(input));
    let Some((relation, call)) = state else {
        let message = "`with others` takes an aggregate by itself, such as `sum(x)`";
        return Err(binder.error("KQL0186", span, message));
    };
    level.others = Some((constant, call));
    Ok((relation, level, kind))
}

impl Operator for TopNested {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let kinds = setup.output_kinds();
        let groups = self.levels.iter().enumerate().map(|(number, level)| Groups {
            level: level.clone(),
            kinds: [2 * number, 2 * number + 1].map(|at| kinds.get(at).copied().unwrap_or(Kind::String)),
            states: level.others.as_ref().and_then(|(_, call)| call.states()),
            frames: Vec::new(),
            rows: Vec::new(),
            children: Vec::new(),
        });
        Box::new(Nesting {
            groups: groups.collect(),
            tables: self.levels.iter().map(|_| KeyTable::default()).collect(),
            kinds,
            open: self.levels.len(),
            left: None,
        })
    }
}

/// What is known of one level.
struct Groups {
    level: Level,
    /// Of the value and of the aggregate.
    kinds: [Kind; 2],
    states: Option<Box<dyn States>>,
    frames: Vec<Frame>,
    /// Per group its frame and row.
    rows: Vec<Option<(u32, u32)>>,
    /// Per parent its groups, in the order of their first rows.
    children: Vec<Vec<u32>>,
}

struct Nesting {
    groups: Vec<Groups>,
    /// Numbers of the groups of each level, by the values down to it.
    tables: Vec<KeyTable>,
    kinds: Vec<Kind>,
    open: usize,
    /// What is still to be given: outermost groups in order, and whether the others are.
    left: Option<(Vec<u32>, Vec<u32>)>,
}

type Row = Vec<Value<'static>>;

impl Groups {
    fn cell(&self, group: u32, column: usize) -> Value<'static> {
        let place = self.rows.get(group as usize).copied().flatten();
        let frame = place.and_then(|(frame, row)| Some((self.frames.get(frame as usize)?, row)));
        frame.map_or(Value::Null, |(frame, row)| frame.column(column).get(row as usize).into_owned())
    }

    /// The aggregate of a group; `number` is that of the level.
    fn figure(&self, number: usize, group: u32) -> Value<'static> {
        match &self.states {
            Some(states) => states.finish(group as usize, 0),
            None => self.cell(group, number + 1),
        }
    }

    /// A parent's groups: those that are shown, in order, and the others.
    fn ranked(&self, number: usize, parent: usize) -> (Vec<u32>, Vec<u32>) {
        let key = SortKey {
            column: 0,
            is_ascending: self.level.is_ascending,
            nulls_first: self.level.nulls_first,
        };
        let children = self.children.get(parent).map(Vec::as_slice).unwrap_or_default();
        let mut ranked: Vec<(Value<'static>, u32)> =
            children.iter().map(|group| (self.figure(number, *group), *group)).collect();
        sort::sort_by(&mut ranked, |left, right| key.compare(&left.0, &right.0));
        let mut shown: Vec<u32> = ranked.into_iter().map(|(_, group)| group).collect();
        let count = self.level.count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let others = shown.split_off(count.min(shown.len()));
        (shown, others)
    }
}

impl Nesting {
    /// The rows below a group that is shown.
    fn give(&mut self, number: usize, group: u32, before: &Row, out: &mut Vec<Row>) -> Result<(), Refusal> {
        let Some(groups) = self.groups.get(number) else { return Ok(()) };
        let mut row = before.clone();
        row.extend([groups.cell(group, number), groups.figure(number, group)]);
        let Some(next) = self.groups.get(number + 1) else {
            out.push(row);
            return Ok(());
        };
        let (shown, others) = next.ranked(number + 1, group as usize);
        for group in shown {
            self.give(number + 1, group, &row, out)?;
        }
        self.give_others(number + 1, others, &row, out)
    }

    /// The row of what was cut, when this level or one below it wants one.
    fn give_others(&mut self, from: usize, mut cut: Vec<u32>, before: &Row, out: &mut Vec<Row>) -> Result<(), Refusal> {
        let is_wanted = self.groups.iter().skip(from).any(|groups| groups.level.others.is_some());
        if cut.is_empty() || !is_wanted {
            return Ok(());
        }
        let mut row = before.clone();
        for number in from..self.groups.len() {
            let Some(groups) = self.groups.get_mut(number) else { break };
            match (&groups.level.others, &mut groups.states) {
                (Some((constant, _)), Some(states)) => {
                    let all = groups.rows.len();
                    states.grow(all + 1);
                    groups.rows.push(None);
                    for group in &cut {
                        let place = groups.rows.get(*group as usize).copied().flatten();
                        let frame = place.and_then(|(frame, row)| Some((groups.frames.get(frame as usize)?, row)));
                        let Some((frame, row)) = frame else { continue };
                        merge(states.as_mut(), all, frame, number + 1, row as usize)?;
                    }
                    row.extend([Value::from(constant), states.finish(all, 0)]);
                }
                _ => row.extend(groups.kinds.map(Value::none)),
            }
            let Some(next) = self.groups.get(number + 1) else { break };
            cut = cut.iter().filter_map(|group| next.children.get(*group as usize)).flatten().copied().collect();
        }
        out.push(row);
        Ok(())
    }
}

/// Adds the partial state of a row to a group.
fn merge(states: &mut dyn States, group: usize, frame: &Frame, column: usize, row: usize) -> Result<(), Refusal> {
    let column = frame.column(column);
    // Who the group's first row is stands before the state.
    let bytes = column.bytes(row).and_then(|bytes| bytes.get(24..)).ok_or(Refusal::Damaged)?;
    states.merge(group, &mut Reader::new(bytes)).ok().ok_or(Refusal::Damaged)
}

impl Run for Nesting {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        let keys: Vec<usize> = (0..=input).collect();
        let parents = match input.checked_sub(1).and_then(|parent| self.tables.get_mut(parent)) {
            Some(table) => table.add(&frame, keys.get(..input).unwrap_or_default()),
            None => vec![0; frame.rows()],
        };
        let Some(table) = self.tables.get_mut(input) else { return Ok(()) };
        let own = table.add(&frame, &keys);
        let Some(groups) = self.groups.get_mut(input) else { return Ok(()) };
        groups.rows.resize(groups.rows.len().max(table.len()), None);
        if let Some(states) = &mut groups.states {
            states.grow(groups.rows.len());
        }
        let number = u32::try_from(groups.frames.len()).unwrap_or(u32::MAX);
        for ((row, group), parent) in own.iter().enumerate().zip(parents) {
            if let Some(slot) = groups.rows.get_mut(*group as usize) {
                *slot = Some((number, u32::try_from(row).unwrap_or(u32::MAX)));
            }
            if groups.children.len() <= parent as usize {
                groups.children.resize(parent as usize + 1, Vec::new());
            }
            if let Some(children) = groups.children.get_mut(parent as usize) {
                children.push(*group);
            }
            if let Some(states) = &mut groups.states {
                merge(states.as_mut(), *group as usize, &frame, input + 1, row)?;
            }
        }
        groups.frames.push(frame);
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0 {
            // Children may have come before their parents.
            for (groups, table) in self.groups.iter_mut().zip(&self.tables) {
                groups.rows.resize(groups.rows.len().max(table.len()), None);
                if let Some(states) = &mut groups.states {
                    states.grow(groups.rows.len());
                }
            }
            self.left = self.groups.first().map(|groups| {
                let (mut shown, others) = groups.ranked(0, 0);
                shown.reverse();
                (shown, others)
            });
        }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        let Some((mut shown, mut others)) = self.left.take() else { return Ok(Pulled::Nothing) };
        let mut out = Vec::new();
        while out.len() < BATCH_ROWS
            && let Some(group) = shown.pop()
        {
            self.give(0, group, &Vec::new(), &mut out)?;
        }
        if shown.is_empty() {
            self.give_others(0, std::mem::take(&mut others), &Vec::new(), &mut out)?;
        }
        if out.is_empty() {
            return Ok(Pulled::Nothing);
        }
        self.left = Some((shown, others));
        let column = |(at, kind): (usize, &Kind)| {
            let mut builder = Builder::new(*kind);
            out.iter().for_each(|row| builder.push(row.get(at).unwrap_or(&Value::Null)));
            Rc::new(builder.finish())
        };
        let columns = self.kinds.iter().enumerate().map(column).collect();
        Ok(Pulled::Frame(Frame::new(out.len(), columns)))
    }

    fn memory(&self) -> usize {
        let groups = |groups: &Groups| {
            let frames: usize = groups.frames.iter().map(Frame::memory).sum();
            frames + groups.rows.len() * 20 + groups.states.as_ref().map_or(0, |states| states.memory())
        };
        self.groups.iter().map(groups).sum::<usize>() + self.tables.iter().map(KeyTable::memory).sum::<usize>()
    }
}
