//! The time, and things done later.

use super::window;
use chartroom_base::ticks::Ticks;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::Performance;

/// The browser's stopwatch.
#[must_use]
pub fn performance() -> Option<Performance> {
    window().performance()
}

/// Milliseconds since the page was loaded; only goes forward.
#[must_use]
pub fn now_ms() -> f64 {
    performance().map_or(0.0, |performance| performance.now())
}

/// The clock on the wall, for queries that say `now()`.
#[must_use]
pub fn now() -> Ticks {
    // Milliseconds since 1970 of any clock fit 53 bits.
    Ticks::from_unix_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// Does something again and again until dropped.
pub struct Interval {
    id: i32,
    _then: Closure<dyn FnMut()>,
}

impl Interval {
    /// Calls `then` every `millis` milliseconds (less often in a hidden page).
    #[must_use]
    pub fn start(millis: i32, then: impl FnMut() + 'static) -> Self {
        let then = Closure::<dyn FnMut()>::new(then);
        let id = window()
            .set_interval_with_callback_and_timeout_and_arguments_0(then.as_ref().unchecked_ref(), millis)
            // Refused by no browser; 0 is no interval's id.
            .unwrap_or(0);
        Self { id, _then: then }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        window().clear_interval_with_handle(self.id);
    }
}

/// Does something once, unless dropped before.
pub struct Timeout {
    id: i32,
    _then: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `then` after `millis` milliseconds.
    #[must_use]
    pub fn start(millis: i32, then: impl FnOnce() + 'static) -> Self {
        let then = Closure::once(then);
        let id = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(then.as_ref().unchecked_ref(), millis)
            // As above.
            .unwrap_or(0);
        Self { id, _then: then }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls `then` before the next frame is drawn, unless dropped before.
pub struct Frame {
    id: i32,
    _then: Closure<dyn FnMut(f64)>,
}

impl Frame {
    /// Asks for the next frame.
    #[must_use]
    pub fn request(then: impl FnOnce() + 'static) -> Self {
        let then = Closure::once(move |_: f64| then());
        // As above; a page that is not shown draws no frames.
        let id = window().request_animation_frame(then.as_ref().unchecked_ref()).unwrap_or(0);
        Self { id, _then: then }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // Cancelling a frame that was drawn does nothing.
        window().cancel_animation_frame(self.id).ok();
    }
}
