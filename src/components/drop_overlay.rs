//! What shows while something hovers over the page that could be dropped.

use yew::prelude::*;

/// A frame around the page, and words.
#[component]
pub fn DropOverlay() -> Html {
    html! { <div class="cr-drop" role="status"><span class="cr-drop__words">{ "Drop to open here" }</span></div> }
}
