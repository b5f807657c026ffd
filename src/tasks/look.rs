//! Records, raw bytes, the ledger.

use super::{Answer, answer::ask};
use crate::{
    bridge::{Bridge, Pending},
    platform::download,
};
use chartroom_base::diagnostic::{Diagnostic, Span};
use chartroom_protocol::{
    FileNo, Reply, Request, RowId,
    ledger::{LedgerFile, LedgerGroup},
    reply::RawText,
    request::LedgerFormat,
    result::RecordView,
};
use yew::Callback;

/// Part of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerPage {
    /// Files that pass the filter.
    pub total: u32,
    /// Index of the first of `files`.
    pub start: u32,
    /// The files: what needs attention first, then by folder.
    pub files: Vec<LedgerFile>,
    /// All groups of all files that pass the filter, in the order of the list.
    pub groups: Vec<LedgerGroup>,
}

/// Fetches one record, all of it.
pub fn fetch_record(bridge: &Bridge, row: RowId, on_answer: Callback<Answer<RecordView>>) -> Pending {
    ask(bridge, Request::Record { row }, on_answer, |reply| match reply {
        Reply::Record { record } => Some(*record),
        _ => None,
    })
}

/// Fetches bytes of a file as text, at most 256 KiB, from `offset` of the innermost file on.
pub fn fetch_raw(
    bridge: &Bridge,
    file: FileNo,
    offset: u64,
    len: u64,
    on_answer: Callback<Answer<RawText>>,
) -> Pending {
    ask(bridge, Request::Raw { file, offset, len }, on_answer, |reply| match reply {
        Reply::Raw { raw } => Some(raw),
        _ => None,
    })
}

/// Fetches the log types there are: id and title, by title.
pub fn fetch_log_types(bridge: &Bridge, on_answer: Callback<Answer<Vec<(String, String)>>>) -> Pending {
    ask(bridge, Request::LogTypes, on_answer, |reply| match reply {
        Reply::LogTypes { types } => Some(types),
        _ => None,
    })
}

/// Fetches part of the ledger: at most 1,000 files whose path, format or status contains `filter`.
pub fn fetch_ledger(
    bridge: &Bridge,
    start: u32,
    count: u32,
    filter: String,
    on_answer: Callback<Answer<LedgerPage>>,
) -> Pending {
    ask(bridge, Request::Ledger { start, count, filter }, on_answer, |reply| match reply {
        Reply::Ledger { total, start, files, groups } => Some(LedgerPage { total, start, files, groups }),
        _ => None,
    })
}

/// Saves the whole ledger into the person's downloads.
pub fn export_ledger(bridge: &Bridge, format: LedgerFormat, on_answer: Callback<Answer<()>>) -> Pending {
    let (name, mime) = match format {
        LedgerFormat::Csv => ("chartroom-ledger.csv", "text/csv"),
        LedgerFormat::Json => ("chartroom-ledger.json", "application/json"),
    };
    let on_text = Callback::from(move |answer: Answer<String>| {
        on_answer.emit(match answer {
            Answer::Done(text) => match download::save_text(name, mime, &text) {
                Ok(()) => Answer::Done(()),
                Err(message) => Answer::Failed(vec![Diagnostic::error("RUN0003", Span::default(), message)]),
            },
            Answer::Progress(fraction) => Answer::Progress(fraction),
            Answer::Cancelled => Answer::Cancelled,
            Answer::Failed(diagnostics) => Answer::Failed(diagnostics),
        });
    });
    ask(bridge, Request::ExportLedger { format }, on_text, |reply| match reply {
        Reply::Text { text } => Some(text),
        _ => None,
    })
}
