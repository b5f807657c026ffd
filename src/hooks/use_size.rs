//! The size of an element, as it changes.

use crate::platform::observers::SizeObserver;
use web_sys::Element;
use yew::prelude::*;

/// Width and height of the element in CSS pixels; zeros before it stands.
#[hook]
pub fn use_size(node: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0, 0.0));
    use_effect_with(node.clone(), {
        let size = size.setter();
        move |node| {
            let observer = node
                .cast::<Element>()
                .map(|element| SizeObserver::observe(&element, Callback::from(move |now| size.set(now))));
            move || drop(observer)
        }
    });
    *size
}
