//! States of `hll` and `tdigest` and their merges.

use super::{Damaged, Input, Kind, Reader, Rows, Setup, Value, codec, per_group::State};
use crate::{
    functions::xxh64,
    sketch::{Digest, Hll, ordered, settle},
};

/// A dynamic of any values.
pub(super) fn kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    super::comparable(inputs)?;
    match inputs.get(1) {
        Some(Input { constant: Some(Value::Long(accuracy)), .. }) if (0..=4).contains(accuracy) => {}
        Some(_) => return Err("takes a constant accuracy from 0 to 4".to_owned()),
        None => {}
    }
    Ok(vec![Kind::Dynamic])
}

/// A dynamic of dynamics.
pub(super) fn merge_kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    match inputs.first() {
        Some(Input { kind: Kind::Dynamic, .. }) => Ok(vec![Kind::Dynamic]),
        other => Err(format!("takes a dynamic, not {}", other.map_or("", |input| input.kind.name()))),
    }
}

/// A dynamic of numbers and times.
pub(super) fn digest_kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    super::summable(inputs, &[Kind::DateTime, Kind::TimeSpan])?;
    match inputs.get(1) {
        Some(weight) if !matches!(weight.kind, Kind::Int | Kind::Long) => {
            Err("takes whole numbers as weights".to_owned())
        }
        _ => Ok(vec![Kind::Dynamic]),
    }
}

/// How many different values; of sketches (`IS_MERGE`) or of values themselves.
#[derive(Debug, Default)]
pub(super) struct Counting<const IS_MERGE: bool>(Option<Hll>);

impl<const IS_MERGE: bool> Counting<IS_MERGE> {
    fn merged(&mut self, other: Hll) {
        match &mut self.0 {
            Some(own) => own.merge(&other),
            None => self.0 = Some(other),
        }
    }
}

impl<const IS_MERGE: bool> State for Counting<IS_MERGE> {
    fn add(&mut self, setup: &Setup, rows: &Rows<'_, '_>, row: usize) {
        let value = rows.argument(0).value(row);
        if IS_MERGE {
            Hll::read(value.text()).into_iter().for_each(|other| self.merged(other));
            return;
        }
        let hash = match value {
            Value::Null => return,
            Value::Bool(truth) => xxh64(&[u8::from(truth)]),
            Value::Long(long) => xxh64(&long.to_le_bytes()),
            Value::Real(real) => xxh64(&(real + 0.0).to_le_bytes()),
            Value::Text(text) => xxh64(text.as_bytes()),
        };
        let accuracy = setup.constant(1).and_then(Value::long).unwrap_or(1);
        self.0.get_or_insert_with(|| Hll::new(accuracy)).add(hash);
    }

    fn encode(&self, out: &mut Vec<u8>) {
        codec::push_text(out, &self.0.as_ref().map(Hll::json).unwrap_or_default());
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        match bytes.text()? {
            "" => {}
            text => self.merged(Hll::read(text).ok_or(Damaged)?),
        }
        Ok(())
    }

    fn finish(&self, setup: &Setup, _: usize) -> Value<'static> {
        let none = || Hll::new(setup.constant(1).and_then(Value::long).unwrap_or(1));
        Value::owned(self.0.clone().unwrap_or_else(none).json())
    }

    fn heap(&self) -> usize {
        self.0.as_ref().map_or(0, Hll::memory)
    }
}

/// Values with weights; of digests (`IS_MERGE`) or of values themselves.
#[derive(Debug, Default)]
pub(super) struct Digesting<const IS_MERGE: bool> {
    entries: Vec<(u64, u64)>,
    /// Of the digests that were merged.
    kind: Option<Kind>,
    /// How many entries were left when they were last put in order.
    settled: usize,
}

impl<const IS_MERGE: bool> Digesting<IS_MERGE> {
    fn push(&mut self, entries: impl IntoIterator<Item = (u64, u64)>) {
        self.entries.extend(entries);
        if self.entries.len() > 2 * self.settled + 1024 {
            settle(&mut self.entries);
            self.settled = self.entries.len();
        }
    }

    fn digest(&self, setup: &Setup) -> Digest {
        let kind = match self.kind {
            Some(kind) => kind,
            None if IS_MERGE => Kind::Real,
            None if setup.kind(0) == Kind::Int => Kind::Long,
            None => setup.kind(0),
        };
        Digest { kind, entries: self.entries.clone() }
    }
}

impl<const IS_MERGE: bool> State for Digesting<IS_MERGE> {
    fn add(&mut self, setup: &Setup, rows: &Rows<'_, '_>, row: usize) {
        let value = rows.argument(0).value(row);
        if IS_MERGE {
            if let Some(other) = Digest::read(value.text()) {
                self.kind = self.kind.or(Some(other.kind));
                self.push(other.entries);
            }
            return;
        }
        let weight = match setup.kinds.len() {
            0 | 1 => 1,
            _ => rows.argument(1).long(row).and_then(|weight| u64::try_from(weight).ok()).unwrap_or(0),
        };
        if let Some(value) = ordered(&value)
            && weight > 0
        {
            self.push([(value, weight)]);
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let mut entries = self.entries.clone();
        settle(&mut entries);
        codec::push_text(out, self.kind.map_or("", Kind::name));
        codec::push_count(out, entries.len());
        for (value, weight) in entries {
            codec::push_u64(out, value);
            codec::push_u64(out, weight);
        }
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.kind = self.kind.or(Kind::from_name(bytes.text()?));
        for _ in 0..bytes.count(16)? {
            let entry = (bytes.u64()?, bytes.u64()?);
            self.push([entry]);
        }
        Ok(())
    }

    fn finish(&self, setup: &Setup, _: usize) -> Value<'static> {
        Value::owned(self.digest(setup).settled().json())
    }

    fn heap(&self) -> usize {
        self.entries.capacity() * size_of::<(u64, u64)>()
    }
}
