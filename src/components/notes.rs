//! What is told beside a result: each warning and note on a line of its own.

use crate::widgets::marked::coded;
use chartroom_base::diagnostic::{Diagnostic, Severity};
use yew::prelude::*;

/// Properties of [`Notes`].
#[derive(PartialEq, Properties)]
pub struct NotesProps {
    /// Warnings and notes, in order.
    pub notes: Vec<Diagnostic>,
}

/// The list; read out when it changes. It scrolls where there are many.
#[component]
pub fn Notes(props: &NotesProps) -> Html {
    html! {
        <div class="cr-notes" role="status" data-testid="query-notes">
            if !props.notes.is_empty() {
            <ul>
            { for props.notes.iter().map(|note| {
                let is_warning = note.severity == Severity::Warning;
                html! {
                    <li class={classes!("cr-note", is_warning.then_some("cr-note--warning"))} data-code={note.code.clone()}>
                        <span class="cr-note__sort">{ if is_warning { "Warning" } else { "Note" } }</span>
                        { coded(&note.message) }
                        if let Some(help) = &note.help { <span class="cr-note__help">{ coded(help) }</span> }
                    </li>
                }
            }) }
            </ul>
            }
        </div>
    }
}
