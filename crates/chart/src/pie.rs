//! Shares of a whole, as parts of a disc.

use crate::{
    data::{Figures, Places},
    numbers::exact,
    scene::{Hit, HitShape, Mark, Scene},
};
use chartroom_base::sort;

/// Most parts; the smaller ones are drawn as one.
const MOST_PARTS: usize = 12;
/// Room around the disc.
const ROOM: f64 = 10.0;

/// A part of the whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) value: f64,
}

/// The parts, the largest first, the smallest as one; values below zero have no share.
pub(crate) fn parts(figures: &Figures) -> Vec<Part> {
    let names: &[String] = if let Places::Names(names) = &figures.places { names } else { &[] };
    let mut parts: Vec<Part> = names.iter().map(|name| Part { name: name.clone(), value: 0.0 }).collect();
    for (place, value) in figures.series.iter().flat_map(|series| &series.points) {
        if let Some(part) = parts.get_mut(*place) {
            part.value += value.max(0.0);
        }
    }
    parts.retain(|part| part.value > 0.0);
    // Stable: equal parts stay in the order of the rows.
    sort::sort_by(&mut parts, |a, b| b.value.total_cmp(&a.value));
    if parts.len() > MOST_PARTS {
        let rest = parts.split_off(MOST_PARTS - 1);
        let name = format!("{} others", rest.len());
        parts.push(Part { name, value: rest.iter().map(|part| part.value).sum() });
    }
    parts
}

/// The scene of a pie chart.
pub(crate) fn scene(figures: &Figures, (width, height): (f64, f64)) -> Scene {
    let parts = parts(figures);
    let whole: f64 = parts.iter().map(|part| part.value).sum();
    let radius = (width.min(height) / 2.0 - ROOM).max(5.0);
    let center = (width / 2.0, height / 2.0);
    let mut scene = Scene { width, height, ..Scene::default() };
    let mut from = 0.0;
    for (palette, part) in (0_u8..).zip(parts) {
        let to = from + part.value / whole;
        scene.marks.push(Mark::Slice { center, radius, from, to, palette });
        scene.hits.push(Hit {
            shape: HitShape::Slice(center, radius, from, to),
            title: part.name.clone(),
            values: vec![(palette, format!("{:.1} %", part.value / whole * 100.0), exact(part.value))],
        });
        from = to;
    }
    scene
}
