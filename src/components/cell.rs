//! What stands in a cell: a time, an outcome, a number, an identifier, a text.

use crate::{
    state::{cell::Shown, marks::Needles, zone::TimeParts},
    widgets::marked::marked,
};
use yew::prelude::*;

/// `value`, shown as `shown`, with matches marked; whole when the cell has the focus or stands in a list of fields.
///
/// A function, not a component, as [`marked`] is.
pub fn cell_content(shown: &Shown, value: &str, needles: &Needles, is_whole: bool) -> Html {
    match shown {
        Shown::Nothing => html! {},
        Shown::Time(TimeParts { date, time, fraction }) => html! {
            <span class="cr-time">
                <span class="cr-time__date">{ date }{ " " }</span>
                <span class="cr-time__clock">{ time }</span>
                <span class="cr-time__fraction">{ fraction }</span>
            </span>
        },
        Shown::Outcome(outcome, word) => html! {
            <span class={format!("cr-outcome cr-outcome--{}", outcome.word())}>
                <i class="cr-outcome__shape" aria-hidden="true" />{ marked(word, needles) }
            </span>
        },
        Shown::Number(text) => marked(text, needles),
        Shown::Id(_) if is_whole => marked(value, needles),
        Shown::Id(short) => {
            // A match within the part that is left out would not be seen: then the whole value is shown.
            let is_found = !needles.ranges(value).is_empty();
            html! { <span class="cr-id">{ marked(if is_found { value } else { short }, needles) }</span> }
        }
        Shown::Text(_) if is_whole => marked(value, needles),
        Shown::Text(text) => marked(text, needles),
    }
}
