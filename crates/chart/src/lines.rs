//! Lines, areas and points over a scale.

use crate::{
    data::{Figures, Places},
    numbers::{NumberAxis, exact},
    plot::{Plot, time_words},
    scene::{Hit, HitShape, Mark, Scene},
    spec::{Kind, Spec, Stacking},
};
use chartroom_base::ticks::Ticks;

/// Points of a line are marked up to so many.
const DOTS: usize = 60;
/// How near one has to point to a point.
const NEAR: f64 = 6.0;

/// The scene of a line, time, area or scatter chart.
pub(crate) fn scene(
    figures: &Figures,
    spec: &Spec,
    (width, height): (f64, f64),
    offset_at: &dyn Fn(Ticks) -> i64,
) -> Scene {
    let count = figures.places.len();
    let is_stacked = spec.kind == Kind::Area && spec.stacking != Stacking::Apart;
    let stacks = stacked(figures, spec.stacking == Stacking::Shares);
    let values: Vec<f64> = if is_stacked {
        stacks.iter().flatten().flat_map(|(low, high)| [*low, *high]).collect()
    } else {
        figures.series.iter().flat_map(|series| series.points.iter().map(|(_, value)| *value)).collect()
    };
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Areas stand on zero; so do lines that are not far above it.
    let low = if spec.kind == Kind::Area || (low > 0.0 && low < high * 0.6) { low.min(0.0) } else { low };
    let axis = NumberAxis::new(low, high, Plot::rules(height), (spec.y_min, spec.y_max));
    let chars = axis.ticks.iter().map(|tick| axis.label(*tick).len()).max().unwrap_or(1);
    let plot = Plot::new(width, height, chars);
    let mut marks = Vec::new();
    plot.value_axis(&axis, &mut marks);
    let xs = plot.place_axis(&figures.places, offset_at, &mut marks);
    let x = |place: usize| xs.get(place).copied().unwrap_or(plot.left);
    let mut hits = Vec::new();
    for (palette, (series, stack)) in (0_u8..).zip(figures.series.iter().zip(&stacks)) {
        let points: Vec<(f64, f64)> = if is_stacked {
            stack.iter().enumerate().map(|(place, (_, high))| (x(place), plot.y(&axis, *high))).collect()
        } else {
            series.points.iter().map(|(place, value)| (x(*place), plot.y(&axis, *value))).collect()
        };
        if spec.kind == Kind::Scatter {
            for ((x, y), (place, value)) in points.iter().zip(&series.points) {
                marks.push(Mark::Dot { x: *x, y: *y, palette });
                hits.push(Hit {
                    shape: HitShape::Box(x - NEAR, y - NEAR, NEAR * 2.0, NEAR * 2.0),
                    title: place_words(&figures.places, *place, offset_at),
                    values: vec![(palette, series.name.clone(), exact(*value))],
                });
            }
            continue;
        }
        if spec.kind == Kind::Area {
            let floor = plot.y(&axis, axis.low.max(0.0));
            let mut around = points.clone();
            if is_stacked {
                around.extend(
                    stack.iter().enumerate().rev().map(|(place, (low, _))| (x(place), plot.y(&axis, *low))),
                );
            } else if let (Some(first), Some(last)) = (points.first(), points.last()) {
                around.extend([(last.0, floor), (first.0, floor)]);
            }
            marks.push(Mark::Area { points: around, palette });
        }
        if points.len() == 1 || points.len() <= DOTS && plot.width / points.len() as f64 > 14.0 {
            marks.extend(points.iter().map(|(x, y)| Mark::Dot { x: *x, y: *y, palette }));
        }
        marks.push(Mark::Line { points, palette });
    }
    if spec.kind != Kind::Scatter {
        for place in 0..count {
            let before = if place == 0 { plot.left } else { (x(place - 1) + x(place)) / 2.0 };
            let after = if place + 1 == count { plot.right() } else { (x(place) + x(place + 1)) / 2.0 };
            let values = (0_u8..).zip(&figures.series).filter_map(|(palette, series)| {
                let at = series.points.binary_search_by_key(&place, |(place, _)| *place).ok()?;
                Some((palette, series.name.clone(), exact(series.points.get(at)?.1)))
            });
            hits.push(Hit {
                shape: HitShape::Box(before, 0.0, after - before, height),
                title: place_words(&figures.places, place, offset_at),
                values: values.collect(),
            });
        }
    }
    Scene { width, height, marks, hits }
}

/// Where each series begins and ends at each place when they stand on each other.
fn stacked(figures: &Figures, is_shares: bool) -> Vec<Vec<(f64, f64)>> {
    let count = figures.places.len();
    let mut tops = vec![0.0_f64; count];
    let sums = sums(figures);
    figures
        .series
        .iter()
        .map(|series| {
            let mut own = vec![0.0_f64; count];
            for (place, value) in &series.points {
                if let Some(sum) = own.get_mut(*place) {
                    *sum += value;
                }
            }
            let ranges = tops.iter_mut().zip(own).zip(&sums).map(|((top, value), sum)| {
                let value = if is_shares && *sum > 0.0 { value / sum * 100.0 } else { value };
                let low = *top;
                *top += value;
                (low, *top)
            });
            ranges.collect()
        })
        .collect()
}

/// The sum of all series at each place.
pub(crate) fn sums(figures: &Figures) -> Vec<f64> {
    let mut sums = vec![0.0_f64; figures.places.len()];
    for (place, value) in figures.series.iter().flat_map(|series| &series.points) {
        if let Some(sum) = sums.get_mut(*place) {
            *sum += value.abs();
        }
    }
    sums
}

/// A place as one reads it.
pub(crate) fn place_words(places: &Places, place: usize, offset_at: &dyn Fn(Ticks) -> i64) -> String {
    match places {
        Places::Times(times) => times.get(place).map(|time| time_words(*time, offset_at)),
        Places::Numbers(numbers) => numbers.get(place).map(|number| exact(*number)),
        Places::Names(names) => names.get(place).cloned(),
    }
    .unwrap_or_default()
}
