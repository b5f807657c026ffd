//! A text with parts of it set apart: what was searched for, what is code.

use crate::state::marks::Needles;
use yew::prelude::*;

/// The text, its matches in `mark` elements.
///
/// A function, not a component: a screen holds hundreds, and each component costs more than the text it draws
/// (`docs/performance.md`, a scroll step).
pub fn marked(text: &str, needles: &Needles) -> Html {
    if needles.is_empty() {
        return html! { { text } };
    }
    let pieces = needles.pieces(text);
    if let [(whole, false)] = pieces.as_slice() {
        return html! { { whole } };
    }
    html! {
        <>
            { for pieces.into_iter().map(|(piece, is_marked)| {
                if is_marked { html! { <mark>{ piece }</mark> } } else { html! { { piece } } }
            }) }
        </>
    }
}

/// The text, what stands between backticks as code: so messages write names.
pub fn coded(text: &str) -> Html {
    html! {
        <span>
            { for text.split('`').enumerate().map(|(at, piece)| {
                if at % 2 == 1 { html! { <code>{ piece }</code> } } else { html! { { piece } } }
            }) }
        </span>
    }
}
