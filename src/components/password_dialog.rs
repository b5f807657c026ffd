//! Asks for the password of an archive with encrypted members; without one they stay locked, and the ledger says so.

use crate::{state::sources::Locked, widgets::dialog::Dialog};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`PasswordDialog`].
#[derive(PartialEq, Properties)]
pub struct PasswordDialogProps {
    /// The file.
    pub locked: Locked,
    /// Whether more files wait for a password.
    pub has_more: bool,
    /// Told the password, and whether it is for all locked files.
    pub on_password: Callback<(String, bool)>,
    /// Told to leave the file locked.
    pub on_close: Callback<()>,
}

/// A field, and whether the other files have the same.
#[component]
pub fn PasswordDialog(props: &PasswordDialogProps) -> Html {
    let (node, all_node) = (use_node_ref(), use_node_ref());
    use_effect_with(node.clone(), |node| {
        if let Some(field) = node.cast::<HtmlInputElement>() {
            // It stands in the document; a refused focus costs a click.
            field.focus().ok();
        }
    });
    let onsubmit = {
        let (node, all_node, on_password) = (node.clone(), all_node.clone(), props.on_password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let password = node.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let is_for_all = all_node.cast::<HtmlInputElement>().is_some_and(|field| field.checked());
            if !password.is_empty() {
                on_password.emit((password, is_for_all));
            }
        })
    };
    let on_leave = use_callback(props.on_close.clone(), |_: MouseEvent, on_close| on_close.emit(()));
    html! {
        <Dialog title="This archive is locked" on_close={props.on_close.clone()}>
            <p>{ format!("{} holds files that are encrypted. The password stays in memory and goes nowhere.", props.locked.path) }</p>
            <p id="password-problem" role="alert">
                if props.locked.is_wrong { { "That password does not open it; try another" } }
            </p>
            <form {onsubmit}>
                <input
                    ref={node}
                    class="cr-budget__field cr-password__field"
                    type="password"
                    aria-label="Password"
                    aria-describedby="password-problem"
                    autocomplete="off"
                    data-testid="password-input"
                />
                if props.has_more {
                    <p><label><input ref={all_node} type="checkbox" checked=true />{ " For all locked files" }</label></p>
                }
                <div class="cr-dialog__actions">
                    <button type="submit" class="cr-button cr-button--primary">{ "Open it" }</button>
                    <button type="button" class="cr-button cr-button--quiet" onclick={on_leave}>{ "Leave it locked" }</button>
                </div>
            </form>
        </Dialog>
    }
}
