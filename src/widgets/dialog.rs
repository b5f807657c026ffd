//! A window above the page, the browser's own: focus stays inside, Escape closes.

use super::icon::{Glyph, Icon};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Properties of [`Dialog`].
#[derive(PartialEq, Properties)]
pub struct DialogProps {
    /// What it is about; also its name.
    pub title: AttrValue,
    /// Told when the person wants it gone.
    pub on_close: Callback<()>,
    /// Whether it takes the width of a text to read.
    #[prop_or_default]
    pub is_wide: bool,
    /// What it holds.
    pub children: Html,
}

/// A modal dialog, open as long as it is rendered.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        let dialog = node.cast::<HtmlDialogElement>();
        if let Some(dialog) = dialog.as_ref().filter(|dialog| !dialog.open()) {
            // It stands in the document and is not open: nothing is left that could refuse.
            dialog.show_modal().ok();
        }
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
    let oncancel = use_callback(props.on_close.clone(), |event: Event, on_close| {
        // Whether it is open is the page's state, not the element's.
        event.prevent_default();
        on_close.emit(());
    });
    let onclick = use_callback(props.on_close.clone(), |_: MouseEvent, on_close| on_close.emit(()));
    let class = classes!("cr-dialog", props.is_wide.then_some("cr-dialog--wide"));
    html! {
        <dialog ref={node} {class} aria-label={props.title.clone()} {oncancel}>
            <div class="cr-dialog__head">
                <h2 class="cr-dialog__title">{ &props.title }</h2>
                <button type="button" class="cr-button cr-button--quiet" aria-label="Close" {onclick}>
                    <Icon glyph={Glyph::Close} />
                </button>
            </div>
            <div class="cr-dialog__body">{ props.children.clone() }</div>
        </dialog>
    }
}
