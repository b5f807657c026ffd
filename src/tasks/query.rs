//! Queries, their rows and their timeline.

use super::{Answer, answer::ask};
use crate::{
    bridge::{Bridge, Pending, measure},
    platform::clock,
};
use chartroom_base::ticks::Ticks;
use chartroom_protocol::{
    Reply, Request, ResultId, RowId,
    result::{PageRow, ResultInfo, TimelineData},
};
use yew::Callback;

/// Rows of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsPage {
    /// Which generation of the result they come from.
    pub generation: u32,
    /// First row.
    pub start: u64,
    /// The rows, in order; fewer than asked for at the end.
    pub rows: Vec<PageRow>,
}

/// Runs a query, with `now` for what its `now()` is; it ends the one before. Recorded as the measure `chartroom:query`.
pub fn run_query(
    bridge: &Bridge,
    text: String,
    now: Ticks,
    on_answer: Callback<Answer<ResultInfo>>,
) -> Pending {
    let start = clock::now_ms();
    let on_answer = Callback::from(move |answer| {
        if let Answer::Done(info) = &answer {
            let info: &ResultInfo = info;
            let sizes = [("rows", info.rows as f64), ("took_us", info.took_us as f64), ("share", info.share)];
            measure("chartroom:query", start, &sizes);
        }
        on_answer.emit(answer);
    });
    ask(bridge, Request::Query { text, now }, on_answer, |reply| match reply {
        Reply::Result { info } => Some(info),
        _ => None,
    })
}

/// Fetches at most 500 rows of a result; ends the fetch before.
pub fn fetch_rows(
    bridge: &Bridge,
    result: ResultId,
    start: u64,
    count: u32,
    on_answer: Callback<Answer<RowsPage>>,
) -> Pending {
    ask(bridge, Request::Rows { result, start, count }, on_answer, |reply| match reply {
        Reply::Rows { generation, start, rows } => Some(RowsPage { generation, start, rows }),
        _ => None,
    })
}

/// Fetches the counts of a result's rows over time, in at most `buckets` (10 to 500) buckets.
pub fn fetch_timeline(
    bridge: &Bridge,
    result: ResultId,
    buckets: u32,
    on_answer: Callback<Answer<TimelineData>>,
) -> Pending {
    ask(bridge, Request::Timeline { result, buckets }, on_answer, |reply| match reply {
        Reply::Timeline { data } => Some(data),
        _ => None,
    })
}

/// Finds where a row stands in a result now; `None`: it is not in it.
pub fn find_position(
    bridge: &Bridge,
    result: ResultId,
    row: RowId,
    on_answer: Callback<Answer<Option<u64>>>,
) -> Pending {
    ask(bridge, Request::Position { result, row }, on_answer, |reply| match reply {
        Reply::Position { index, .. } => Some(index),
        _ => None,
    })
}
