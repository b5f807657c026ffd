//! The `…if` forms: rows whose condition does not hold belong to no group.

use super::{Damaged, Reader, Rows, SKIP, States};
use crate::value::Value;

/// An aggregate behind a condition.
pub(super) struct Conditional {
    at: usize,
    inner: Box<dyn States>,
    groups: Vec<u32>,
}

impl Conditional {
    /// The condition is argument `at` of the whole call.
    pub(super) fn new(at: usize, inner: Box<dyn States>) -> Self {
        Self { at, inner, groups: Vec::new() }
    }
}

impl States for Conditional {
    fn grow(&mut self, groups: usize) {
        self.inner.grow(groups);
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        let condition = rows.argument(self.at);
        self.groups.clear();
        self.groups.extend(rows.groups.iter().enumerate().map(|(row, group)| match condition.value(row) {
            Value::Bool(true) => *group,
            _ => SKIP,
        }));
        let mut arguments = rows.arguments.to_vec();
        if self.at < arguments.len() {
            arguments.remove(self.at);
        }
        self.inner.update(&Rows { groups: &self.groups, arguments: &arguments, keys: rows.keys });
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        self.inner.encode(group, out);
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.inner.merge(group, bytes)
    }

    fn finish(&self, group: usize, column: usize) -> Value<'static> {
        self.inner.finish(group, column)
    }

    fn memory(&self) -> usize {
        self.inner.memory() + self.groups.capacity() * size_of::<u32>()
    }

    fn needs_keys(&self) -> bool {
        self.inner.needs_keys()
    }
}
