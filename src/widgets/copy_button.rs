//! A button that puts a text into the clipboard and says so.

use super::icon::{Glyph, Icon};
use crate::platform::clipboard;
use yew::prelude::*;

/// Properties of [`CopyButton`].
#[derive(PartialEq, Properties)]
pub struct CopyButtonProps {
    /// What is copied.
    pub text: AttrValue,
    /// What the button is called: `Copy ResultType`.
    pub label: AttrValue,
    /// Words on the button; just the drawing when empty.
    #[prop_or_default]
    pub words: AttrValue,
}

/// Copies its text on a click.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let outcome = use_state(|| None::<bool>);
    let onclick = use_callback((props.text.clone(), outcome.setter()), |_: MouseEvent, (text, outcome)| {
        let outcome = outcome.clone();
        clipboard::copy(text, Callback::from(move |is_done| outcome.set(Some(is_done))));
    });
    let onblur = use_callback(outcome.setter(), |_: FocusEvent, outcome| outcome.set(None));
    let said = match *outcome {
        None => "",
        Some(true) => "Copied",
        Some(false) => "The browser refused",
    };
    html! {
        <button
            type="button"
            class="cr-button cr-button--quiet cr-copy"
            aria-label={props.label.clone()}
            title={props.label.clone()}
            {onclick}
            {onblur}
        >
            <Icon glyph={Glyph::Copy} />
            if said.is_empty() && !props.words.is_empty() { <span>{ &props.words }</span> }
            <span class="cr-copy__said" role="status">{ said }</span>
        </button>
    }
}
