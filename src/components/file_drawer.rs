//! One file of the ledger: what it is, what came of its bytes, what was wrong with it.

use super::{keep_format::KeepFormat, raw_view::RawView, read_as::ReadAs};
use crate::{
    bridge::Bridge,
    hooks::use_fresh::use_fresh,
    platform::zone::Zone,
    state::{
        format::{counted, grouped, size},
        ledger::status_title,
    },
    tasks::{Answer, fetch_raw},
    widgets::{
        copy_button::CopyButton,
        icon::{Glyph, Icon},
    },
};
use chartroom_protocol::{
    FileNo,
    ledger::{DigestCheck, FileStatus, LedgerFile, Problem},
    reply::RawText,
};
use std::rc::Rc;
use yew::prelude::*;

/// Bytes shown before and after a problem.
const AROUND: u64 = 400;
/// Bytes of a problem that are shown.
const MOST: u64 = 8_192;

/// Properties of [`FileDrawer`].
#[derive(PartialEq, Properties)]
pub struct FileDrawerProps {
    /// Where bytes come from.
    pub bridge: Bridge,
    /// The file.
    pub file: Rc<LedgerFile>,
    /// The zone of its times.
    pub zone: Zone,
    /// Told to close the file: its rows are forgotten.
    pub on_forget: Callback<FileNo>,
    /// Told to close the pane.
    pub on_close: Callback<()>,
}

/// The pane.
#[component]
pub fn FileDrawer(props: &FileDrawerProps) -> Html {
    let file = &props.file;
    let shown = use_state_eq(|| None::<(u64, u64)>);
    let onkeydown = use_callback(props.on_close.clone(), |event: KeyboardEvent, on_close| {
        if event.key() == "Escape" {
            event.prevent_default();
            on_close.emit(());
        }
    });
    let on_close = use_callback(props.on_close.clone(), |_: MouseEvent, on_close| on_close.emit(()));
    let on_forget = use_callback((props.on_forget.clone(), file.file), |_: MouseEvent, (on_forget, file)| {
        on_forget.emit(*file);
    });
    let time = |time| props.zone.format(time).get(..19).unwrap_or("").to_owned();
    let name = file.path.rsplit('/').next().unwrap_or(&file.path).to_owned();
    let containers: Vec<_> = file.containers.iter().map(|container| container.kind.as_str()).collect();
    html! {
        <aside class="cr-drawer" aria-label="File" data-testid="file" {onkeydown}>
            <div class="cr-drawer__head">
                <h2 class="cr-section">{ "File" }</h2>
                <span class="cr-drawer__place">{ status_title(file.status) }</span>
                <span class="cr-drawer__grow" />
                <button type="button" class="cr-button cr-button--quiet" aria-label="Close the pane" title="Close (Escape)" onclick={on_close}>
                    <Icon glyph={Glyph::Close} />
                </button>
            </div>
            <div class="cr-drawer__body">
                <h3 class="cr-drawer__title">{ &name }</h3>
                <p class="cr-drawer__lead">{ &file.why }</p>
                <dl class="cr-fields__list">
                    { fact("Path", &file.path) }
                    { fact("Size as handed over", &format!("{} ({})", counted(file.source.bytes, "byte", "bytes"), size(file.source.bytes))) }
                    if !containers.is_empty() {
                        { fact("Container", &containers.join(", ")) }
                        { fact("Size inside", &counted(file.bytes, "byte", "bytes")) }
                    }
                    { hash("SHA-256 as handed over", file.source.sha256.as_deref()) }
                    if !containers.is_empty() { { hash("SHA-256 inside", file.sha256.as_deref()) } }
                    if !file.format.is_empty() { { fact("Type", &file.format) } }
                    { for file.tables.iter().map(|(table, rows)| fact(table, &counted(*rows, "record", "records"))) }
                    if let (Some(first), Some(last)) = (file.first_time, file.last_time) {
                        { fact(&format!("Oldest, {}", props.zone.name()), &time(first)) }
                        { fact(&format!("Newest, {}", props.zone.name()), &time(last)) }
                    }
                </dl>
                <ReadAs bridge={props.bridge.clone()} file={props.file.clone()} />
                if file.status != FileStatus::Skipped && file.records > 0 {
                    <h3 class="cr-fields__title">{ "What came of it" }</h3>
                    <table class="cr-sums">
                        <tbody>
                            { sum("Records stored", file.stored, file.bytes_records) }
                            { sum("Records rejected", file.rejected, file.bytes_rejected) }
                            { sum_of_bytes("Between records", file.bytes_between) }
                        </tbody>
                        <tfoot>{ sum("All", file.records, file.bytes) }</tfoot>
                    </table>
                    if file.duplicates > 0 {
                        <p class="cr-drawer__note">{ format!("{} of events that another record is shown for", counted(file.duplicates, "record is", "records are")) }</p>
                    }
                    if file.repaired > 0 {
                        <p class="cr-drawer__note">{ format!("{} stored after a repair", counted(file.repaired, "record was", "records were")) }</p>
                    }
                }
                if let Some(digest) = &file.digest { { digest_words(digest) } }
                if let Some(text) = &file.own_format { <KeepFormat name={name.clone()} text={text.clone()} /> }
                if !file.problems.is_empty() {
                    <h3 class="cr-fields__title">
                        { format!("{} noted", counted(file.problem_count, "thing", "things")) }
                        if file.problem_count > file.problems.len() as u64 {
                            { format!(", the first {} are listed", file.problems.len()) }
                        }
                    </h3>
                    <ul class="cr-problems">
                        { for file.problems.iter().enumerate().map(|(at, problem)| {
                            let onclick = {
                                let (shown, place) = (shown.clone(), (problem.offset, problem.len));
                                Callback::from(move |_: MouseEvent| {
                                    shown.set(if *shown == Some(place) { None } else { Some(place) });
                                })
                            };
                            let is_open = *shown == Some((problem.offset, problem.len));
                            html! {
                                <li key={at} class="cr-problem">
                                    <button type="button" class="cr-problem__button" aria-expanded={is_open.to_string()} {onclick}>
                                        <i class={classes!("cr-status", if problem.is_loss { "cr-status--failed" } else { "cr-status--partial" })} aria-hidden="true" />
                                        <span class="cr-problem__reason">{ &problem.reason }</span>
                                        <span class="cr-problem__place">{ problem_place(problem) }</span>
                                    </button>
                                    if is_open {
                                        <Bytes bridge={props.bridge.clone()} file={file.file} offset={problem.offset} len={problem.len} />
                                    }
                                </li>
                            }
                        }) }
                    </ul>
                }
                <div class="cr-drawer__actions">
                    <button type="button" class="cr-button" onclick={on_forget}>{ "Close this file" }</button>
                </div>
            </div>
        </aside>
    }
}

/// What came of the hashes that a digest lists.
fn digest_words(digest: &DigestCheck) -> Html {
    let count = |name: &'static str, files: u64| html! { <tr><th scope="row">{ name }</th><td>{ grouped(files) }</td></tr> };
    let names = |title: &'static str, names: &[String]| {
        html! {
            if !names.is_empty() {
                <h4 class="cr-fields__title">{ title }</h4>
                <ul class="cr-drawer__names">{ for names.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
            }
        }
    };
    html! {
        <section data-testid="digest">
            <h3 class="cr-fields__title">{ "Log files it lists, by their SHA-256" }</h3>
            <table class="cr-sums">
                <tbody>
                    { count("Matching", digest.matching) }
                    { count("Altered", digest.altered) }
                    { count("Missing here", digest.missing) }
                </tbody>
                <tfoot>{ count("Listed", digest.listed) }</tfoot>
            </table>
            { names("Altered", &digest.altered_files) }
            { names("Missing", &digest.missing_files) }
        </section>
    }
}

fn fact(name: &str, value: &str) -> Html {
    html! {
        <div class="cr-field">
            <dt class="cr-field__name" title={name.to_owned()}>{ name }</dt>
            <dd class="cr-field__value">{ value }<CopyButton text={value.to_owned()} label={format!("Copy {name}")} /></dd>
        </div>
    }
}

fn hash(name: &str, value: Option<&str>) -> Html {
    match value {
        Some(value) => fact(name, value),
        None => html! {
            <div class="cr-field">
                <dt class="cr-field__name">{ name }</dt><dd class="cr-field__value cr-field__value--none">{ "to come" }</dd>
            </div>
        },
    }
}

fn sum(name: &str, records: u64, bytes: u64) -> Html {
    html! {
        <tr>
            <th scope="row">{ name }</th><td>{ grouped(records) }</td><td>{ counted(bytes, "byte", "bytes") }</td>
        </tr>
    }
}

fn sum_of_bytes(name: &str, bytes: u64) -> Html {
    html! { <tr><th scope="row">{ name }</th><td /><td>{ counted(bytes, "byte", "bytes") }</td></tr> }
}

fn problem_place(problem: &Problem) -> String {
    match problem.line {
        Some(line) => format!("byte {} · line {}", grouped(problem.offset), grouped(line)),
        None => format!("byte {}", grouped(problem.offset)),
    }
}

#[derive(PartialEq, Properties)]
struct BytesProps {
    bridge: Bridge,
    file: FileNo,
    offset: u64,
    len: u64,
}

/// The bytes of a problem and those around it.
#[component]
fn Bytes(props: &BytesProps) -> Html {
    let start = props.offset.saturating_sub(AROUND);
    let len = (props.offset - start) + props.len.min(MOST) + AROUND;
    let fetch = use_callback(
        props.bridge.clone(),
        |((file, start, len), on_answer): ((FileNo, u64, u64), Callback<Answer<RawText>>), bridge| {
            fetch_raw(bridge, file, start, len, on_answer)
        },
    );
    let fresh = use_fresh(Some((props.file, start, len)), 0, fetch);
    match fresh.as_ref().map(|fresh| &fresh.value) {
        None => html! { <p class="cr-drawer__wait" role="status">{ "Reading the bytes…" }</p> },
        Some(Err(diagnostics)) => html! {
            <p class="cr-drawer__wait" role="alert">
                { diagnostics.first().map_or("The bytes could not be had", |first| first.message.as_str()) }
            </p>
        },
        Some(Ok(raw)) => {
            let from = usize::try_from(props.offset.saturating_sub(raw.offset)).unwrap_or(0);
            let to = from.saturating_add(usize::try_from(props.len.min(MOST)).unwrap_or(0));
            let to = to.min(raw.text.as_ref().map_or(0, String::len));
            html! { <RawView raw={raw.clone()} marked={Some((from, to))} /> }
        }
    }
}
