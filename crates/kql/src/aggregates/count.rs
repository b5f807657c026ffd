//! `count()`.
use super::{Aggregate, Damaged, Kind, Naming, Parameter, Reader, Rows, States, Value, codec};
use crate::frame::Vector;
use chartroom_base::distinct::count_each;

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "count",
    about: "How many rows there are; those with a null count too.",
    parameters: &[Parameter::Any],
    optional: 1,
    naming: Naming::Prefix("count_"),
    kinds: |_| Ok(vec![Kind::Long]),
    start: |_| Box::new(Counts::default()),
    examples: &[
        ("datatable(x: long)[1, 2, long(null)] | summarize count()", "3"),
        ("datatable(x: long)[1, long(null)] | summarize count(x)", "2"),
        ("datatable(x: long)[] | summarize count()", "0"),
    ],
    ..Aggregate::BASE
};

/// Eight bytes a group.
#[derive(Debug, Default)]
struct Counts(Vec<i64>);

impl States for Counts {
    fn grow(&mut self, groups: usize) {
        if groups > self.0.len() {
            self.0.resize(groups, 0);
        }
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        count_each(&mut self.0, rows.groups);
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        codec::push_i64(out, self.0.get(group).copied().unwrap_or(0));
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let count = self.0.get_mut(group).ok_or(Damaged)?;
        *count = count.wrapping_add(bytes.i64()?);
        Ok(())
    }

    fn finish(&self, group: usize, _: usize) -> Value<'static> {
        Value::Long(self.0.get(group).copied().unwrap_or(0))
    }

    fn column(&self, groups: &[u32], _: usize, _: Kind) -> Vector {
        let values = groups.iter().map(|group| self.0.get(*group as usize).copied().unwrap_or(0)).collect();
        Vector::Longs { values, nulls: None }
    }

    fn memory(&self) -> usize {
        self.0.capacity() * size_of::<i64>()
    }

    fn needs_keys(&self) -> bool {
        false
    }
}
