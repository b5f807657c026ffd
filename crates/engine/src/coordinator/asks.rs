//! Requests that shards answer: pages of rows, places, timelines, records, bytes.
//!
//! **Invariant:** each request of the page is one [`Pending`] until its one final reply. A purpose is a lane: a newer
//! request of the same purpose ends the older one.

use super::{Coordinator, timeline};
use crate::{
    message::{Answer, Ask, ResultKey, Sighting, ToShard},
    output::Output,
};
use chartroom_base::{
    diagnostic::{Diagnostic, Span},
    ticks::Ticks,
};
use chartroom_kql::{Counts, Extent};
use chartroom_protocol::{
    FileNo, Reply, RequestId, ResultId, RowId,
    reply::RawText,
    result::{PageRow, RecordView},
};
use chartroom_store::DUPLICATE_OF;
use std::collections::BTreeMap;

/// The most rows a page has.
const PAGE_ROWS: u32 = 500;
/// The most bytes of a file that are shown.
const RAW_BYTES: u64 = 256 << 10;
/// Shards that may die while they are to answer one request, before it is given up: it would be asked anew for ever.
const DEATHS: u32 = 2;
/// How soon a shard must be heard after a cancel, in milliseconds.
const CANCEL_WITHIN: f64 = 2_000.0;

/// A request that waits for shards.
#[derive(Debug)]
pub(crate) enum Pending {
    /// Not sent yet: the order is not known so far.
    Rows {
        result: ResultId,
        start: u64,
        count: u32,
    },
    /// Rows of each shard, and how they are put together.
    Gather {
        result: ResultId,
        generation: u32,
        start: u64,
        count: u32,
        runs: Vec<(u32, u64)>,
        got: BTreeMap<u32, Vec<PageRow>>,
        left: usize,
    },
    Place {
        result: ResultId,
        row: RowId,
        found: Option<(u32, u64, ResultKey)>,
        left: usize,
    },
    Span {
        result: ResultId,
        buckets: u32,
        extent: Extent,
        left: usize,
    },
    Buckets {
        from: Ticks,
        step: i64,
        count: u32,
        sums: Counts,
        left: usize,
    },
    Record {
        row: RowId,
        left: usize,
    },
    RecordRaw {
        row: RowId,
        sighting: Box<Sighting>,
    },
    /// Bytes asked for, before they were cut to what is shown.
    Raw {
        len: u64,
    },
}

impl Pending {
    const fn lane(&self) -> u8 {
        match self {
            Self::Rows { .. } | Self::Gather { .. } => 0,
            Self::Place { .. } => 1,
            Self::Span { .. } | Self::Buckets { .. } => 2,
            Self::Record { .. } | Self::RecordRaw { .. } => 3,
            Self::Raw { .. } => 4,
        }
    }
}

/// Questions under way.
#[derive(Debug, Default)]
pub(crate) struct Asks {
    count: u32,
    /// Who asked, and which shard is to answer.
    sent: BTreeMap<u32, (u32, RequestId)>,
    pub(crate) pending: BTreeMap<RequestId, Pending>,
    /// Shards that died while they were to answer one of these.
    deaths: BTreeMap<RequestId, u32>,
}

/// A request that cannot be answered, and why.
pub(crate) fn failed(text: impl Into<String>) -> Reply {
    Reply::Failed { diagnostics: vec![Diagnostic::error("ENG0701", Span::default(), text)] }
}

impl Coordinator {
    /// Asks a shard on behalf of a request; `file` is one whose handle it needs.
    fn ask(&mut self, id: RequestId, shard: u32, what: Ask, file: Option<u32>) {
        self.asks.count += 1;
        let ask = self.asks.count;
        self.asks.sent.insert(ask, (shard, id));
        if let Some(state) = self.shards.get_mut(shard as usize) {
            if !state.has_work() {
                state.heard_at = self.now;
            }
            state.asks.insert(ask);
        }
        let is_new =
            file.and_then(|file| self.files.get_mut(&file)).is_some_and(|state| state.holders.insert(shard));
        let files = file.filter(|_| is_new).map(FileNo).into_iter().collect();
        self.outputs.push(Output::ToShard { shard, message: ToShard::Ask { ask, what }, files });
    }

    fn ask_all(&mut self, id: RequestId, what: &Ask) -> usize {
        let up: Vec<u32> =
            (0_u32..).zip(&self.shards).filter(|(_, shard)| shard.is_up()).map(|(at, _)| at).collect();
        for &shard in &up {
            self.ask(id, shard, what.clone(), None);
        }
        up.len()
    }

    /// Of each shard the first so many local rows that a result shows; empty: all. `None` while that is not known.
    fn shown_rows(&self, result: ResultId) -> Option<Vec<u64>> {
        let view = self.result(result)?.view.as_ref()?;
        if !view.is_cut() {
            return Some(Vec::new());
        }
        view.is_known(view.rows()).then(|| view.order.locals_of(view.rows()))
    }

    /// Asks all shards of the rows that a result shows.
    fn ask_shown(&mut self, id: RequestId, shown: &[u64], what: impl Fn(Option<u64>) -> Ask) -> usize {
        let up: Vec<u32> =
            (0_u32..).zip(&self.shards).filter(|(_, shard)| shard.is_up()).map(|(at, _)| at).collect();
        for &shard in &up {
            self.ask(id, shard, what(shown.get(shard as usize).copied()), None);
        }
        up.len()
    }

    /// A request of the page that shards answer.
    pub(crate) fn start_pending(&mut self, id: RequestId, pending: Pending) {
        // Rows for a file do not stand in the way of rows for the screen.
        let lane = (pending.lane(), self.is_writing(id));
        // Places are asked for rows the person stays on; none replaces another.
        let older: Vec<RequestId> = if lane.0 == 1 {
            Vec::new()
        } else {
            self.asks
                .pending
                .iter()
                .filter(|(id, other)| (other.lane(), self.is_writing(**id)) == lane)
                .map(|(&id, _)| id)
                .collect()
        };
        for id in older {
            self.end_pending(id);
            self.reply(id, Reply::Cancelled);
        }
        self.advance(id, pending);
    }

    /// Sends what a pending request needs next, or answers it.
    fn advance(&mut self, id: RequestId, pending: Pending) {
        match pending {
            Pending::Rows { result, start, count } => self.ask_rows(id, result, start, count),
            Pending::Place { result, row, found: None, left: 0 } => {
                let Some(key) = self.view_key(result) else {
                    return self.reply(id, failed("this result is gone"));
                };
                let left = self.ask_all(id, &Ask::Place { key, row });
                self.keep(id, Pending::Place { result, row, found: None, left });
            }
            Pending::Span { result, buckets, extent, left: 0 } => {
                let Some(key) = self.view_key(result) else {
                    return self.reply(id, failed("this result is gone"));
                };
                let Some(first) = self.shown_rows(result) else {
                    return self.keep(id, Pending::Span { result, buckets, extent, left: 0 });
                };
                let left = self.ask_shown(id, &first, |first| Ask::Span { key, first });
                self.keep(id, Pending::Span { result, buckets, extent, left });
            }
            Pending::Record { row, left: 0 } => {
                let shared = self.compile(super::catalogue::EVENTS, Ticks(0));
                let derived = self.derived();
                let what = Ask::Record { row, shared: shared.ok().map(Box::new), derived };
                let left = self.ask_all(id, &what);
                self.keep(id, Pending::Record { row, left });
            }
            other => self.keep(id, other),
        }
    }

    fn keep(&mut self, id: RequestId, pending: Pending) {
        self.asks.pending.insert(id, pending);
    }

    fn view_key(&self, result: ResultId) -> Option<ResultKey> {
        Some(self.result(result)?.view.as_ref()?.key)
    }

    fn ask_rows(&mut self, id: RequestId, result: ResultId, start: u64, count: u32) {
        let count = count.min(PAGE_ROWS);
        let Some(view) = self.result(result).and_then(|result| result.view.as_ref()) else {
            return self.reply(id, failed("this result is gone"));
        };
        let generation = view.key.generation;
        if self.result(result).is_some_and(|result| result.plan.is_count) {
            let rows =
                vec![PageRow { id: None, cells: vec![Some(view.rows().to_string())], is_duplicate: false }];
            let rows = if start == 0 && count > 0 { rows } else { Vec::new() };
            return self.reply(id, Reply::Rows { generation, start, rows });
        }
        let end = start.saturating_add(u64::from(count)).min(view.rows());
        if !view.is_known(end) {
            return self.keep(id, Pending::Rows { result, start, count });
        }
        let key = view.key;
        let located = view.order.locate(start, end.saturating_sub(start));
        let mut stretches: BTreeMap<u32, Vec<(u64, u32)>> = BTreeMap::new();
        for run in &located {
            let rows = u32::try_from(run.rows).unwrap_or(u32::MAX);
            let of_shard = stretches.entry(run.shard).or_default();
            match of_shard.last_mut() {
                Some((first, len)) if *first + u64::from(*len) == run.first => *len += rows,
                _ => of_shard.push((run.first, rows)),
            }
        }
        if stretches.is_empty() {
            return self.reply(id, Reply::Rows { generation, start, rows: Vec::new() });
        }
        let left = stretches.len();
        let runs = located.iter().map(|run| (run.shard, run.rows)).collect();
        for (shard, stretches) in stretches {
            self.ask(id, shard, Ask::Rows { key, stretches }, None);
        }
        self.keep(id, Pending::Gather { result, generation, start, count, runs, got: BTreeMap::new(), left });
    }

    /// Looks again at requests that wait for an order to be known.
    pub(crate) fn retry_pending(&mut self) {
        let waiting: Vec<RequestId> = self
            .asks
            .pending
            .iter()
            .filter(|(_, pending)| match pending {
                Pending::Rows { .. } => true,
                Pending::Place { found, .. } => found.is_some(),
                Pending::Span { left, .. } => *left == 0,
                _ => false,
            })
            .map(|(&id, _)| id)
            .collect();
        for id in waiting {
            match self.asks.pending.remove(&id) {
                Some(Pending::Rows { result, start, count }) => self.ask_rows(id, result, start, count),
                Some(Pending::Place { result, row, found: Some(found), .. }) => {
                    self.place(id, result, row, found);
                }
                Some(other @ Pending::Span { .. }) => self.advance(id, other),
                Some(other) => self.keep(id, other),
                None => {}
            }
        }
    }

    fn place(&mut self, id: RequestId, result: ResultId, row: RowId, found: (u32, u64, ResultKey)) {
        let (shard, local, key) = found;
        let Some(view) = self.result(result).and_then(|result| result.view.as_ref()) else {
            return self.reply(id, failed("this result is gone"));
        };
        if view.key != key {
            // The order changed meanwhile: ask again.
            return self.advance(id, Pending::Place { result, row, found: None, left: 0 });
        }
        match view.order.index_of(shard, local) {
            Some(index) => {
                let index = Some(index).filter(|&index| index < view.rows());
                self.reply(id, Reply::Position { row, index });
            }
            None if view.is_known(u64::MAX) => self.reply(id, Reply::Position { row, index: None }),
            None => self.keep(id, Pending::Place { result, row, found: Some(found), left: 0 }),
        }
    }

    pub(crate) fn on_answer(&mut self, shard: u32, ask: u32, answer: Answer) {
        if let Some(state) = self.shards.get_mut(shard as usize) {
            state.asks.remove(&ask);
        }
        let Some((_, id)) = self.asks.sent.remove(&ask) else { return };
        let Some(pending) = self.asks.pending.remove(&id) else { return };
        match pending {
            Pending::Gather { result, generation, start, count, runs, mut got, left } => {
                let Answer::Rows(rows) = answer else {
                    // The result got another order meanwhile.
                    self.end_asks(id);
                    return self.ask_rows(id, result, start, count);
                };
                got.insert(shard, rows);
                if left > 1 {
                    return self.keep(
                        id,
                        Pending::Gather { result, generation, start, count, runs, got, left: left - 1 },
                    );
                }
                let mut of_shard = BTreeMap::new();
                of_shard.extend(got.into_iter().map(|(shard, rows)| (shard, rows.into_iter())));
                let rows = runs
                    .iter()
                    .flat_map(|(shard, rows)| {
                        let taken = usize::try_from(*rows).unwrap_or(usize::MAX);
                        of_shard
                            .get_mut(shard)
                            .map(|rows| rows.take(taken).collect::<Vec<_>>())
                            .unwrap_or_default()
                    })
                    .collect();
                self.reply(id, Reply::Rows { generation, start, rows });
                self.first_rows_shown();
            }
            Pending::Place { result, row, mut found, left } => {
                if let (Answer::Place(Some(local)), Some(key)) = (answer, self.view_key(result)) {
                    found = Some((shard, local, key));
                }
                match found {
                    _ if left > 1 => self.keep(id, Pending::Place { result, row, found, left: left - 1 }),
                    Some(found) => self.place(id, result, row, found),
                    None => self.reply(id, Reply::Position { row, index: None }),
                }
            }
            Pending::Span { result, buckets, mut extent, left } => {
                if let Answer::Span(other) = answer {
                    extent.merge(&other);
                }
                if left > 1 {
                    return self.keep(id, Pending::Span { result, buckets, extent, left: left - 1 });
                }
                self.ask_buckets(id, result, buckets, extent);
            }
            Pending::Buckets { from, step, count, mut sums, left } => {
                if let Answer::Buckets(counts) = answer {
                    sums.merge(counts);
                }
                if left > 1 {
                    return self.keep(id, Pending::Buckets { from, step, count, sums, left: left - 1 });
                }
                self.reply(id, Reply::Timeline { data: timeline::data(from, step, count, sums) });
            }
            Pending::Record { row, left } => match answer {
                Answer::Record(Some(sighting)) => {
                    self.end_asks(id);
                    self.ask_record_bytes(id, shard, row, sighting);
                }
                _ if left > 1 => self.keep(id, Pending::Record { row, left: left - 1 }),
                _ => self.reply(id, failed("this record is not here any more: its file was closed")),
            },
            Pending::RecordRaw { row, sighting } => {
                let raw = if let Answer::Raw(raw) = answer {
                    raw
                } else {
                    unavailable(row.offset, "it was not read")
                };
                let record = self.record(row, *sighting, raw);
                self.reply(id, Reply::Record { record: Box::new(record) });
            }
            Pending::Raw { len } => {
                let mut raw =
                    if let Answer::Raw(raw) = answer { raw } else { unavailable(0, "it was not read") };
                if raw.text.is_some() {
                    raw.len = raw.len.max(len);
                }
                self.reply(id, Reply::Raw { raw });
            }
            Pending::Rows { .. } => self.keep(id, pending),
        }
    }

    fn ask_buckets(&mut self, id: RequestId, result: ResultId, buckets: u32, extent: Extent) {
        let (Some((first, last)), Some(key)) = (extent.times, self.view_key(result)) else {
            let none = Counts { without_time: extent.without_time, ..Counts::default() };
            return self.reply(id, Reply::Timeline { data: timeline::data(Ticks(0), 0, 0, none) });
        };
        let Some(shown) = self.shown_rows(result) else {
            // Its order changed meanwhile.
            let extent = Extent::default();
            return self.keep(id, Pending::Span { result, buckets, extent, left: 0 });
        };
        let (from, step, count) = timeline::buckets(Ticks(first), Ticks(last), buckets);
        let left = self.ask_shown(id, &shown, |first| Ask::Buckets { key, from, step, count, first });
        self.keep(id, Pending::Buckets { from, step, count, sums: Counts::default(), left });
    }

    fn ask_record_bytes(&mut self, id: RequestId, shard: u32, row: RowId, sighting: Box<Sighting>) {
        let len = u64::from(sighting.len).min(RAW_BYTES);
        match self.raw_ask(row.file.0, row.offset, len) {
            Ok(what) => {
                self.keep(id, Pending::RecordRaw { row, sighting });
                self.ask(id, shard, what, Some(row.file.0));
            }
            Err(reason) => {
                let record = self.record(row, *sighting, unavailable(row.offset, &reason));
                self.reply(id, Reply::Record { record: Box::new(record) });
            }
        }
    }

    /// The question for bytes of a file, or why they cannot be had.
    fn raw_ask(&self, file: u32, offset: u64, len: u64) -> Result<Ask, String> {
        let state = self.files.get(&file).ok_or("its file was closed")?;
        if state.info.size == 0 {
            return Err("the file is empty or could not be opened".to_owned());
        }
        let line = state.merged.piece_of(offset).map(|(breaks, piece)| (piece.start, breaks + 1));
        // Lines are known when all before is.
        let line = line.filter(|_| state.share() >= 1.0 && state.lost.is_empty());
        let (place, size) = (state.place.clone(), state.info.size);
        Ok(Ask::Raw { file, place, size, is_packed: state.is_packed(), offset, len, line })
    }

    /// Bytes of a file around a place.
    pub(crate) fn start_raw(&mut self, id: RequestId, file: FileNo, offset: u64, len: u64) {
        let Some(shard) = (0_u32..)
            .zip(&self.shards)
            .filter(|(_, shard)| shard.is_up())
            .min_by_key(|(_, shard)| shard.in_hand.len() + shard.asks.len())
            .map(|(index, _)| index)
        else {
            return self.reply(id, failed("no reader is there to read the file; try again"));
        };
        match self.raw_ask(file.0, offset, len.min(RAW_BYTES)) {
            Ok(what) => {
                self.start_pending(id, Pending::Raw { len });
                self.ask(id, shard, what, Some(file.0));
            }
            Err(reason) => self.reply(id, Reply::Raw { raw: unavailable(offset, &reason) }),
        }
    }

    fn record(&self, row: RowId, sighting: Sighting, mut raw: RawText) -> RecordView {
        raw.len = u64::from(sighting.len);
        let file = self.files.get(&row.file.0);
        let of_table =
            |id: &str| self.formats.find(id).and_then(|(_, format)| format.table()) == Some(&sighting.table);
        let format = file.and_then(|file| {
            file.merged.formats.iter().filter(|(id, _)| of_table(id)).max_by_key(|(_, count)| count.records)
        });
        let kept = sighting.fields.iter().find(|field| field.name == DUPLICATE_OF);
        RecordView {
            row,
            kept: kept.and_then(|field| self.row_of(&field.value)),
            format: format.map_or_else(String::new, |(id, _)| id.clone()),
            why: format.map_or_else(String::new, |(_, count)| count.why.clone()),
            path: file.map_or_else(String::new, |file| file.info.path.clone()),
            table: sighting.table,
            fields: sighting.fields,
            raw,
        }
    }

    /// The row that a `_DuplicateOf` names: `path@offset`, then `#number` where several records are in one place.
    fn row_of(&self, name: &str) -> Option<RowId> {
        let (path, place) = name.rsplit_once('@')?;
        let (offset, number) = place.split_once('#').unwrap_or((place, "0"));
        let (file, _) =
            self.files.iter().find(|(_, file)| file.info.path == path && file.merged.stored > 0)?;
        Some(RowId { file: FileNo(*file), offset: offset.parse().ok()?, number: number.parse().ok()? })
    }

    /// Takes back the questions of a request.
    fn end_asks(&mut self, id: RequestId) {
        let gone: Vec<(u32, u32)> = self
            .asks
            .sent
            .iter()
            .filter(|(_, (_, of))| *of == id)
            .map(|(&ask, &(shard, _))| (ask, shard))
            .collect();
        for (ask, shard) in gone {
            self.asks.sent.remove(&ask);
            if let Some(state) = self.shards.get_mut(shard as usize) {
                state.asks.remove(&ask);
            }
            self.tell(shard, ToShard::EndAsk { ask });
        }
    }

    /// A request is not waited for any more. Whether it was waiting.
    pub(crate) fn end_pending(&mut self, id: RequestId) -> bool {
        self.end_asks(id);
        self.asks.pending.remove(&id).is_some()
    }

    /// Stops a request: it ends as cancelled.
    pub(crate) fn cancel(&mut self, id: RequestId, target: RequestId) {
        if self.cancel_edit(target) {
            self.reply(target, Reply::Cancelled);
        } else if self.end_pending(target) || self.cancel_query(target) || self.cancel_made(target) {
            self.reply(target, Reply::Cancelled);
            // Shards are to be heard soon, or hang in what was cancelled.
            for index in 0..self.shards.len() as u32 {
                let by = self.now + CANCEL_WITHIN;
                if let Some(shard) = self.shards.get_mut(index as usize).filter(|shard| shard.is_up()) {
                    shard.chores += 1;
                    shard.answer_by = Some(by);
                    self.tell(index, ToShard::Ping);
                }
            }
        }
        self.reply(id, Reply::Done);
    }

    /// Questions to a shard that died are asked anew, or answered without it; a request that sees shards die again and
    /// again is given up, if `is_blamed`: if it may have been what they died of.
    pub(crate) fn asks_lost(&mut self, shard: u32, reason: &str, is_blamed: bool) {
        if let Some(state) = self.shards.get_mut(shard as usize) {
            state.asks.clear();
        }
        let lost: Vec<u32> =
            self.asks.sent.iter().filter(|(_, (of, _))| *of == shard).map(|(&ask, _)| ask).collect();
        let Asks { pending, deaths, .. } = &mut self.asks;
        deaths.retain(|id, _| pending.contains_key(id));
        for ask in lost {
            let Some(&(_, id)) = self.asks.sent.get(&ask) else { continue };
            let deaths = self.asks.deaths.entry(id).or_default();
            *deaths += u32::from(is_blamed);
            if *deaths < DEATHS {
                self.on_answer(shard, ask, Answer::Gone);
            } else if self.end_pending(id) {
                let text = format!(
                    "This was given up: a reader ended {DEATHS} times while it was to answer ({reason}). What was read \
                     stays; ask again, or for something else."
                );
                self.reply(id, failed(text));
            }
        }
        self.selections_lost(shard);
        self.made_lost(shard, reason, is_blamed);
    }
}

fn unavailable(offset: u64, reason: &str) -> RawText {
    RawText { text: None, unavailable: Some(reason.to_owned()), offset, line: None, len: 0, lossy: false }
}
