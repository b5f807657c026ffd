//! `buildschema(dynamic)`.
use super::{Aggregate, Damaged, Input, Kind, Naming, Parameter, Reader, Rows, Setup, Value, codec, per_group::{PerGroup, State}};
use crate::json::{self, ObjectWriter};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "buildschema",
    about: "The least schema that all dynamics have: types by property, several types as an array, the elements of arrays as `indexer`.",
    parameters: &[Parameter::Dynamic],
    naming: Naming::Prefix("schema_"),
    kinds: |inputs| match inputs.first() {
        Some(Input { kind: Kind::Dynamic, .. }) => Ok(vec![Kind::Dynamic]),
        other => Err(format!("takes a dynamic, not {}", other.map_or("", |input| input.kind.name()))),
    },
    start: PerGroup::<Schema>::start,
    examples: &[
        (r#"datatable(x: dynamic)[dynamic({"a":1,"b":["x"]}), dynamic({"a":"y"})] | summarize buildschema(x)"#, r#"{"a":["long","string"],"b":{"`indexer`":"string"}}"#),
        ("datatable(x: dynamic)[dynamic(null)] | summarize buildschema(x)", "null"),
    ],
    ..Aggregate::BASE
};

/// Deeper values are only said to be dynamic: schemas are gone through by recursion.
const MOST_DEPTH: usize = 64;

/// What was met at one place of the dynamics.
#[derive(Debug, Default)]
struct Schema {
    /// Names of simple types.
    types: BTreeSet<String>,
    /// Of objects, if there was one.
    properties: Option<BTreeMap<String, Self>>,
    /// Of arrays' elements, if there was one.
    indexer: Option<Box<Self>>,
}

impl Schema {
    fn meet(&mut self, value: &str, depth: usize) {
        if depth >= MOST_DEPTH {
            self.types.insert("dynamic".to_owned());
        } else if let Some(elements) = json::elements(value) {
            let indexer = self.indexer.get_or_insert_default();
            elements.for_each(|element| indexer.meet(element, depth + 1));
        } else if let Some(entries) = json::entries(value) {
            let properties = self.properties.get_or_insert_default();
            for (name, value) in entries {
                properties.entry(json::unquote(name)).or_default().meet(value, depth + 1);
            }
        } else {
            let name = match value.as_bytes().first() {
                Some(b'"') => "string",
                Some(b't' | b'f') => "bool",
                Some(b'n') | None => return,
                Some(_) if value.contains(['.', 'e', 'E']) => "double",
                Some(_) => "long",
            };
            self.types.insert(name.to_owned());
        }
    }

    /// As JSON: a type, an object, or an array of several.
    fn json(&self) -> String {
        let mut parts = Vec::new();
        if self.properties.is_some() || self.indexer.is_some() {
            let mut out = ObjectWriter::default();
            for (name, schema) in self.properties.iter().flatten() {
                out.value(name, &schema.json());
            }
            if let Some(indexer) = &self.indexer {
                out.value("`indexer`", &indexer.json());
            }
            parts.push(out.finish());
        }
        parts.extend(self.types.iter().map(|name| format!("\"{name}\"")));
        match parts.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(",")),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        codec::push_count(out, self.types.len());
        self.types.iter().for_each(|name| codec::push_text(out, name));
        out.push(u8::from(self.properties.is_some()) + 2 * u8::from(self.indexer.is_some()));
        if let Some(properties) = &self.properties {
            codec::push_count(out, properties.len());
            for (name, schema) in properties {
                codec::push_text(out, name);
                schema.write(out);
            }
        }
        if let Some(indexer) = &self.indexer {
            indexer.write(out);
        }
    }

    fn read(&mut self, bytes: &mut Reader<'_>, depth: usize) -> Result<(), Damaged> {
        if depth > MOST_DEPTH {
            return Err(Damaged);
        }
        for _ in 0..bytes.count(8)? {
            self.types.insert(bytes.text()?.to_owned());
        }
        let has = bytes.byte()?;
        if has & 1 == 1 {
            let properties = self.properties.get_or_insert_default();
            for _ in 0..bytes.count(17)? {
                let name = bytes.text()?.to_owned();
                properties.entry(name).or_default().read(bytes, depth + 1)?;
            }
        }
        if has & 2 == 2 {
            self.indexer.get_or_insert_default().read(bytes, depth + 1)?;
        }
        Ok(())
    }

    fn size(&self) -> usize {
        let properties = self.properties.iter().flatten().map(|(name, schema)| name.len() + 48 + schema.size());
        properties.sum::<usize>() + 32 * self.types.len() + self.indexer.as_ref().map_or(0, |indexer| 80 + indexer.size())
    }
}

impl State for Schema {
    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        self.meet(rows.argument(0).value(row).text(), 0);
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.write(out);
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.read(bytes, 0)
    }

    fn finish(&self, _: &Setup, _: usize) -> Value<'static> {
        let is_empty = self.types.is_empty() && self.properties.is_none() && self.indexer.is_none();
        if is_empty { Value::Null } else { Value::owned(self.json()) }
    }

    fn heap(&self) -> usize {
        self.size()
    }
}
