//! The rows of a result as a grid: any number of them, only those seen exist.
//!
//! Follows the grid pattern of WAI-ARIA: one cell has the focus, arrows, Home, End and Page keys move it, Enter opens
//! the record, Escape closes it. On the head, Enter sorts. Ctrl C copies a cell, with Shift its row.

use super::data_row::{DataRow, Layout};
use crate::{
    bridge::Bridge,
    hooks::use_rows::use_rows,
    platform::{clipboard, zone::Zone},
    shared::Shared,
    state::{
        cell::is_number,
        columns::{drawn_columns, shown_columns, widths},
        format::{counted, tab_separated},
        grid_keys::{CellAt, Extent, moved},
        marks::Needles,
        pages::Pages,
        query::SortBy,
    },
    widgets::virtual_list::{Reveal, Slot, View, VirtualList},
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::{
    ResultId, RowId,
    result::{ColumnInfo, ColumnMark, ResultInfo},
};
use chartroom_schema::kind::Kind;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, HtmlElement};
use yew::prelude::*;

/// Height of a row, its rule included, in CSS pixels.
pub const ROW_HEIGHT: f64 = 25.0;
/// Height of the head.
const HEAD_HEIGHT: f64 = 28.0;
/// Width of a character of the data's font.
const CHAR_WIDTH: f64 = 7.53;
/// Below this, only the columns that matter most are shown.
const NARROW: f64 = 560.0;

/// What of a result is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawnRows {
    /// The result.
    pub result: ResultId,
    /// Its generation.
    pub generation: u32,
    /// Rows it had.
    pub rows: u64,
}

impl DrawnRows {
    /// What of `info` there is to draw.
    #[must_use]
    pub fn of(info: &ResultInfo) -> Self {
        Self { result: info.result, generation: info.generation, rows: info.rows }
    }
}

/// A wish to go to the record before or after the one that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Grows with each wish.
    pub count: u32,
    /// Whether to the one before.
    pub is_back: bool,
}

/// Properties of [`DataTable`].
#[derive(PartialEq, Properties)]
pub struct DataTableProps {
    /// Where rows come from.
    pub bridge: Bridge,
    /// The result.
    pub info: Shared<ResultInfo>,
    /// Changes with every result that is not the old one brought up to date.
    pub epoch: u32,
    /// The zone of all times.
    pub zone: Zone,
    /// What to mark.
    pub needles: Shared<Needles>,
    /// Whether all columns are shown.
    pub has_all_columns: bool,
    /// The column sorted by.
    pub sort: Option<SortBy>,
    /// Told the column whose head was clicked.
    pub on_sort: Callback<String>,
    /// Whether a record is open: it follows the focus then.
    pub has_open: bool,
    /// Told which record to open, or to close it.
    pub on_open: Callback<Option<(u64, RowId)>>,
    /// Told when all that is seen is drawn.
    pub on_drawn: Callback<DrawnRows>,
    /// Told how many columns are shown.
    pub on_columns: Callback<usize>,
    /// Files whose times name no zone.
    #[prop_or_default]
    pub zones_assumed: u32,
    /// A wish to go to the next record.
    #[prop_or_default]
    pub step: Step,
}

/// The grid.
#[component]
pub fn DataTable(props: &DataTableProps) -> Html {
    let info = &props.info;
    let node = use_node_ref();
    let view = use_state_eq(View::default);
    let cursor = use_state_eq(|| CellAt { row: Some(0), column: 0 });
    let has_moved = use_state_eq(|| false);
    let reveal = use_state_eq(Reveal::default);
    let wants_focus = use_mut_ref(|| false);
    let has_focus = use_mut_ref(|| false);
    let was_open = use_mut_ref(|| false);

    let held = if *has_moved || props.has_open { cursor.row } else { None };
    let rows = use_rows(&props.bridge, Some(info), props.epoch, view.drawn.clone(), view.seen.start, held);
    let pages = rows.pages.clone();

    // Another result: the focus begins at its top.
    use_effect_with(pages.resets, {
        let (cursor, has_moved) = (cursor.setter(), has_moved.setter());
        move |_| {
            cursor.set(CellAt { row: Some(0), column: 0 });
            has_moved.set(false);
        }
    });
    // The same rows in another order: the focus goes along with its row.
    use_effect_with(pages.shift, {
        let cursor = cursor.clone();
        move |shift| {
            if shift.count > 0 && cursor.row == Some(shift.from) {
                cursor.set(CellAt { row: Some(shift.to), ..*cursor });
            }
        }
    });

    let layout = {
        // Rows of the result before are still here for a moment: they say nothing of these columns.
        let sample = pages.sample().filter(|_| pages.epoch == Some(props.epoch));
        let key = (
            info.columns.clone(),
            props.has_all_columns,
            props.epoch,
            sample.as_ref().is_some_and(|rows| !rows.is_empty()),
            view.width,
            props.zone.clone(),
        );
        use_memo(key, |(columns, has_all, _, _, width, zone)| {
            let is_narrow = *width > 0.0 && *width < NARROW;
            let indices = shown_columns(columns, *has_all, is_narrow);
            let rows: Vec<_> = sample.iter().flat_map(|rows| rows.iter().map(|row| &**row)).collect();
            let offset_at = |time| i64::from(zone.offset_seconds(time)) * PER_SECOND;
            let widths = widths(
                columns,
                &indices,
                &rows,
                CHAR_WIDTH,
                (*width, is_narrow),
                zone.name().len(),
                &offset_at,
            );
            Shared::from(Layout::new(columns.clone(), indices, widths))
        })
    };
    use_effect_with((layout.indices.len(), props.on_columns.clone()), |(count, on_columns)| {
        on_columns.emit(*count);
    });
    use_effect_with(
        (rows.is_whole, DrawnRows::of(info), props.on_drawn.clone()),
        |(is_whole, drawn, on_drawn)| {
            if *is_whole {
                on_drawn.emit(*drawn);
            }
        },
    );

    // The open record follows the focus.
    let cursor_id = cursor.row.and_then(|row| Some((row, pages.id(row)?)));
    use_effect_with((props.has_open, cursor_id), {
        let on_open = props.on_open.clone();
        move |(has_open, at)| {
            if *has_open && at.is_some() {
                on_open.emit(*at);
            }
        }
    });
    let go = {
        let (cursor, reveal, has_moved, layout, node) =
            (cursor.setter(), reveal.clone(), has_moved.setter(), (*layout).clone(), node.clone());
        Callback::from(move |to: CellAt| {
            cursor.set(to);
            has_moved.set(true);
            if let Some(row) = to.row {
                reveal.set(Reveal { count: reveal.count + 1, row });
            }
            reveal_column(&node, layout.edges(to.column));
        })
    };
    use_effect_with(props.step, {
        let (go, at, rows) = (go.clone(), *cursor, info.rows);
        move |step| {
            let Some(row) = at.row.filter(|_| step.count > 0 && rows > 0) else { return };
            let row = if step.is_back { row.saturating_sub(1) } else { (row + 1).min(rows - 1) };
            go.emit(CellAt { row: Some(row), ..at });
        }
    });

    // The record was closed, and the focus with it: back to the row it was opened from.
    use_effect_with(props.has_open, {
        let (wants_focus, was_open) = (wants_focus.clone(), was_open);
        move |has_open| {
            let has_closed = was_open.replace(*has_open) && !*has_open;
            let body = crate::platform::window().document().and_then(|document| document.body());
            if has_closed && active_element().as_ref() == body.as_deref().map(AsRef::as_ref) {
                *wants_focus.borrow_mut() = true;
            }
        }
    });
    let is_active_drawn = cursor.row.is_none_or(|row| view.drawn.contains(&row));
    // After each rendering: the focus goes to its cell once that stands; to the grid when its cell was scrolled away.
    use_effect({
        let (node, wants_focus, has_focus, at) =
            (node.clone(), wants_focus.clone(), has_focus.clone(), *cursor);
        move || {
            let Some(grid) = node.cast::<HtmlElement>() else { return };
            if *wants_focus.borrow() {
                if let Some(cell) = find_cell(&grid, at) {
                    *wants_focus.borrow_mut() = false;
                    // A cell of ours with a tabindex takes the focus.
                    cell.focus().ok();
                }
            } else if *has_focus.borrow() && !is_active_drawn && !grid.contains(active_element().as_ref()) {
                grid.focus().ok();
            }
        }
    });

    let open = {
        let (pages, on_open) = (pages.clone(), props.on_open.clone());
        Callback::from(move |row: u64| {
            if let Some(id) = pages.id(row) {
                on_open.emit(Some((row, id)));
            }
        })
    };
    let onkeydown = {
        let (open, at, pages) = (open.clone(), *cursor, pages.clone());
        let (on_open, on_sort, layout) = (props.on_open.clone(), props.on_sort.clone(), (*layout).clone());
        let extent = Extent { rows: info.rows, columns: layout.indices.len(), page: view.page };
        Callback::from(move |event: KeyboardEvent| {
            if event.alt_key() {
                return;
            }
            match (event.key().as_str(), at.row) {
                ("Enter", Some(row)) => open.emit(row),
                ("Enter" | " ", None) => {
                    if let Some((_, column)) = layout.column(at.column) {
                        on_sort.emit(column.name.clone());
                    }
                }
                ("Escape", _) => on_open.emit(None),
                ("C" | "c", at) if event.shift_key() && (event.ctrl_key() || event.meta_key()) => {
                    if let Some(text) = line_text(&layout, &pages, at) {
                        clipboard::copy(&text, Callback::noop());
                    }
                }
                (key, _) => match moved(at, key, event.ctrl_key() || event.meta_key(), extent) {
                    Some(to) => {
                        *wants_focus.borrow_mut() = true;
                        go.emit(to);
                    }
                    None => return,
                },
            }
            event.prevent_default();
        })
    };
    // Without a selection, the exact value of the cell that has the focus.
    let oncopy = {
        let (pages, layout, at) = (pages.clone(), (*layout).clone(), *cursor);
        Callback::from(move |event: Event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>().filter(|_| !has_selection()) else { return };
            let row = at.row.and_then(|row| pages.row(row));
            let value = row
                .as_ref()
                .zip(layout.column(at.column))
                .map(|(row, (index, _))| row.cells.get(index).cloned().flatten().unwrap_or_default());
            if let (Some(value), Some(data)) = (value, event.clipboard_data()) {
                // Text is a kind that every clipboard takes.
                data.set_data("text/plain", &value).ok();
                event.prevent_default();
            }
        })
    };
    let onclick = {
        let (cursor, has_moved, open, on_sort, layout) =
            (cursor.setter(), has_moved.setter(), open, props.on_sort.clone(), (*layout).clone());
        Callback::from(move |event: MouseEvent| {
            let Some((row, column)) = cell_of(&event) else { return };
            // Text was selected by dragging: that is all that was meant.
            if row.is_some() && has_selection() {
                return;
            }
            cursor.set(CellAt { row, column });
            has_moved.set(true);
            match row {
                Some(row) => open.emit(row),
                None => {
                    if let Some((_, column)) = layout.column(column) {
                        on_sort.emit(column.name.clone());
                    }
                }
            }
        })
    };
    let onfocusin = {
        let has_focus = has_focus.clone();
        Callback::from(move |_: FocusEvent| *has_focus.borrow_mut() = true)
    };
    let onfocusout = Callback::from(move |event: FocusEvent| {
        // Without a next element it may be that the focused cell was scrolled away.
        if event.related_target().is_some() {
            *has_focus.borrow_mut() = false;
        }
    });

    let drawn = drawn_columns(&layout.widths, view.left, view.width);
    let draw_row = {
        let shows = (props.has_open, props.zone.clone(), props.needles.clone());
        let key = (pages.clone(), (*layout).clone(), drawn.clone(), *cursor, shows);
        use_callback(key, |slot: Slot, (pages, layout, drawn, cursor, (has_open, zone, needles))| {
            let is_active = cursor.row == Some(slot.index);
            html! {
                <DataRow
                    key={slot.key}
                    index={slot.index}
                    y={slot.y}
                    row={pages.row(slot.index)}
                    layout={layout.clone()}
                    drawn={drawn.clone()}
                    active={is_active.then_some(cursor.column)}
                    is_open={is_active && *has_open}
                    zone={zone.clone()}
                    needles={needles.clone()}
                />
            }
        })
    };
    let on_view = use_callback(view.setter(), |now: View, view| view.set(now));
    let head = head(props, &layout, &drawn, *cursor);
    html! {
        <div
            ref={node}
            class="cr-grid"
            role="grid"
            data-testid="result-table"
            aria-label="Rows of the result"
            aria-rowcount={(info.rows + 1).to_string()}
            aria-colcount={layout.indices.len().to_string()}
            aria-keyshortcuts="Control+C Control+Shift+C"
            aria-busy={(!rows.is_whole).to_string()}
            tabindex={if is_active_drawn { "-1" } else { "0" }}
            {onkeydown}
            {oncopy}
            {onclick}
            {onfocusin}
            {onfocusout}
        >
            <VirtualList
                rows={pages.rows}
                row_height={ROW_HEIGHT}
                width={layout.width()}
                row={draw_row}
                {on_view}
                reveal={*reveal}
                shift={pages.shift}
                resets={pages.resets}
                {head}
                head_height={HEAD_HEIGHT}
                role="rowgroup"
            />
        </div>
    }
}

/// The head: a row of column heads, the zone beside those of times.
fn head(props: &DataTableProps, layout: &Layout, drawn: &std::ops::Range<usize>, cursor: CellAt) -> Html {
    html! {
        <div class="cr-head" role="rowgroup" style={format!("--cr-width: {:.0}px", layout.width())}>
            <div class="cr-head__row" role="row" aria-rowindex="1">
                { for drawn.clone().filter_map(|place| {
                    let (_, column) = layout.column(place)?;
                    let (left, width) = layout.edges(place);
                    let sort = props.sort.as_ref().filter(|sort| sort.column == column.name);
                    let (aria_sort, arrow) = match sort.map(|sort| sort.is_descending) {
                        None => ("none", ""),
                        Some(false) => ("ascending", "↑"),
                        Some(true) => ("descending", "↓"),
                    };
                    let is_active = cursor.row.is_none() && cursor.column == place;
                    let class = classes!(
                        "cr-head__cell",
                        is_number(column.kind).then_some("cr-head__cell--number"),
                        is_active.then_some("cr-head__cell--active"),
                    );
                    let about = if column.about.is_empty() { column.kind.name() } else { column.about.as_str() };
                    Some(html! {
                        <div
                            key={place}
                            {class}
                            role="columnheader"
                            aria-colindex={(place + 1).to_string()}
                            aria-sort={aria_sort}
                            tabindex={if is_active { "0" } else { "-1" }}
                            data-name={column.name.clone()}
                            data-type={column.kind.name()}
                            data-column={place.to_string()}
                            title={format!("{}\n{about}", column.name)}
                            style={format!("--cr-x: {left:.0}px; --cr-w: {width:.0}px")}
                        >
                            <span class="cr-head__name">{ &column.name }</span>
                            if column.kind == Kind::DateTime {
                                <small class="cr-head__zone">{ props.zone.name() }</small>
                            } else if !column.unit.is_empty() {
                                <small class="cr-head__zone">{ &column.unit }</small>
                            }
                            if let Some((sign, words)) = mark_words(column, props.zones_assumed) {
                                <span class="cr-head__mark" title={words.clone()} aria-hidden="true">{ sign }</span>
                                <span class="cr-unseen">{ words }</span>
                            }
                            if !arrow.is_empty() { <span class="cr-head__arrow" aria-hidden="true">{ arrow }</span> }
                        </div>
                    })
                }) }
            </div>
        </div>
    }
}

/// What is special about a column's values: a sign for its head, and the words for it.
fn mark_words(column: &ColumnInfo, zones_assumed: u32) -> Option<(&'static str, String)> {
    match column.mark {
        ColumnMark::Derived => {
            Some(("ƒ", "Worked out where a record does not say; the record tells which".to_owned()))
        }
        ColumnMark::Widened => Some((
            "↔",
            format!("Shown as {}: values of this load do not fit the documented kind", column.kind.name()),
        )),
        ColumnMark::Plain if column.kind == Kind::DateTime && zones_assumed > 0 => {
            let files = counted(u64::from(zones_assumed), "file names", "files name");
            Some(("≈", format!("{files} no zone for times: UTC was assumed")))
        }
        ColumnMark::Plain => None,
    }
}

/// The exact values of a row in the columns shown; of the head, their names. `None` while the row is not here.
fn line_text(layout: &Layout, pages: &Pages, row: Option<u64>) -> Option<String> {
    let columns = || (0..layout.indices.len()).filter_map(|place| layout.column(place));
    let Some(row) = row else { return Some(tab_separated(columns().map(|(_, column)| &*column.name))) };
    let row = pages.row(row)?;
    let value = |index: usize| row.cells.get(index).and_then(Option::as_deref).unwrap_or_default();
    Some(tab_separated(columns().map(|(index, _)| value(index))))
}

/// The cell or column head that an event happened in.
fn cell_of(event: &MouseEvent) -> Option<(Option<u64>, usize)> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let cell = element.closest("[data-column]").ok()??;
    let column = cell.get_attribute("data-column")?.parse().ok()?;
    let row = cell.get_attribute("data-row").and_then(|row| row.parse().ok());
    Some((row, column))
}

fn find_cell(grid: &HtmlElement, at: CellAt) -> Option<HtmlElement> {
    let selector = match at.row {
        Some(row) => format!("[data-row=\"{row}\"][data-column=\"{}\"]", at.column),
        None => format!("[role=columnheader][data-column=\"{}\"]", at.column),
    };
    grid.query_selector(&selector).ok()??.dyn_into().ok()
}

fn active_element() -> Option<web_sys::Node> {
    crate::platform::window().document()?.active_element().map(Into::into)
}

fn has_selection() -> bool {
    crate::platform::window()
        .get_selection()
        .ok()
        .flatten()
        .is_some_and(|selection| !selection.is_collapsed())
}

/// Scrolls aside so that a column is seen.
fn reveal_column(node: &NodeRef, (left, width): (f64, f64)) {
    let list = node.cast::<HtmlElement>().and_then(|grid| grid.query_selector(".cr-virtual").ok().flatten());
    if let Some(list) = list {
        let (from, room) = (f64::from(list.scroll_left()), f64::from(list.client_width()));
        if left < from {
            list.set_scroll_left(left as i32);
        } else if left + width > from + room {
            list.set_scroll_left((left + width - room).min(left).ceil() as i32);
        }
    }
}
