//! What may stand at the caret, as a list below it; the keys that move in it are those of the editor.

use crate::state::completion::Entry;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`CompletionList`].
#[derive(PartialEq, Properties)]
pub struct CompletionListProps {
    /// The entries; not empty.
    pub entries: Vec<Entry>,
    /// Which one is chosen.
    pub chosen: usize,
    /// Column and line of the word, from 0, in characters.
    pub place: (usize, usize),
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

/// The list.
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
    let (column, line) = props.place;
    html! {
        <ul
            ref={node}
            id={LIST_ID}
            class="cr-completions"
            role="listbox"
            aria-label="What may stand here"
            style={format!("--cr-column: {column}; --cr-line: {line}")}
            {onmousedown}
        >
            { for props.entries.iter().enumerate().map(|(at, entry)| html! {
                <li
                    key={at}
                    id={entry_id(at)}
                    class="cr-completions__entry"
                    role="option"
                    aria-selected={(at == props.chosen).to_string()}
                    data-place={at.to_string()}
                >
                    <span class="cr-completions__text">{ &entry.text }</span>
                    <span class="cr-completions__what">{ &entry.what }</span>
                </li>
            }) }
        </ul>
    }
}
