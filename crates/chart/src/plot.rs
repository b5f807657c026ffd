//! The surface of a chart with axes: room for labels, places to pixels, grid and labels.

use crate::{
    data::Places,
    numbers::NumberAxis,
    scene::{Anchor, Mark},
    ticks::time_ticks,
    time_scale::TimeScale,
};
use chartroom_base::ticks::Ticks;

/// Room above the marks.
const TOP: f64 = 8.0;
/// Room below them, for the labels of the first axis.
const BOTTOM: f64 = 24.0;
/// Room on the right.
const RIGHT: f64 = 12.0;
/// Width of a character of a label.
const CHAR: f64 = 6.4;
/// What a time on the axis needs.
const TIME_LABEL: f64 = 76.0;
/// Least distance of two rules of the grid.
const RULE_GAP: f64 = 44.0;
/// Longest name beside an axis, in characters.
const NAME_CHARS: usize = 24;

/// The rectangle in which marks stand, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Plot {
    /// The rectangle that is left on a surface when labels of `chars` characters stand on the left of it.
    pub(crate) fn new(width: f64, height: f64, chars: usize) -> Self {
        let left = (chars as f64 * CHAR + 12.0).min(width * 0.4);
        Self {
            left,
            top: TOP,
            width: (width - left - RIGHT).max(10.0),
            height: (height - TOP - BOTTOM).max(10.0),
        }
    }

    /// How many rules its height has room for.
    pub(crate) fn rules(height: f64) -> usize {
        ((height - TOP - BOTTOM) / RULE_GAP).clamp(2.0, 10.0) as usize
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Where a value stands; kept on the surface.
    pub(crate) fn y(&self, axis: &NumberAxis, value: f64) -> f64 {
        self.bottom() - axis.share(value).clamp(0.0, 1.0) * self.height
    }

    /// Rules and labels of upright values.
    pub(crate) fn value_axis(&self, axis: &NumberAxis, marks: &mut Vec<Mark>) {
        for tick in &axis.ticks {
            let y = self.y(axis, *tick);
            marks.push(Mark::Rule { from: (self.left, y), to: (self.right(), y) });
            marks.push(Mark::Label {
                x: self.left - 6.0,
                y: y + 4.0,
                anchor: Anchor::End,
                text: axis.label(*tick),
            });
        }
    }

    /// Where each place stands along the width, with ticks and labels below.
    pub(crate) fn place_axis(
        &self,
        places: &Places,
        offset_at: &dyn Fn(Ticks) -> i64,
        marks: &mut Vec<Mark>,
    ) -> Vec<f64> {
        match places {
            Places::Times(times) => {
                let (Some(first), Some(last)) = (times.first(), times.last()) else { return Vec::new() };
                if first == last {
                    let x = self.left + self.width / 2.0;
                    self.place_label(x, time_words(*first, offset_at), marks);
                    return vec![x];
                }
                let scale = TimeScale { from: *first, to: *last, width: self.width };
                for tick in time_ticks(&scale, TIME_LABEL, offset_at) {
                    self.place_label(self.left + tick.x, tick.label, marks);
                }
                times.iter().map(|time| self.left + scale.x(*time)).collect()
            }
            Places::Numbers(numbers) => {
                let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Vec::new() };
                let axis = NumberAxis::new(
                    *first,
                    *last,
                    (self.width / 90.0).clamp(2.0, 12.0) as usize,
                    (None, None),
                );
                for tick in &axis.ticks {
                    self.place_label(self.left + axis.share(*tick) * self.width, axis.label(*tick), marks);
                }
                numbers.iter().map(|number| self.left + axis.share(*number) * self.width).collect()
            }
            Places::Names(names) => {
                self.band_axis(names.len(), &|at| names.get(at).cloned().unwrap_or_default(), marks)
            }
        }
    }

    /// The middles of `count` bands of one width, with the labels there is room for.
    pub(crate) fn band_axis(
        &self,
        count: usize,
        name: &dyn Fn(usize) -> String,
        marks: &mut Vec<Mark>,
    ) -> Vec<f64> {
        let pitch = self.width / count.max(1) as f64;
        let middle = |at: usize| self.left + pitch * (at as f64 + 0.5);
        let longest = (0..count).map(|at| name(at).chars().count()).max().unwrap_or(0);
        // Every name where all have room; else every n-th, cut to the room it has then.
        let wanted = (longest.min(NAME_CHARS) as f64 * CHAR + 10.0).clamp(30.0, 130.0);
        let every = (wanted / pitch).ceil().max(1.0) as usize;
        let chars = ((pitch * every as f64 - 8.0) / CHAR).max(3.0) as usize;
        for at in (0..count).step_by(every) {
            self.place_label(middle(at), shortened(&name(at), chars.min(NAME_CHARS)), marks);
        }
        (0..count).map(middle).collect()
    }

    fn place_label(&self, x: f64, text: String, marks: &mut Vec<Mark>) {
        let half = text.chars().count() as f64 * CHAR / 2.0;
        // A label that would stand over the edge is anchored inwards.
        let anchor = if x + half > self.right() + RIGHT {
            Anchor::End
        } else if x - half < 0.0 {
            Anchor::Start
        } else {
            Anchor::Middle
        };
        marks.push(Mark::Tick { x, y: self.bottom(), length: 4.0 });
        marks.push(Mark::Label { x, y: self.bottom() + 17.0, anchor, text });
    }
}

/// A time as it stands in a title: to the second, or finer where it is.
pub(crate) fn time_words(time: Ticks, offset_at: &dyn Fn(Ticks) -> i64) -> String {
    let local = Ticks(time.0.saturating_add(offset_at(time))).to_string();
    let (day, clock) = local.split_once('T').unwrap_or((&local, ""));
    let clock = clock.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    format!("{day} {clock}")
}

/// The beginning of a text, with a mark where it was cut.
pub(crate) fn shortened(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    text.chars().take(chars.saturating_sub(1)).chain(['…']).collect()
}
