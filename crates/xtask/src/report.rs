//! How a step says what it does, how long it took, and what to do when it failed.

use std::{fmt, time::Instant};

/// Why a step did not work, and what a person can do.
#[derive(Debug)]
pub struct Failure {
    what: String,
    todo: String,
}

impl Failure {
    /// `what` went wrong; `todo` is the way out (may be empty).
    pub fn new(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what: what.into(), todo: todo.into() }
    }

    /// The same failure with another way out.
    #[must_use]
    pub fn todo(mut self, todo: impl Into<String>) -> Self {
        self.todo = todo.into();
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if self.todo.is_empty() { Ok(()) } else { write!(f, "\nwhat to do: {}", self.todo) }
    }
}

impl std::error::Error for Failure {}

/// Names a step, does it, and prints how long it took.
///
/// # Errors
/// Those of `work`.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    println!("\n== {name}");
    let start = Instant::now();
    let outcome = work();
    let word = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("== {name}: {word} in {:.1} s", start.elapsed().as_secs_f64());
    outcome
}
