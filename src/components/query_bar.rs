//! The query as KQL: seen, edited, run; and what was wrong with it.

use super::editor::Editor;
use crate::{
    bridge::Bridge,
    widgets::icon::{Glyph, Icon},
};
use chartroom_base::diagnostic::{Diagnostic, line_and_column};
use yew::prelude::*;

/// Properties of [`QueryBar`].
#[derive(PartialEq, Properties)]
pub struct QueryBarProps {
    /// Who is asked about the text while it is written.
    pub bridge: Bridge,
    /// The text in the editor.
    pub text: AttrValue,
    /// Whether it was edited since it was run.
    pub is_draft: bool,
    /// Whether a query is being answered.
    pub is_running: bool,
    /// Errors of the last query; empty when it ran.
    pub errors: Vec<Diagnostic>,
    /// The text they speak of.
    pub errors_text: AttrValue,
    /// Stands before the button: which clock the query reads.
    #[prop_or_default]
    pub clock: Html,
    /// Told the text on each edit, in the task of the event.
    pub on_edit: Callback<String>,
    /// Told to run the text, in the task of the click or key.
    pub on_run: Callback<()>,
}

/// A colored text to edit, and buttons.
#[component]
pub fn QueryBar(props: &QueryBarProps) -> Html {
    let layout = use_state_eq(|| 0_u32);
    let on_layout = {
        let layout = layout.clone();
        Callback::from(move |_: MouseEvent| layout.set(layout.wrapping_add(1)))
    };
    let onclick = use_callback(props.on_run.clone(), |_: MouseEvent, on_run| on_run.emit(()));
    let of_text = props.text == props.errors_text;
    html! {
        <section class="cr-query" aria-label="Query">
            <div class="cr-query__line">
                <Editor
                    bridge={props.bridge.clone()}
                    text={props.text.clone()}
                    errors={if of_text { props.errors.clone() } else { Vec::new() }}
                    is_draft={props.is_draft}
                    layout={*layout}
                    on_edit={props.on_edit.clone()}
                    on_run={props.on_run.clone()}
                />
                { props.clock.clone() }
                <button
                    type="button"
                    class="cr-button cr-button--quiet"
                    data-testid="format-query"
                    title="Lay the text out (Shift Alt F)"
                    onclick={on_layout}
                >
                    { "Format" }
                </button>
                <button
                    type="button"
                    class="cr-button cr-button--primary cr-query__run"
                    data-testid="run-query"
                    aria-busy={props.is_running.to_string()}
                    title="Ctrl Enter in the text; Ctrl Space completes, F1 explains a word"
                    {onclick}
                >
                    <Icon glyph={Glyph::Play} />{ "Run" }
                </button>
            </div>
            if !props.errors.is_empty() {
                <div id="query-error" class="cr-query__errors" role="alert" data-testid="query-error">
                    { for props.errors.iter().map(|error| problem(error, &props.errors_text)) }
                </div>
            }
        </section>
    }
}

/// What is wrong, where, what to do.
fn problem(error: &Diagnostic, text: &str) -> Html {
    let (line, column) = line_and_column(text, error.span.start);
    let has_place = error.span.end > error.span.start;
    html! {
        <p class="cr-query__error" data-code={error.code.clone()}>
            <span>{ &error.message }</span>
            if has_place { <span class="cr-query__place">{ format!("line {line}, column {column}") }</span> }
            if let Some(help) = &error.help { <span class="cr-query__help">{ help }</span> }
        </p>
    }
}
