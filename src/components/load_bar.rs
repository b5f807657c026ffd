//! How a load goes: bytes, rate, time left, the files being read; and a way to stop it.

use crate::state::{
    format::{counted, duration, grouped, percent, size},
    sources::pace,
};
use chartroom_protocol::event::LoadProgress;
use yew::prelude::*;

/// Properties of [`LoadBar`].
#[derive(PartialEq, Properties)]
pub struct LoadBarProps {
    /// The load; `None` when files were handed over of which nothing is known yet.
    pub load: Option<LoadProgress>,
    /// Files the page holds.
    pub held: usize,
    /// Told to stop reading; what is in stays.
    pub on_cancel: Callback<()>,
}

/// One line with a bar, and one for each file being read.
#[component]
pub fn LoadBar(props: &LoadBarProps) -> Html {
    let onclick = use_callback(props.on_cancel.clone(), |_: MouseEvent, on_cancel| on_cancel.emit(()));
    let Some(load) = &props.load else {
        let words = if props.held == 0 {
            "Looking at what was dropped…".to_owned()
        } else {
            format!("Looking at what was dropped: {} so far", counted(props.held as u64, "file", "files"))
        };
        return html! {
            <div class="cr-load" role="status">
                <span class="cr-load__words">{ words }</span>
                <span class="cr-load__grow" />
                <button type="button" class="cr-button" {onclick}>{ "Stop" }</button>
            </div>
        };
    };
    let share = if load.bytes == 0 { 0.0 } else { load.bytes_done as f64 / load.bytes as f64 };
    let words = if load.is_waiting {
        "Waiting for your choice".to_owned()
    } else if load.is_walking {
        format!("Reading while folders are walked: {} found", counted(u64::from(load.files), "file", "files"))
    } else {
        format!(
            "Reading {} of {}",
            grouped(u64::from(load.files_done)),
            counted(u64::from(load.files), "file", "files")
        )
    };
    let pace = pace(load.bytes_done, load.bytes, load.millis).filter(|_| !load.is_waiting);
    html! {
        <div class="cr-load">
            <span class="cr-load__words" role="status">{ words }</span>
            <progress class="cr-load__bar" max="1" value={share.to_string()} aria-label="Share of the bytes read" />
            <span class="cr-load__figures">
                { format!("{} · {} of {}", percent(share), size(load.bytes_done), size(load.bytes)) }
                if let Some((rate, left)) = pace {
                    { format!(" · {}/s", size(rate)) }
                    if !load.is_walking { { format!(" · {} left", duration(left)) } }
                }
            </span>
            <button type="button" class="cr-button" title="What is in stays" {onclick}>{ "Stop reading" }</button>
            if !load.current.is_empty() {
                <ul class="cr-load__files" aria-label="Files being read">
                    { for load.current.iter().map(|(path, share)| html! {
                        <li key={path.clone()} class="cr-load__file" style={format!("--cr-share: {:.1}%", share * 100.0)}>
                            <span class="cr-load__name" title={path.clone()}>{ path.rsplit('/').next().unwrap_or(path) }</span>
                            <span class="cr-load__share">{ percent(*share) }</span>
                        </li>
                    }) }
                </ul>
            }
        </div>
    }
}
