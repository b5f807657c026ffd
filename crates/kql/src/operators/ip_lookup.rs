//! `evaluate ipv4_lookup(table, address, range)` and `ipv6_lookup`: the rows of a table whose range holds an address.
//!
//! The table is held, its ranges by their length: an address is looked up once per length that occurs.

use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup, plugins};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{BATCH_ROWS, Frame},
    net::{self, V6},
    relation::Column,
};
use chartroom_kql_syntax::ast::{Expr, ExprKind, Literal};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};

/// Rows of the first input, each beside the rows of the second whose range holds its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpLookup {
    /// Where the address is in the first input, and the range in the second.
    pub address: (usize, usize),
    /// Columns of both that must be equal besides.
    pub equal: Vec<(usize, usize)>,
    /// Columns that come out, of the first and of the second.
    pub shown: (usize, usize),
    /// Rows without a range come out, too.
    pub is_outer: bool,
    /// Addresses of 128 bits.
    pub is_v6: bool,
}

/// `evaluate ipv4_lookup(table, address, range, extra keys …, return_unmatched)`.
pub(super) fn bind(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    clause: &plugins::Clause<'_>,
    is_v6: bool,
) -> Result<Pipe, Told> {
    let mut is_outer = false;
    let mut arguments: Vec<&Expr> = Vec::new();
    for argument in clause.arguments {
        match &argument.kind {
            ExprKind::Argument { name, value } if name.text == "return_unmatched" => {
                is_outer = matches!(value.kind, ExprKind::Literal(Literal::Bool(Some(true))));
            }
            ExprKind::Literal(Literal::Bool(truth)) => is_outer = *truth == Some(true),
            _ => arguments.push(argument),
        }
    }
    let [table, address, range, extra @ ..] = arguments.as_slice() else {
        let message = format!("`{0}` is written `{0}(table, address, range)`", clause.name.text);
        return Err(binder.error("KQL0111", clause.name.span, message));
    };
    let mut left = binder.rows_of(pipe);
    let right = binder.rows_of_expression(table)?;
    let mut right = binder.rows_of(right);
    let text = |binder: &mut Binder<'_>, pipe: &mut Pipe, key: &Expr| -> Result<Given, Told> {
        let cells = binder.cells(pipe, key)?;
        let cells = binder.cells_as(pipe, &cells, Kind::String, key.span)?;
        Ok(Given::new("", cells))
    };
    let (mut lefts, mut rights) = (vec![text(binder, &mut left, address)?], vec![text(binder, &mut right, range)?]);
    for key in extra {
        lefts.push(text(binder, &mut left, key)?);
        rights.push(text(binder, &mut right, key)?);
    }
    let extra_names: Vec<&str> = extra
        .iter()
        .filter_map(|key| if let ExprKind::Name(name) = &key.kind { Some(name.as_str()) } else { None })
        .collect();
    let (left, left_shown) = binder.seal_with(left, lefts);
    let (right, right_shown) = binder.seal_with(right, rights);
    let mut columns: Vec<Column> = binder.columns_of(left).into_iter().take(left_shown).collect();
    let mut dropped = Vec::new();
    for mut column in binder.columns_of(right).into_iter().take(right_shown) {
        let is_free = |name: &String| columns.iter().all(|known| known.shown.name != *name);
        let own = column.shown.name.clone();
        // A key that both have stands there once.
        if extra_names.contains(&own.as_str()) || column.is_hidden {
            dropped.push(columns.len());
        }
        let numbered = (1_u32..).map(|number| format!("{own}{number}"));
        let free = [own.clone()].into_iter().chain(numbered).find(is_free);
        column.shown.name = free.unwrap_or(own);
        column.is_stored = false;
        columns.push(column);
    }
    let count = columns.len();
    let lookup = IpLookup {
        address: (left_shown, right_shown),
        equal: (1..=extra.len()).map(|at| (left_shown + at, right_shown + at)).collect(),
        shown: (left_shown, right_shown),
        is_outer,
        is_v6,
    };
    let relation = binder.relation(Body::IpLookup(lookup), vec![left, right], columns);
    let mut pipe = binder.restart(relation, count);
    let given = pipe.given();
    let kept = |range: std::ops::Range<usize>| range.filter(|at| !dropped.contains(at)).collect::<Vec<_>>();
    // Kusto puts the table's columns first for 128 bits, and last for 32.
    let (own, table) = (kept(0..left_shown), kept(left_shown..count));
    let order = if is_v6 { [table, own] } else { [own, table] };
    let shown = order.iter().flatten().filter_map(|at| given.get(*at).cloned());
    let shown: Vec<Given> = shown.filter(|given| !given.column.is_hidden).collect();
    binder.show_given(&mut pipe, shown);
    Ok(pipe)
}

impl Operator for IpLookup {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Looking {
            lookup: self.clone(),
            kinds: setup.input_kinds(1),
            table: Vec::new(),
            ranges: BTreeMap::new(),
            waiting: Vec::new(),
            is_table_whole: false,
            ready: Ready::default(),
        })
    }
}

/// A row of the table: batch and number.
type Place = (u32, u32);

struct Looking {
    lookup: IpLookup,
    kinds: Vec<Kind>,
    table: Vec<Frame>,
    /// Per length of a range, the rows with each.
    ranges: BTreeMap<u32, BTreeMap<u128, Vec<Place>>>,
    /// Batches that came before the table was whole.
    waiting: Vec<Frame>,
    is_table_whole: bool,
    ready: Ready,
}

impl Looking {
    /// An address in 128 bits; one of 32 bits stands at their end.
    fn parse(&self, text: &str) -> Option<V6> {
        if self.lookup.is_v6 {
            return net::parse_v6(text);
        }
        let short = net::parse_v4(text)?;
        Some(V6 { bits: u128::from(short.bits), prefix: short.prefix + 96 })
    }

    fn keep(&mut self, frame: Frame) {
        let number = u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        let ranges = frame.column(self.lookup.address.1);
        for row in 0..frame.rows() {
            if let Some(range) = self.parse(ranges.get(row).text()) {
                let rows = self.ranges.entry(range.prefix).or_default().entry(range.masked(range.prefix)).or_default();
                rows.push((number, u32::try_from(row).unwrap_or(u32::MAX)));
            }
        }
        self.table.push(frame);
    }

    /// The rows of the table whose range holds an address; the narrowest first.
    fn found(&self, text: &str) -> Vec<Place> {
        let Some(address) = self.parse(text) else { return Vec::new() };
        let ranges = self.ranges.iter().rev();
        ranges.filter_map(|(prefix, rows)| rows.get(&address.masked(*prefix))).flatten().copied().collect()
    }

    fn look(&mut self, frame: &Frame) {
        let addresses = frame.column(self.lookup.address.0);
        let (mut lefts, mut rights): (Vec<u32>, Vec<Option<Place>>) = (Vec::new(), Vec::new());
        for row in 0..frame.rows() {
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            let mut is_found = false;
            for place in self.found(addresses.get(row).text()) {
                let is_equal = |(left, right): &(usize, usize)| {
                    let table = self.table.get(place.0 as usize);
                    let right = table.map(|table| table.column(*right));
                    right.is_some_and(|right| right.get(place.1 as usize) == frame.column(*left).get(row))
                };
                if self.lookup.equal.iter().all(is_equal) {
                    lefts.push(number);
                    rights.push(Some(place));
                    is_found = true;
                }
            }
            if !is_found && self.lookup.is_outer {
                lefts.push(number);
                rights.push(None);
            }
        }
        let left = frame.take(&lefts);
        let mut columns: Vec<_> = left.columns().iter().take(self.lookup.shown.0).cloned().collect();
        // A place beyond the table is null.
        let places: Vec<Place> = rights.iter().map(|place| place.unwrap_or((u32::MAX, 0))).collect();
        let kinds: Vec<Kind> = self.kinds.iter().take(self.lookup.shown.1).copied().collect();
        columns.extend(Frame::collect(&self.table, &kinds, &places).columns().iter().map(Rc::clone));
        self.ready.push(Frame::new(lefts.len(), columns));
    }
}

impl Run for Looking {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        match (input, self.is_table_whole) {
            (1, _) => self.keep(frame),
            (_, true) => self.look(&frame),
            (_, false) => self.waiting.push(frame),
        }
        Ok(())
    }

    fn end(&mut self, input: usize) {
        if input == 1 {
            self.is_table_whole = true;
            self.waiting.reverse();
        }
    }

    fn most_rows(&self) -> usize {
        BATCH_ROWS / 8
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if self.is_table_whole
            && let Some(frame) = self.waiting.pop()
        {
            self.look(&frame);
            return Ok(Pulled::Working);
        }
        Ok(self.ready.pull())
    }

    fn memory(&self) -> usize {
        self.table.iter().chain(&self.waiting).map(Frame::memory).sum::<usize>() + self.ready.memory()
    }
}
