//! States that are one value a group.

use super::{Damaged, Reader, Rows, Setup, States};
use crate::value::Value;

/// The state of one group.
pub(super) trait State: Default {
    /// Whether it looks at the rows' keys.
    const NEEDS_KEYS: bool = true;
    /// Adds a row of the block.
    fn add(&mut self, setup: &Setup, rows: &Rows<'_, '_>, row: usize);
    /// Appends it.
    fn encode(&self, out: &mut Vec<u8>);
    /// Adds what another encoded.
    fn merge(&mut self, setup: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged>;
    /// What it comes to.
    fn finish(&self, setup: &Setup, column: usize) -> Value<'static>;
    /// Bytes it holds outside itself.
    fn heap(&self) -> usize {
        0
    }
}

/// One [`State`] a group.
pub(super) struct PerGroup<S> {
    setup: Setup,
    states: Vec<S>,
    heap: usize,
}

impl<S: State + 'static> PerGroup<S> {
    /// No groups yet.
    pub(super) fn start(setup: &Setup) -> Box<dyn States> {
        Box::new(Self { setup: setup.clone(), states: Vec::new(), heap: 0 })
    }
}

impl<S: State> States for PerGroup<S> {
    fn grow(&mut self, groups: usize) {
        if groups > self.states.len() {
            self.states.resize_with(groups, S::default);
        }
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        for (row, group) in rows.placed() {
            if let Some(state) = self.states.get_mut(group) {
                let before = state.heap();
                state.add(&self.setup, rows, row);
                self.heap = (self.heap + state.heap()).saturating_sub(before);
            }
        }
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        if let Some(state) = self.states.get(group) {
            state.encode(out);
        }
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let state = self.states.get_mut(group).ok_or(Damaged)?;
        let before = state.heap();
        let merged = state.merge(&self.setup, bytes);
        self.heap = (self.heap + state.heap()).saturating_sub(before);
        merged
    }

    fn finish(&self, group: usize, column: usize) -> Value<'static> {
        self.states.get(group).map_or(Value::Null, |state| state.finish(&self.setup, column))
    }

    fn memory(&self) -> usize {
        self.states.capacity() * size_of::<S>() + self.heap
    }

    fn needs_keys(&self) -> bool {
        S::NEEDS_KEYS
    }
}
