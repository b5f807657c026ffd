//! The search box: every word is looked for anywhere in every value.

use crate::{
    hooks::use_hotkey::use_hotkey,
    platform::clock::Timeout,
    widgets::icon::{Glyph, Icon},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A pause in typing as long as this asks.
const PAUSE_MS: i32 = 90;

/// Properties of [`SearchBox`].
#[derive(PartialEq, Properties)]
pub struct SearchBoxProps {
    /// What is searched for now.
    pub text: AttrValue,
    /// How many rows have it; empty when not known.
    pub hits: AttrValue,
    /// Told, in the task of the event, that something was typed: whether it waits to be asked.
    pub on_typing: Callback<bool>,
    /// Told what to search for.
    pub on_search: Callback<String>,
}

/// A field that searches as one types; `/` goes there, Escape empties it.
#[component]
pub fn SearchBox(props: &SearchBoxProps) -> Html {
    let node = use_node_ref();
    let timer = use_mut_ref(|| None::<Timeout>);
    // What the field holds while that has not been asked yet.
    let draft = use_state_eq(|| None::<String>);
    let go = use_callback(node.clone(), |(), node| {
        if let Some(field) = node.cast::<HtmlInputElement>() {
            // It stands in the document; a refused focus costs a click.
            field.focus().ok();
            field.select();
        }
    });
    use_hotkey("/", go);
    let ask = use_callback(
        (props.on_search.clone(), props.on_typing.clone(), draft.setter()),
        |text: String, (on_search, on_typing, draft)| {
            draft.set(None);
            on_search.emit(text);
            on_typing.emit(false);
        },
    );
    let oninput = {
        let (timer, ask, on_typing, draft) =
            (timer.clone(), ask.clone(), props.on_typing.clone(), draft.setter());
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let text = field.value();
            on_typing.emit(true);
            draft.set(Some(text.clone()));
            let ask = ask.clone();
            *timer.borrow_mut() = Some(Timeout::start(PAUSE_MS, move || ask.emit(text)));
        })
    };
    let onkeydown = {
        let (timer, ask, on_typing) = (timer, ask, props.on_typing.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let text = match event.key().as_str() {
                "Enter" => field.value(),
                "Escape" if !field.value().is_empty() => String::new(),
                _ => return,
            };
            event.prevent_default();
            timer.borrow_mut().take();
            on_typing.emit(true);
            ask.emit(text);
        })
    };
    let value = (*draft).clone().map_or_else(|| props.text.clone(), AttrValue::from);
    html! {
        <div class="cr-search" role="search">
            <Icon glyph={Glyph::Search} />
            <input
                ref={node}
                class="cr-search__field"
                type="text"
                data-testid="search-input"
                aria-label="Search all values"
                placeholder="Search all values"
                title={"Each word anywhere in any value. \"a phrase\", -without, /pattern/"}
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                translate="no"
                {value}
                {oninput}
                {onkeydown}
            />
            <span class="cr-search__hits" role="status">{ &props.hits }</span>
            <kbd class="cr-key" aria-hidden="true">{ "/" }</kbd>
        </div>
    }
}
