//! Rows of a chunk by the value of an expression that has few: `case` and `iff` over conditions, with constants behind them.
//!
//! **Invariant:** each row that is asked of stands in exactly one class, that of the value which [`super::reader::ChunkReader`]
//! would find. The conditions go through the predicate kernels, a bit per row, each over the rows that those before it left.

use super::{
    cache::Cache,
    predicate::{Chunk, Need},
};
use crate::{
    program::{Action, Instruction},
    value::Value,
};
use chartroom_store::Bitmap;

/// Levels of `case` within `case` that are looked into.
const MAX_DEPTH: usize = 8;

impl Chunk<'_, '_> {
    /// What asking for the classes of `node` needs worked out first; `false`: it is no such expression.
    pub(crate) fn class_needs(&self, node: usize, needs: &mut Vec<Need>) -> bool {
        self.add_class_needs(node, needs, MAX_DEPTH)
    }

    fn add_class_needs(&self, node: usize, needs: &mut Vec<Need>, depth: usize) -> bool {
        let Some(instruction) = self.program.instructions().get(node) else { return false };
        if matches!(instruction.action, Action::Constant(_)) {
            return true;
        }
        let Some((pairs, otherwise)) = branches(instruction).filter(|_| depth > 0) else { return false };
        let is_of_kind = |at: usize| {
            self.program.instructions().get(at).is_some_and(|value| value.kind == instruction.kind)
        };
        pairs.iter().all(|[condition, value]| {
            self.needs(*condition, needs);
            is_of_kind(*value) && self.add_class_needs(*value, needs, depth - 1)
        }) && is_of_kind(otherwise)
            && self.add_class_needs(otherwise, needs, depth - 1)
    }

    /// The rows of `among` by the value of `node`. Needs must be met.
    pub(crate) fn classes(
        &self,
        cache: &Cache,
        node: usize,
        among: Bitmap,
        classes: &mut Vec<(Value<'static>, Bitmap)>,
    ) {
        let Some(instruction) = self.program.instructions().get(node).filter(|_| among.any()) else { return };
        if let Action::Constant(value) = &instruction.action {
            match classes.iter_mut().find(|(known, _)| known == value) {
                Some((_, rows)) => rows.or(&among),
                None => classes.push((value.clone(), among)),
            }
            return;
        }
        let Some((pairs, otherwise)) = branches(instruction) else { return };
        let mut open = among;
        for [condition, value] in pairs {
            if !open.any() {
                return;
            }
            let mut chosen = self.truths(cache, *condition, &open).yes.resized(self.rows);
            chosen.and(&open);
            open.and_not(&chosen);
            self.classes(cache, *value, chosen, classes);
        }
        self.classes(cache, otherwise, open, classes);
    }
}

/// Conditions with the values behind them, and the value when none holds.
fn branches(instruction: &Instruction) -> Option<(&[[usize; 2]], usize)> {
    let Action::Call { function, .. } = &instruction.action else { return None };
    let (otherwise, pairs) = instruction.operands.split_last()?;
    match (function.name, pairs.as_chunks::<2>()) {
        ("case" | "iff", (pairs, [])) => Some((pairs, *otherwise)),
        _ => None,
    }
}
