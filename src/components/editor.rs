//! The text of a query as it is edited: colors, what is wrong, what may stand at the caret, what a word is.
//!
//! **Invariant:** what is typed is what stands there: nothing is put in but a proposal that was taken, and Enter takes one
//! only after an arrow key went to it. An answer about a text that has changed since is not heard.

use super::completion_list::{CompletionList, LIST_ID, entry_id};
use crate::{
    bridge::{Bridge, Pending},
    platform::{self, clock::Timeout},
    state::squiggles::{at_caret, caret_byte, caret_unit, pieces},
    tasks::ask_editor,
    widgets::marked::coded,
};
use chartroom_base::diagnostic::{Diagnostic, Span};
use chartroom_protocol::edit::{Call, EditAnswer, EditAsk, WordHelp};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlTextAreaElement};
use yew::prelude::*;

/// What is wrong is looked for after a pause in typing as long as this.
const CHECK_MS: i32 = 300;
/// What stands below the text while there is nothing else to say: the line is always there, so that nothing moves.
const KEYS: &str = "Ctrl Enter runs · Ctrl Space completes · F1 explains a word · Shift Alt F lays out";
/// A word is explained when the pointer rests on it for so long.
const REST_MS: i32 = 300;

/// Properties of [`Editor`].
#[derive(PartialEq, Properties)]
pub struct EditorProps {
    /// Who is asked.
    pub bridge: Bridge,
    /// The text.
    pub text: AttrValue,
    /// What was wrong with the text when it was run as it stands.
    pub errors: Vec<Diagnostic>,
    /// Whether it was edited since it was run.
    pub is_draft: bool,
    /// Grows when the text is to be laid out.
    pub layout: u32,
    /// Told the text on each edit, in the task of the event.
    pub on_edit: Callback<String>,
    /// Told to run the text, in the task of the key.
    pub on_run: Callback<()>,
}

/// The proposals at the caret.
#[derive(Clone, PartialEq)]
struct Offer {
    answer: Rc<EditAnswer>,
    /// Which one an arrow key went to.
    chosen: Option<usize>,
    /// Where they are shown.
    place: (f64, f64),
}

/// What a word is, beside it.
#[derive(Clone, PartialEq)]
struct Tip {
    words: WordHelp,
    place: (f64, f64),
}

/// Asks about the text in the field; one question at a time.
#[derive(Clone)]
struct Asker {
    bridge: Bridge,
    field: NodeRef,
    pending: Rc<RefCell<Option<Pending>>>,
    /// Something of ours is put in just now: that is no typing.
    is_putting: Rc<RefCell<bool>>,
}

impl Asker {
    fn field(&self) -> Option<HtmlTextAreaElement> {
        self.field.cast()
    }

    /// The caret's byte in the text.
    fn caret(&self) -> u32 {
        self.field().map_or(0, |field| {
            let units = field.selection_start().ok().flatten().unwrap_or(0);
            caret_byte(&field.value(), units)
        })
    }

    fn ask(&self, what: EditAsk, at: u32, hear: impl Fn(EditAnswer) + 'static) {
        let Some(field) = self.field() else { return };
        let text = field.value();
        let asked = text.clone();
        let on_answer = Callback::from(move |answer| {
            if field.value() == asked {
                hear(answer);
            }
        });
        // Ended before the next one begins.
        self.pending.borrow_mut().take();
        let pending = ask_editor(&self.bridge, what, text, at, on_answer);
        *self.pending.borrow_mut() = Some(pending);
    }

    /// The word that proposals were made for, with the letters typed since: an answer may be a key behind.
    fn grown(&self, word: Span) -> Span {
        let text = self.field().map_or_else(String::new, |field| field.value());
        let caret = self.caret();
        let since = text.get(word.end as usize..caret as usize);
        let is_word =
            since.is_some_and(|since| since.chars().all(|char| char == '_' || char.is_alphanumeric()));
        if is_word { Span::new(word.start, caret) } else { word }
    }

    /// Puts `text` in place of a part, and the caret `caret` bytes into it.
    fn put(&self, span: Span, text: &str, caret: usize, on_edit: &Callback<String>) {
        let Some(field) = self.field() else { return };
        let old = field.value();
        let (start, end) = (caret_unit(&old, span.start), caret_unit(&old, span.end));
        let caret = start + caret_unit(text, u32::try_from(caret).unwrap_or(u32::MAX));
        // A field in the document can be focused and selected in; where not, the text is still set below.
        field.focus().ok();
        field.set_selection_range(start, end).ok();
        self.is_putting.replace(true);
        let document = platform::window().document().and_then(|it| it.dyn_into::<HtmlDocument>().ok());
        // The browser's own insertion, so that its undo knows it.
        let is_put = document
            .and_then(|it| it.exec_command_with_show_ui_and_value("insertText", false, text).ok())
            .unwrap_or(false);
        self.is_putting.replace(false);
        if !is_put && field.set_range_text_with_start_and_end_and_mode(text, start, end, "end").is_ok() {
            on_edit.emit(field.value());
        }
        field.set_selection_range(caret, caret).ok();
    }
}

/// The field and what belongs to it.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let node = use_node_ref();
    let slots = use_mut_ref(|| None::<Asker>);
    let asker = slots
        .borrow_mut()
        .get_or_insert_with(|| Asker {
            bridge: props.bridge.clone(),
            field: node.clone(),
            pending: Rc::default(),
            is_putting: Rc::default(),
        })
        .clone();
    let offered = use_state_eq(|| None::<Offer>);
    let call = use_state_eq(|| None::<Call>);
    let tip = use_state_eq(|| None::<Tip>);
    let explained = use_state_eq(|| None::<WordHelp>);
    let caret = use_state_eq(|| None::<u32>);
    let rest = use_mut_ref(|| None::<Timeout>);

    // What is wrong with a text that was not run: asked after a pause.
    let checked = use_state_eq(|| None::<(AttrValue, Vec<Diagnostic>)>);
    use_effect_with((props.text.clone(), props.is_draft), {
        let (bridge, checked) = (props.bridge.clone(), checked.setter());
        move |(text, is_draft)| {
            let slot = Rc::new(RefCell::new(None));
            let timer = is_draft.then(|| {
                let (slot, text) = (slot.clone(), text.clone());
                Timeout::start(CHECK_MS, move || {
                    let of = text.clone();
                    let on_answer = Callback::from(move |answer: EditAnswer| {
                        checked.set(Some((of.clone(), answer.diagnostics)));
                    });
                    *slot.borrow_mut() =
                        Some(ask_editor(&bridge, EditAsk::Check, text.to_string(), 0, on_answer));
                })
            });
            move || drop((timer, slot))
        }
    });
    let live: &[Diagnostic] = match &*checked {
        Some((of, diagnostics)) if *of == props.text && props.is_draft => diagnostics,
        _ => &[],
    };
    let wrong: &[Diagnostic] = if props.errors.is_empty() { live } else { &props.errors };

    let complete = {
        let (asker, offered, call) = (asker.clone(), offered.setter(), call.setter());
        move |has_list: bool| {
            let (offered, call, field) = (offered.clone(), call.clone(), asker.field());
            asker.ask(EditAsk::Complete, asker.caret(), move |answer| {
                call.set(answer.call.clone());
                let place = field.as_ref().map_or((0.0, 0.0), |field| place_of(field, answer.word.start));
                let has_list = has_list && !answer.proposals.is_empty();
                offered.set(has_list.then(|| Offer { answer: Rc::new(answer), chosen: None, place }));
            });
        }
    };
    let oninput = {
        let (on_edit, asker, complete) = (props.on_edit.clone(), asker.clone(), complete.clone());
        let (offered, tip, explained) = (offered.clone(), tip.setter(), explained.setter());
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() else { return };
            on_edit.emit(field.value());
            tip.set(None);
            explained.set(None);
            // Only where a person types: a text that is put there, or taken away, asks for nothing. What a script fires need not
            // be of the event's class and know how it came about.
            let typed = event.data().filter(|_| !*asker.is_putting.borrow());
            let is_word = |text: &str| text.chars().all(|char| char == '_' || char.is_alphanumeric());
            let how = event.dyn_ref::<InputEvent>().map_or_else(String::new, InputEvent::input_type);
            match (how.as_str(), typed) {
                ("insertText", Some(typed)) => complete(is_word(&typed)),
                ("deleteContentBackward", _) if offered.is_some() => complete(true),
                _ => offered.set(None),
            }
        })
    };
    let take = {
        let (asker, offered, on_edit) = (asker.clone(), offered.clone(), props.on_edit.clone());
        Callback::from(move |at: usize| {
            let Some(offer) = &*offered else { return };
            let Some(one) = offer.answer.proposals.get(at) else { return };
            asker.put(asker.grown(offer.answer.word), &one.insert, one.caret as usize, &on_edit);
            offered.set(None);
        })
    };
    let lay_out = {
        let (asker, on_edit) = (asker.clone(), props.on_edit.clone());
        move || {
            let (again, on_edit) = (asker.clone(), on_edit.clone());
            asker.ask(EditAsk::Layout, 0, move |answer| {
                let Some(text) = answer.text else { return };
                let old = again.field().map_or_else(String::new, |field| field.value());
                if text != old {
                    let end = u32::try_from(old.len()).unwrap_or(u32::MAX);
                    again.put(Span::new(0, end), &text, text.len(), &on_edit);
                }
            });
        }
    };
    use_effect_with(props.layout, {
        let lay_out = lay_out.clone();
        move |layout| {
            if *layout > 0 {
                lay_out();
            }
        }
    });
    let onkeydown = {
        let (offered, take, on_run) = (offered.clone(), take.clone(), props.on_run.clone());
        let (tip, explained, asker) = (tip.clone(), explained.clone(), asker.clone());
        Callback::from(move |event: KeyboardEvent| {
            let has_modifier = event.ctrl_key() || event.meta_key();
            let go =
                |offer: &Offer, to: usize| offered.set(Some(Offer { chosen: Some(to), ..offer.clone() }));
            match (event.key().as_str(), &*offered) {
                ("Enter", _) if has_modifier || event.shift_key() => {
                    offered.set(None);
                    on_run.emit(());
                }
                (" ", _) if has_modifier => complete(true),
                ("F1", _) => {
                    let explained = explained.setter();
                    asker.ask(EditAsk::Explain, asker.caret(), move |answer| {
                        explained.set(answer.word_help);
                    });
                }
                _ if event.alt_key() && event.shift_key() && event.code() == "KeyF" => lay_out(),
                ("Escape", _) if offered.is_some() || tip.is_some() || explained.is_some() => {
                    offered.set(None);
                    tip.set(None);
                    explained.set(None);
                }
                ("Tab", Some(offer)) if !event.shift_key() => take.emit(offer.chosen.unwrap_or(0)),
                ("Enter", Some(Offer { chosen: Some(chosen), .. })) => take.emit(*chosen),
                ("ArrowDown", Some(offer)) => {
                    let count = offer.answer.proposals.len();
                    go(offer, offer.chosen.map_or(0, |chosen| (chosen + 1) % count));
                }
                ("ArrowUp", Some(offer)) => {
                    let count = offer.answer.proposals.len();
                    go(offer, offer.chosen.map_or(count - 1, |chosen| (chosen + count - 1) % count));
                }
                ("Enter" | "ArrowLeft" | "ArrowRight" | "Home" | "End", Some(_)) => {
                    offered.set(None);
                    return;
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let on_caret = {
        let (caret, asker) = (caret.setter(), asker.clone());
        move || caret.set(Some(asker.caret()))
    };
    let onkeyup = {
        let on_caret = on_caret.clone();
        Callback::from(move |_: KeyboardEvent| on_caret())
    };
    let onmouseup = {
        let offered = offered.setter();
        Callback::from(move |_: MouseEvent| {
            offered.set(None);
            on_caret();
        })
    };
    let onblur = {
        let (caret, offered, call, explained) =
            (caret.setter(), offered.setter(), call.setter(), explained.setter());
        Callback::from(move |_: FocusEvent| {
            caret.set(None);
            offered.set(None);
            call.set(None);
            explained.set(None);
        })
    };
    let onmousemove = {
        let (rest, tip) = (rest.clone(), tip.clone());
        let wrong = wrong.to_vec();
        Callback::from(move |event: MouseEvent| {
            if tip.is_some() {
                tip.set(None);
            }
            let (x, y) = (event.client_x(), event.client_y());
            let (tip, asker, wrong) = (tip.setter(), asker.clone(), wrong.clone());
            *rest.borrow_mut() = Some(Timeout::start(REST_MS, move || {
                let (Some(at), Some(field)) = (byte_at(x, y), asker.field()) else { return };
                let place = place_of(&field, at);
                if let Some(error) = at_caret(&wrong, at) {
                    let about = error.help.clone().unwrap_or_default();
                    let words = WordHelp { title: error.message.clone(), about, example: String::new() };
                    return tip.set(Some(Tip { words, place }));
                }
                let tip = tip.clone();
                asker.ask(EditAsk::Explain, at, move |answer| {
                    tip.set(answer.word_help.map(|words| Tip { words, place }));
                });
            }));
        })
    };
    let onmouseleave = {
        let tip = tip.setter();
        Callback::from(move |_: MouseEvent| {
            rest.borrow_mut().take();
            tip.set(None);
        })
    };

    let hint = caret.filter(|_| props.errors.is_empty()).and_then(|caret| at_caret(live, caret));
    // That a call is not at its end yet says less than what it takes.
    let hint = hint.filter(|hint| call.is_none() || (hint.span.start as usize) < props.text.len());
    let rows = props.text.split('\n').count().clamp(1, 12);
    let has_error = !props.errors.is_empty();
    let chosen = offered.as_ref().and_then(|offer| offer.chosen);
    html! {
        <div class="cr-query__frame">
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
                    aria-haspopup="listbox"
                    aria-controls={offered.is_some().then_some(LIST_ID)}
                    aria-activedescendant={chosen.map(entry_id)}
                    aria-keyshortcuts="Control+Enter Control+Space F1 Shift+Alt+F"
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
                    {onmousemove}
                    {onmouseleave}
                />
            </div>
            if let Some(offer) = &*offered {
                <CompletionList answer={offer.answer.clone()} {chosen} place={offer.place} on_take={take} />
            }
            if let Some(Tip { words, place }) = tip.as_ref().filter(|_| offered.is_none()) {
                <div class="cr-tip" role="tooltip" data-testid="query-tip" style={place_style(*place)}>
                    { word_help(words) }
                </div>
            }
            // Always there: what appears in it is read out.
            <div class="cr-query__hint" role="status" data-testid="query-hint">
                if let Some(hint) = hint {
                    <span class="cr-query__wrong">{ coded(&hint.message) }</span>
                    if let Some(help) = &hint.help { <span class="cr-query__help">{ coded(help) }</span> }
                } else if let Some(words) = &*explained {
                    { word_help(words) }
                } else if let Some(call) = &*call {
                    { call_help(call) }
                } else {
                    <span class="cr-query__keys" aria-hidden="true">{ KEYS }</span>
                }
                if let Some(offer) = &*offered {
                    <span class="cr-unseen">
                        { format!("{} proposals; the arrow keys choose, Tab takes", offer.answer.proposals.len()) }
                    </span>
                }
            </div>
        </div>
    }
}

fn word_help(words: &WordHelp) -> Html {
    html! {
        <>
            <code class="cr-tip__title">{ &words.title }</code>
            if !words.about.is_empty() { <span class="cr-tip__about">{ &words.about }</span> }
            if !words.example.is_empty() { <code class="cr-tip__example">{ &words.example }</code> }
        </>
    }
}

/// `name(a, b)` with the parameter that is being written in bold.
fn call_help(call: &Call) -> Html {
    let last = call.parameters.len().saturating_sub(1);
    html! {
        <>
            <code class="cr-tip__title" data-testid="query-call">
                { &call.name }{ "(" }
                { for call.parameters.iter().enumerate().map(|(at, parameter)| html! {
                    <>
                        if call.active == u32::try_from(at).ok() { <b>{ parameter }</b> } else { { parameter } }
                        { if at < last { ", " } else { "" } }
                    </>
                }) }
                { ")" }
            </code>
            <span class="cr-tip__about">{ &call.about }</span>
        </>
    }
}

/// The style that puts something at a place.
pub(super) fn place_style((left, top): (f64, f64)) -> String {
    format!("--cr-left: {left:.0}px; --cr-top: {top:.0}px")
}

/// The byte that the colored piece below a point of the window begins with.
fn byte_at(x: i32, y: i32) -> Option<u32> {
    let under = platform::window().document()?.elements_from_point(x as f32, y as f32);
    under.iter().find_map(|one| one.unchecked_into::<Element>().get_attribute("data-at")?.parse().ok())
}

/// Where the piece that begins at a byte, or the next one, has its lower left corner; in the frame's own pixels.
fn place_of(field: &HtmlTextAreaElement, at: u32) -> (f64, f64) {
    let Some(frame) = field.closest(".cr-query__frame").ok().flatten() else { return (0.0, 0.0) };
    let Ok(pieces) = frame.query_selector_all("[data-at]") else { return (0.0, 0.0) };
    let piece = (0..pieces.length()).filter_map(|index| pieces.get(index)?.dyn_into::<Element>().ok()).find(
        |piece| {
            piece
                .get_attribute("data-at")
                .and_then(|text| text.parse::<u32>().ok())
                .is_some_and(|start| start >= at)
        },
    );
    piece.map_or((0.0, 0.0), |piece| {
        let (piece, frame) = (piece.get_bounding_client_rect(), frame.get_bounding_client_rect());
        (piece.left() - frame.left(), piece.bottom() - frame.top())
    })
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
            { for pieces(text, &props.wrong).into_iter().map(|(at, part, class, is_wrong)| {
                let class = format!("cr-kql-{}{}", class.word(), if is_wrong { " cr-kql-wrong" } else { "" });
                html! { <span {class} data-at={at.to_string()}>{ part }</span> }
            }) }
            // A last line without a character would have no height.
            <span data-at={text.len().to_string()}>{ "\u{200b}" }</span>
        </pre>
    }
}
