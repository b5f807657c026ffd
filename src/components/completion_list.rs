//! What may stand at the caret, as a list below it; the keys that move in it are those of the editor.

use super::editor::place_style;
use chartroom_protocol::edit::{EditAnswer, Proposal};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`CompletionList`].
#[derive(PartialEq, Properties)]
pub struct CompletionListProps {
    /// What was answered; its proposals are not empty.
    pub answer: Rc<EditAnswer>,
    /// Which one is chosen.
    pub chosen: Option<usize>,
    /// Where the word stands, in CSS pixels.
    pub place: (f64, f64),
    /// Told which entry is taken.
    pub on_take: Callback<usize>,
}

/// Id of the list, for the editor's `aria-controls`.
pub const LIST_ID: &str = "query-completions";

/// Id of an entry, for the editor's `aria-activedescendant`.
#[must_use]
pub fn entry_id(at: usize) -> String {
    format!("query-completion-{at}")
}

/// The list, and a sentence on the entry that is chosen.
#[component]
pub fn CompletionList(props: &CompletionListProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.chosen), |(node, _)| {
        let chosen = node
            .cast::<Element>()
            .and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
        if let Some(chosen) = chosen {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            chosen.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    // The press, not the click: the editor keeps the focus.
    let onmousedown = {
        let on_take = props.on_take.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            let place = event
                .target_dyn_into::<Element>()
                .and_then(|element| element.closest("[data-place]").ok().flatten())
                .and_then(|entry| entry.get_attribute("data-place")?.parse().ok());
            if let Some(place) = place {
                on_take.emit(place);
            }
        })
    };
    let told = props.answer.proposals.get(props.chosen.unwrap_or(0));
    html! {
        <div class="cr-completions" style={place_style(props.place)} {onmousedown}>
            <ul ref={node} id={LIST_ID} class="cr-completions__list" role="listbox" aria-label="What may stand here">
                { for props.answer.proposals.iter().enumerate().map(|(at, one)| html! {
                    <li
                        key={at}
                        id={entry_id(at)}
                        class="cr-completions__entry"
                        role="option"
                        aria-selected={(Some(at) == props.chosen).to_string()}
                        data-place={at.to_string()}
                    >
                        <span class="cr-completions__text">{ &one.label }</span>
                        <span class="cr-completions__what">{ what(one) }</span>
                    </li>
                }) }
            </ul>
            if let Some(told) = told.filter(|told| !told.about.is_empty()) {
                <p class="cr-completions__about">{ &told.about }</p>
            }
        </div>
    }
}

/// A column's type, a call's parameters, else what it is.
fn what(one: &Proposal) -> &str {
    if one.detail.is_empty() { &one.sort } else { &one.detail }
}
