//! The middle of the screen: the query, the timeline, the rows.

use super::{
    chart::Chart,
    data_table::{DataTable, DrawnRows, Step},
    notes::Notes,
    query_bar::QueryBar,
    save_rows::SaveRows,
    search_box::SearchBox,
    table_picker::TablePicker,
    timeline::Timeline,
};
use crate::{
    bridge::Bridge,
    hooks::use_fresh::use_fresh,
    platform::zone::Zone,
    shared::Shared,
    state::{
        format::{counted, grouped, percent, took},
        marks::Needles,
        query::{FIRST_TABLE, Query, QueryAction, remarks},
        settings::{Settings, SettingsAction},
        sources::Sources,
        zone::minute_text,
    },
    tasks::fetch_timeline,
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::{
    RowId,
    clock::{ClockChoice, asks_clock},
};
use std::rc::Rc;
use yew::prelude::*;

/// While rows still come, the timeline is counted anew at most this often.
const PAUSE_MS: i32 = 700;

/// What keys do in the table.
const KEYS: &str = "In the table: arrows move, Enter opens the record, Ctrl C copies the cell, Ctrl Shift C its row for a spreadsheet (on the head, the names)";

/// Buckets of the timeline before its room is known.
const BUCKETS: u32 = 96;

/// Properties of [`Workbench`].
#[derive(PartialEq, Properties)]
pub struct WorkbenchProps {
    /// Where rows and counts come from.
    pub bridge: Bridge,
    /// The query and its result.
    pub query: Rc<Query>,
    /// How loading stands.
    pub sources: Rc<Sources>,
    /// The settings.
    pub settings: Rc<Settings>,
    /// The zone of all times.
    pub zone: Zone,
    /// What to mark.
    pub needles: Shared<Needles>,
    /// Told what happens to the query.
    pub on_query: Callback<QueryAction>,
    /// Told what to change of the settings.
    pub on_setting: Callback<SettingsAction>,
    /// Told, in the task of the event, that something was asked or typed.
    pub on_asked: Callback<()>,
    /// Told whether something typed waits to be asked.
    pub on_typing: Callback<bool>,
    /// Whether a record is open.
    pub has_open: bool,
    /// Told which record to open, or to close it.
    pub on_open: Callback<Option<(u64, RowId)>>,
    /// A wish to go to the next record.
    pub step: Step,
    /// Told which rows are drawn.
    pub on_rows_drawn: Callback<DrawnRows>,
    /// Told for which rows the timeline is drawn.
    pub on_timeline_drawn: Callback<DrawnRows>,
}

/// All of it.
#[component]
pub fn Workbench(props: &WorkbenchProps) -> Html {
    let (query, sources) = (&props.query, &props.sources);
    let info = query.info.clone();
    let buckets = use_state_eq(|| BUCKETS);
    let shown_columns = use_state_eq(|| 0_usize);
    let has_kql = use_state_eq(|| true);

    let timeline_key =
        info.as_ref().filter(|info| info.is_stored).map(|info| (DrawnRows::of(info), *buckets));
    let is_growing = info.as_ref().is_some_and(|info| info.is_partial) || sources.is_loading();
    let fetch =
        use_callback(props.bridge.clone(), |((drawn, buckets), on_answer): ((DrawnRows, u32), _), bridge| {
            fetch_timeline(bridge, drawn.result, buckets, on_answer)
        });
    let fresh = use_fresh(timeline_key, if is_growing { PAUSE_MS } else { 0 }, fetch);
    let timeline = use_memo(fresh.clone(), |fresh| {
        fresh.as_ref().and_then(|fresh| fresh.value.as_ref().ok()).map(|data| Rc::new(data.clone()))
    });
    use_effect_with(
        (fresh.as_ref().map(|fresh| fresh.key.0), props.on_timeline_drawn.clone()),
        |(drawn, on_drawn)| {
            if let Some(drawn) = drawn {
                on_drawn.emit(*drawn);
            }
        },
    );

    let on_edit =
        use_callback((props.on_query.clone(), props.on_asked.clone()), |text, (on_query, on_asked)| {
            on_asked.emit(());
            on_query.emit(QueryAction::Edited(text));
        });
    let on_run =
        use_callback((props.on_query.clone(), props.on_asked.clone()), |(), (on_query, on_asked)| {
            on_asked.emit(());
            on_query.emit(QueryAction::Run);
        });
    let on_typing =
        use_callback((props.on_typing.clone(), props.on_asked.clone()), |is, (on_typing, on_asked)| {
            on_asked.emit(());
            on_typing.emit(is);
        });
    let on_search =
        use_callback(props.on_query.clone(), |text, on_query| on_query.emit(QueryAction::Searched(text)));
    let on_pick =
        use_callback((props.on_query.clone(), props.on_asked.clone()), |name, (on_query, on_asked)| {
            on_asked.emit(());
            on_query.emit(QueryAction::Table(name));
        });
    let on_sort =
        use_callback((props.on_query.clone(), props.on_asked.clone()), |name, (on_query, on_asked)| {
            on_asked.emit(());
            on_query.emit(QueryAction::Sorted(name));
        });
    let on_duplicates = use_callback(
        (props.on_query.clone(), props.on_asked.clone()),
        |_: MouseEvent, (on_query, on_asked)| {
            on_asked.emit(());
            on_query.emit(QueryAction::Duplicates);
        },
    );
    let on_clock = use_callback(
        (props.on_query.clone(), props.on_asked.clone(), query.clock),
        |_: MouseEvent, (on_query, on_asked, clock)| {
            on_asked.emit(());
            on_query.emit(QueryAction::Clock(match clock {
                ClockChoice::Records => ClockChoice::Machine,
                ClockChoice::Machine => ClockChoice::Records,
            }));
        },
    );
    let on_room = use_callback(buckets.setter(), |room, buckets| buckets.set(room));
    let on_columns = use_callback(shown_columns.setter(), |count, shown| shown.set(count));
    let on_all_columns = use_callback(
        (props.on_setting.clone(), props.settings.has_all_columns),
        |_: MouseEvent, (on_setting, has_all)| on_setting.emit(SettingsAction::AllColumns(!*has_all)),
    );
    let on_kql = {
        let has_kql = has_kql.clone();
        Callback::from(move |_: MouseEvent| has_kql.set(!*has_kql))
    };
    let has_wish = info
        .as_ref()
        .and_then(|info| info.chart.as_ref())
        .is_some_and(|wish| !wish.chart.eq_ignore_ascii_case("table"));
    let is_chart_shown = use_state_eq(|| true);
    let has_chart = has_wish && *is_chart_shown;
    let drawn_table = use_state_eq(|| None::<DrawnRows>);
    let drawn_chart = use_state_eq(|| None::<DrawnRows>);
    let on_table_drawn = use_callback(drawn_table.setter(), |drawn, state| state.set(Some(drawn)));
    let on_chart_drawn = use_callback(drawn_chart.setter(), |drawn, state| state.set(Some(drawn)));
    let on_chart = {
        let is_chart_shown = is_chart_shown.clone();
        Callback::from(move |_: MouseEvent| is_chart_shown.set(!*is_chart_shown))
    };
    // Rows and chart are drawn when both are.
    let drawn_both = drawn_table.filter(|drawn| !has_chart || *drawn_chart == Some(*drawn));
    use_effect_with((drawn_both, props.on_rows_drawn.clone()), |(drawn, on_drawn)| {
        if let Some(drawn) = drawn {
            on_drawn.emit(*drawn);
        }
    });
    let load = sources.status.load.as_ref().filter(|load| load.bytes > 0);
    let share = load.map(|load| load.bytes_done as f64 / load.bytes as f64);
    let hits = match &info {
        Some(info) if !query.search.is_empty() && !query.is_running() => counted(info.rows, "row", "rows"),
        _ => String::new(),
    };

    html! {
        <section class="cr-bench" aria-label="Records">
            <div class="cr-bench__tools">
                <TablePicker
                    tables={sources.status.tables.clone()}
                    records={sources.status.records}
                    current={query.table().to_owned()}
                    {on_pick}
                />
                <button type="button" class="cr-button cr-button--quiet" aria-pressed={has_kql.to_string()} onclick={on_kql}>
                    { "KQL" }
                </button>
                <SearchBox text={query.search.clone()} {hits} {on_typing} {on_search} />
            </div>
            <div class={classes!("cr-bench__kql", (!*has_kql).then_some("cr-bench__kql--folded"))}>
                <QueryBar
                    bridge={props.bridge.clone()}
                    text={query.shown_text()}
                    is_draft={query.draft.is_some()}
                    is_running={query.is_running()}
                    errors={query.errors.clone()}
                    errors_text={query.text()}
                    clock={clock_chip(query, &props.zone, on_clock.clone())}
                    {on_edit}
                    {on_run}
                />
            </div>
            if info.as_ref().is_none_or(|info| info.is_stored) {
                <Timeline data={(*timeline).clone()} zone={props.zone.clone()} {on_room} />
            }
            if let Some(info) = info {
                <div class="cr-bench__bar">
                    <span class="cr-bench__rows" data-testid="row-count" data-value={info.rows.to_string()} title={KEYS}>
                        <b>{ grouped(info.rows) }</b>{ if info.rows == 1 { " row" } else { " rows" } }
                    </span>
                    <span class="cr-bench__took">{ took(info.took_us) }</span>
                    if let Some(share) = share.filter(|_| info.is_partial) {
                        <span class="cr-bench__share">
                            { format!("from {}", percent(share)) }<span class="cr-bench__of">{ " of the bytes" }</span>
                        </span>
                    }
                    <span class="cr-bench__grow" />
                    if let Some(words) = duplicates_words(query, sources) {
                        <button
                            type="button"
                            class="cr-button cr-button--quiet"
                            data-testid="hide-duplicates"
                            aria-pressed={query.hides_duplicates().to_string()}
                            title="Records of one event that came more than once: the fullest is shown for them"
                            onclick={on_duplicates}
                        >
                            { words }
                        </button>
                    }
                    if !info.is_partial && !query.is_running() {
                        <SaveRows bridge={props.bridge.clone()} info={info.clone()} />
                    }
                    if has_wish {
                        <button
                            type="button"
                            class="cr-button cr-button--quiet"
                            aria-pressed={is_chart_shown.to_string()}
                            onclick={on_chart}
                        >
                            { "Chart" }
                        </button>
                    }
                    if let Some(words) = columns_words(info.columns.len(), *shown_columns, props.settings.has_all_columns) {
                        <button
                            type="button"
                            class="cr-button cr-button--quiet"
                            aria-pressed={props.settings.has_all_columns.to_string()}
                            onclick={on_all_columns}
                        >
                            { words }
                        </button>
                    }
                </div>
                <Notes notes={remarks(&info).into_iter().cloned().collect::<Vec<_>>()} />
                if has_chart {
                    <Chart
                        bridge={props.bridge.clone()}
                        info={info.clone()}
                        zone={props.zone.clone()}
                        is_ready={*drawn_table == Some(DrawnRows::of(&info))}
                        on_drawn={on_chart_drawn}
                    />
                }
                <DataTable
                    bridge={props.bridge.clone()}
                    info={info.clone()}
                    epoch={query.epoch}
                    zone={props.zone.clone()}
                    needles={props.needles.clone()}
                    has_all_columns={props.settings.has_all_columns}
                    sort={query.sort.clone()}
                    {on_sort}
                    has_open={props.has_open}
                    on_open={props.on_open.clone()}
                    on_drawn={on_table_drawn}
                    {on_columns}
                    zones_assumed={sources.status.zones_assumed}
                    step={props.step}
                />
                if info.rows == 0 && !info.is_partial && !query.is_running() {
                    <div class="cr-bench__nothing">
                        if sources.status.records == 0 {
                            { nothing_words(sources) }
                        } else if query.search.is_empty() {
                            { "No row fits the query" }
                        } else {
                            { format!("No value holds “{}”; each word is looked for in every value, in any case", query.search) }
                        }
                        if let Some(words) = other_clock(query) {
                            <p>
                                <button type="button" class="cr-button" data-testid="other-clock" onclick={on_clock}>{ words }</button>
                            </p>
                        }
                    </div>
                }
            } else {
                <p class="cr-bench__nothing">{ nothing_words(sources) }</p>
            }
        </section>
    }
}

/// What the button says that leaves out duplicates; `None` where the query cannot.
fn duplicates_words(query: &Query, sources: &Sources) -> Option<String> {
    let (table, count) = (query.table(), sources.status.duplicates);
    if query.hides_duplicates() {
        return Some("Duplicates hidden".to_owned());
    }
    let is_stored = table == FIRST_TABLE || sources.status.tables.iter().any(|known| known.name == table);
    match count {
        0 => None,
        _ if !is_stored => None,
        _ if table == FIRST_TABLE => Some(format!("Hide {}", counted(count, "duplicate", "duplicates"))),
        _ => Some("Hide duplicates".to_owned()),
    }
}

/// What the button says that asks an empty answer again by the other clock; `None` where no clock was asked.
fn other_clock(query: &Query) -> Option<&'static str> {
    let (_, is_newest) = query.now.filter(|_| asks_clock(&query.text()))?;
    Some(if is_newest { "Ask by the clock of this machine" } else { "Ask by the time of the newest record" })
}

/// What `now()` is for the query, and the way to the other clock.
fn clock_chip(query: &Query, zone: &Zone, onclick: Callback<MouseEvent>) -> Html {
    let Some((now, is_newest)) = query.now else { return html! {} };
    let offset = i64::from(zone.offset_seconds(now)) * PER_SECOND;
    let about = if is_newest {
        "now() is the time of the newest record. Press for the clock of this machine"
    } else if query.clock == ClockChoice::Machine {
        "now() is the clock of this machine. Press for the time of the newest record"
    } else {
        "now() is the clock of this machine: the newest record is of the last quarter of an hour"
    };
    html! {
        <button
            type="button"
            class="cr-button cr-button--quiet cr-clock"
            data-testid="query-now"
            data-value={now.to_string()}
            aria-label={format!("now() is {} {}. {about}", minute_text(now, offset), zone.name())}
            title={about}
            {onclick}
        >
            { format!("now {}{}", minute_text(now, offset), if is_newest { " · newest" } else { "" }) }
        </button>
    }
}

/// What the button says that folds and unfolds columns; `None` when there is nothing to fold.
fn columns_words(all: usize, shown: usize, has_all: bool) -> Option<String> {
    if has_all {
        Some("First columns only".to_owned())
    } else if shown < all {
        Some(format!("{shown} of {all} columns · show all"))
    } else {
        None
    }
}

/// What stands in place of the table while there is none.
fn nothing_words(sources: &Sources) -> &'static str {
    if sources.is_loading() {
        "The first rows are on their way"
    } else if sources.status.records == 0 && sources.status.files > 0 {
        "These files hold no events; the list of files says why"
    } else {
        "Nothing to show yet"
    }
}
