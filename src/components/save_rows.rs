//! Buttons that save all rows of the result, values exact.

use crate::{
    bridge::Bridge,
    shared::Shared,
    state::format::{counted, percent},
    tasks::{Saving, save_rows},
};
use chartroom_protocol::{request::RowFormat, result::ResultInfo};
use std::{cell::Cell, rc::Rc};
use yew::prelude::*;

/// Properties of [`SaveRows`].
#[derive(PartialEq, Properties)]
pub struct SaveRowsProps {
    /// Where rows come from.
    pub bridge: Bridge,
    /// The result; complete.
    pub info: Shared<ResultInfo>,
}

/// The buttons, or how far it is.
#[component]
pub fn SaveRows(props: &SaveRowsProps) -> Html {
    let saving = use_state_eq(|| None::<Saving>);
    // Grows when what is being saved is not wanted any more.
    let stops = use_mut_ref(|| Rc::new(Cell::new(0_u32)));
    let stops = stops.borrow().clone();
    let save = |format: RowFormat| {
        let (bridge, info, saving, stops) =
            (props.bridge.clone(), props.info.clone(), saving.setter(), stops.clone());
        Callback::from(move |_: MouseEvent| {
            let (mine, stops) = (stops.get(), stops.clone());
            let set = saving.clone();
            saving.set(Some(Saving::Rows(0)));
            let on_saving = Callback::from(move |now| set.set(Some(now)));
            save_rows(bridge.clone(), &info, format, move || stops.get() != mine, on_saving);
        })
    };
    let on_stop = {
        let stops = stops.clone();
        Callback::from(move |_: MouseEvent| stops.set(stops.get().wrapping_add(1)))
    };
    let words = match &*saving {
        Some(Saving::Done(rows)) => format!("{} saved", counted(*rows, "row", "rows")),
        Some(Saving::Failed(why)) if !why.is_empty() => format!("Not saved: {why}"),
        _ => String::new(),
    };
    let button = |format, id: &'static str, word: &'static str, about: &'static str| {
        html! {
            <button type="button" class="cr-button cr-button--quiet" data-testid={id} title={about} onclick={save(format)}>
                { word }
            </button>
        }
    };
    html! {
        <span class="cr-save" role="group" aria-label="Save all rows">
            <span class="cr-save__words" role="status" data-testid="save-words">{ words }</span>
            if let Some(Saving::Rows(rows)) = &*saving {
                <button type="button" class="cr-button cr-button--quiet" onclick={on_stop}>
                    { format!("Saving {} · stop", percent(*rows as f64 / props.info.rows.max(1) as f64)) }
                </button>
            } else {
                { button(RowFormat::Csv, "save-csv", "CSV", "Save all rows as CSV; values exact, also those that a spreadsheet takes for formulas") }
                { button(RowFormat::Ndjson, "save-ndjson", "NDJSON", "Save all rows as one JSON object a line") }
            }
        </span>
    }
}
