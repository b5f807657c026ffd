//! The line at the top: what is loaded, in which zone times are shown, the theme, and what can be relied on.

use super::mark::Mark;
use crate::{
    platform::{
        files,
        theme::Theme,
        zone::{Zone, ZoneChoice, browser_zone},
    },
    state::{
        format::{counted, grouped, size},
        settings::{Settings, SettingsAction},
        zone::minute_text,
    },
    widgets::icon::{Glyph, Icon},
};
use chartroom_base::ticks::{PER_SECOND, Ticks};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`TopBar`].
#[derive(PartialEq, Properties)]
pub struct TopBarProps {
    /// Whether anything was opened.
    pub is_open: bool,
    /// Files known.
    pub files: u32,
    /// Records stored.
    pub records: u64,
    /// Oldest and newest event.
    pub times: Option<(Ticks, Ticks)>,
    /// Memory of all workers in bytes.
    pub memory: u64,
    /// Bytes they may take.
    pub budget: u64,
    /// Told when that is to be changed.
    pub on_memory: Callback<()>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// The zone they lead to.
    pub zone: Zone,
    /// Told what to change of them.
    pub on_setting: Callback<SettingsAction>,
    /// Whether every file of the page is at hand without a network.
    pub is_offline_ready: bool,
    /// Requests since the page was loaded; `None` while it still fetches its own files.
    pub requests: Option<usize>,
    /// Whether a new version waits.
    pub has_update: bool,
    /// Told to take it.
    pub on_update: Callback<()>,
}

/// The line.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let on_theme = use_callback(props.on_setting.clone(), |event: Event, on_setting| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            let value = select.value();
            let theme =
                [Theme::System, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == value);
            on_setting.emit(SettingsAction::Theme(theme.unwrap_or_default()));
        }
    });
    let on_files = use_callback((), |_: MouseEvent, ()| files::choose_files());
    let on_folder = use_callback((), |_: MouseEvent, ()| files::choose_folder());
    let on_update = use_callback(props.on_update.clone(), |_: MouseEvent, on_update| on_update.emit(()));
    let on_memory = use_callback(props.on_memory.clone(), |_: MouseEvent, on_memory| on_memory.emit(()));
    let range = props.times.map(|(first, last)| {
        let text = |time| minute_text(time, i64::from(props.zone.offset_seconds(time)) * PER_SECOND);
        format!("{} – {}", text(first), text(last))
    });
    let theme = props.settings.theme;
    html! {
        <header class="cr-top">
            <Mark />
            <strong class="cr-top__name">{ "Chartroom" }</strong>
            <span
                class={classes!("cr-top__sum", (!props.is_open).then_some("cr-hidden"))}
                data-testid="event-count"
                data-value={props.records.to_string()}
            >
                <span class="cr-top__files">{ counted(u64::from(props.files), "file", "files") }</span>
                <b>{ grouped(props.records) }</b>
                <span class="cr-top__unit">{ if props.records == 1 { " record" } else { " records" } }</span>
            </span>
            if let Some(range) = range {
                <span class="cr-top__range" title={format!("Oldest and newest event, {}", props.zone.name())}>{ range }</span>
            }
            <span class="cr-top__grow" />
            if props.is_open {
                <button type="button" class="cr-button cr-button--quiet cr-top__add" onclick={on_files}>
                    <Icon glyph={Glyph::Add} /><span>{ "Files…" }</span>
                </button>
                <button type="button" class="cr-button cr-button--quiet cr-top__add-folder" onclick={on_folder}>
                    <Icon glyph={Glyph::Add} /><span>{ "Folder…" }</span>
                </button>
            }
            <button
                type="button"
                class={classes!("cr-button", "cr-button--quiet", "cr-top__memory", (!props.is_open).then_some("cr-hidden"))}
                data-testid="memory"
                data-value={props.memory.to_string()}
                aria-label={format!("Memory: {} of {}, change the limit", size(props.memory), size(props.budget))}
                title={format!("Memory of all workers, of {} that they may take. Press to change the limit", size(props.budget))}
                onclick={on_memory}
            >
                { size(props.memory) }
            </button>
            if props.is_open {
                <ZonePicker choice={props.settings.zone.clone()} on_setting={props.on_setting.clone()} />
            }
            <select class="cr-select" aria-label="Theme" title="Theme" onchange={on_theme}>
                <option value="system" selected={theme == Theme::System}>{ "System" }</option>
                <option value="light" selected={theme == Theme::Light}>{ "Light" }</option>
                <option value="dark" selected={theme == Theme::Dark}>{ "Dark" }</option>
            </select>
            if props.has_update {
                <button type="button" class="cr-button" title="Loads the page again; what is open is closed" onclick={on_update}>
                    { "Take the new version" }
                </button>
            }
            <Safety is_offline_ready={props.is_offline_ready} requests={props.requests} />
        </header>
    }
}

#[derive(PartialEq, Properties)]
struct SafetyProps {
    is_offline_ready: bool,
    requests: Option<usize>,
}

/// What can be relied on; says only what holds.
#[component]
fn Safety(props: &SafetyProps) -> Html {
    let requests = props
        .requests
        .map(|requests| format!("{} since loaded", counted(requests as u64, "request", "requests")));
    let words: Vec<String> =
        props.is_offline_ready.then(|| "works offline".to_owned()).into_iter().chain(requests).collect();
    if words.is_empty() {
        return html! {};
    }
    let is_sure = props.requests == Some(0);
    html! {
        <span class={classes!("cr-safe", is_sure.then_some("cr-safe--sure"))} data-testid="safety">
            if is_sure { <Icon glyph={Glyph::Lock} /> }
            { words.join(" · ") }
        </span>
    }
}

#[derive(PartialEq, Properties)]
struct ZonePickerProps {
    choice: ZoneChoice,
    on_setting: Callback<SettingsAction>,
}

/// UTC, the browser's zone, or one by name.
#[component]
fn ZonePicker(props: &ZonePickerProps) -> Html {
    let names = use_memo((), |()| Zone::names());
    let own = use_memo((), |()| browser_zone());
    let onchange = use_callback(props.on_setting.clone(), |event: Event, on_setting| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            on_setting.emit(SettingsAction::Zone(ZoneChoice::of_word(&select.value())));
        }
    });
    let is = |word: &str| props.choice.word() == word;
    html! {
        <select class="cr-select cr-top__zone" aria-label="Time zone" title="Time zone of all times shown" {onchange}>
            <option value="UTC" selected={is("UTC")}>{ "UTC" }</option>
            <option value="browser" selected={is("browser")}>{ format!("Browser: {own}") }</option>
            <optgroup label="By name">
                { for names.iter().map(|name| html! {
                    <option key={name.clone()} value={name.clone()} selected={is(name)}>{ name }</option>
                }) }
            </optgroup>
        </select>
    }
}
