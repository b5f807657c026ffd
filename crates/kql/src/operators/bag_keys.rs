//! `evaluate bag_unpack(column)`: a column for each key of the bags in a column.
//!
//! Which keys there are, and of which types, is asked of the data by the operator here; the columns are paths into the bag then.

use super::{Body, Operator, Pulled, Refusal, Run, Setup, Site, plugins, summarize};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{Builder, Frame},
    json,
    plan::{Constant, Op},
    relation::Column,
    value::Value,
};
use chartroom_kql_syntax::ast::Expr;
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// The most columns that bags give.
const MAX_KEYS: usize = 5_000;

/// The keys of the bags in the first column, each with the types of its values: rows of two texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BagKeys;

/// What is done with a key that a column is called already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Conflict {
    Error,
    ReplaceSource,
    KeepSource,
}

/// `evaluate bag_unpack(column, prefix, columnsConflict, ignoredProperties) : (schema)`.
pub(super) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &plugins::Clause<'_>) -> Result<Pipe, Told> {
    let span = clause.span;
    let parameters = ["column", "OutputColumnPrefix", "columnsConflict", "ignoredProperties"];
    let [column, prefix, conflict, ignored] = plugins::placed(binder, clause, parameters)?;
    let name = plugins::column_of(binder, clause, column)?;
    let prefix = constant_text(binder, prefix)?.unwrap_or_default();
    let conflict = match constant_text(binder, conflict)?.as_deref() {
        None | Some("error") => Conflict::Error,
        Some("replace_source") => Conflict::ReplaceSource,
        Some("keep_source") => Conflict::KeepSource,
        Some(_) => {
            let message = "`columnsConflict` is 'error', 'replace_source' or 'keep_source'";
            return Err(binder.error("KQL0112", span, message));
        }
    };
    let ignored: BTreeSet<String> = match ignored {
        Some(ignored) => match binder.constant(ignored)? {
            (Kind::Dynamic, Constant::Text(list)) => {
                json::elements(&list).into_iter().flatten().map(json::unquote).collect()
            }
            (Kind::String, Constant::Text(key)) => BTreeSet::from([key]),
            _ => return Err(binder.error("KQL0112", ignored.span, "A list of keys stands here: `dynamic(['a'])`")),
        },
        None => BTreeSet::new(),
    };
    let is_serialized = pipe.is_serialized;
    let relation = binder.seal_all(pipe);
    let all = binder.columns_of(relation).len();
    let mut pipe = binder.restart(relation, all);
    let own = plugins::name(&name.text, name.span);
    let cells = binder.cells(&mut pipe, &own)?;
    if cells.kind != Kind::Dynamic {
        let message = format!("The expression must have the type dynamic, not {}", cells.kind.name());
        return Err(binder.error_with_help("KQL0176", name.span, message, "Put `parse_json(…)` into an `extend` before"));
    }
    let own = binder.resolved(&pipe, &name)?;
    // Per new column its name, the key and the type.
    let mut wanted: Vec<(String, String, Kind)> = Vec::new();
    if let Some(schema) = clause.schema {
        for declared in &schema.columns {
            let kind = match &declared.kind {
                Some(kind) => binder.kind_named(kind)?,
                None => Kind::Dynamic,
            };
            let text = &declared.name.text;
            wanted.push((text.clone(), text.strip_prefix(&prefix).unwrap_or(text).to_owned(), kind));
        }
    } else {
        let mut probe = binder.restart(relation, all);
        let bags = binder.cells(&mut probe, &plugins::name(&name.text, name.span))?;
        let bags = binder.seal(probe, vec![Given::new("", bags)]);
        let columns = vec![Column::new("key", Kind::String), Column::new("type", Kind::String)];
        let keys = binder.relation(Body::BagKeys(BagKeys), vec![bags], columns.clone());
        let keys = binder.relation(Body::Summarize(summarize::Summarize::distinct(vec![0, 1])), vec![keys], columns);
        for (key, kind) in kinds_of(&binder.shape(keys, span)?) {
            if !ignored.contains(&key) {
                wanted.push((format!("{prefix}{key}"), key, kind));
            }
        }
    }
    let keeps_input = clause.schema.is_none_or(|schema| schema.keeps_input);
    let mut given: Vec<Given> = pipe
        .given()
        .into_iter()
        .filter(|given| keeps_input && !given.column.is_hidden && given.column.shown.name != own)
        .collect();
    for (name, key, kind) in wanted {
        let place = given.iter().position(|given| given.column.shown.name == name);
        if place.is_some() && conflict == Conflict::KeepSource {
            continue;
        }
        if place.is_some() && conflict == Conflict::Error {
            let message = format!("A column named `{name}` is there already");
            let help = "Say what to do: `columnsConflict='replace_source'` or `'keep_source'`, or give a prefix";
            return Err(binder.error_with_help("KQL0165", span, message, help));
        }
        let mut bases = cells.nodes.iter().copied();
        let value = binder.cells_by(&mut pipe, |binder, bound| {
            let base = bases.next().ok_or(Told)?;
            let node = binder.add(bound, Kind::Dynamic, Op::Property { base, name: key.clone() }, span)?;
            binder.converted(bound, node, kind, span)
        })?;
        let value = Given::new(name, value);
        match place.and_then(|at| given.get_mut(at)) {
            Some(old) => *old = value,
            None => given.push(value),
        }
    }
    binder.show_given(&mut pipe, given);
    Ok(Pipe { is_serialized, ..pipe })
}

fn constant_text(binder: &mut Binder<'_>, argument: Option<&Expr>) -> Result<Option<String>, Told> {
    let Some(argument) = argument else { return Ok(None) };
    match binder.constant(argument)? {
        (Kind::String, Constant::Text(text)) => Ok(Some(text)),
        _ => Err(binder.error("KQL0112", argument.span, "A constant text stands here")),
    }
}

/// One type per key: whole numbers and reals are reals, all else that differs is dynamic.
fn kinds_of(shape: &[Vec<String>]) -> BTreeMap<String, Kind> {
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    for row in shape {
        let [key, kind] = row.as_slice() else { continue };
        let kind = Kind::from_name(kind).unwrap_or(Kind::Dynamic);
        let known = kinds.entry(key.clone()).or_insert(kind);
        *known = match (*known, kind) {
            (a, b) if a == b => a,
            (Kind::Long | Kind::Real, Kind::Long | Kind::Real) => Kind::Real,
            _ => Kind::Dynamic,
        };
    }
    kinds
}

impl Operator for BagKeys {
    fn begin(&self, _: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Finding { found: BTreeSet::new(), bytes: 0, is_ended: false })
    }

    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Shard
    }
}

struct Finding {
    found: BTreeSet<(String, &'static str)>,
    bytes: usize,
    is_ended: bool,
}

/// The type of a value; `None` for null, which is of any.
fn kind_of(value: &str) -> Option<Kind> {
    match value.as_bytes().first()? {
        b'n' => None,
        b't' | b'f' => Some(Kind::Bool),
        b'"' => Some(Kind::String),
        b'[' | b'{' => Some(Kind::Dynamic),
        _ if value.parse::<i64>().is_ok() => Some(Kind::Long),
        _ => Some(Kind::Real),
    }
}

impl Run for Finding {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let column = frame.column(0);
        for row in 0..frame.rows() {
            let value = column.get(row);
            for (key, value) in json::entries(value.text()).into_iter().flatten() {
                let Some(kind) = kind_of(value) else { continue };
                let found = (json::unquote(key), kind.name());
                if !self.found.contains(&found) {
                    self.bytes += found.0.len() + 64;
                    self.found.insert(found);
                }
            }
        }
        if self.found.len() > MAX_KEYS {
            let message = format!("the bags have more than {MAX_KEYS} keys: say which ones you mean behind `:`");
            return Err(Refusal::Value(message));
        }
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ended || self.found.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let found = std::mem::take(&mut self.found);
        let (mut keys, mut kinds) = (Builder::new(Kind::String), Builder::new(Kind::String));
        for (key, kind) in &found {
            keys.push(&Value::borrowed(key));
            kinds.push(&Value::borrowed(kind));
        }
        Ok(Pulled::Frame(Frame::new(found.len(), vec![Rc::new(keys.finish()), Rc::new(kinds.finish())])))
    }

    fn memory(&self) -> usize {
        self.bytes
    }
}
