//! What stands in a cell: a time, an outcome, a number, an identifier, a text.

use crate::{
    shared::Shared,
    state::{cell::Shown, zone::TimeParts},
    widgets::marked::Marked,
};
use yew::prelude::*;

/// Properties of [`CellContent`].
#[derive(PartialEq, Properties)]
pub struct CellContentProps {
    /// The value as it is shown.
    pub shown: Shown,
    /// The whole value.
    pub value: AttrValue,
    /// What to mark in it.
    pub needles: Shared<Vec<String>>,
    /// Whether it is to be shown whole: the cell has the focus, or stands in a list of fields.
    #[prop_or_default]
    pub is_whole: bool,
}

/// The value, drawn.
#[component]
pub fn CellContent(props: &CellContentProps) -> Html {
    let marked = |text: &str| html! { <Marked text={text.to_owned()} needles={props.needles.clone()} /> };
    match &props.shown {
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
                <i class="cr-outcome__shape" aria-hidden="true" />{ marked(word) }
            </span>
        },
        Shown::Number(text) => marked(text),
        Shown::Id(_) if props.is_whole => marked(&props.value),
        Shown::Id(short) => {
            // A match within the part that is left out would not be seen: then the whole value is shown.
            let is_found = !crate::state::marks::ranges(&props.value, &props.needles).is_empty();
            html! { <span class="cr-id">{ marked(if is_found { &props.value } else { short }) }</span> }
        }
        Shown::Text(_) if props.is_whole => marked(&props.value),
        Shown::Text(text) => marked(text),
    }
}
