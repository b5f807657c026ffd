//! A text with what was searched for marked.

use crate::{shared::Shared, state::marks::pieces};
use yew::prelude::*;

/// Properties of [`Marked`].
#[derive(PartialEq, Properties)]
pub struct MarkedProps {
    /// The text.
    pub text: AttrValue,
    /// What to mark, any case.
    pub needles: Shared<Vec<String>>,
}

/// The text, its matches in `mark` elements.
#[component]
pub fn Marked(props: &MarkedProps) -> Html {
    if props.needles.is_empty() {
        return html! { { &props.text } };
    }
    let pieces = pieces(&props.text, &props.needles);
    html! {
        <>
            { for pieces.into_iter().map(|(piece, is_marked)| {
                if is_marked { html! { <mark>{ piece }</mark> } } else { html! { { piece } } }
            }) }
        </>
    }
}
