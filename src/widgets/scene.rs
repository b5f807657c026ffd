//! A scene as SVG: each mark an element, hues by the style sheet.

use chartroom_chart::scene::{Anchor, Mark};
use std::fmt::Write;
use yew::prelude::*;

/// Hues that the style sheets know; beyond, they begin again.
const HUES: u8 = 10;

/// A mark; a palette index becomes the class `<hues>--<index>`, which sets `--cr-hue`.
pub fn draw_mark(mark: &Mark, hues: &str) -> Html {
    let class = |part: &str, palette: u8| format!("cr-scene__{part} {hues}--{}", palette % HUES);
    match mark {
        Mark::Bar { x, y, width, height, palette } => html! {
            <rect
                class={class("bar", *palette)}
                x={format!("{x:.2}")}
                y={format!("{y:.2}")}
                width={format!("{:.2}", width.max(0.5))}
                height={format!("{height:.2}")}
            />
        },
        Mark::Line { points, palette } => {
            html! { <path class={class("line", *palette)} d={path_of(points)} /> }
        }
        Mark::Area { points, palette } => {
            html! { <path class={class("area", *palette)} d={path_of(points) + "Z"} /> }
        }
        Mark::Dot { x, y, palette } => html! {
            <circle class={class("dot", *palette)} cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="2.5" />
        },
        Mark::Slice { center, radius, from, to, palette } => {
            html! { <path class={class("slice", *palette)} d={slice_of(*center, *radius, *from, *to)} /> }
        }
        Mark::Rule { from, to } => {
            let d = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
            html! { <path class="cr-scene__rule" {d} /> }
        }
        Mark::Tick { x, y, length } => {
            html! { <path class="cr-scene__tick" d={format!("M{x:.1} {y:.1}v{length:.1}")} /> }
        }
        Mark::Label { x, y, anchor, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            html! {
                <text class="cr-scene__label" x={format!("{x:.1}")} y={format!("{y:.1}")} text-anchor={anchor}>
                    { text }
                </text>
            }
        }
    }
}

fn path_of(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        // Writing to a text does not fail.
        write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' }).ok();
    }
    path
}

/// A part of a disc; the whole disc as two halves, for an arc that ends where it begins is none.
fn slice_of((cx, cy): (f64, f64), radius: f64, from: f64, to: f64) -> String {
    let at = |turn: f64| {
        let (sin, cos) = (turn * std::f64::consts::TAU).sin_cos();
        (cx + radius * sin, cy - radius * cos)
    };
    if to - from > 0.9999 {
        return format!(
            "M{cx:.1} {:.1}a{radius:.1} {radius:.1} 0 1 1 0 {:.1}a{radius:.1} {radius:.1} 0 1 1 0 {:.1}Z",
            cy - radius,
            radius * 2.0,
            -radius * 2.0
        );
    }
    let ((ax, ay), (bx, by)) = (at(from), at(to));
    let is_large = u8::from(to - from > 0.5);
    format!("M{cx:.1} {cy:.1}L{ax:.1} {ay:.1}A{radius:.1} {radius:.1} 0 {is_large} 1 {bx:.1} {by:.1}Z")
}
