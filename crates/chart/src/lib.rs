//! Series to a scene of marks: scales, ticks, stacked bars.
//!
//! **Invariant:** knows neither the DOM nor the store. A scene carries places in CSS pixels and palette *indices*;
//! which hue an index has is the style sheet's matter. The same input gives the same scene.
//!
//! To add a chart: write `<kind>.rs` that turns a plain spec into a [`scene::Scene`], list it here, test its scene.

pub mod scene;
pub mod stacked_bars;
pub mod ticks;
pub mod time_scale;
