//! The clock: the one place of the engine where time is read.
#![expect(
    clippy::disallowed_types,
    reason = "the native host is where clocks are read; it is not built for wasm"
)]

use std::time::Instant;

/// Milliseconds since it was started.
#[derive(Clone, Copy)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1_000.0
    }
}
