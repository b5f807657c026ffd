//! All rows of a result into a file, part by part: never more than a part is held here.

use super::{Answer, answer::ask};
use crate::{bridge::Bridge, platform::sink::Sink};
use chartroom_base::diagnostic::Diagnostic;
use chartroom_protocol::{Reply, Request, ResultId, request::RowFormat, result::ResultInfo};
use js_sys::Promise;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

/// Rows that come with one part.
const PART_ROWS: u32 = 500;
/// From so many rows on the person is asked for a place first, where the browser can write straight to it.
const MANY_ROWS: u64 = 200_000;

/// How saving goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Saving {
    /// So many rows are in.
    Rows(u64),
    /// All are.
    Done(u64),
    /// Not done, and why; empty when the person did not want it.
    Failed(String),
}

/// Saves all rows of a result; `is_stopped` is asked between two parts.
pub fn save_rows(
    bridge: Bridge,
    info: &ResultInfo,
    format: RowFormat,
    is_stopped: impl Fn() -> bool + 'static,
    on_saving: Callback<Saving>,
) {
    let (result, generation, rows) = (info.result, info.generation, info.rows);
    spawn_local(async move {
        let name = match format {
            RowFormat::Csv => "chartroom-rows.csv",
            RowFormat::Ndjson => "chartroom-rows.ndjson",
        };
        let sink = if rows > MANY_ROWS { Sink::ask(name).await } else { Ok(Sink::parts(name)) };
        // No place named: nothing is to be said.
        let Ok(mut sink) = sink else { return on_saving.emit(Saving::Failed(String::new())) };
        let mut start = 0;
        let outcome = loop {
            if is_stopped() {
                break Err(String::new());
            }
            let (of, count, bytes) = match part(&bridge, result, start, format).await {
                Ok(part) => part,
                Err(why) => break Err(why),
            };
            if of != generation {
                break Err("the rows were put in another order meanwhile; save again".to_owned());
            }
            if let Err(err) = sink.write(&bytes).await {
                break Err(words(&err));
            }
            start += u64::from(count);
            if count == 0 || start >= rows {
                break Ok(());
            }
            on_saving.emit(Saving::Rows(start));
        };
        on_saving.emit(match outcome {
            Ok(()) => match sink.close().await {
                Ok(()) => Saving::Done(start),
                Err(err) => Saving::Failed(words(&err)),
            },
            Err(why) => {
                sink.abort().await;
                Saving::Failed(why)
            }
        });
    });
}

/// Generation, rows and bytes of a part.
async fn part(
    bridge: &Bridge,
    result: ResultId,
    start: u64,
    format: RowFormat,
) -> Result<(u32, u32, Vec<u8>), String> {
    let slot = Rc::new(RefCell::new(None));
    let mut pending = None;
    let answered = Promise::new(&mut |resolve, _| {
        let slot = slot.clone();
        let on_answer = Callback::from(move |answer| {
            *slot.borrow_mut() = Some(answer);
            // Nobody throws there.
            resolve.call0(&JsValue::UNDEFINED).ok();
        });
        let request = Request::Write { result, start, count: PART_ROWS, format };
        pending = Some(ask(bridge, request, on_answer, |reply| match reply {
            Reply::Written { generation, rows, bytes } => Some((generation, rows, bytes)),
            _ => None,
        }));
    });
    JsFuture::from(answered).await.map_err(|err| words(&err))?;
    let answer = slot.borrow_mut().take();
    match answer {
        Some(Answer::Done(part)) => Ok(part),
        Some(Answer::Failed(diagnostics)) => {
            Err(diagnostics.into_iter().next().map_or_else(String::new, |Diagnostic { message, .. }| message))
        }
        _ => Err("another file was begun".to_owned()),
    }
}

fn words(err: &JsValue) -> String {
    err.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{err:?}"), |err| String::from(err.message()))
}
