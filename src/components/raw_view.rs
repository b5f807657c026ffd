//! Bytes of a file as text, with their place.

use crate::{
    state::format::{counted, grouped},
    widgets::copy_button::CopyButton,
};
use chartroom_protocol::reply::RawText;
use yew::prelude::*;

/// Properties of [`RawView`].
#[derive(PartialEq, Properties)]
pub struct RawViewProps {
    /// The bytes, or why there are none.
    pub raw: RawText,
    /// Bytes of the text to mark: first and one past the last, counted from its own start.
    #[prop_or_default]
    pub marked: Option<(usize, usize)>,
}

/// The text, and a line that says where it stands.
#[component]
pub fn RawView(props: &RawViewProps) -> Html {
    let raw = &props.raw;
    let Some(text) = &raw.text else {
        let why = raw.unavailable.clone().unwrap_or_else(|| "They cannot be read any more".to_owned());
        return html! { <p class="cr-raw__gone" role="status">{ format!("The original bytes are not there: {why}") }</p> };
    };
    let (before, marked, after) = match props.marked {
        // Replaced bytes may have moved the places: then nothing is marked rather than something wrong.
        Some((from, to)) if !raw.lossy => match (text.get(..from), text.get(from..to), text.get(to..)) {
            (Some(before), Some(marked), Some(after)) => (before, marked, after),
            _ => (text.as_str(), "", ""),
        },
        _ => (text.as_str(), "", ""),
    };
    let is_cut = raw.len > text.len() as u64 && !raw.lossy;
    html! {
        <div class="cr-raw">
            <pre class="cr-raw__text" tabindex="0" aria-label="Original bytes" translate="no">
                { before }
                if !marked.is_empty() { <mark>{ marked }</mark> }
                { after }
            </pre>
            <div class="cr-raw__foot">
                <span class="cr-raw__place">{ place_words(raw) }</span>
                if raw.lossy { <span class="cr-raw__note">{ "some bytes are no text and were replaced" }</span> }
                if is_cut { <span class="cr-raw__note">{ "cut, there is more" }</span> }
                <CopyButton text={text.clone()} label="Copy the original" />
            </div>
        </div>
    }
}

/// `byte 1,204,118 · line 883 · 771 bytes`.
#[must_use]
pub fn place_words(raw: &RawText) -> String {
    let mut words = format!("byte {}", grouped(raw.offset));
    if let Some(line) = raw.line {
        words.push_str(&format!(" · line {}", grouped(line)));
    }
    words.push_str(&format!(" · {}", counted(raw.len, "byte", "bytes")));
    words
}
