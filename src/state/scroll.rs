//! Which rows stand where, out of any number of them.
//!
//! An element is clipped near 16.7 million CSS pixels, so a list of more rows than that has a scrollbar in another
//! measure than its rows: [`Geometry`] maps one to the other. Near by, a pixel scrolled is a pixel moved; a drag of the
//! scrollbar goes by proportion; and when scrolling rests, the scrollbar is put where the rows are.

use std::ops::Range;

/// The tallest a scrolled element may be, in CSS pixels.
pub const TALLEST: f64 = 15_000_000.0;
/// Rows drawn beyond each edge, so that a fast scroll shows no gap.
const OVERSCAN: u64 = 6;

/// The measures of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Rows there are.
    pub rows: u64,
    /// Height of each, in CSS pixels.
    pub row_height: f64,
    /// Height of what is seen of the list, in CSS pixels.
    pub viewport: f64,
}

/// Where a list stands: the top of what is seen, in CSS pixels from the top of row 0, and the scrollbar's own measure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Pixels of rows above what is seen.
    pub top: f64,
    /// `scrollTop` of the element.
    pub scroll: f64,
}

impl Place {
    /// What to add to a row's own place to have its place within the scrolled element.
    #[must_use]
    pub fn offset(self) -> f64 {
        self.scroll - self.top
    }
}

impl Geometry {
    /// Height of all rows.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.rows as f64 * self.row_height
    }

    /// Height of the scrolled element.
    #[must_use]
    pub fn spacer(&self) -> f64 {
        self.total().min(TALLEST)
    }

    /// Whether the scrollbar has another measure than the rows.
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        self.total() > TALLEST
    }

    /// How far the rows can be scrolled.
    #[must_use]
    pub fn last_top(&self) -> f64 {
        (self.total() - self.viewport).max(0.0)
    }

    fn last_scroll(&self) -> f64 {
        (self.spacer() - self.viewport).max(0.0)
    }

    /// Where the list stands with `top` pixels of rows above; the scrollbar by proportion.
    #[must_use]
    pub fn place_at(&self, top: f64) -> Place {
        let top = top.clamp(0.0, self.last_top());
        if !self.is_mapped() {
            return Place { top, scroll: top };
        }
        // Whole pixels: the browser rounds what it is told, and both have to agree.
        let scroll = (top / self.last_top() * self.last_scroll()).round();
        Place { top, scroll }
    }

    /// Where the list stands after its scrollbar went from `place` to `scroll`.
    #[must_use]
    pub fn scrolled(&self, place: Place, scroll: f64) -> Place {
        if !self.is_mapped() {
            return Place { top: scroll.max(0.0), scroll };
        }
        let last = self.last_scroll();
        if scroll <= 0.0 {
            return Place { top: 0.0, scroll };
        }
        if scroll >= last - 0.5 {
            return Place { top: self.last_top(), scroll };
        }
        let moved = scroll - place.scroll;
        // A wheel, a finger or a key moves less than this; a drag of the scrollbar means a place, not a distance.
        if moved.abs() <= self.viewport * 1.5 {
            return Place { top: (place.top + moved).clamp(0.0, self.last_top()), scroll };
        }
        Place { top: scroll / last * self.last_top(), scroll }
    }

    /// Where the list stands after it moved by `pixels` of rows.
    #[must_use]
    pub fn moved(&self, place: Place, pixels: f64) -> Place {
        self.place_at(place.top + pixels)
    }

    /// Where the list has to stand so that `row` is seen: where it stands, when it is seen already.
    #[must_use]
    pub fn revealed(&self, place: Place, row: u64) -> Place {
        let start = row as f64 * self.row_height;
        let end = start + self.row_height;
        if start < place.top {
            self.place_at(start)
        } else if end > place.top + self.viewport {
            self.place_at(end - self.viewport)
        } else {
            place
        }
    }

    /// The rows to draw, those just beyond the edges included.
    #[must_use]
    pub fn drawn(&self, place: Place) -> Range<u64> {
        let seen = self.seen(place);
        seen.start.saturating_sub(OVERSCAN)..seen.end.saturating_add(OVERSCAN).min(self.rows)
    }

    /// Rows drawn at once where the list has neither begun nor ended: a row leaves its elements to the one so many later.
    #[must_use]
    pub fn pool(&self) -> u64 {
        self.screen().saturating_add(2 * OVERSCAN)
    }

    /// The rows seen at least in part.
    #[must_use]
    pub fn seen(&self, place: Place) -> Range<u64> {
        if self.row_height <= 0.0 {
            return 0..0;
        }
        let first = ((place.top.max(0.0) / self.row_height) as u64).min(self.rows);
        first..first.saturating_add(self.screen()).min(self.rows)
    }

    /// Rows that are seen at once at most.
    fn screen(&self) -> u64 {
        if self.row_height <= 0.0 { 0 } else { (self.viewport.max(0.0) / self.row_height).ceil() as u64 + 1 }
    }

    /// Whole rows that fit: what Page Up and Page Down move by.
    #[must_use]
    pub fn page(&self) -> u64 {
        if self.row_height <= 0.0 { 1 } else { ((self.viewport / self.row_height) as u64).max(1) }
    }
}
