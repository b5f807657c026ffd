//! `html[data-busy]`: whether the page has caught up with what was asked of it.

use crate::{platform::window, state::busy::Work};
use yew::prelude::*;

/// Says that something was asked, in the task that asked it.
fn say(is_busy: bool) {
    let root = window().document().and_then(|document| document.document_element());
    if let Some(root) = root {
        // An attribute of ours on an element that stands.
        root.set_attribute("data-busy", if is_busy { "true" } else { "false" }).ok();
    }
}

/// Keeps the attribute in step with `work`. What is returned is to be called within the event that asks for something.
#[hook]
pub fn use_busy(work: Work) -> Callback<()> {
    let asked = use_state(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    // Runs after everything of this render is drawn, the children's effects included in the next one.
    use_effect_with((work, *asked), |(work, _)| say(work.is_left()));
    use_callback(asked.setter(), move |(), asked| {
        say(true);
        let mut count = count.borrow_mut();
        *count = count.wrapping_add(1);
        asked.set(*count);
    })
}
