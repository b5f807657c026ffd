//! One record, all of it: its fields, its JSON as a tree, its bytes.

use super::{
    cell::cell_content,
    json_tree::JsonTree,
    raw_view::{RawView, place_words},
};
use crate::{
    bridge::Bridge,
    hooks::{use_fresh::use_fresh, use_hotkey::use_hotkey},
    platform::zone::Zone,
    shared::Shared,
    state::{
        cell::{Shown, shown},
        format::{grouped, humps, tab_separated},
        json::{Sort, sort_of},
        marks::Needles,
        query::event_query,
    },
    tasks::{Answer, fetch_record},
    widgets::{
        copy_button::CopyButton,
        icon::{Glyph, Icon},
    },
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::{
    RowId,
    result::{ColumnInfo, ColumnMark, FieldOrigin, RecordField, RecordView},
};
use chartroom_schema::{kind::Kind, measure::unit_of};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Properties of [`RecordDrawer`].
#[derive(PartialEq, Properties)]
pub struct RecordDrawerProps {
    /// Where records come from.
    pub bridge: Bridge,
    /// Which record.
    pub row: RowId,
    /// Its place in the result, from 0; `None` when it was opened from another record.
    pub index: Option<u64>,
    /// Rows of the result.
    pub rows: u64,
    /// Whether records were found that are of one event.
    #[prop_or_default]
    pub has_duplicates: bool,
    /// Told which other record to open.
    #[prop_or_default]
    pub on_show: Callback<RowId>,
    /// Told a query to run.
    #[prop_or_default]
    pub on_query: Callback<String>,
    /// The zone of its times.
    pub zone: Zone,
    /// What to mark.
    pub needles: Shared<Needles>,
    /// Told to go to the record before (`true`) or after.
    pub on_step: Callback<bool>,
    /// Told to close it.
    pub on_close: Callback<()>,
}

/// What of a record is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Fields,
    Tree,
    Bytes,
}

/// The pane beside the table; a sheet over it where there is no room.
#[component]
pub fn RecordDrawer(props: &RecordDrawerProps) -> Html {
    let view = use_state_eq(|| View::Fields);
    let fetch = use_callback(
        props.bridge.clone(),
        |(row, on_answer): (RowId, Callback<Answer<RecordView>>), bridge| {
            fetch_record(bridge, row, on_answer)
        },
    );
    let fresh = use_fresh(Some(props.row), 0, fetch);
    let on_back = use_callback(props.on_step.clone(), |(), on_step| on_step.emit(true));
    let on_next = use_callback(props.on_step.clone(), |(), on_step| on_step.emit(false));
    use_hotkey("k", on_back.clone());
    use_hotkey("j", on_next.clone());
    let onkeydown = use_callback(props.on_close.clone(), |event: KeyboardEvent, on_close| {
        if event.key() == "Escape" {
            event.prevent_default();
            on_close.emit(());
        }
    });
    let on_close = use_callback(props.on_close.clone(), |_: MouseEvent, on_close| on_close.emit(()));
    let on_back = on_back.reform(|_: MouseEvent| ());
    let on_next = on_next.reform(|_: MouseEvent| ());
    let choose = |which: View| {
        let view = view.setter();
        Callback::from(move |_: MouseEvent| view.set(which))
    };
    let tab = |which: View, words: &'static str| {
        html! {
            <button
                type="button"
                class="cr-tab"
                role="tab"
                aria-selected={(*view == which).to_string()}
                tabindex={if *view == which { "0" } else { "-1" }}
                onclick={choose(which)}
            >
                { words }
            </button>
        }
    };
    // Arrows go from tab to tab, as the pattern of WAI-ARIA has it.
    let on_tab_key = Callback::from(|event: KeyboardEvent| {
        let Some(tab) = event.target_dyn_into::<web_sys::Element>() else { return };
        let next = match event.key().as_str() {
            "ArrowRight" => tab.next_element_sibling(),
            "ArrowLeft" => tab.previous_element_sibling(),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
            // A button takes the focus.
            next.focus().ok();
            next.click();
        }
    });
    let record = fresh.as_ref().map(|fresh| &fresh.value);
    html! {
        <aside class="cr-drawer" aria-label="Record" data-testid="record" {onkeydown}>
            <div class="cr-drawer__head">
                <h2 class="cr-section">{ "Record" }</h2>
                <span class="cr-drawer__place">
                    { props.index.map_or_else(
                        || "shown for the one before".to_owned(),
                        |index| format!("{} of {}", grouped(index + 1), grouped(props.rows)),
                    ) }
                </span>
                <span class="cr-drawer__grow" />
                if let Some(Ok(record)) = record {
                    <CopyButton text={fields_text(record)} label="Copy all fields" />
                }
                <button type="button" class="cr-button cr-button--quiet" aria-label="Previous record" title="Previous record (k)"
                    disabled={props.index == Some(0)} onclick={on_back}>
                    <Icon glyph={Glyph::Left} />
                </button>
                <button type="button" class="cr-button cr-button--quiet" aria-label="Next record" title="Next record (j)"
                    disabled={props.index.is_some_and(|index| index + 1 >= props.rows)} onclick={on_next}>
                    <Icon glyph={Glyph::Right} />
                </button>
                <button type="button" class="cr-button cr-button--quiet" aria-label="Close the record" title="Close (Escape)"
                    onclick={on_close}>
                    <Icon glyph={Glyph::Close} />
                </button>
            </div>
            <div class="cr-tabs" role="tablist" aria-label="What to see of the record" onkeydown={on_tab_key}>
                { tab(View::Fields, "Fields") }{ tab(View::Tree, "Tree") }{ tab(View::Bytes, "Original") }
            </div>
            { match record {
                None => html! { <p class="cr-drawer__wait" role="status">{ "Reading the record…" }</p> },
                Some(Err(diagnostics)) => html! {
                    <p class="cr-drawer__wait" role="alert">
                        { diagnostics.first().map_or("The record could not be had", |first| first.message.as_str()) }
                    </p>
                },
                Some(Ok(record)) => html! {
                    <div class="cr-drawer__body" role="tabpanel">
                        if let Some(shown) = duplicate_of(record) { { duplicate_words(record, shown, props) } }
                        { match *view {
                            View::Fields => html! { <Fields record={Shared::from(record.clone())} zone={props.zone.clone()} needles={props.needles.clone()} /> },
                            View::Tree => tree(record, &props.needles),
                            View::Bytes => html! { <RawView raw={record.raw.clone()} /> },
                        } }
                        if props.has_duplicates && duplicate_of(record).is_none() {
                            <p class="cr-drawer__actions">{ event_link(own_name(record), props) }</p>
                        }
                    </div>
                },
            } }
            if let Some(Ok(record)) = record {
                <div class="cr-drawer__foot">
                    <span class="cr-drawer__source" title={record.path.clone()}>
                        { record.path.rsplit('/').next().unwrap_or_default() }
                    </span>
                    <span>{ place_words(&record.raw) }</span>
                    <span class="cr-drawer__why">{ format!("{} · {}", record.table, record.why) }</span>
                </div>
            }
        </aside>
    }
}

/// That another record is shown for it, with the way there.
fn duplicate_words(record: &RecordView, shown: &str, props: &RecordDrawerProps) -> Html {
    html! {
        <div class="cr-drawer__note cr-duplicate" data-testid="duplicate">
            <p>{ "A duplicate: another record of this event is shown for it, " }<code>{ shown }</code></p>
            if let Some(kept) = record.kept {
                <button type="button" class="cr-link" onclick={props.on_show.reform(move |_: MouseEvent| kept)}>{ "Open that record" }</button>
                { " · " }
            }
            { event_link(shown.to_owned(), props) }
        </div>
    }
}

/// Asks for all records of the event that the record of this name is shown for.
fn event_link(shown: String, props: &RecordDrawerProps) -> Html {
    let onclick = props.on_query.reform(move |_: MouseEvent| event_query(&shown));
    html! { <button type="button" class="cr-link" {onclick}>{ "List all records of this event" }</button> }
}

/// The name of the record that is shown for it.
fn duplicate_of(record: &RecordView) -> Option<&str> {
    record.fields.iter().find(|field| field.name == "_DuplicateOf").map(|field| field.value.as_str())
}

/// How `_DuplicateOf` would name it.
fn own_name(record: &RecordView) -> String {
    match record.row {
        RowId { offset, number: 0, .. } => format!("{}@{offset}", record.path),
        RowId { offset, number, .. } => format!("{}@{offset}#{number}", record.path),
    }
}

/// Names and exact values, one a line, as a spreadsheet takes them; breaks within a value become blanks.
fn fields_text(record: &RecordView) -> String {
    let line = |field: &RecordField| tab_separated([&*field.name, &*field.value].into_iter()) + "\n";
    record.fields.iter().map(line).collect()
}

fn tree(record: &RecordView, needles: &Shared<Needles>) -> Html {
    match &record.raw.text {
        Some(text) if matches!(sort_of(text), Sort::Object | Sort::Array) => {
            html! { <JsonTree text={text.clone()} needles={needles.clone()} /> }
        }
        Some(_) => {
            html! { <p class="cr-drawer__wait">{ "This record is not written in JSON; see the original" }</p> }
        }
        None => html! { <RawView raw={record.raw.clone()} /> },
    }
}

#[derive(PartialEq, Properties)]
struct FieldsProps {
    record: Shared<RecordView>,
    zone: Zone,
    needles: Shared<Needles>,
}

/// The fields in groups: documented, hidden, worked out for want of a value, shared, and what the service does not log.
#[component]
fn Fields(props: &FieldsProps) -> Html {
    let groups = [
        (FieldOrigin::Documented, ""),
        (FieldOrigin::Hidden, "Beyond the documented columns"),
        (FieldOrigin::Derived, "Derived: the record does not say"),
        (FieldOrigin::Shared, "Shared fields"),
        (FieldOrigin::Unlogged, "Not logged by this service"),
    ];
    html! {
        { for groups.into_iter().map(|(origin, title)| {
            let fields: Vec<_> = props.record.fields.iter().filter(|field| field.origin == origin).collect();
            if fields.is_empty() {
                return html! {};
            }
            html! {
                <section class="cr-fields">
                    if !title.is_empty() { <h3 class="cr-fields__title">{ title }</h3> }
                    <dl class="cr-fields__list">
                        { for fields.into_iter().map(|field| html! {
                            <Field key={field.name.clone()} field={field.clone()} unit={unit_of(&props.record.table, &field.name)} zone={props.zone.clone()} needles={props.needles.clone()} />
                        }) }
                    </dl>
                </section>
            }
        }) }
    }
}

#[derive(PartialEq, Properties)]
struct FieldProps {
    field: RecordField,
    unit: &'static str,
    zone: Zone,
    needles: Shared<Needles>,
}

/// A name and its value, whole.
#[component]
fn Field(props: &FieldProps) -> Html {
    let field = &props.field;
    let column = ColumnInfo {
        name: field.name.clone(),
        kind: field.kind,
        about: String::new(),
        rank: 0,
        is_empty: false,
        unit: String::new(),
        mark: ColumnMark::Plain,
    };
    let offset_at = |time| i64::from(props.zone.offset_seconds(time)) * PER_SECOND;
    // Azure declares some columns of JSON as text.
    let is_tree = match sort_of(&field.value) {
        Sort::Object => field.value.ends_with('}'),
        Sort::Array => field.kind == Kind::Dynamic,
        _ => false,
    };
    let shown = match shown(&column, Some(&field.value), &offset_at) {
        // A list of fields shows values whole, line breaks and all.
        Shown::Text(_) => Shown::Text(field.value.clone()),
        other => other,
    };
    let is_time = matches!(shown, Shown::Time(_));
    html! {
        <div class="cr-field" data-name={field.name.clone()} data-value={field.value.clone()}>
            <dt class="cr-field__name" title={field.name.clone()}>
                { hump_breaks(&field.name) }
                if !field.personal.is_empty() {
                    <span class="cr-field__personal" title={format!("Personal: {}", field.personal.replace('_', " "))}>{ "personal" }</span>
                }
            </dt>
            <dd class="cr-field__value">
                if is_tree {
                    <JsonTree text={field.value.clone()} needles={props.needles.clone()} />
                } else {
                    { cell_content(&shown, &field.value, &props.needles, true) }
                    if is_time { <small class="cr-field__zone">{ props.zone.name() }</small> }
                    if !props.unit.is_empty() { <small class="cr-field__zone">{ props.unit }</small> }
                }
                <CopyButton text={field.value.clone()} label={format!("Copy {}", field.name)} />
            </dd>
        </div>
    }
}

/// The name, with a line break allowed before each of its words: where it is long, never within one.
fn hump_breaks(name: &str) -> Html {
    html! {
        { for humps(name).enumerate().map(|(place, hump)| html! {
            <>if place > 0 { <wbr /> }{ hump }</>
        }) }
    }
}
