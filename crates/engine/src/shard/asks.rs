//! Questions about rows: answered at once where that is short, by steps where it is not.

use super::{Shard, locals::Ready, raw::RawRead, slice};
use crate::message::{Answer, Ask, ResultKey, Said};
use chartroom_kql::{Context, Counter, ExtentFinder, KeyBlock, Plan, RowRef, Selection};
use chartroom_protocol::{FileNo, RowId, result::PageRow};
use chartroom_store::{DUPLICATE_OF, ValueRef};
use std::{collections::VecDeque, rc::Rc};

/// Keys in a block: a few milliseconds, where they are of a view's columns.
const KEYS: u64 = 8_192;
/// Rows of a tail looked at in one slice.
const TAIL_ROWS: u64 = 1 << 18;

/// Rows picked out in one slice.
const PICKED_ROWS: u64 = 1 << 15;

/// Questions under way.
#[derive(Default)]
pub(crate) struct Asks {
    /// Rows to show and places to find: short, and most urgent.
    rows: VecDeque<(u32, Ask)>,
    /// Keys of results' rows.
    pub(crate) keys: VecDeque<(ResultKey, u64)>,
    slow: VecDeque<(u32, Slow)>,
}

/// A question that takes steps.
enum Slow {
    Span(Box<ExtentFinder>),
    Buckets(Box<Counter>),
    /// One of these, of the first rows of a result alone, which are picked out from this local index on.
    Picking {
        what: Ask,
        key: ResultKey,
        first: u64,
        from: u64,
        picked: Selection,
    },
    /// A row that came during a load, looked for from this local index on.
    Place {
        key: ResultKey,
        row: RowRef,
        from: u64,
    },
    Raw(Box<RawRead>),
}

/// A question of a result's rows, begun.
fn of_rows(what: &Ask, plan: Rc<Plan>, rows: Selection) -> Option<Slow> {
    match what {
        Ask::Span { .. } => Some(Slow::Span(Box::new(ExtentFinder::new(plan, rows)))),
        Ask::Buckets { from, step, count, .. } => {
            Some(Slow::Buckets(Box::new(Counter::new(plan, rows, from.0, *step, *count))))
        }
        _ => None,
    }
}

impl Asks {
    /// Bytes for the question that reads.
    pub(crate) fn deliver(&mut self, ask: u32, start: u64, bytes: Result<Vec<u8>, String>) {
        if let Some((_, Slow::Raw(raw))) = self.slow.iter_mut().find(|(of, _)| *of == ask) {
            raw.deliver(start, bytes);
        }
    }
}

impl Shard {
    /// Takes a question.
    pub(crate) fn start_ask(&mut self, ask: u32, what: Ask) {
        match what {
            Ask::Rows { .. } | Ask::Place { .. } | Ask::Record { .. } => {
                self.asks.rows.push_back((ask, what));
            }
            Ask::Span { key, first } | Ask::Buckets { key, first, .. } => {
                let Some((plan, ready)) = self.ready(key) else { return self.answer(ask, Answer::Gone) };
                let slow = match first.filter(|first| *first < ready.selection.count()) {
                    Some(first) => {
                        let picked = ready.selection.emptied();
                        Some(Slow::Picking { what, key, first, from: 0, picked })
                    }
                    None => of_rows(&what, plan, ready.selection.clone()),
                };
                if let Some(slow) = slow {
                    self.asks.slow.push_back((ask, slow));
                }
            }
            Ask::Raw { file, place, size, is_packed, offset, len, line } => {
                let raw = RawRead::new(file, &place, size, is_packed, (offset, len), line);
                self.asks.slow.push_back((ask, Slow::Raw(Box::new(raw))));
            }
        }
    }

    /// The answer is not waited for any more.
    pub(crate) fn end_ask(&mut self, ask: u32) {
        self.asks.rows.retain(|(of, _)| *of != ask);
        self.asks.slow.retain(|(of, _)| *of != ask);
        self.reads.end(super::reads::For::Ask(ask));
    }

    fn ready(&self, key: ResultKey) -> Option<(Rc<Plan>, &Ready)> {
        let local = self.locals.get(key)?;
        Some((Rc::clone(&local.plan), local.ready()?))
    }

    fn answer(&mut self, ask: u32, answer: Answer) {
        self.say(Said::Answer { ask, answer });
    }

    /// One short question, or one block of keys.
    pub(crate) fn answer_rows(&mut self) -> bool {
        if let Some((ask, what)) = self.asks.rows.pop_front() {
            let answer = match what {
                Ask::Rows { key, stretches } => self.rows(key, &stretches),
                Ask::Place { key, row } => match self.place(key, row) {
                    Ok(answer) => answer,
                    Err(row) => {
                        let from = self.ready(key).map_or(0, |(_, ready)| ready.sorted_rows());
                        self.asks.slow.push_back((ask, Slow::Place { key, row, from }));
                        return true;
                    }
                },
                Ask::Record { row, shared, derived } => {
                    Answer::Record(self.sight(row, shared.map(|plan| *plan), &derived).map(Box::new))
                }
                _ => Answer::Gone,
            };
            self.answer(ask, answer);
            return true;
        }
        let Some((key, from)) = self.asks.keys.pop_front() else { return false };
        if let Some((plan, ready)) = self.ready(key) {
            let end = ready.sorted_rows().min(from + KEYS);
            let rows: Vec<RowRef> = (from..end).filter_map(|index| ready.get(index)).collect();
            let block = KeyBlock::new(&plan, self.context(), &rows);
            self.say(Said::Keys { key, block });
        }
        true
    }

    fn rows(&self, key: ResultKey, stretches: &[(u64, u32)]) -> Answer {
        let Some(local) = self.locals.get(key) else { return Answer::Gone };
        let Some(ready) = local.ready() else { return Answer::Gone };
        let mut rows = Vec::new();
        for &(first, count) in stretches {
            for index in first..first.saturating_add(u64::from(count)) {
                let Some(row) = ready.get(index) else { return Answer::Gone };
                let cells = local.cells().cells(self.context(), row);
                let is_duplicate = self.is_duplicate(&local.plan, row);
                rows.push(PageRow { id: self.id_of(&local.plan, row), cells, is_duplicate });
            }
        }
        Answer::Rows(rows)
    }

    fn is_duplicate(&self, plan: &Plan, row: RowRef) -> bool {
        let table =
            plan.sources.get(usize::from(row.source)).and_then(|source| self.store.table(&source.table));
        let column = table.and_then(|table| table.column(table.find(DUPLICATE_OF)?));
        column.is_some_and(|column| !matches!(column.value(row.row), ValueRef::Null | ValueRef::Text("")))
    }

    fn id_of(&self, plan: &Plan, row: RowRef) -> Option<RowId> {
        let source = plan.sources.get(usize::from(row.source))?;
        let at = self.store.table(&source.table)?.row_at(row.row)?;
        Some(RowId { file: FileNo(at.file), offset: at.offset, number: at.number })
    }

    /// Where a row stands: by halves among the sorted ones; the row itself when it is among those that came later.
    fn place(&self, key: ResultKey, row: RowId) -> Result<Answer, RowRef> {
        let Some((plan, ready)) = self.ready(key) else { return Ok(Answer::Gone) };
        let found = (0_u16..).zip(&plan.sources).find_map(|(source, of)| {
            let row = RowRef { source, row: self.find_row(&of.table, row)? };
            ready.selection.contains(row).then_some(row)
        });
        let Some(row) = found else { return Ok(Answer::Place(None)) };
        let context = self.context();
        let wanted = KeyBlock::new(&plan, context, &[row]);
        let (mut low, mut high) = (0, ready.sorted_rows());
        while low < high {
            let middle = low.midpoint(high);
            let Some(other) = ready.get(middle) else { break };
            if KeyBlock::new(&plan, context, &[other]).compare(0, &wanted, 0).is_lt() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if ready.get(low) == Some(row) { Ok(Answer::Place(Some(low))) } else { Err(row) }
    }

    /// A slice of a question that takes steps.
    pub(crate) fn answer_some(&mut self) -> bool {
        for _ in 0..self.asks.slow.len() {
            let Some((ask, mut slow)) = self.asks.slow.pop_front() else { return false };
            let context = Context { store: &self.store, files: &self.known };
            let answer = match &mut slow {
                Slow::Picking { what, key, first, from, picked } => {
                    let Some((plan, ready)) = self.ready(*key) else {
                        self.answer(ask, Answer::Gone);
                        return true;
                    };
                    let end = (*first).min(*from + PICKED_ROWS);
                    (*from..end).filter_map(|index| ready.get(index)).for_each(|row| picked.insert(row));
                    *from = end;
                    if end < *first {
                        self.asks.slow.push_front((ask, slow));
                    } else if let Some(next) = of_rows(what, plan, std::mem::take(picked)) {
                        self.asks.slow.push_front((ask, next));
                    }
                    return true;
                }
                Slow::Span(finder) => {
                    if !finder.step(context, &mut slice()) {
                        self.asks.slow.push_front((ask, slow));
                        return true;
                    }
                    None
                }
                Slow::Buckets(counter) => {
                    if !counter.step(context, &mut slice()) {
                        self.asks.slow.push_front((ask, slow));
                        return true;
                    }
                    None
                }
                Slow::Place { key, row, from } => {
                    let Some((_, ready)) = self.ready(*key) else {
                        self.answer(ask, Answer::Gone);
                        return true;
                    };
                    let end = ready.rows().min(*from + TAIL_ROWS);
                    let found = (*from..end).find(|&index| ready.get(index) == Some(*row));
                    if found.is_none() && end < ready.rows() {
                        *from = end;
                        self.asks.slow.push_front((ask, slow));
                        return true;
                    }
                    Some(Answer::Place(found))
                }
                Slow::Raw(raw) => {
                    for range in raw.take_wants() {
                        let (ask, upto) = (super::reads::For::Ask(ask), range.end);
                        let want = self.reads.want(ask, raw.source(), range, upto);
                        self.outputs.push(want);
                    }
                    match raw.step() {
                        super::raw::Stepped::Done(text) => {
                            if let Some(reason) = raw.unreadable() {
                                let file = raw.file();
                                self.say(Said::Unreadable { file, reason });
                            }
                            Some(Answer::Raw(*text))
                        }
                        super::raw::Stepped::Working => {
                            self.asks.slow.push_back((ask, slow));
                            return true;
                        }
                        super::raw::Stepped::Waiting => {
                            // Others may go on while it waits for bytes.
                            self.asks.slow.push_back((ask, slow));
                            continue;
                        }
                    }
                }
            };
            let answer = match (answer, slow) {
                (Some(answer), _) => answer,
                (None, Slow::Span(finder)) => Answer::Span(finder.finish()),
                (None, Slow::Buckets(counter)) => Answer::Buckets(counter.finish()),
                (None, Slow::Place { .. } | Slow::Raw(_) | Slow::Picking { .. }) => Answer::Gone,
            };
            self.reads.end(super::reads::For::Ask(ask));
            self.answer(ask, answer);
            return true;
        }
        false
    }
}
