//! What the browser measures: the figures of the budgets, each beside its peer of the same run.
//!
//! A figure is printed, never judged: machines differ, people judge. A new one: a function in `benches/<name>.rs`,
//! one line in [`run`].

mod load;
mod look;
mod search;
mod stepping;

use crate::{outcome::Outcome, world::World};

/// All figures whose name holds one of the words; none: all.
pub(crate) async fn run(world: &mut World, words: &[&str]) -> Outcome {
    let is_chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    if is_chosen("load") {
        load::run(world).await?;
    }
    if is_chosen("search") {
        search::run(world).await?;
    }
    if is_chosen("stepping") {
        stepping::run(world).await?;
    }
    if is_chosen("look") {
        look::run(world).await?;
    }
    Ok(())
}

/// The smallest, the middle and the largest of some measurements; NaN when there are none.
fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |i: usize| sorted.get(i).copied().unwrap_or(f64::NAN);
    (at(0), at(sorted.len() / 2), at(sorted.len().saturating_sub(1)))
}
