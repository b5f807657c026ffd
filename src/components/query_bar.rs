//! The query as KQL: seen, edited, run; and what was wrong with it.

use super::completion_list::{CompletionList, LIST_ID, entry_id};
use crate::{
    state::{
        completion::{Names, Offer, offer},
        squiggles::{at_caret, caret_byte, pieces, syntax_errors},
    },
    widgets::icon::{Glyph, Icon},
};
use chartroom_base::diagnostic::{Diagnostic, Span, line_and_column};
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
    /// What can be completed.
    #[prop_or_default]
    pub names: Names,
    /// Stands before the button: which clock the query reads.
    #[prop_or_default]
    pub clock: Html,
    /// Told the text on each edit, in the task of the event.
    pub on_edit: Callback<String>,
    /// Told to run the text, in the task of the click or key.
    pub on_run: Callback<()>,
}

/// A colored text to edit and a button.
#[component]
pub fn QueryBar(props: &QueryBarProps) -> Html {
    let node = use_node_ref();
    // What is offered at the caret, and which of it is chosen.
    let offered = use_state_eq(|| None::<(Offer, usize)>);
    let ask = {
        let (offered, names) = (offered.setter(), props.names.clone());
        move |field: &HtmlTextAreaElement| {
            let (text, units) = (field.value(), field.selection_start().ok().flatten().unwrap_or(0));
            let found = offer(&text, caret_byte(&text, units) as usize, &names);
            offered.set((!found.entries.is_empty()).then_some((found, 0)));
        }
    };
    let oninput = {
        let (on_edit, offered, ask) = (props.on_edit.clone(), offered.setter(), ask.clone());
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() else { return };
            on_edit.emit(field.value());
            // Only where a person types a letter: a text that is put there, or taken away, asks for nothing.
            let is_letter = |text: &str| text.chars().all(|char| char == '_' || char.is_alphanumeric());
            match event.data().filter(|text| event.input_type() == "insertText" && is_letter(text)) {
                Some(_) => ask(&field),
                None => offered.set(None),
            }
        })
    };
    let take = {
        let (node, offered, on_edit) = (node.clone(), offered.clone(), props.on_edit.clone());
        Callback::from(move |at: usize| {
            let (Some(field), Some((found, _))) = (node.cast::<HtmlTextAreaElement>(), &*offered) else {
                return;
            };
            let Some(entry) = found.entries.get(at) else { return };
            let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
            let text = field.value();
            let (Some(before), Some(word)) = (text.get(..found.word.start), text.get(found.word.clone()))
            else {
                return;
            };
            let start = units(before);
            // The browser's own insertion, so that its undo knows it; the text is there in any case.
            let is_set = field.set_range_text_with_start_and_end_and_mode(
                &entry.text,
                start,
                start + units(word),
                "end",
            );
            if is_set.is_ok() {
                on_edit.emit(field.value());
            }
            offered.set(None);
        })
    };
    let onkeydown = {
        let (offered, take, on_run) = (offered.clone(), take.clone(), props.on_run.clone());
        Callback::from(move |event: KeyboardEvent| {
            let has_modifier = event.ctrl_key() || event.meta_key();
            match (event.key().as_str(), &*offered) {
                ("Enter", _) if has_modifier || event.shift_key() => {
                    offered.set(None);
                    on_run.emit(());
                }
                (" ", _) if has_modifier => {
                    if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                        ask(&field);
                    }
                }
                ("Escape", Some(_)) => offered.set(None),
                ("Enter" | "Tab", Some((_, chosen))) => take.emit(*chosen),
                ("ArrowDown", Some((found, chosen))) => {
                    offered.set(Some((found.clone(), (chosen + 1) % found.entries.len())));
                }
                ("ArrowUp", Some((found, chosen))) => {
                    let count = found.entries.len();
                    offered.set(Some((found.clone(), (chosen + count - 1) % count)));
                }
                ("ArrowLeft" | "ArrowRight" | "Home" | "End", Some(_)) => {
                    offered.set(None);
                    return;
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    // What is wrong with the text as it stands: what the last run said of it, else what the writing alone tells.
    let is_run = props.text == props.errors_text && !props.errors.is_empty();
    let live = use_memo(
        (props.text.clone(), is_run),
        |(text, is_run)| {
            if *is_run { Vec::new() } else { syntax_errors(text) }
        },
    );
    let wrong: &[Diagnostic] = if is_run { &props.errors } else { &live };
    let caret = use_state_eq(|| None::<u32>);
    let on_caret = {
        let caret = caret.setter();
        move |target: Option<HtmlTextAreaElement>| {
            let Some(field) = target else { return };
            let place = field.selection_start().ok().flatten();
            caret.set(place.map(|units| caret_byte(&field.value(), units)));
        }
    };
    let onkeyup = {
        let on_caret = on_caret.clone();
        Callback::from(move |event: KeyboardEvent| on_caret(event.target_dyn_into()))
    };
    let onmouseup = Callback::from(move |event: MouseEvent| on_caret(event.target_dyn_into()));
    let onblur = use_callback((caret.setter(), offered.setter()), |_: FocusEvent, (caret, offered)| {
        caret.set(None);
        offered.set(None);
    });
    let hint = caret.filter(|_| !is_run).and_then(|caret| at_caret(wrong, caret));
    let onclick = use_callback(props.on_run.clone(), |_: MouseEvent, on_run| on_run.emit(()));
    let rows = props.text.split('\n').count().clamp(1, 12);
    let has_error = !props.errors.is_empty();
    html! {
        <section class="cr-query" aria-label="Query">
            <div class="cr-query__line">
                <div class="cr-query__editor" style={format!("--cr-lines: {rows}")}>
                    <Colors text={props.text.clone()} wrong={wrong.iter().map(|error| error.span).collect::<Vec<_>>()} />
                    <textarea
                        ref={node}
                        class="cr-query__field"
                        data-testid="query-input"
                        aria-label="Query in KQL"
                        aria-invalid={has_error.to_string()}
                        aria-describedby={has_error.then_some("query-error")}
                        aria-autocomplete="list"
                        aria-controls={offered.is_some().then_some(LIST_ID)}
                        aria-activedescendant={offered.as_ref().map(|(_, chosen)| entry_id(*chosen))}
                        title="Ctrl Enter runs it, Ctrl Space completes"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        translate="no"
                        wrap="soft"
                        rows={rows.to_string()}
                        value={props.text.clone()}
                        {oninput}
                        {onkeydown}
                        {onkeyup}
                        {onmouseup}
                        {onblur}
                    />
                </div>
                if let Some((found, chosen)) = &*offered {
                    <CompletionList
                        entries={found.entries.clone()}
                        chosen={*chosen}
                        place={place_of(&props.text, found.word.start)}
                        on_take={take}
                    />
                }
                { props.clock.clone() }
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
            // Always there: what appears in it is read out.
            <p class="cr-query__hint" role="status" data-testid="query-hint">
                if let Some(hint) = hint {
                    { &hint.message }
                    if let Some(help) = &hint.help { <span class="cr-query__help">{ help }</span> }
                }
            </p>
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

/// Column and line of a byte, from 0.
fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or("");
    (line.chars().count(), before.matches('\n').count())
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
    /// Where something is wrong.
    wrong: Vec<Span>,
}

/// The text in colors, behind the field that is typed into.
#[component]
fn Colors(props: &ColorsProps) -> Html {
    let text = &props.text;
    html! {
        <pre class="cr-query__colors" aria-hidden="true">
            { for pieces(text, &props.wrong).into_iter().map(|(part, class, is_wrong)| {
                let class = classes!(format!("cr-kql-{}", class.word()), is_wrong.then_some("cr-kql-wrong"));
                html! { <span {class}>{ part }</span> }
            }) }
            // A last line without a character would have no height.
            { "\u{200b}" }
        </pre>
    }
}
