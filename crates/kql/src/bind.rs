//! Tree to plan.
use crate::{catalog::Catalog, plan::Plan};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};

/// Binds a query to a catalogue.
///
/// # Errors
/// Everything that is wrong with the text, each with its place.
pub fn compile(text: &str, catalog: &Catalog, now: Ticks) -> Result<Plan, Vec<Diagnostic>> {
    let _ = (text, catalog, now);
    Err(Vec::new())
}
