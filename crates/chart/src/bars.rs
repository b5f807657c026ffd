//! Bars over names: upright for a column chart, to the right for a bar chart.

use crate::{
    data::Figures,
    lines::{place_words, sums},
    numbers::{NumberAxis, exact},
    plot::{Plot, shortened},
    scene::{Anchor, Hit, HitShape, Mark, Scene},
    spec::{Kind, Spec, Stacking},
};
use chartroom_base::ticks::Ticks;

/// A value that is not zero is never lower than this: it must be seen.
const LEAST: f64 = 1.5;
/// Longest name beside a bar to the right.
const NAME_CHARS: usize = 28;
/// Height of the axis of values below bars to the right.
const AXIS: f64 = 24.0;

/// A bar in the measures of the chart, not yet in pixels.
struct Bar {
    place: usize,
    /// Which of the bars beside each other, and of how many.
    slot: (usize, usize),
    from: f64,
    to: f64,
    palette: u8,
    series: usize,
}

/// The scene of a column or bar chart.
pub(crate) fn scene(
    figures: &Figures,
    spec: &Spec,
    size: (f64, f64),
    offset_at: &dyn Fn(Ticks) -> i64,
) -> Scene {
    let bars = bars(figures, spec.stacking);
    let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    if spec.kind == Kind::Bar {
        to_the_right(figures, spec, size, (low, high), &bars, offset_at)
    } else {
        upright(figures, spec, size, (low, high), &bars, offset_at)
    }
}

fn bars(figures: &Figures, stacking: Stacking) -> Vec<Bar> {
    let sums = sums(figures);
    let mut above = vec![0.0_f64; figures.places.len()];
    let mut below = above.clone();
    let slots = if stacking == Stacking::Apart { figures.series.len() } else { 1 };
    let mut bars = Vec::new();
    for (palette, (series, values)) in (0_u8..).zip(figures.series.iter().enumerate()) {
        let mut own = vec![None::<f64>; figures.places.len()];
        for (place, value) in &values.points {
            if let Some(sum) = own.get_mut(*place) {
                *sum = Some(sum.unwrap_or(0.0) + value);
            }
        }
        for (place, value) in own.into_iter().enumerate() {
            let Some(value) = value else { continue };
            if stacking == Stacking::Apart {
                bars.push(Bar { place, slot: (series, slots), from: 0.0, to: value, palette, series });
                continue;
            }
            let whole = sums.get(place).copied().unwrap_or(0.0);
            let share =
                if stacking == Stacking::Shares && whole > 0.0 { value / whole * 100.0 } else { value };
            let Some(from) = (if share < 0.0 { &mut below } else { &mut above }).get_mut(place) else {
                continue;
            };
            bars.push(Bar { place, slot: (0, 1), from: *from, to: *from + share, palette, series });
            *from += share;
        }
    }
    bars
}

/// Where the bar `slot` of a band of width `pitch` begins, and how wide it is.
fn slot(pitch: f64, (at, of): (usize, usize)) -> (f64, f64) {
    let gap = (pitch * 0.18).clamp(0.0, 24.0);
    let width = (pitch - gap) / of.max(1) as f64;
    (gap / 2.0 + width * at as f64, (width - if width > 4.0 { 1.0 } else { 0.0 }).max(0.5))
}

fn value_of(figures: &Figures, bar: &Bar) -> String {
    let series = figures.series.get(bar.series);
    let values = series.map_or(&[][..], |series| series.points.as_slice());
    exact(values.iter().filter(|(place, _)| *place == bar.place).map(|(_, value)| value).sum())
}

fn hit(figures: &Figures, bar: &Bar, shape: HitShape, offset_at: &dyn Fn(Ticks) -> i64) -> Hit {
    let name = figures.series.get(bar.series).map_or_else(String::new, |series| series.name.clone());
    Hit {
        shape,
        title: place_words(&figures.places, bar.place, offset_at),
        values: vec![(bar.palette, name, value_of(figures, bar))],
    }
}

fn upright(
    figures: &Figures,
    spec: &Spec,
    (width, height): (f64, f64),
    (low, high): (f64, f64),
    bars: &[Bar],
    offset_at: &dyn Fn(Ticks) -> i64,
) -> Scene {
    let axis = NumberAxis::new(low, high, Plot::rules(height), (spec.y_min, spec.y_max));
    let chars = axis.ticks.iter().map(|tick| axis.label(*tick).len()).max().unwrap_or(1);
    let plot = Plot::new(width, height, chars);
    let (mut marks, mut hits) = (Vec::new(), Vec::new());
    plot.value_axis(&axis, &mut marks);
    let count = figures.places.len();
    plot.band_axis(count, &|at| place_words(&figures.places, at, offset_at), &mut marks);
    let pitch = plot.width / count.max(1) as f64;
    for bar in bars {
        let (left, width) = slot(pitch, bar.slot);
        let x = plot.left + pitch * bar.place as f64 + left;
        let (a, b) = (plot.y(&axis, bar.from), plot.y(&axis, bar.to));
        let (mut top, mut tall) = (a.min(b), (a - b).abs());
        if tall < LEAST && bar.to != bar.from {
            (top, tall) = (if bar.to >= bar.from { a - LEAST } else { a }, LEAST);
        }
        marks.push(Mark::Bar { x, y: top, width, height: tall, palette: bar.palette });
        // A low bar is pointed at anywhere above it, where nothing else is.
        let reach = if spec.stacking == Stacking::Apart { (plot.top, plot.height) } else { (top, tall) };
        hits.push(hit(figures, bar, HitShape::Box(x, reach.0, width.max(1.0), reach.1), offset_at));
    }
    Scene { width, height, marks, hits }
}

fn to_the_right(
    figures: &Figures,
    spec: &Spec,
    (width, height): (f64, f64),
    (low, high): (f64, f64),
    bars: &[Bar],
    offset_at: &dyn Fn(Ticks) -> i64,
) -> Scene {
    let count = figures.places.len();
    let name = |at: usize| shortened(&place_words(&figures.places, at, offset_at), NAME_CHARS);
    let chars = (0..count).map(|at| name(at).chars().count()).max().unwrap_or(1);
    let plot = Plot::new(width, height, chars);
    let rules = (plot.width / 90.0).clamp(2.0, 10.0) as usize;
    let axis = NumberAxis::new(low, high, rules, (spec.y_min, spec.y_max));
    let x = |value: f64| plot.left + axis.share(value).clamp(0.0, 1.0) * plot.width;
    let tall = height - AXIS;
    let pitch = (tall - plot.top) / count.max(1) as f64;
    let (mut marks, mut hits) = (Vec::new(), Vec::new());
    for tick in &axis.ticks {
        marks.push(Mark::Rule { from: (x(*tick), plot.top), to: (x(*tick), tall) });
        marks.push(Mark::Label {
            x: x(*tick),
            y: tall + 17.0,
            anchor: Anchor::Middle,
            text: axis.label(*tick),
        });
    }
    let every = (14.0 / pitch).ceil().max(1.0) as usize;
    for at in (0..count).step_by(every) {
        let y = plot.top + pitch * (at as f64 + 0.5) + 4.0;
        marks.push(Mark::Label { x: plot.left - 6.0, y, anchor: Anchor::End, text: name(at) });
    }
    for bar in bars {
        let (top, thick) = slot(pitch, bar.slot);
        let y = plot.top + pitch * bar.place as f64 + top;
        let (a, b) = (x(bar.from), x(bar.to));
        let long = if bar.to == bar.from { 0.0 } else { (b - a).abs().max(LEAST) };
        let left = if bar.to >= bar.from { a } else { a - long };
        marks.push(Mark::Bar { x: left, y, width: long, height: thick, palette: bar.palette });
        let reach = if spec.stacking == Stacking::Apart { (plot.left, plot.width) } else { (left, long) };
        hits.push(hit(figures, bar, HitShape::Box(reach.0, y, reach.1, thick.max(1.0)), offset_at));
    }
    Scene { width, height, marks, hits }
}
