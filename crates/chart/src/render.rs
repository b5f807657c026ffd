//! `render`: figures and a spec to a scene, its legend and its words.

use crate::{
    bars,
    data::{Figures, Places, Table, Value},
    lines,
    numbers::exact,
    pie,
    scene::Scene,
    spec::{Kind, Spec},
};
use chartroom_base::ticks::Ticks;

/// A chart that is worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// What to draw.
    pub scene: Scene,
    /// Palette index and name of each series or part; empty when one needs no name.
    pub legend: Vec<(u8, String)>,
    /// What the axes are called: the first, and that of values; empty where there is none.
    pub titles: (String, String),
    /// Whether the first axis is one of times: then it is the zone's.
    pub is_over_time: bool,
}

/// A figure of a card: its name and its value.
pub type CardValue = (String, String);

/// The chart on a surface of `size` CSS pixels. `offset_at` as in [`crate::ticks::time_ticks`].
///
/// A card has no scene: see [`card`].
#[must_use]
pub fn scene(figures: &Figures, spec: &Spec, size: (f64, f64), offset_at: &dyn Fn(Ticks) -> i64) -> Drawn {
    let scene = match spec.kind {
        Kind::Time | Kind::Line | Kind::Area | Kind::Scatter => lines::scene(figures, spec, size, offset_at),
        Kind::Column | Kind::Bar => bars::scene(figures, spec, size, offset_at),
        Kind::Pie => pie::scene(figures, size),
        Kind::Card => Scene::default(),
    };
    let names: Vec<String> = match spec.kind {
        Kind::Pie => pie::parts(figures).into_iter().map(|part| part.name).collect(),
        Kind::Card => Vec::new(),
        // One series of one column: the axis says its name.
        _ if figures.series.len() == 1
            && figures.series.first().is_some_and(|only| only.name == figures.y_name) =>
        {
            Vec::new()
        }
        _ => figures.series.iter().map(|series| series.name.clone()).collect(),
    };
    let legend = if spec.has_legend { (0_u8..).zip(names).collect() } else { Vec::new() };
    let or = |asked: &str, name: &str| if asked.is_empty() { name.to_owned() } else { asked.to_owned() };
    let titles = if matches!(spec.kind, Kind::Pie | Kind::Card) {
        Default::default()
    } else {
        (or(&spec.x_title, &figures.x_name), or(&spec.y_title, &figures.y_name))
    };
    Drawn { scene, legend, titles, is_over_time: matches!(figures.places, Places::Times(_)) }
}

/// The figures of a card: each value of the first row, numbers grouped.
#[must_use]
pub fn card(table: &Table) -> Vec<CardValue> {
    let Some(row) = table.rows.first() else { return Vec::new() };
    let words = |value: &Value| match value {
        Value::Null => "–".to_owned(),
        Value::Number(number) => exact(*number),
        Value::Time(time) => time.to_string(),
        Value::Text(text) => text.clone(),
    };
    table.columns.iter().zip(row).map(|((name, _), value)| (name.clone(), words(value))).collect()
}
