//! Where text is pasted when the clipboard cannot be read without asking.

use crate::widgets::dialog::Dialog;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Properties of [`PasteDialog`].
#[derive(PartialEq, Properties)]
pub struct PasteDialogProps {
    /// Told the text.
    pub on_text: Callback<String>,
    /// Told when the person wants it gone.
    pub on_close: Callback<()>,
}

/// A field for text and a button that opens it.
#[component]
pub fn PasteDialog(props: &PasteDialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        if let Some(field) = node.cast::<HtmlTextAreaElement>() {
            // It stands in the document; a refused focus costs a click.
            field.focus().ok();
        }
    });
    let onclick = use_callback((node.clone(), props.on_text.clone()), |_: MouseEvent, (node, on_text)| {
        if let Some(field) = node.cast::<HtmlTextAreaElement>() {
            on_text.emit(field.value());
        }
    });
    html! {
        <Dialog title="Paste text" on_close={props.on_close.clone()} is_wide=true>
            <textarea
                ref={node}
                class="cr-paste"
                aria-label="Text of a log"
                placeholder="One or more records, as JSON"
                spellcheck="false"
                autocomplete="off"
                translate="no"
            />
            <div class="cr-dialog__actions">
                <button type="button" class="cr-button cr-button--primary" {onclick}>{ "Open the text" }</button>
            </div>
        </Dialog>
    }
}
