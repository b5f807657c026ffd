//! The mark: a pair of dividers on a chart.

use yew::prelude::*;

/// The mark, beside the name.
#[component]
pub fn Mark() -> Html {
    html! {
        <svg class="cr-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path class="cr-mark__chart" d="M2 21.5h20M2 17.5h3M19 17.5h3" />
            <circle cx="12" cy="4" r="2" />
            <path d="M11.1 5.9 6.2 20.6M12.9 5.9l4.9 14.7M8.6 13.6c2.1 1.5 4.7 1.5 6.8 0" />
        </svg>
    }
}
