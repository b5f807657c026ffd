//! How a file was read, how before, and a form to have it read in another way.

use crate::{
    bridge::Bridge,
    hooks::use_fresh::use_fresh,
    platform::zone::Zone,
    state::format::counted,
    tasks::{Answer, fetch_log_types, overrule},
};
use chartroom_protocol::{
    ledger::{FileStatus, LedgerFile, Recognised},
    request::Overrule,
};
use std::rc::Rc;
use web_sys::{FormData, HtmlFormElement};
use yew::prelude::*;

/// Encodings that can be chosen.
const ENCODINGS: &[(&str, &str)] = &[
    ("utf-8", "UTF-8"),
    ("utf-16le", "UTF-16, low byte first"),
    ("utf-16be", "UTF-16, high byte first"),
    ("windows-1252", "Windows-1252, Latin-1"),
];
const ORDERS: &[(&str, &str)] =
    &[("month first", "Month first: 3/4 is in March"), ("day first", "Day first: 3/4 is in April")];
const DELIMITERS: &[(&str, &str)] = &[(",", "Comma"), (";", "Semicolon"), ("\t", "Tabulator"), ("|", "Bar")];

/// Told the id and the title of each log type.
type OnLogTypes = Callback<Answer<Vec<(String, String)>>>;

/// Properties of [`ReadAs`].
#[derive(PartialEq, Properties)]
pub struct ReadAsProps {
    /// Who reads.
    pub bridge: Bridge,
    /// The file.
    pub file: Rc<LedgerFile>,
}

/// A disclosure with a form in it.
#[component]
pub fn ReadAs(props: &ReadAsProps) -> Html {
    let file = &props.file;
    let problem = use_state_eq(String::new);
    let fetch = use_callback(props.bridge.clone(), |(_, on_answer): ((), OnLogTypes), bridge| {
        fetch_log_types(bridge, on_answer)
    });
    let types = use_fresh(Some(()), 0, fetch);
    let onsubmit = {
        let (bridge, number, problem) = (props.bridge.clone(), file.file, problem.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target_dyn_into::<HtmlFormElement>();
            let Some(form) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
            let said = |name: &str| form.get(name).as_string().filter(|text| !text.trim().is_empty());
            let how = Overrule {
                format: said("type"),
                zone: said("zone"),
                is_day_first: said("order").map(|order| order == "day first"),
                encoding: said("encoding"),
                delimiter: form.get("delimiter").as_string().filter(|text| !text.is_empty()),
            };
            let problem = problem.clone();
            let on_answer = Callback::from(move |answer| {
                problem.set(match answer {
                    Answer::Failed(diagnostics) => {
                        diagnostics.first().map_or_else(String::new, |first| first.message.clone())
                    }
                    _ => String::new(),
                });
            });
            overrule(&bridge, number, said("alike").is_some(), how, on_answer);
        })
    };
    let types: Vec<(String, String)> = match types.as_ref().map(|fresh| &fresh.value) {
        Some(Ok(types)) => types.to_vec(),
        _ => Vec::new(),
    };
    let types: Vec<(&str, &str)> = types.iter().map(|(id, title)| (id.as_str(), title.as_str())).collect();
    let is_told = |what: &str| file.recognised.told.iter().any(|told| told == what);
    let now = |what: &str, value: &str| if is_told(what) { value.to_owned() } else { String::new() };
    html! {
        <>
            if !file.recognised.encoding.is_empty() {
                <p class="cr-drawer__note">{ format!("Read as {}", words(&file.recognised)) }</p>
            }
            if !file.earlier.is_empty() {
                <ul class="cr-drawer__note" aria-label="How it was read before">
                    { for file.earlier.iter().map(|earlier| html! {
                        <li>{ format!("Before: {}, {}; {}", earlier.table, counted(earlier.stored, "record", "records"), words(&earlier.recognised)) }</li>
                    }) }
                </ul>
            }
            if !matches!(file.status, FileStatus::Reading) && file.own_format.is_none() {
                <details class="cr-read-as" data-testid="read-as">
                    <summary>{ "Read it another way…" }</summary>
                    <form class="cr-read-as__form" {onsubmit}>
                        { choice("Log type", "type", &types, &now("type", &file.format)) }
                        <label class="cr-read-as__row">
                            <span>{ "Zone of times that name none" }</span>
                            <input class="cr-budget__field" name="zone" list="read-as-zones" value={now("zone", &file.recognised.zone)}
                                placeholder="as recognised" autocomplete="off" spellcheck="false" />
                        </label>
                        <datalist id="read-as-zones">
                            { for Zone::names().into_iter().map(|name| html! { <option value={name} /> }) }
                        </datalist>
                        { choice("Day and month", "order", ORDERS, &now("day order", &file.recognised.day_order)) }
                        { choice("Encoding", "encoding", ENCODINGS, &now("encoding", &file.recognised.encoding)) }
                        { choice("Delimiter", "delimiter", DELIMITERS, &now("delimiter", &file.recognised.delimiter)) }
                        <label><input type="checkbox" name="alike" value="yes" />{ " All files taken for the same" }</label>
                        <p role="alert">{ &*problem }</p>
                        <button type="submit" class="cr-button">{ "Read again" }</button>
                    </form>
                </details>
            }
        </>
    }
}

/// A labelled chooser; its first choice leaves it to recognition.
fn choice(label: &str, name: &'static str, options: &[(&str, &str)], current: &str) -> Html {
    html! {
        <label class="cr-read-as__row">
            <span>{ label }</span>
            <select {name}>
                <option value="" selected={current.is_empty()}>{ "As recognised" }</option>
                { for options.iter().map(|(value, title)| html! {
                    <option value={(*value).to_owned()} selected={*value == current}>{ *title }</option>
                }) }
            </select>
        </label>
    }
}

/// What it was taken for, in a sentence.
fn words(read: &Recognised) -> String {
    let mut words = Vec::new();
    if !read.encoding.is_empty() {
        words.push(read.encoding.clone());
    }
    match read.delimiter.as_str() {
        "" => {}
        "\t" => words.push("delimiter tabulator".to_owned()),
        sign => words.push(format!("delimiter {sign}")),
    }
    if read.is_zone_assumed {
        let named = if read.zone_wanted.is_empty() {
            String::new()
        } else {
            format!(" (the file says {})", read.zone_wanted)
        };
        words.push(format!("times without a zone are taken for {}{named}", read.zone));
    } else if !read.zone.is_empty() {
        words.push(format!("times without a zone are in {}", read.zone));
    }
    if !read.day_order.is_empty() {
        let guessed = if read.is_order_guessed { ", a guess" } else { "" };
        words.push(format!("{} in dates{guessed}", read.day_order));
    }
    if !read.told.is_empty() {
        words.push(format!("you said the {}", read.told.join(" and the ")));
    }
    words.join("; ")
}
