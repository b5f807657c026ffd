//! The root: owns the bridge and the state, and hands both down.

use super::{
    budget_dialog::BudgetDialog,
    data_table::{DrawnRows, Step},
    drop_overlay::DropOverlay,
    empty_page::EmptyPage,
    file_drawer::FileDrawer,
    ledger::Ledger,
    load_bar::LoadBar,
    notice_list::NoticeList,
    over_budget::OverBudgetDialog,
    password_dialog::PasswordDialog,
    paste_dialog::PasteDialog,
    record_drawer::RecordDrawer,
    top_bar::TopBar,
    workbench::Workbench,
};
use crate::{
    bridge::{Bounds, Bridge, BridgeEvent, Pending},
    hooks::use_busy::use_busy,
    platform::{
        clock::{self, Interval},
        facts, files,
        intake::{Intake, Listening},
        kept, leaving,
        offline::{Offline, OfflineState},
        storage,
        theme::Theme,
        url,
        zone::{Zone, ZoneChoice},
    },
    shared::Shared,
    state::{
        busy::Work,
        format::{counted, grouped},
        ledger::file_key,
        marks::Needles,
        notices::{Notices, NoticesAction},
        query::{Query, QueryAction},
        sample,
        settings::Settings,
        sources::{Sources, SourcesAction},
        zone::minute_text,
    },
    tasks,
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::{Event, FileNo, RowId, clock::query_now, ledger::LedgerFile, request::LoadChoice};
use std::rc::Rc;
use yew::prelude::*;

/// Where the zone is kept between visits.
const ZONE_KEY: &str = "zone";
/// How often requests are counted anew, in milliseconds.
const WATCH_MS: i32 = 3_000;
/// If the coordinator says nothing about a drop for so long and knows all files, there was nothing in it.
const SETTLE_MS: i32 = 1_500;

/// What is open beside the table.
#[derive(Clone, Debug, PartialEq)]
enum Open {
    Record(Option<u64>, RowId),
    File(Rc<LedgerFile>),
}

/// Properties of [`App`].
#[derive(Default, PartialEq, Properties)]
pub struct AppProps {
    /// Starts what stands behind the page; given by tests, else the workers.
    #[prop_or_default]
    pub start: Option<Callback<Callback<BridgeEvent>, Bridge>>,
}

/// The whole application.
#[component]
pub fn App(props: &AppProps) -> Html {
    let settings = use_reducer(|| Settings {
        theme: Theme::stored(),
        zone: storage::get(ZONE_KEY).map(|word| ZoneChoice::of_word(&word)).unwrap_or_default(),
        has_all_columns: false,
    });
    let sources = use_reducer(Sources::default);
    let query = use_reducer(Query::default);
    let notices = use_reducer(Notices::default);
    let open = use_state_eq(|| None::<Open>);
    let step = use_state_eq(Step::default);
    let is_ledger_wide = use_state_eq(|| false);
    let is_pasting = use_state_eq(|| false);
    let is_budget_open = use_state_eq(|| false);
    let is_dragging = use_state_eq(|| false);
    let is_typing = use_state_eq(|| false);
    let is_closing = use_state_eq(|| false);
    let set_closing = is_closing.setter();
    let drawn_rows = use_state_eq(|| None::<DrawnRows>);
    let drawn_timeline = use_state_eq(|| None::<DrawnRows>);
    let drawn_ledger = use_state_eq(|| None::<u64>);
    let offline_state = use_state_eq(|| OfflineState::Preparing);
    let ready_at = use_state_eq(|| None::<f64>);
    let requests = use_state_eq(|| None::<usize>);
    // A query that came with the address runs when the load ends.
    let linked = use_mut_ref(url::take_query);

    let bridge = {
        let (sources, query, notices) = (sources.dispatcher(), query.dispatcher(), notices.dispatcher());
        let (ready_at, start) = (ready_at.setter(), props.start.clone());
        use_memo((), move |()| start_bridge(start, sources, query, notices, ready_at))
    };
    let bridge: &Bridge = &bridge;
    let zone = use_memo(settings.zone.clone(), |choice| Zone::find(choice).unwrap_or_default());
    let zone: &Zone = &zone;

    // What there is to catch up with.
    let wanted_rows = query.info.as_ref().map(|info| DrawnRows::of(info));
    let has_timeline = query.info.as_ref().is_some_and(|info| info.is_stored);
    let has_first_query = query.info.is_some() || !query.errors.is_empty();
    let work = Work {
        is_loading: sources.is_loading(),
        is_closing: *is_closing,
        is_typing: *is_typing,
        is_querying: query.is_running() || (sources.is_open && !has_first_query),
        is_ledger_behind: sources.is_open && *drawn_ledger != Some(sources.status.ledger_version),
        are_rows_behind: sources.is_open && wanted_rows.is_some() && *drawn_rows != wanted_rows,
        is_timeline_behind: sources.is_open && has_timeline && *drawn_timeline != wanted_rows,
    };
    let on_asked = use_busy(work);

    // Everything that is handed over, however it comes; with the first of it, the log types that are kept.
    let is_empty = use_mut_ref(|| true);
    is_empty.replace(!sources.is_open);
    let on_intake = use_callback(
        (bridge.clone(), sources.dispatcher(), notices.dispatcher(), on_asked.clone()),
        move |mut intake: Intake, (bridge, sources, notices, on_asked)| {
            on_asked.emit(());
            if is_empty.replace(false) && !intake.is_empty() {
                intake.files.splice(0..0, kept::all());
            }
            sources.dispatch(SourcesAction::Dropped);
            if tasks::open(bridge, intake).is_none() {
                sources.dispatch(SourcesAction::Settled);
                let text = "There was nothing to open in what was handed over".to_owned();
                notices.dispatch(NoticesAction::Tell { text, is_warning: true });
            }
        },
    );
    use_effect_with((), {
        let (on_intake, is_dragging) = (on_intake.clone(), is_dragging.setter());
        move |()| {
            let listening =
                Listening::start(on_intake, Callback::from(move |is_over| is_dragging.set(is_over)));
            move || drop(listening)
        }
    });
    // An empty folder makes no load of which the coordinator would speak.
    use_effect_with((sources.is_opening, sources.status.files, sources.status.load.is_some()), {
        let (bridge, sources) = (bridge.clone(), sources.dispatcher());
        move |(is_opening, files, is_loading)| {
            let files = *files as usize;
            let timer = (*is_opening && !*is_loading).then(|| {
                // Looked at again each time: naming takes as long as the folders are large, or the machine is busy.
                Interval::start(SETTLE_MS, move || {
                    if !bridge.is_naming() && bridge.file_count() == files {
                        sources.dispatch(SourcesAction::Settled);
                    }
                })
            });
            move || drop(timer)
        }
    });
    let offline = {
        let state = offline_state.setter();
        use_memo((), |()| Offline::start(Callback::from(move |now| state.set(now))))
    };
    use_effect_with(*ready_at, {
        let requests = requests.setter();
        move |ready_at| {
            let watch = ready_at.map(|since| {
                requests.set(Some(facts::requests_since(since)));
                Interval::start(WATCH_MS, move || requests.set(Some(facts::requests_since(since))))
            });
            move || drop(watch)
        }
    });
    use_effect_with(sources.is_open, |is_open| leaving::ask_before_leaving(*is_open));
    use_effect_with(settings.theme, |theme| theme.choose());
    use_effect_with(settings.zone.clone(), |choice| storage::set(ZONE_KEY, choice.word()));

    // The first rows are asked for with the drop, so that they come as soon as there are any; at the end of a load all
    // is brought up to date.
    let is_loading = sources.is_loading();
    let was_loading = use_mut_ref(|| false);
    use_effect_with((sources.is_open, is_loading), {
        let query = query.clone();
        move |(is_open, is_loading)| {
            let has_ended = was_loading.replace(*is_loading) && !*is_loading;
            if !*is_open {
                return;
            }
            if has_ended && let Some(text) = linked.borrow_mut().take() {
                query.dispatch(QueryAction::Edited(text));
                query.dispatch(QueryAction::Run);
            } else if has_ended || (query.info.is_none() && !query.is_running()) {
                query.dispatch(QueryAction::Refresh);
            }
        }
    });
    // Rows that were drawn before it was known which are duplicates are fetched again.
    use_effect_with(sources.status.duplicates, {
        let query = query.dispatcher();
        move |_| query.dispatch(QueryAction::Marked)
    });
    // A record has its place in the result that it was opened from.
    use_effect_with(query.epoch, {
        let open = open.clone();
        move |_| {
            if matches!(*open, Some(Open::Record(..))) {
                open.set(None);
            }
        }
    });
    // Asks what is wanted; the answer to an older asking is not heard.
    let asking = use_mut_ref(|| None::<Pending>);
    use_effect_with(query.wanted, {
        let (bridge, query) = (bridge.clone(), query.clone());
        let newest = sources.status.times.map(|(_, newest)| newest);
        move |wanted| {
            if *wanted == 0 || !query.is_running() {
                return;
            }
            let (wanted, dispatcher) = (*wanted, query.dispatcher());
            let on_answer = Callback::from(move |answer| {
                dispatcher.dispatch(QueryAction::Answered(wanted, Box::new(answer)));
            });
            asking.borrow_mut().take();
            let now = query_now(query.clock, newest, clock::now());
            query.dispatch(QueryAction::Asked(now));
            let pending = tasks::run_query(&bridge, query.text(), now.0, on_answer);
            *asking.borrow_mut() = Some(pending);
        }
    });

    let on_query = {
        let query = query.dispatcher();
        use_callback((), move |action, ()| query.dispatch(action))
    };
    let on_setting = {
        let settings = settings.dispatcher();
        use_callback((), move |action, ()| settings.dispatch(action))
    };
    let on_dismiss = {
        let notices = notices.dispatcher();
        use_callback((), move |id, ()| notices.dispatch(NoticesAction::Dismiss(id)))
    };
    let on_notice = {
        let notices = notices.dispatcher();
        use_callback((), move |text, ()| notices.dispatch(NoticesAction::Tell { text, is_warning: true }))
    };
    let on_typing = use_callback(is_typing.setter(), |now, is_typing| is_typing.set(now));
    let on_rows_drawn = use_callback(drawn_rows.setter(), |drawn, state| state.set(Some(drawn)));
    let on_timeline_drawn = use_callback(drawn_timeline.setter(), |drawn, state| state.set(Some(drawn)));
    let on_ledger_drawn = use_callback(drawn_ledger.setter(), |drawn, state| state.set(Some(drawn)));
    let on_open_record = use_callback(open.setter(), |record: Option<(u64, RowId)>, open| {
        open.set(record.map(|(index, row)| Open::Record(Some(index), row)));
    });
    let on_show = use_callback(open.setter(), |row, open| open.set(Some(Open::Record(None, row))));
    let on_show_query =
        use_callback((query.dispatcher(), on_asked.clone()), |text: String, (query, on_asked)| {
            on_asked.emit(());
            query.dispatch(QueryAction::Show(text));
        });
    let on_open_file = use_callback(open.setter(), |file, open| open.set(Some(Open::File(file))));
    let on_close_drawer = use_callback(open.setter(), |(), open| open.set(None));
    let on_step = {
        let step = step.clone();
        Callback::from(move |is_back| step.set(Step { count: step.count + 1, is_back }))
    };
    let on_wide = use_callback(is_ledger_wide.setter(), |is_wide, state| state.set(is_wide));
    let on_cancel = use_callback(bridge.clone(), |(), bridge| tasks::cancel_load(bridge));
    let on_choose =
        use_callback((bridge.clone(), sources.dispatcher()), |choice: LoadChoice, (bridge, sources)| {
            tasks::choose(bridge, choice);
            sources.dispatch(SourcesAction::Chosen);
        });
    let on_paste = use_callback(is_pasting.setter(), |(), is_pasting| is_pasting.set(true));
    let on_paste_end = use_callback(is_pasting.setter(), |(), is_pasting| is_pasting.set(false));
    let on_memory = use_callback(is_budget_open.setter(), |(), is_open| is_open.set(true));
    let on_budget_end = use_callback(is_budget_open.setter(), |(), is_open| is_open.set(false));
    let on_budget = use_callback(
        (bridge.clone(), sources.dispatcher(), is_budget_open.setter()),
        |bytes, (bridge, sources, is_open)| {
            is_open.set(false);
            // Where reading stopped is told anew when it stops again.
            sources.dispatch(SourcesAction::StopSeen);
            tasks::set_budget(bridge, bytes);
        },
    );
    let first_locked = sources.locked.first().cloned();
    let on_password = use_callback(
        (bridge.clone(), sources.dispatcher(), first_locked.clone()),
        |(password, is_for_all): (String, bool), (bridge, sources, locked)| {
            let file = locked.as_ref().map(|locked| locked.file).filter(|_| !is_for_all);
            tasks::give_password(bridge, file, password);
            sources.dispatch(SourcesAction::Unlocked(is_for_all));
        },
    );
    let on_locked = {
        let sources = sources.dispatcher();
        use_callback((), move |(), ()| sources.dispatch(SourcesAction::Unlocked(false)))
    };
    let on_text =
        use_callback((on_intake.clone(), is_pasting.setter()), |text: String, (on_intake, is_pasting)| {
            is_pasting.set(false);
            if !text.trim().is_empty() {
                on_intake.emit(Intake::of_text(&text));
            }
        });
    let on_sample = use_callback(on_intake, |(), on_intake| {
        let made = sample::files().into_iter().filter_map(|(path, text)| {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            Some((path, files::of_text(&name, &text)?))
        });
        on_intake.emit(Intake::of_files(made.collect()));
    });
    let closes = use_mut_ref(|| 0_u32);
    let close = use_callback(
        (bridge.clone(), sources.dispatcher(), query.dispatcher(), open.setter(), on_asked.clone()),
        move |files: Vec<FileNo>, (bridge, sources, query, open, on_asked)| {
            on_asked.emit(());
            open.set(None);
            *closes.borrow_mut() += 1;
            set_closing.set(true);
            let (closes, set_closing) = (closes.clone(), set_closing.clone());
            let is_all = files.is_empty();
            let (sources, query) = (sources.clone(), query.clone());
            let on_answer = Callback::from(move |answer| {
                if matches!(answer, tasks::Answer::Progress(_)) {
                    return;
                }
                let left = closes.borrow().saturating_sub(1);
                *closes.borrow_mut() = left;
                set_closing.set(left > 0);
                if matches!(answer, tasks::Answer::Done(())) && !is_all {
                    query.dispatch(QueryAction::Refresh);
                } else if matches!(answer, tasks::Answer::Done(())) {
                    query.dispatch(QueryAction::Closed);
                    sources.dispatch(SourcesAction::Closed);
                }
            });
            tasks::close_files(bridge, files, on_answer).detach();
        },
    );
    let on_forget = use_callback(close.clone(), |file, close| close.emit(vec![file]));
    let on_close_all = use_callback((close, is_ledger_wide.setter()), |(), (close, is_wide)| {
        is_wide.set(false);
        close.emit(Vec::new());
    });
    let on_update = use_callback((), move |(), ()| offline.update());
    let on_stop_seen = {
        let sources = sources.dispatcher();
        use_callback((), move |_: MouseEvent, ()| sources.dispatch(SourcesAction::StopSeen))
    };
    let needles = use_memo(query.search.clone(), |search| Shared::from(Needles::of_search(search)));
    let limits = use_memo((), |()| facts::limits().into_iter().map(AttrValue::from).collect::<Vec<_>>());

    let status = &sources.status;
    let has_record = matches!(*open, Some(Open::Record(..)));
    let open_key = match &*open {
        Some(Open::File(file)) => Some(AttrValue::from(file_key(file))),
        _ => None,
    };
    let class = classes!(
        "cr-app",
        open.is_some().then_some("cr-app--drawer"),
        is_ledger_wide.then_some("cr-app--ledger")
    );
    html! {
        <div {class}>
            <TopBar
                is_open={sources.is_open}
                files={status.files}
                records={status.records}
                times={status.times}
                memory={sources.memory()}
                budget={status.budget}
                on_memory={on_memory}
                settings={Rc::new((*settings).clone())}
                zone={zone.clone()}
                on_setting={on_setting.clone()}
                is_offline_ready={matches!(*offline_state, OfflineState::Ready | OfflineState::UpdateWaiting)}
                requests={*requests}
                has_update={*offline_state == OfflineState::UpdateWaiting}
                {on_update}
            />
            <NoticeList notices={Rc::new((*notices).clone())} {on_dismiss} />
            if let Some(stopped) = &sources.stopped {
                <div class="cr-notice cr-notice--warning" role="status" data-testid="stopped">
                    <span class="cr-notice__text">{ stopped_words(stopped, zone) }</span>
                    <button type="button" class="cr-button cr-button--quiet" onclick={on_stop_seen}>{ "Dismiss" }</button>
                </div>
            }
            if is_loading {
                <LoadBar load={status.load.clone()} held={bridge.file_count()} {on_cancel} />
            }
            if sources.is_open {
                <main class="cr-main">
                    <Ledger
                        bridge={bridge.clone()}
                        status={status.clone()}
                        {is_loading}
                        zone={zone.clone()}
                        is_wide={*is_ledger_wide}
                        {on_wide}
                        {open_key}
                        on_open={on_open_file}
                        {on_close_all}
                        {on_notice}
                        on_drawn={on_ledger_drawn}
                    />
                    <Workbench
                        bridge={bridge.clone()}
                        query={Rc::new((*query).clone())}
                        sources={Rc::new((*sources).clone())}
                        settings={Rc::new((*settings).clone())}
                        zone={zone.clone()}
                        needles={(*needles).clone()}
                        {on_query}
                        {on_setting}
                        {on_asked}
                        {on_typing}
                        has_open={has_record}
                        on_open={on_open_record}
                        step={*step}
                        {on_rows_drawn}
                        {on_timeline_drawn}
                    />
                    { match &*open {
                        Some(Open::Record(index, row)) => html! {
                            <RecordDrawer
                                bridge={bridge.clone()}
                                row={*row}
                                index={*index}
                                rows={query.info.as_ref().map_or(0, |info| info.rows)}
                                has_duplicates={status.duplicates > 0}
                                {on_show}
                                on_query={on_show_query}
                                zone={zone.clone()}
                                needles={(*needles).clone()}
                                {on_step}
                                on_close={on_close_drawer}
                            />
                        },
                        Some(Open::File(file)) => html! {
                            <FileDrawer
                                key={file_key(file)}
                                bridge={bridge.clone()}
                                file={file.clone()}
                                zone={zone.clone()}
                                {on_forget}
                                on_close={on_close_drawer}
                            />
                        },
                        None => html! {},
                    } }
                </main>
            } else {
                <EmptyPage {on_paste} {on_sample} limits={(*limits).clone()} />
            }
            if *is_dragging { <DropOverlay /> }
            if let Some(locked) = first_locked {
                <PasswordDialog
                    key={format!("{}/{}", locked.file.0, locked.is_wrong)}
                    has_more={sources.locked.len() > 1}
                    locked={locked.clone()}
                    {on_password}
                    on_close={on_locked}
                />
            }
            if *is_budget_open {
                <BudgetDialog memory={sources.memory()} budget={status.budget} {on_budget} on_close={on_budget_end} />
            }
            if *is_pasting { <PasteDialog {on_text} on_close={on_paste_end} /> }
            if let Some(what) = &sources.over_budget {
                <OverBudgetDialog what={what.clone()} {on_choose} />
            }
        </div>
    }
}

/// Starts the workers; what they say goes into the state.
fn start_bridge(
    start: Option<Callback<Callback<BridgeEvent>, Bridge>>,
    sources: UseReducerDispatcher<Sources>,
    query: UseReducerDispatcher<Query>,
    notices: UseReducerDispatcher<Notices>,
    ready_at: UseStateSetter<Option<f64>>,
) -> Bridge {
    let tell =
        move |text: String, is_warning: bool| notices.dispatch(NoticesAction::Tell { text, is_warning });
    // Filled right below: the bridge says nothing before it is there.
    let itself = Rc::new(std::cell::RefCell::new(None::<Bridge>));
    let on_event = Callback::from({
        let itself = itself.clone();
        move |event: BridgeEvent| match event {
            BridgeEvent::Ready => ready_at.set(Some(clock::now_ms())),
            BridgeEvent::Unable { message } => tell(message, true),
            BridgeEvent::Restarted { who, reason } => {
                tell(format!("A part of Chartroom ended and was started anew ({who}): {reason}"), true);
                query.dispatch(QueryAction::Refresh);
            }
            BridgeEvent::Engine(Event::Notice { text }) => tell(text, false),
            BridgeEvent::Engine(Event::Grown { result, generation, rows, is_partial }) => {
                query.dispatch(QueryAction::Grown { result, generation, rows, is_partial });
            }
            BridgeEvent::Engine(Event::Noted { result, diagnostics }) => {
                query.dispatch(QueryAction::Noted { result, diagnostics });
            }
            BridgeEvent::Engine(event) => {
                let held = itself.borrow().as_ref().map_or(0, Bridge::file_count);
                sources.dispatch(SourcesAction::Event(Box::new(event), held));
            }
        }
    });
    let bridge = match start {
        Some(start) => start.emit(on_event),
        None => Bridge::start(Bounds::of_page(), on_event),
    };
    *itself.borrow_mut() = Some(bridge.clone());
    bridge
}

/// Up to which file, byte and hour was read.
fn stopped_words(stopped: &crate::state::sources::Stopped, zone: &Zone) -> String {
    let mut words =
        format!("Memory is full: reading stopped in {} at byte {}", stopped.path, grouped(stopped.byte));
    if let Some(time) = stopped.time {
        let offset = i64::from(zone.offset_seconds(time)) * PER_SECOND;
        words.push_str(&format!(", events up to {} {}", minute_text(time, offset), zone.name()));
    }
    if stopped.files_left > 0 {
        words.push_str(&format!(
            "; {} not read",
            counted(u64::from(stopped.files_left), "file was", "files were")
        ));
    }
    words
}
