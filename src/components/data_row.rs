//! A row of the table.

use super::cell::cell_content;
use crate::{
    platform::zone::Zone,
    shared::Shared,
    state::{
        cell::{Shown, is_number, shown},
        marks::Needles,
    },
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::result::{ColumnInfo, PageRow};
use std::ops::Range;
use yew::prelude::*;

/// What is said of a row that another one is shown for.
const DUPLICATE: &str = "Duplicate: another record is shown for this event";

/// The columns as they are shown.
#[derive(Debug)]
pub struct Layout {
    /// All columns of the result.
    pub columns: Vec<ColumnInfo>,
    /// Those that are shown, in order.
    pub indices: Vec<usize>,
    /// Their widths in CSS pixels.
    pub widths: Vec<f64>,
    /// What the cells of each have in common, written once.
    frames: Vec<Frame>,
}

/// What all cells of a column have in common.
#[derive(Debug)]
struct Frame {
    place: AttrValue,
    aria: AttrValue,
    style: AttrValue,
}

impl Layout {
    /// The columns of `indices`, as wide as `widths`.
    #[must_use]
    pub fn new(columns: Vec<ColumnInfo>, indices: Vec<usize>, widths: Vec<f64>) -> Self {
        // Not `sum`, which begins at -0.0.
        let mut left = 0.0;
        let frame = |(place, width): (usize, &f64)| {
            let style = format!("--cr-x: {left:.0}px; --cr-w: {width:.0}px");
            left += width;
            Frame {
                place: place.to_string().into(),
                aria: (place + 1).to_string().into(),
                style: style.into(),
            }
        };
        let frames = widths.iter().enumerate().map(frame).collect();
        Self { columns, indices, widths, frames }
    }

    /// Left edge and width of the column shown at `place`.
    #[must_use]
    pub fn edges(&self, place: usize) -> (f64, f64) {
        let left = self.widths.iter().take(place).fold(0.0, |left, width| left + width);
        (left, self.widths.get(place).copied().unwrap_or(0.0))
    }

    /// Width of all columns shown.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.widths.iter().sum()
    }

    /// The column shown at `place`, and its index in the result.
    #[must_use]
    pub fn column(&self, place: usize) -> Option<(usize, &ColumnInfo)> {
        let index = *self.indices.get(place)?;
        Some((index, self.columns.get(index)?))
    }
}

/// Properties of [`DataRow`].
#[derive(PartialEq, Properties)]
pub struct DataRowProps {
    /// Which row, from 0.
    pub index: u64,
    /// Its upper edge, in CSS pixels.
    pub y: f64,
    /// Its values; `None` while they are on their way.
    pub row: Option<Shared<PageRow>>,
    /// The columns.
    pub layout: Shared<Layout>,
    /// Those that are drawn.
    pub drawn: Range<usize>,
    /// The column that has the focus, when it is in this row.
    pub active: Option<usize>,
    /// Whether its record is open.
    pub is_open: bool,
    /// The zone of its times.
    pub zone: Zone,
    /// What to mark.
    pub needles: Shared<Needles>,
}

/// The row; its cells are found by `data-row` and `data-column` when they are clicked.
#[component]
pub fn DataRow(props: &DataRowProps) -> Html {
    let layout = &props.layout;
    let offset_at = |time| i64::from(props.zone.offset_seconds(time)) * PER_SECOND;
    let is_duplicate = props.row.as_ref().is_some_and(|row| row.is_duplicate);
    let class = match (props.active.is_some(), props.is_open, props.row.is_none(), is_duplicate) {
        (false, false, false, false) => AttrValue::Static("cr-row"),
        (is_active, is_open, is_waiting, is_duplicate) => {
            let mut class = "cr-row".to_owned();
            let states = [
                (is_active, "active"),
                (is_open, "open"),
                (is_waiting, "waiting"),
                (is_duplicate, "duplicate"),
            ];
            states
                .iter()
                .filter(|(is, _)| *is)
                .for_each(|(_, word)| class.push_str(&format!(" cr-row--{word}")));
            AttrValue::from(class)
        }
    };
    let data_row = AttrValue::from(props.index.to_string());
    html! {
        <div
            {class}
            role="row"
            // The head is row 1.
            aria-rowindex={(props.index + 2).to_string()}
            aria-selected={if props.is_open { "true" } else { "false" }}
            title={is_duplicate.then_some(DUPLICATE)}
            style={format!("--cr-y: {:.0}px", props.y)}
        >
            { for props.drawn.clone().filter_map(|place| {
                let (index, column) = layout.column(place)?;
                let frame = layout.frames.get(place)?;
                let value = props.row.as_ref().and_then(|row| row.cells.get(index)).and_then(Option::as_deref);
                let shown = shown(column, value, &offset_at);
                let is_active = props.active == Some(place);
                let value = value.unwrap_or("");
                Some(html! {
                    <div
                        key={place}
                        class={cell_class(is_number(column.kind), matches!(shown, Shown::Id(_)), is_active)}
                        role="gridcell"
                        aria-colindex={frame.aria.clone()}
                        tabindex={if is_active { "0" } else { "-1" }}
                        data-value={value.to_owned()}
                        data-row={data_row.clone()}
                        data-column={frame.place.clone()}
                        style={frame.style.clone()}
                    >
                        if is_duplicate && place == 0 { <span class="cr-unseen">{ DUPLICATE }</span> }
                        { cell_content(&shown, value, &props.needles, is_active) }
                    </div>
                })
            }) }
        </div>
    }
}

/// The classes of a cell; a literal each, for there are hundreds of cells.
const fn cell_class(is_number: bool, is_id: bool, is_active: bool) -> &'static str {
    match (is_number, is_id, is_active) {
        (false, false, false) => "cr-cell",
        (false, false, true) => "cr-cell cr-cell--active",
        (false, true, false) => "cr-cell cr-cell--id",
        (false, true, true) => "cr-cell cr-cell--active cr-cell--id",
        (true, _, false) => "cr-cell cr-cell--number",
        (true, _, true) => "cr-cell cr-cell--number cr-cell--active",
    }
}
