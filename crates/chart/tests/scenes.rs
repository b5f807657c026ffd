//! Each kind of chart as text: what is drawn where, what the legend and the axes say.

#![expect(clippy::unwrap_used, reason = "tests fail that way")]

use chartroom_base::ticks::{PER_SECOND, Ticks};
use chartroom_chart::{
    data::{Holds, Table, Value},
    render::{card, scene},
    scene::{HitShape, Mark, Scene},
    spec::read,
};
use proptest::prelude::*;
use std::fmt::Write;

const HOUR: i64 = 3_600 * PER_SECOND;

fn hour(at: i64) -> Value {
    Value::Time(Ticks(Ticks::from_civil((2021, 8, 2), (0, 0, 0), 0).unwrap().0 + at * HOUR))
}

fn table(columns: &[(&str, Holds)], rows: Vec<Vec<Value>>) -> Table {
    Table { columns: columns.iter().map(|(name, holds)| ((*name).to_owned(), *holds)).collect(), rows }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Outcomes by the hour, as `summarize count() by bin(TimeGenerated, 1h), Outcome` gives them.
fn by_hour() -> Table {
    let row = |at, outcome: &str, count| vec![hour(at), text(outcome), Value::Number(count)];
    table(
        &[("TimeGenerated", Holds::Times), ("Outcome", Holds::Texts), ("count_", Holds::Numbers)],
        vec![
            row(0, "Succeeded", 120.0),
            row(0, "Failed", 4.0),
            row(1, "Succeeded", 80.0),
            row(2, "Succeeded", 95.0),
            row(2, "Failed", 31.0),
            row(5, "Succeeded", 20.0),
        ],
    )
}

/// Counts by name, as `summarize count() by OperationName` gives them.
fn by_name() -> Table {
    let row = |name: &str, count| vec![text(name), Value::Number(count)];
    table(
        &[("OperationName", Holds::Texts), ("count_", Holds::Numbers)],
        vec![row("read", 31_000.0), row("search", 8_200.0), row("delete", 1.0), row("", 400.0)],
    )
}

/// A scene in lines: places to a whole pixel.
fn told(table: &Table, chart: &str, properties: &[(&str, &str)]) -> String {
    let properties: Vec<_> =
        properties.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
    let asked = read(chart, &properties).unwrap().unwrap();
    let figures = table.figures(&asked.spec).unwrap();
    let drawn = scene(&figures, &asked.spec, (400.0, 200.0), &|_| 0);
    let mut out = String::new();
    let points = |points: &[(f64, f64)]| {
        points.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect::<Vec<_>>().join(" ")
    };
    for mark in &drawn.scene.marks {
        match mark {
            Mark::Bar { x, y, width, height, palette } => {
                writeln!(out, "bar {palette} at {x:.0},{y:.0} of {width:.0}x{height:.0}")
            }
            Mark::Line { points: list, palette } => writeln!(out, "line {palette} {}", points(list)),
            Mark::Area { points: list, palette } => writeln!(out, "area {palette} {}", points(list)),
            Mark::Dot { x, y, palette } => writeln!(out, "dot {palette} at {x:.0},{y:.0}"),
            Mark::Slice { from, to, palette, .. } => writeln!(out, "slice {palette} {from:.3}..{to:.3}"),
            Mark::Rule { from, to } => writeln!(out, "rule {} {}", points(&[*from]), points(&[*to])),
            Mark::Tick { x, .. } => writeln!(out, "tick {x:.0}"),
            Mark::Label { x, y, text, .. } => writeln!(out, "label {x:.0},{y:.0} {text}"),
        }
        .unwrap();
    }
    for hit in &drawn.scene.hits {
        let shape = match hit.shape {
            HitShape::Box(x, y, width, height) => format!("{x:.0},{y:.0} {width:.0}x{height:.0}"),
            HitShape::Slice(_, _, from, to) => format!("{from:.3}..{to:.3}"),
        };
        let values: Vec<_> = hit.values.iter().map(|(_, name, value)| format!("{name} {value}")).collect();
        writeln!(out, "hit {shape}: {} | {}", hit.title, values.join(", ")).unwrap();
    }
    writeln!(
        out,
        "legend {:?}\ntitles {:?}\nnotes {:?} {:?}",
        drawn.legend, drawn.titles, asked.notes, figures.notes
    )
    .unwrap();
    out
}

#[test]
fn timechart() {
    insta::assert_snapshot!(told(&by_hour(), "timechart", &[("title", "Outcomes")]));
}

#[test]
fn linechart_over_numbers() {
    let rows =
        (0..4).map(|at| vec![Value::Number(f64::from(at)), Value::Number(f64::from(at * at))]).collect();
    let table = table(&[("n", Holds::Numbers), ("square", Holds::Numbers)], rows);
    insta::assert_snapshot!(told(&table, "linechart", &[]));
}

#[test]
fn areachart_stacked() {
    insta::assert_snapshot!(told(&by_hour(), "areachart", &[("kind", "stacked")]));
}

#[test]
fn columnchart() {
    insta::assert_snapshot!(told(&by_name(), "columnchart", &[("ytitle", "records")]));
}

#[test]
fn columnchart_in_shares() {
    insta::assert_snapshot!(told(&by_hour(), "columnchart", &[("kind", "stacked100")]));
}

#[test]
fn barchart() {
    insta::assert_snapshot!(told(&by_name(), "barchart", &[]));
}

#[test]
fn piechart() {
    insta::assert_snapshot!(told(&by_name(), "piechart", &[]));
}

#[test]
fn scatterchart() {
    let rows = vec![
        vec![Value::Number(1.0), Value::Number(10.0)],
        vec![Value::Number(1.0), Value::Number(20.0)],
        vec![Value::Number(3.0), Value::Number(5.0)],
    ];
    let table = table(&[("x", Holds::Numbers), ("y", Holds::Numbers)], rows);
    insta::assert_snapshot!(told(&table, "scatterchart", &[("ymin", "0"), ("ymax", "25")]));
}

#[test]
fn a_card_shows_the_first_row() {
    let shown: Vec<_> = card(&by_name()).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(shown, ["OperationName=read", "count_=31,000"]);
}

#[test]
fn nothing_to_draw_is_drawn_as_nothing() {
    let none = table(&[("OperationName", Holds::Texts), ("count_", Holds::Numbers)], Vec::new());
    for chart in ["linechart", "areachart", "columnchart", "barchart", "piechart", "scatterchart"] {
        let spec = read(chart, &[]).unwrap().unwrap().spec;
        let drawn = scene(&none.figures(&spec).unwrap(), &spec, (400.0, 200.0), &|_| 0);
        assert!(drawn.scene.hits.is_empty(), "{chart}");
    }
}

fn is_finite(scene: &Scene) -> bool {
    let all = |points: &[(f64, f64)]| points.iter().all(|(x, y)| x.is_finite() && y.is_finite());
    scene.marks.iter().all(|mark| match mark {
        Mark::Bar { x, y, width, height, .. } => {
            all(&[(*x, *y), (*width, *height)]) && *width >= 0.0 && *height >= 0.0
        }
        Mark::Line { points, .. } | Mark::Area { points, .. } => all(points),
        Mark::Slice { from, to, radius, .. } => all(&[(*from, *to)]) && *radius > 0.0,
        Mark::Rule { from, to } => all(&[*from, *to]),
        Mark::Dot { x, y, .. } | Mark::Tick { x, y, .. } | Mark::Label { x, y, .. } => all(&[(*x, *y)]),
    })
}

proptest! {
    #[test]
    fn any_figures_make_a_scene(
        rows in proptest::collection::vec((any::<f64>(), any::<f64>(), 0_u8..4, any::<i64>()), 0..40),
        chart in proptest::sample::select(vec!["timechart", "linechart", "areachart", "stackedareachart", "columnchart", "barchart", "piechart", "scatterchart"]),
        kind in proptest::sample::select(vec!["default", "stacked", "stacked100"]),
        size in (1.0_f64..2_000.0, 1.0_f64..1_000.0),
    ) {
        let rows = rows.into_iter().map(|(x, y, name, at)| vec![
            Value::Time(Ticks(at.rem_euclid(chartroom_base::ticks::END))),
            Value::Number(x / 1e200),
            Value::Number(y / 1e200),
            text(["a", "b", "c", ""][usize::from(name)]),
        ]).collect();
        let table = table(&[("t", Holds::Times), ("x", Holds::Numbers), ("y", Holds::Numbers), ("s", Holds::Texts)], rows);
        let spec = read(chart, &[("kind".to_owned(), vec![kind.to_owned()])]).unwrap().unwrap().spec;
        if let Ok(figures) = table.figures(&spec) {
            let drawn = scene(&figures, &spec, size, &|_| HOUR);
            prop_assert!(is_finite(&drawn.scene), "{:?}", drawn.scene);
        }
    }
}
