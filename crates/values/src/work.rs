//! Units of work: cells read or written, rows looked at. Tests see by them what one turn of an operator does.
//!
//! **Invariant:** counted for each thread by itself, where debug assertions are on; elsewhere counting is nothing.

#[cfg(debug_assertions)]
thread_local! {
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many units are done.
#[inline(always)]
pub fn count(units: usize) {
    #[cfg(debug_assertions)]
    DONE.with(|done| done.set(done.get().wrapping_add(units)));
    let _ = units;
}

/// The units done on this thread since the last call; 0 without debug assertions.
pub fn take() -> usize {
    #[cfg(debug_assertions)]
    let done = DONE.take();
    #[cfg(not(debug_assertions))]
    let done = 0;
    done
}
