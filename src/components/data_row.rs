//! A row of the table.

use super::cell::CellContent;
use crate::{
    platform::zone::Zone,
    shared::Shared,
    state::cell::{Shown, is_number, shown},
};
use chartroom_base::ticks::PER_SECOND;
use chartroom_protocol::result::{ColumnInfo, PageRow};
use std::ops::Range;
use yew::prelude::*;

/// The columns as they are shown.
#[derive(Debug)]
pub struct Layout {
    /// All columns of the result.
    pub columns: Vec<ColumnInfo>,
    /// Those that are shown, in order.
    pub indices: Vec<usize>,
    /// Their widths in CSS pixels.
    pub widths: Vec<f64>,
}

impl Layout {
    /// Left edge and width of the column shown at `place`.
    #[must_use]
    pub fn edges(&self, place: usize) -> (f64, f64) {
        // Not `sum`, which begins at -0.0.
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
    pub needles: Shared<Vec<String>>,
}

/// The row; its cells are found by `data-row` and `data-column` when they are clicked.
#[component]
pub fn DataRow(props: &DataRowProps) -> Html {
    let layout = &props.layout;
    let offset_at = |time| i64::from(props.zone.offset_seconds(time)) * PER_SECOND;
    let class = classes!(
        "cr-row",
        props.active.is_some().then_some("cr-row--active"),
        props.is_open.then_some("cr-row--open"),
        props.row.is_none().then_some("cr-row--waiting"),
    );
    html! {
        <div
            {class}
            role="row"
            // The head is row 1.
            aria-rowindex={(props.index + 2).to_string()}
            aria-selected={props.is_open.to_string()}
            style={format!("--cr-y: {:.0}px", props.y)}
        >
            { for props.drawn.clone().filter_map(|place| {
                let (index, column) = layout.column(place)?;
                let (left, width) = layout.edges(place);
                let value = props.row.as_ref().and_then(|row| row.cells.get(index)).and_then(Option::as_deref);
                let shown = shown(column, value, &offset_at);
                let is_active = props.active == Some(place);
                let class = classes!(
                    "cr-cell",
                    is_number(column.kind).then_some("cr-cell--number"),
                    is_active.then_some("cr-cell--active"),
                    matches!(shown, Shown::Id(_)).then_some("cr-cell--id"),
                );
                let value = value.unwrap_or("").to_owned();
                Some(html! {
                    <div
                        key={place}
                        {class}
                        role="gridcell"
                        aria-colindex={(place + 1).to_string()}
                        tabindex={if is_active { "0" } else { "-1" }}
                        data-value={value.clone()}
                        data-row={props.index.to_string()}
                        data-column={place.to_string()}
                        style={format!("--cr-x: {left:.0}px; --cr-w: {width:.0}px")}
                    >
                        <CellContent {shown} {value} needles={props.needles.clone()} is_whole={is_active} />
                    </div>
                })
            }) }
        </div>
    }
}
