//! The ledger: what became of every file that was handed over, what needs attention first.

use super::{ledger_group::LedgerHead, ledger_row::LedgerRow};
use crate::{
    bridge::Bridge,
    hooks::use_fresh::use_fresh,
    platform::{clock::Timeout, zone::Zone},
    state::{
        format::{counted, grouped},
        ledger::{WHOLE, file_key},
        ledger_outline::{Folded, Line, Outline},
        paths::common_folder,
    },
    tasks::{Answer, LedgerPage, export_ledger, fetch_ledger},
    widgets::{
        icon::{Glyph, Icon},
        virtual_list::{Slot, View, VirtualList},
    },
};
use chartroom_protocol::{
    event::Status,
    ledger::{LedgerFile, LedgerGroup},
    request::LedgerFormat,
};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Height of a file's line in CSS pixels.
const ROW_HEIGHT: f64 = 24.0;
/// During a load the ledger is fetched at most this often.
const PAUSE_MS: i32 = 500;
/// A pause in typing as long as this asks.
const TYPING_MS: i32 = 120;

/// Properties of [`Ledger`].
#[derive(PartialEq, Properties)]
pub struct LedgerProps {
    /// Where it comes from.
    pub bridge: Bridge,
    /// How everything stands.
    pub status: Status,
    /// Whether a load is going on.
    pub is_loading: bool,
    /// The zone of all times.
    pub zone: Zone,
    /// Whether it takes the whole width.
    pub is_wide: bool,
    /// Told to take more or less room.
    pub on_wide: Callback<bool>,
    /// Key of the file that is open beside, as [`file_key`] has it.
    pub open_key: Option<AttrValue>,
    /// Told which file to open.
    pub on_open: Callback<Rc<LedgerFile>>,
    /// Told to close all files.
    pub on_close_all: Callback<()>,
    /// Told what could not be done.
    pub on_notice: Callback<String>,
    /// Told which version of the ledger is drawn.
    pub on_drawn: Callback<u64>,
}

/// What is asked for: the version, the filter, the first file.
type Key = (u64, String, u32);

/// What is shown of the ledger.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    /// Files that pass the filter.
    total: u32,
    /// Place of the first of `files`.
    first: u32,
    /// The files that are here.
    files: Vec<Rc<LedgerFile>>,
    groups: Vec<LedgerGroup>,
    /// The folder that all files share.
    common: AttrValue,
}

impl Shown {
    fn new(page: &LedgerPage) -> Self {
        // Groups name the folders of all files, those that are not here too.
        let common = if page.groups.is_empty() {
            common_folder(page.files.iter().map(|file| file.path.as_str()))
        } else {
            common_folder(page.groups.iter().map(|group| group.folder.as_str()))
        };
        Self {
            total: page.total,
            first: page.start,
            files: page.files.iter().cloned().map(Rc::new).collect(),
            groups: page.groups.clone(),
            common: common.into(),
        }
    }

    fn file(&self, place: u32) -> Option<&Rc<LedgerFile>> {
        self.files.get(usize::try_from(place.checked_sub(self.first)?).ok()?)
    }
}

/// The list with its tools.
#[component]
pub fn Ledger(props: &LedgerProps) -> Html {
    let filter = use_state_eq(String::new);
    let start = use_state_eq(|| 0_u32);
    let timer = use_mut_ref(|| None::<Timeout>);
    let status = &props.status;

    let key: Key = (status.ledger_version, (*filter).clone(), *start);
    let fetch = use_callback(
        props.bridge.clone(),
        |((_, filter, start), on_answer): (Key, Callback<Answer<LedgerPage>>), bridge| {
            fetch_ledger(bridge, start, WHOLE, filter, on_answer)
        },
    );
    let is_busy = props.is_loading || status.hashing > 0;
    let fresh = use_fresh(Some(key), if is_busy { PAUSE_MS } else { 0 }, fetch);
    let page = use_memo(fresh.clone(), |fresh| {
        let page = fresh.as_ref().and_then(|fresh| fresh.value.as_ref().ok());
        page.map(Shown::new).unwrap_or_default()
    });
    let folded = use_state_eq(Folded::new);
    let outline = use_memo((page.clone(), (*folded).clone()), |(page, folded)| {
        Outline::new(page.total, &page.groups, folded)
    });
    let version = fresh.as_ref().map(|fresh| fresh.key.0);
    use_effect_with((version, props.on_drawn.clone()), |(version, on_drawn)| {
        if let Some(version) = version {
            on_drawn.emit(*version);
        }
    });
    // What is open beside follows what becomes of its file.
    use_effect_with((page.clone(), props.open_key.clone()), {
        let on_open = props.on_open.clone();
        move |(page, open_key)| {
            let is_open = |file: &&Rc<LedgerFile>| open_key.as_deref() == Some(&*file_key(file));
            if let Some(file) = page.files.iter().find(is_open) {
                on_open.emit(file.clone());
            }
        }
    });
    let on_fold = use_callback((*folded).clone(), move |group: LedgerGroup, now: &Folded| {
        let (mut next, key) = (now.clone(), (group.outcome, group.folder));
        if !next.remove(&key) {
            next.insert(key);
        }
        folded.set(next);
    });

    let oninput = {
        let (filter, start, timer) = (filter.setter(), start.setter(), timer);
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let (text, filter, start) = (field.value(), filter.clone(), start.clone());
            *timer.borrow_mut() = Some(Timeout::start(TYPING_MS, move || {
                filter.set(text);
                start.set(0);
            }));
        })
    };
    let save = |format: LedgerFormat| {
        let (bridge, on_notice) = (props.bridge.clone(), props.on_notice.clone());
        Callback::from(move |_: MouseEvent| {
            let on_notice = on_notice.clone();
            let on_answer = Callback::from(move |answer| {
                if let Answer::Failed(diagnostics) = answer {
                    let why = diagnostics.first().map_or("", |first| first.message.as_str());
                    on_notice.emit(format!("The list of files was not saved: {why}"));
                }
            });
            export_ledger(&bridge, format, on_answer).detach();
        })
    };
    let on_wide =
        use_callback((props.on_wide.clone(), props.is_wide), |_: MouseEvent, (on_wide, is_wide)| {
            on_wide.emit(!*is_wide);
        });
    let on_close_all =
        use_callback(props.on_close_all.clone(), |_: MouseEvent, on_close_all| on_close_all.emit(()));

    let draw = {
        let shows = (props.is_wide, props.open_key.clone(), props.zone.clone());
        use_callback(
            (page.clone(), outline.clone(), shows, props.on_open.clone(), on_fold),
            |slot: (u32, Option<f64>), (page, outline, shows, on_open, on_fold)| {
                let (at, y) = slot;
                let (is_wide, open_key, zone) = shows;
                match outline.line(at) {
                    Some(Line::Head { group, is_folded }) => page.groups.get(group).map(|group| {
                        html! {
                            <LedgerHead
                                key={format!("{:?}/{}", group.outcome, group.folder)}
                                group={group.clone()}
                                common={page.common.clone()}
                                {is_folded}
                                is_wide={*is_wide}
                                {y}
                                on_fold={on_fold.clone()}
                            />
                        }
                    }),
                    Some(Line::File { file: place, group }) => page.file(place).map(|file| {
                        let is_open = open_key.as_deref() == Some(&*file_key(file));
                        // Under the head of its group a file is named by what the head does not say.
                        let above = group.and_then(|group| page.groups.get(group));
                        let common =
                            above.map_or_else(|| page.common.clone(), |group| group.folder.clone().into());
                        html! {
                            <LedgerRow
                                key={file_key(file)}
                                file={file.clone()}
                                {place}
                                {common}
                                is_wide={*is_wide}
                                {is_open}
                                is_grouped={group.is_some()}
                                zone={zone.clone()}
                                {y}
                                on_open={on_open.clone()}
                            />
                        }
                    }),
                    None => None,
                }
                .unwrap_or_default()
            },
        )
    };
    let draw_slot = use_callback(draw.clone(), |slot: Slot, draw| {
        draw.emit((u32::try_from(slot.index).unwrap_or(u32::MAX), Some(slot.y)))
    });
    let total = page.total;
    let on_view = use_callback((start, total, outline.clone()), |view: View, (start, total, outline)| {
        let file_at = |line: u64| outline.file_at(u32::try_from(line).unwrap_or(u32::MAX)).map(u64::from);
        let from = file_at(view.seen.start).unwrap_or(0);
        let to = file_at(view.seen.end.saturating_sub(1)).map_or(u64::from(*total), |file| file + 1);
        let have = u64::from(**start)..u64::from(**start) + u64::from(WHOLE);
        if from < have.start || (to > have.end && to <= u64::from(*total)) {
            let middle = from.saturating_sub(u64::from(WHOLE) / 2);
            start.set(u32::try_from(middle).unwrap_or(0));
        }
    });
    let is_virtual = total > WHOLE;

    html! {
        <aside
            class={classes!("cr-ledger", props.is_wide.then_some("cr-ledger--wide"))}
            aria-label="Files"
            data-testid="ledger"
            data-files={status.files.to_string()}
            data-events={status.records.to_string()}
            data-rejected={status.rejected.to_string()}
        >
            <div class="cr-ledger__head">
                <h2 class="cr-section">{ "Files" }</h2>
                <span class="cr-ledger__counts">
                    { grouped(u64::from(status.files)) }
                    if status.rejected > 0 {
                        <span class="cr-ledger__rejected">{ format!(" · {} rejected", grouped(status.rejected)) }</span>
                    }
                </span>
                <span class="cr-ledger__grow" />
                if props.is_wide {
                    <button type="button" class="cr-button cr-button--quiet" onclick={save(LedgerFormat::Csv)}>
                        <Icon glyph={Glyph::Save} />{ "CSV" }
                    </button>
                    <button type="button" class="cr-button cr-button--quiet" onclick={save(LedgerFormat::Json)}>
                        <Icon glyph={Glyph::Save} />{ "JSON" }
                    </button>
                    <button type="button" class="cr-button cr-button--quiet" onclick={on_close_all}>
                        { "Close all files" }
                    </button>
                }
                <button
                    type="button"
                    class="cr-button cr-button--quiet"
                    aria-label={if props.is_wide { "Show the records" } else { "Show more about each file" }}
                    title={if props.is_wide { "Show the records" } else { "Show more about each file" }}
                    onclick={on_wide}
                >
                    <Icon glyph={if props.is_wide { Glyph::Narrow } else { Glyph::Widen }} />
                </button>
            </div>
            <div class="cr-find">
                <Icon glyph={Glyph::Search} />
                <input
                    class="cr-find__field"
                    type="text"
                    aria-label="Find a file"
                    placeholder="Find a file, type or status"
                    spellcheck="false"
                    autocomplete="off"
                    translate="no"
                    {oninput}
                />
            </div>
            if status.troubled > 0 {
                <p class="cr-ledger__troubled">
                    { format!("{} to look at, listed first", counted(u64::from(status.troubled), "file", "files")) }
                </p>
            }
            if !page.common.is_empty() {
                <p class="cr-ledger__common" title={page.common.clone()}>{ &page.common }</p>
            }
            if is_virtual {
                <VirtualList
                    rows={u64::from(outline.lines())}
                    row_height={ROW_HEIGHT}
                    row={draw_slot}
                    {on_view}
                    role="list"
                    label="Files"
                />
            } else {
                <div class="cr-ledger__list" role="list" aria-label="Files">
                    { for (0..outline.lines()).map(|at| draw.emit((at, None))) }
                </div>
            }
            if status.hashing > 0 {
                <p class="cr-ledger__hashing">
                    { format!("SHA-256 of {} still to come", counted(u64::from(status.hashing), "file", "files")) }
                </p>
            }
        </aside>
    }
}
