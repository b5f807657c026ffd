//! Series to a scene of marks: scales, ticks, bars, lines, shares.
//!
//! **Invariant:** knows neither the DOM nor the store. A scene carries places in CSS pixels and palette *indices*;
//! which hue an index has is the style sheet's matter. The same input gives the same scene.
//!
//! Two ways in: [`stacked_bars`] for the timeline above the table; for `render`, [`spec::read`] → [`data::Table::figures`] →
//! [`render::scene`]. To add a kind of chart: a name in `spec.rs`, its marks in a file beside `bars.rs`, an arm in `render.rs`,
//! a snapshot of its scene in `tests/scenes.rs`.

mod bars;
pub mod data;
mod lines;
pub mod numbers;
mod pie;
mod plot;
pub mod render;
pub mod scene;
pub mod spec;
pub mod stacked_bars;
pub mod ticks;
pub mod time_scale;
