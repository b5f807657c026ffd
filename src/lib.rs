//! The browser application: what is on the screen, over workers that hold the data.
//!
//! **Invariant:** the page never holds more rows than it shows, and no task of it lasts longer than a frame: reading,
//! searching, sorting happen in workers.
#![recursion_limit = "512"]

pub mod bridge;
pub mod components;
pub mod hooks;
pub mod platform;
pub mod shared;
pub mod state;
pub mod tasks;
pub mod widgets;
