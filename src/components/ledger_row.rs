//! A file in the ledger: one line, more of it where there is room.

use crate::{
    platform::zone::Zone,
    state::{
        format::{percent, size},
        ledger::{gist, spoken, status_title, troubles},
        paths,
        zone::minute_text,
    },
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::ledger::{FileStatus, LedgerFile};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`LedgerRow`].
#[derive(PartialEq, Properties)]
pub struct LedgerRowProps {
    /// The file.
    pub file: Rc<LedgerFile>,
    /// Its place in the ledger, from 0.
    pub place: u32,
    /// The folder that all files share.
    pub common: AttrValue,
    /// Whether the whole width is used.
    pub is_wide: bool,
    /// Whether it is open beside.
    pub is_open: bool,
    /// Whether it stands under the head of its group.
    #[prop_or_default]
    pub is_grouped: bool,
    /// The zone of its times.
    pub zone: Zone,
    /// Its upper edge, where only those seen exist.
    #[prop_or_default]
    pub y: Option<f64>,
    /// Told when it is to be opened.
    pub on_open: Callback<Rc<LedgerFile>>,
}

/// The line.
#[component]
pub fn LedgerRow(props: &LedgerRowProps) -> Html {
    let file = &props.file;
    let onclick =
        use_callback((props.file.clone(), props.on_open.clone()), |_: MouseEvent, (file, on_open)| {
            on_open.emit(file.clone());
        });
    let (folder, name) = paths::split(&file.path, &props.common);
    let mut troubles = troubles(file);
    if !props.is_wide && file.rejected > 0 {
        // There is room for one: the heaviest.
        troubles.truncate(1);
    }
    let time = |time| minute_text(time, i64::from(props.zone.offset_seconds(time)) * PER_SECOND);
    let class = classes!(
        "cr-file",
        props.is_wide.then_some("cr-file--wide"),
        props.is_open.then_some("cr-file--open"),
        props.is_grouped.then_some("cr-file--grouped"),
        props.y.is_some().then_some("cr-file--placed"),
    );
    html! {
        <div
            {class}
            role="listitem"
            data-testid="ledger-file"
            data-name={file.path.clone()}
            data-status={file.status.word()}
            data-format={file.format.clone()}
            data-table={file.table.clone()}
            data-events={file.stored.to_string()}
            data-rejected={file.rejected.to_string()}
            style={props.y.map(|y| format!("--cr-y: {y:.0}px"))}
        >
            <button
                type="button"
                class="cr-file__button"
                aria-label={spoken(file)}
                aria-pressed={props.is_open.to_string()}
                title={file.path.clone()}
                {onclick}
            >
                <i class={format!("cr-status cr-status--{}", status_shape(file))} aria-hidden="true" />
                <span class="cr-file__path">
                    <span class="cr-file__name">{ name }</span>
                    if !folder.is_empty() { <span class="cr-file__folder">{ folder }</span> }
                </span>
                if props.is_wide {
                    <span class="cr-file__status">{ status_title(file.status) }</span>
                    <span class="cr-file__why">{ &file.why }</span>
                    <span class="cr-file__table">{ &file.table }</span>
                    <span class="cr-file__times">
                        if let (Some(first), Some(last)) = (file.first_time, file.last_time) {
                            { format!("{} – {}", time(first), time(last)) }
                        }
                    </span>
                    <span class="cr-file__size">{ size(file.source.bytes) }</span>
                }
                if file.status == FileStatus::Reading && file.share > 0.0 && file.stored > 0 {
                    <span class="cr-file__share">{ percent(file.share) }</span>
                }
                <span class={classes!("cr-file__gist", (file.stored == 0).then_some("cr-file__gist--none"))}>
                    { gist(file) }
                </span>
                if !troubles.is_empty() {
                    <span class="cr-file__trouble">
                        { for troubles.into_iter().enumerate().map(|(place, (weight, words))| html! {
                            <>
                                if place > 0 { { ", " } }
                                <span class={format!("cr-file__trouble--{}", weight.word())}>{ words }</span>
                            </>
                        }) }
                    </span>
                }
            </button>
        </div>
    }
}

/// The shape beside a file: its status, and whether records of it were lost.
fn status_shape(file: &LedgerFile) -> &'static str {
    match file.status {
        FileStatus::Done if file.rejected > 0 => "partial",
        status => status.word(),
    }
}
