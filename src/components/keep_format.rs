//! Log types of the person's own, kept in the browser: one that is used, and the list of all.

use crate::platform::kept;
use yew::prelude::*;

/// Properties of [`KeepFormat`].
#[derive(PartialEq, Properties)]
pub struct KeepFormatProps {
    /// The file's name: what it is kept under.
    pub name: AttrValue,
    /// The log type's text.
    pub text: AttrValue,
}

/// Says how long a log type lasts, and a button that changes it.
#[component]
pub fn KeepFormat(props: &KeepFormatProps) -> Html {
    let changes = use_state_eq(|| 0_u32);
    let is_refused = use_state_eq(|| false);
    let is_kept = kept::get(&props.name).as_deref() == Some(&*props.text);
    let onclick = {
        let (name, text) = (props.name.clone(), props.text.clone());
        let is_refused = is_refused.setter();
        Callback::from(move |_: MouseEvent| {
            if is_kept {
                kept::forget(&name);
            } else {
                is_refused.set(!kept::keep(&name, &text));
            }
            changes.set(changes.wrapping_add(1));
        })
    };
    html! {
        <div class="cr-drawer__note" data-testid="keep-format">
            <p role="status">
                if is_kept {
                    { "This log type is kept in this browser: it takes part whenever files are opened here." }
                } else if *is_refused {
                    { "This browser keeps nothing for this page: the log type lasts until you leave or reload it." }
                } else {
                    { "This log type lasts until the page is left or reloaded." }
                }
            </p>
            <button type="button" class="cr-button" {onclick}>
                { if is_kept { "Forget it in this browser" } else { "Keep it in this browser" } }
            </button>
        </div>
    }
}

/// All log types that are kept, each with the way to forget it; nothing when there are none.
#[component]
pub fn KeptFormats() -> Html {
    let names = use_state_eq(kept::names);
    if names.is_empty() {
        return html! {};
    }
    let list = names.iter().map(|name| {
        let (of, all) = (name.clone(), names.setter());
        let onclick = Callback::from(move |_: MouseEvent| {
            kept::forget(&of);
            all.set(kept::names());
        });
        html! {
            <li key={name.clone()}>
                { name }{ " " }
                <button type="button" class="cr-link" aria-label={format!("Forget {name}")} {onclick}>{ "Forget" }</button>
            </li>
        }
    });
    html! {
        <section class="cr-empty__kept" aria-label="Log types of your own" data-testid="kept-formats">
            { "Log types of your own, kept in this browser:" }
            <ul>{ for list }</ul>
        </section>
    }
}
