//! Values of a group gathered into an array or a bag, in the order in which the rows stand.

use super::{Damaged, Input, Kind, Reader, RowKey, Rows, Setup, Value, codec, per_group::State};
use crate::{convert::as_json, json};
use chartroom_base::sort;
use std::collections::HashSet;

/// Most elements of any array.
pub(crate) const MOST: usize = 1_048_576;
/// Most elements of the arrays of the old spellings.
pub(super) const MOST_LEGACY: usize = 128;

/// A list of the values.
pub(super) const LIST: u8 = 0;
/// A list of the values, nulls among them.
pub(super) const LIST_NULLS: u8 = 1;
/// A list of at most 128.
pub(super) const LIST_LEGACY: u8 = 2;
/// Each value once; of arrays, their elements.
pub(super) const SET: u8 = 3;
/// Each value once, at most 128.
pub(super) const SET_LEGACY: u8 = 4;
/// One bag of all bags' properties; the first of a name stays.
pub(super) const BAG: u8 = 5;

/// All gather into a dynamic.
pub(super) fn kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    match inputs.get(1) {
        Some(Input { constant: Some(Value::Long(most)), .. }) if *most > 0 => Ok(vec![Kind::Dynamic]),
        Some(_) => Err("takes a constant above 0 as its limit".to_owned()),
        None => Ok(vec![Kind::Dynamic]),
    }
}

/// Elements as JSON, each with its row's key and its place within that row.
#[derive(Debug, Default)]
pub(super) struct Gathered<const SHAPE: u8> {
    items: Vec<(RowKey, u32, Box<str>)>,
    /// How many there were when they were last put in order.
    settled: usize,
    bytes: usize,
}

impl<const SHAPE: u8> Gathered<SHAPE> {
    const IS_SET: bool = SHAPE == SET || SHAPE == SET_LEGACY;

    fn most(setup: &Setup) -> usize {
        let top = if SHAPE == LIST_LEGACY || SHAPE == SET_LEGACY { MOST_LEGACY } else { MOST };
        let asked = setup.constant(1).and_then(Value::long).and_then(|most| usize::try_from(most).ok());
        // The old spellings' limit is a default; the others' is a ceiling.
        match asked {
            Some(asked) => asked.min(MOST),
            None => top,
        }
    }

    fn push(&mut self, setup: &Setup, key: RowKey, place: u32, json: &str) {
        self.bytes += json.len();
        self.items.push((key, place, json.into()));
        if self.items.len() > 2 * self.settled + 256 {
            self.items = self.in_order(setup).into_iter().map(|item| item.to_owned()).collect();
            self.settled = self.items.len();
            self.bytes = self.items.iter().map(|item| item.2.len()).sum();
        }
    }

    /// What of a set or bag is the same.
    fn identity(json: &str) -> &str {
        if SHAPE == BAG { json.get(..key_end(json)).unwrap_or(json) } else { json }
    }

    /// The elements that stay, in order of the rows.
    fn in_order(&self, setup: &Setup) -> Vec<&(RowKey, u32, Box<str>)> {
        let mut items: Vec<_> = self.items.iter().collect();
        sort::sort_by_key(&mut items, |item| (item.0, item.1));
        if Self::IS_SET || SHAPE == BAG {
            let mut seen = HashSet::new();
            items.retain(|item| seen.insert(Self::identity(&item.2)));
        }
        items.truncate(Self::most(setup));
        items
    }
}

/// One past the key of a property that is kept as `"key":value`.
fn key_end(property: &str) -> usize {
    let mut at = 1;
    let bytes = property.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

impl<const SHAPE: u8> State for Gathered<SHAPE> {
    fn add(&mut self, setup: &Setup, rows: &Rows<'_, '_>, row: usize) {
        let (key, kind) = (rows.key(row), setup.kind(0));
        let value = as_json(rows.argument(0).value(row), kind);
        let json = match &value {
            Value::Text(text) => text.as_ref(),
            _ if SHAPE == LIST_NULLS => "null",
            _ => return,
        };
        if SHAPE == BAG {
            let entries = json::entries(json).into_iter().flatten();
            for (place, (name, value)) in (0_u32..).zip(entries) {
                self.push(setup, key, place, &format!("{name}:{value}"));
            }
        } else if Self::IS_SET && kind == Kind::Dynamic && json.starts_with('[') {
            let elements = json::elements(json).into_iter().flatten().filter(|element| *element != "null");
            for (place, element) in (0_u32..).zip(elements) {
                self.push(setup, key, place, element);
            }
        } else {
            self.push(setup, key, 0, json);
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        // Stable by key: what one row was expanded to stays in its order.
        codec::push_count(out, self.items.len());
        for (key, place, json) in &self.items {
            codec::push_key(out, *key);
            codec::push_u64(out, u64::from(*place));
            codec::push_text(out, json);
        }
    }

    fn merge(&mut self, setup: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        for _ in 0..bytes.count(32)? {
            let key = bytes.key()?;
            let place = u32::try_from(bytes.u64()?).ok().ok_or(Damaged)?;
            self.push(setup, key, place, bytes.text()?);
        }
        Ok(())
    }

    fn finish(&self, setup: &Setup, _: usize) -> Value<'static> {
        let items = self.in_order(setup);
        if SHAPE == BAG {
            let properties: Vec<&str> = items.iter().map(|item| item.2.as_ref()).collect();
            return Value::owned(format!("{{{}}}", properties.join(",")));
        }
        let mut array = json::ArrayWriter::default();
        items.iter().for_each(|item| array.raw(&item.2));
        Value::owned(array.finish())
    }

    fn heap(&self) -> usize {
        self.items.capacity() * size_of::<(RowKey, u32, Box<str>)>() + self.bytes
    }
}
