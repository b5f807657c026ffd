//! Which columns are shown, in which order, and how wide.

use super::cell::{Shown, is_number, is_outcome_column, shown, shown_width};
use chartroom_base::{sort, ticks::Ticks};
use chartroom_protocol::result::{ColumnInfo, ColumnMark, PageRow};
use chartroom_schema::kind::Kind;
use std::ops::Range;

/// Most columns shown at first, as the log type's file ranks them.
const FIRST_COLUMNS: usize = 8;
/// Where it is narrow: a time, the outcome, one more.
const NARROW_COLUMNS: usize = 3;
/// Widths in characters.
const NARROWEST: usize = 5;
const WIDEST: usize = 44;
/// What is left of a text that is cut short so that all columns fit.
const CUT_CHARS: usize = 11;

/// Indices of the columns to show, in order: those with a rank first.
///
/// With `has_all`, every column is shown, those without a value last. Without it, the ranked ones that have values, where
/// there are enough of them, else all that have values, those with a rank first. So few as are shown at first anyway stand as
/// they are: somebody may have asked for just these. Where it `is_narrow`, of the ranked ones only a time, the outcome and one
/// more.
#[must_use]
pub fn shown_columns(columns: &[ColumnInfo], has_all: bool, is_narrow: bool) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..columns.len()).collect();
    if columns.len() <= if is_narrow { NARROW_COLUMNS } else { FIRST_COLUMNS } {
        return indices;
    }
    let key = |index: &usize| {
        columns.get(*index).map_or((true, u32::MAX), |column| {
            (column.is_empty, if column.rank == 0 { u32::MAX } else { column.rank })
        })
    };
    sort::sort_by_key(&mut indices, key);
    if has_all {
        return indices;
    }
    // Before the first row it is not known which columns stay empty.
    let is_unknown = columns.iter().all(|column| column.is_empty);
    let is_ranked = |index: &usize| {
        columns.get(*index).is_some_and(|column| column.rank > 0 && (is_unknown || !column.is_empty))
    };
    let has_value = |index: &usize| columns.get(*index).is_some_and(|column| !column.is_empty);
    let ranked = indices.iter().filter(|index| is_ranked(index)).count();
    if ranked > 0 {
        indices.retain(|index| is_ranked(index) || (ranked < NARROW_COLUMNS && has_value(index)));
        indices.truncate(FIRST_COLUMNS);
        if is_narrow {
            let is_fixed =
                |column: &ColumnInfo| column.kind == Kind::DateTime || is_outcome_column(&column.name);
            let others = || {
                indices
                    .iter()
                    .copied()
                    .filter(|index| columns.get(*index).is_some_and(|column| !is_fixed(column)))
            };
            // What was done says more than where.
            let is_deed =
                |index: &usize| columns.get(*index).is_some_and(|column| is_deed_column(&column.name));
            let kept = others().find(is_deed).or_else(|| others().next());
            let mut has_time = false;
            indices.retain(|index| {
                let is_time = columns.get(*index).is_some_and(|column| column.kind == Kind::DateTime);
                let is_second = is_time && std::mem::replace(&mut has_time, true);
                !is_second && (Some(*index) == kept || columns.get(*index).is_some_and(is_fixed))
            });
        }
    } else if columns.iter().any(|column| !column.is_empty) {
        indices.retain(has_value);
    }
    indices
}

/// Whether a column of this name tells what was done.
fn is_deed_column(name: &str) -> bool {
    name.starts_with("Operation") || name == "EventName" || name == "EventType"
}

/// Widths in CSS pixels of the columns at `indices`, from their heads and the values in `rows`.
///
/// `zone_chars` is the length of the zone's name, which stands in the heads of times. When they take less than `room`,
/// texts share what is left, up to what they need.
#[must_use]
pub fn widths(
    columns: &[ColumnInfo],
    indices: &[usize],
    rows: &[&PageRow],
    char_width: f64,
    (room, is_narrow): (f64, bool),
    zone_chars: usize,
    offset_at: &dyn Fn(Ticks) -> i64,
) -> Vec<f64> {
    const PADDING: f64 = 14.0;
    let can_give = |index: usize| {
        columns.get(index).is_some_and(|column| {
            !is_number(column.kind) && column.kind != Kind::DateTime && !is_outcome_column(&column.name)
        })
    };
    let chars = |index: usize| {
        let Some(column) = columns.get(index) else { return NARROWEST };
        // Where it is narrow, times are shown without their date.
        let time = if is_narrow { 13 } else { 23 };
        let head = match column.kind {
            // The name of the zone is set smaller; where it is narrow, it stands alone.
            Kind::DateTime if is_narrow => zone_chars * 5 / 6 + 2,
            Kind::DateTime => column.name.chars().count() + zone_chars * 5 / 6 + 4,
            _ => {
                column.name.chars().count()
                    + 2
                    + if column.unit.is_empty() { 0 } else { column.unit.chars().count() + 2 }
            }
        } + 2 * usize::from(column.mark != ColumnMark::Plain);
        let values = rows.iter().map(|row| {
            let value = row.cells.get(index).and_then(Option::as_deref);
            shown_width(&shown(column, value, offset_at))
        });
        let widest = values.max().unwrap_or(0);
        let widest = if column.kind == Kind::DateTime {
            if is_narrow { time } else { widest.max(time) }
        } else {
            widest
        };
        head.max(widest + usize::from(is_outcome_column(&column.name))).clamp(NARROWEST, WIDEST)
    };
    let mut widths: Vec<f64> =
        indices.iter().map(|&index| (chars(index) as f64 * char_width + PADDING).ceil()).collect();
    let spare = room - widths.iter().sum::<f64>();
    if is_narrow && spare < 0.0 && room > 0.0 {
        // Rather a text cut short than a table to be scrolled aside.
        for (width, &index) in widths.iter_mut().zip(indices) {
            if columns.get(index).is_some_and(|column| is_deed_column(&column.name)) {
                *width = (*width + spare).max(NARROWEST as f64 * 2.0 * char_width).floor();
            }
        }
    }
    // A text is rather cut short than the table scrolled aside, the longest first, as long as that is enough.
    let least = CUT_CHARS as f64 * char_width + PADDING;
    let under =
        |cap: f64, width: f64, index: usize| if can_give(index) { width.min(cap.max(least)) } else { width };
    let total = |cap: f64| -> f64 {
        widths.iter().zip(indices).map(|(width, &index)| under(cap, *width, index)).sum()
    };
    if !is_narrow && room > 0.0 && spare < 0.0 && total(least) <= room {
        let mut cap = widths.iter().copied().fold(least, f64::max);
        while total(cap) > room {
            cap -= 2.0;
        }
        let cut: Vec<f64> =
            widths.iter().zip(indices).map(|(width, &index)| under(cap, *width, index)).collect();
        widths = cut;
    }
    if spare > 0.0 {
        let growing = indices.iter().filter(|&&index| can_give(index)).count();
        if growing > 0 {
            let share = (spare / growing as f64).floor();
            for (width, &index) in widths.iter_mut().zip(indices) {
                if can_give(index) {
                    *width += share;
                }
            }
        } else if let Some(last) = widths.last_mut() {
            *last += spare.floor();
        }
    }
    widths
}

/// The columns to draw when `left` pixels of them are scrolled away and `room` pixels are seen; none without room.
#[must_use]
pub fn drawn_columns(widths: &[f64], left: f64, room: f64) -> Range<usize> {
    if room <= 0.0 {
        return 0..0;
    }
    let (mut start, mut end, mut x) = (0, widths.len(), 0.0);
    for (place, width) in widths.iter().enumerate() {
        if x + width <= left {
            start = place + 1;
        }
        if x >= left + room {
            end = place;
            break;
        }
        x += width;
    }
    // One more at each edge, so that a scroll by a step shows no gap.
    start.saturating_sub(1)..(end + 1).min(widths.len())
}

/// Whether a shown value is cut short in its cell and stands whole elsewhere.
#[must_use]
pub const fn is_shortened(shown: &Shown) -> bool {
    matches!(shown, Shown::Id(_))
}
