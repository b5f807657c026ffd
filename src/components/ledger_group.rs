//! The head of a group of the ledger: what became of its files, their folder, how many; folds them away.

use crate::state::{
    format::grouped,
    ledger_outline::{outcome_shape, outcome_title, spoken},
};
use chartroom_protocol::ledger::LedgerGroup;
use yew::prelude::*;

/// Properties of [`LedgerHead`].
#[derive(PartialEq, Properties)]
pub struct LedgerHeadProps {
    /// The group.
    pub group: LedgerGroup,
    /// The folder that all files share.
    pub common: AttrValue,
    /// Whether its files are not shown.
    pub is_folded: bool,
    /// Whether the whole width is used.
    pub is_wide: bool,
    /// Its upper edge, where only those seen exist.
    #[prop_or_default]
    pub y: Option<f64>,
    /// Told to fold it, or to unfold it.
    pub on_fold: Callback<LedgerGroup>,
}

/// The line.
#[component]
pub fn LedgerHead(props: &LedgerHeadProps) -> Html {
    let group = &props.group;
    let onclick =
        use_callback((props.group.clone(), props.on_fold.clone()), |_: MouseEvent, (group, on_fold)| {
            on_fold.emit(group.clone());
        });
    let folder = group.folder.strip_prefix(props.common.as_str()).unwrap_or(&group.folder);
    let class = classes!(
        "cr-group",
        props.is_wide.then_some("cr-group--wide"),
        props.y.is_some().then_some("cr-file--placed"),
    );
    html! {
        <div
            {class}
            role="listitem"
            data-testid="ledger-group"
            data-outcome={outcome_shape(group.outcome)}
            data-folder={group.folder.clone()}
            data-files={group.files.to_string()}
            style={props.y.map(|y| format!("--cr-y: {y:.0}px"))}
        >
            <button
                type="button"
                class="cr-group__button"
                aria-label={spoken(group)}
                aria-expanded={(!props.is_folded).to_string()}
                title={group.folder.clone()}
                {onclick}
            >
                <span class="cr-group__twist" aria-hidden="true" />
                <i class={format!("cr-status cr-status--{}", outcome_shape(group.outcome))} aria-hidden="true" />
                <span class="cr-group__outcome">{ outcome_title(group.outcome) }</span>
                <span class="cr-group__folder">{ folder }</span>
                if group.rejected > 0 && props.is_wide {
                    <span class="cr-group__rejected">{ format!("{} rejected", grouped(group.rejected)) }</span>
                }
                if props.is_wide {
                    <span class="cr-group__records">{ format!("{} records", grouped(group.stored)) }</span>
                }
                <span class="cr-group__count">{ grouped(u64::from(group.files)) }</span>
            </button>
        </div>
    }
}
