//! The query as KQL: seen, edited, run; and what was wrong with it.

use crate::widgets::icon::{Glyph, Icon};
use chartroom_base::diagnostic::{Diagnostic, line_and_column};
use chartroom_kql_syntax::highlight::highlight;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Properties of [`QueryBar`].
#[derive(PartialEq, Properties)]
pub struct QueryBarProps {
    /// The text in the editor.
    pub text: AttrValue,
    /// Whether a query is being answered.
    pub is_running: bool,
    /// Errors of the last query; empty when it ran.
    pub errors: Vec<Diagnostic>,
    /// The text they speak of.
    pub errors_text: AttrValue,
    /// Told the text on each edit, in the task of the event.
    pub on_edit: Callback<String>,
    /// Told to run the text, in the task of the click or key.
    pub on_run: Callback<()>,
}

/// A colored text to edit and a button.
#[component]
pub fn QueryBar(props: &QueryBarProps) -> Html {
    let oninput = use_callback(props.on_edit.clone(), |event: InputEvent, on_edit| {
        if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
            on_edit.emit(field.value());
        }
    });
    let onkeydown = use_callback(props.on_run.clone(), |event: KeyboardEvent, on_run| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            on_run.emit(());
        }
    });
    let onclick = use_callback(props.on_run.clone(), |_: MouseEvent, on_run| on_run.emit(()));
    let rows = props.text.split('\n').count().clamp(1, 12);
    let has_error = !props.errors.is_empty();
    html! {
        <section class="cr-query" aria-label="Query">
            <div class="cr-query__line">
                <div class="cr-query__editor" style={format!("--cr-lines: {rows}")}>
                    <Colors text={props.text.clone()} />
                    <textarea
                        class="cr-query__field"
                        data-testid="query-input"
                        aria-label="Query in KQL"
                        aria-invalid={has_error.to_string()}
                        aria-describedby={has_error.then_some("query-error")}
                        title="Ctrl Enter runs it"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        translate="no"
                        wrap="soft"
                        rows={rows.to_string()}
                        value={props.text.clone()}
                        {oninput}
                        {onkeydown}
                    />
                </div>
                <button
                    type="button"
                    class="cr-button cr-button--primary cr-query__run"
                    data-testid="run-query"
                    aria-busy={props.is_running.to_string()}
                    {onclick}
                >
                    <Icon glyph={Glyph::Play} />{ "Run" }
                </button>
            </div>
            if has_error {
                <div id="query-error" class="cr-query__errors" role="alert" data-testid="query-error">
                    { for props.errors.iter().map(|error| html! {
                        <Problem error={error.clone()} text={props.errors_text.clone()} />
                    }) }
                </div>
            }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct ProblemProps {
    error: Diagnostic,
    text: AttrValue,
}

/// What is wrong, where, what to do.
#[component]
fn Problem(props: &ProblemProps) -> Html {
    let error = &props.error;
    let (line, column) = line_and_column(&props.text, error.span.start);
    let has_place = error.span.end > error.span.start;
    html! {
        <p class="cr-query__error" data-code={error.code.clone()}>
            <span>{ &error.message }</span>
            if has_place { <span class="cr-query__place">{ format!("line {line}, column {column}") }</span> }
            if let Some(help) = &error.help { <span class="cr-query__help">{ help }</span> }
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct ColorsProps {
    text: AttrValue,
}

/// The text in colors, behind the field that is typed into.
#[component]
fn Colors(props: &ColorsProps) -> Html {
    let text = &props.text;
    html! {
        <pre class="cr-query__colors" aria-hidden="true">
            { for highlight(text).into_iter().map(|(span, class)| {
                let part = text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned();
                html! { <span class={format!("cr-kql-{}", class.word())}>{ part }</span> }
            }) }
            // A last line without a character would have no height.
            { "\u{200b}" }
        </pre>
    }
}
