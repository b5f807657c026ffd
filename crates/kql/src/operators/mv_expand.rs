//! `mv-expand`: a row per element of arrays (and entry of bags), several columns in lockstep.

use super::{Body, Operator, Pulled, Refusal, Run, Setup, Site, flags, set};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    convert::convert,
    frame::{BATCH_ROWS, Builder, Frame, Place, Places, Vector},
    json,
    relation::Column,
    value::Value,
};
use chartroom_kql_syntax::ast::{Expanded, Expr, ExprKind, Name};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, rc::Rc};

/// A row per element of the columns in `items`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MvExpand {
    /// The output's columns.
    pub columns: Vec<Source>,
    /// The dynamic columns that are expanded, and the kinds of what comes out.
    pub items: Vec<(usize, Kind)>,
    /// At most so many rows a row.
    pub limit: u64,
    /// The entries of bags come as arrays of name and value.
    pub is_bag_to_array: bool,
}

/// Where an output column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A column of the input, repeated.
    Input(usize),
    /// An expanded column, by its number.
    Item(usize),
    /// The number of the element.
    Number,
}

/// What the text says of an `mv-expand`.
pub(crate) struct Clause<'a> {
    pub(crate) is_legacy: bool,
    pub(crate) is_bag_to_array: bool,
    pub(crate) item_index: Option<&'a Name>,
    pub(crate) columns: &'a [Expanded],
    pub(crate) limit: Option<&'a Expr>,
}

/// `mv-expand columns limit n`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>) -> Result<Pipe, Told> {
    let is_serialized = pipe.is_serialized;
    let mut pipe = binder.rows_of(pipe);
    let limit = match clause.limit {
        Some(limit) => binder.row_count(limit)?,
        // What the older form is documented to do, and the newer one to allow.
        None if clause.is_legacy => 128,
        None => u64::from(u32::MAX),
    };
    let shown = pipe.given();
    let mut columns: Vec<Column> = shown.iter().map(|given| given.column.clone()).collect();
    let mut sources: Vec<Source> = (0..columns.len()).map(Source::Input).collect();
    let mut more: Vec<Given> = Vec::new();
    let mut items = Vec::new();
    let mut result = Ok(());
    for expanded in clause.columns {
        let value = &expanded.item.value;
        let kind = match &expanded.kind {
            Some(kind) => binder.kind_named(kind)?,
            None => Kind::Dynamic,
        };
        let cells = match binder.cells(&mut pipe, value) {
            Ok(cells) => cells,
            Err(told) => {
                result = Err(told);
                continue;
            }
        };
        if cells.kind != Kind::Dynamic {
            let message = format!("The expression must have the type dynamic, not {}", cells.kind.name());
            let help = "Put `parse_json(…)` around it, or `split(…)` for a list in a text";
            result = Err(binder.error_with_help("KQL0176", value.span, message, help));
            continue;
        }
        let own = match (&expanded.item.name, &value.kind) {
            (Some(name), _) => Some(name.text.clone()),
            (None, ExprKind::Name(name)) => Some(name.clone()),
            (None, _) => binder.auto_name(&pipe, value),
        };
        let item = Source::Item(items.len());
        items.push((shown.len() + more.len(), kind));
        more.push(Given::new("", cells));
        let place = own.as_ref().and_then(|own| columns.iter().position(|column| column.shown.name == *own));
        let name = own.unwrap_or_else(|| free_name(&columns, "Column1"));
        match place.and_then(|at| columns.get_mut(at).zip(sources.get_mut(at))) {
            Some((column, source)) => {
                *column = Column::new(name, kind);
                *source = item;
            }
            None => {
                columns.push(Column::new(name, kind));
                sources.push(item);
            }
        }
    }
    result?;
    if let Some(name) = clause.item_index {
        columns.push(Column::new(free_name(&columns, &name.text), Kind::Long));
        sources.push(Source::Number);
    }
    let (relation, _) = binder.seal_with(pipe, more);
    let count = columns.len();
    let expand =
        MvExpand { columns: sources, items, limit, is_bag_to_array: clause.is_bag_to_array };
    let relation = binder.relation(Body::MvExpand(expand), vec![relation], columns);
    Ok(Pipe { is_serialized, ..binder.restart(relation, count) })
}

/// The name, with a number behind it when it is taken.
fn free_name(columns: &[Column], name: &str) -> String {
    let is_free = |name: &String| columns.iter().all(|column| column.shown.name != *name);
    let numbered = (1_u32..).map(|number| format!("{name}{number}"));
    [name.to_owned()].into_iter().chain(numbered).find(is_free).unwrap_or_default()
}

impl Operator for MvExpand {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        let own = set(needed).filter_map(|at| match self.columns.get(at) {
            Some(Source::Input(input)) => Some(*input),
            _ => None,
        });
        vec![flags(columns, own.chain(self.items.iter().map(|(column, _)| *column)))]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Expanding { expand: self.clone(), kinds: setup.output_kinds(), waiting: VecDeque::new(), row: 0, part: 0, lists: None })
    }

    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Shard
    }
}

struct Expanding {
    expand: MvExpand,
    kinds: Vec<Kind>,
    waiting: VecDeque<Frame>,
    /// The row of the first batch that is next, and the element of it.
    row: usize,
    part: usize,
    /// Per item the elements of that row, once they are looked at.
    lists: Option<Vec<Option<Vec<String>>>>,
}

/// Rows that are made, and looked at, at a time: each is read out of a text.
const MOST_MADE: usize = BATCH_ROWS / 8;

/// The elements of a dynamic; `None` for null.
fn elements(value: &Value<'_>, is_bag_to_array: bool) -> Option<Vec<String>> {
    if value.is_null() {
        return None;
    }
    let text = value.text();
    if let Some(elements) = json::elements(text) {
        return Some(elements.map(str::to_owned).collect());
    }
    if let Some(entries) = json::entries(text) {
        let entry = |(key, value): (&str, &str)| {
            if is_bag_to_array { format!("[{key},{value}]") } else { format!("{{{key}:{value}}}") }
        };
        return Some(entries.map(entry).collect());
    }
    // A single value is its own only element.
    Some(vec![text.to_owned()])
}

/// An element as a value of a kind: a cast, not a reading (`"2"` is no number).
pub(crate) fn cast(element: &str, kind: Kind) -> Value<'static> {
    let is_number = element.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let is_text = element.starts_with('"');
    let dynamic = || Value::borrowed(element);
    match kind {
        _ if element == "null" => Value::none(kind),
        Kind::Dynamic => Value::owned(element.to_owned()),
        Kind::Int | Kind::Long if is_number => match element.parse::<i64>() {
            Ok(long) => convert(Value::Long(long), Kind::Long, kind).into_owned(),
            Err(_) => convert(dynamic(), Kind::Dynamic, Kind::Real)
                .real()
                .map_or(Value::Null, |real| convert(Value::Real(real), Kind::Real, kind).into_owned()),
        },
        Kind::Real if is_number => convert(dynamic(), Kind::Dynamic, kind).into_owned(),
        Kind::Bool if element == "true" || element == "false" => Value::Bool(element == "true"),
        Kind::Bool if is_number => match element.parse::<i64>() {
            Ok(long) => Value::Bool(long != 0),
            Err(_) => Value::Null,
        },
        Kind::String => convert(dynamic(), Kind::Dynamic, kind).into_owned(),
        Kind::DateTime | Kind::TimeSpan | Kind::Guid if is_text => convert(dynamic(), Kind::Dynamic, kind).into_owned(),
        _ => Value::none(kind),
    }
}

impl Expanding {
    /// The next rows of the first batch.
    fn next(&mut self) -> Option<Frame> {
        let frame = self.waiting.front()?.clone();
        let kinds = self.expand.items.iter().map(|(_, kind)| Builder::new(*kind));
        let mut items: Vec<Builder> = kinds.collect();
        let limit = usize::try_from(self.expand.limit).unwrap_or(usize::MAX);
        // Per row that comes out, the row that it is made of and the number of its elements.
        let (mut rows, mut parts): (Vec<u32>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut looked = 0;
        while rows.len() < MOST_MADE && looked < MOST_MADE && self.row < frame.rows() {
            let row = self.row;
            let lists = self.lists.get_or_insert_with(|| {
                let columns = self.expand.items.iter().map(|(column, _)| frame.column(*column));
                columns.map(|column| elements(&column.get(row), self.expand.is_bag_to_array)).collect()
            });
            looked += 1;
            // A null by itself is one row of null; beside lists it is none.
            let longest = lists.iter().flatten().map(Vec::len).max().unwrap_or(1).min(limit);
            let end = longest.min(self.part + (MOST_MADE - rows.len()));
            for part in self.part..end {
                for ((builder, (_, kind)), list) in items.iter_mut().zip(&self.expand.items).zip(lists.iter()) {
                    let element = list.as_ref().and_then(|list| list.get(part));
                    builder.push(&element.map_or(Value::none(*kind), |element| cast(element, *kind)));
                }
                rows.push(u32::try_from(row).unwrap_or(u32::MAX));
                parts.push(part);
            }
            self.part = end;
            if end < longest {
                break;
            }
            self.part = 0;
            self.row += 1;
            self.lists = None;
        }
        if self.row >= frame.rows() {
            self.waiting.pop_front();
            self.row = 0;
        }
        let items: Vec<Rc<Vector>> = items.into_iter().map(|builder| Rc::new(builder.finish())).collect();
        let none = |kind: &Kind| Rc::new(Vector::Same(Value::none(*kind), rows.len()));
        let column = |(source, kind): (&Source, &Kind)| match source {
            Source::Input(at) => Rc::new(frame.column(*at).take(&rows)),
            Source::Item(item) => items.get(*item).cloned().unwrap_or_else(|| none(kind)),
            Source::Number => {
                let number = |part: &usize| i64::try_from(*part).map_or(Value::Null, Value::Long);
                Rc::new(Vector::from_values(*kind, parts.iter().map(number)))
            }
        };
        let columns = self.expand.columns.iter().zip(&self.kinds).map(column).collect();
        let places = frame.places().map(|places| {
            let place = |(row, part): (&u32, &usize)| {
                let place = places.get(*row as usize).unwrap_or_default();
                // Unique for what one expansion makes of one row; a second one goes on from there.
                Place { part: place.part.wrapping_mul(1 << 16).wrapping_add(*part as u64), ..place }
            };
            Rc::new(Places::Each(rows.iter().zip(&parts).map(place).collect()))
        });
        Some(Frame::new(rows.len(), columns).with_places(places))
    }
}

impl Run for Expanding {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        self.waiting.push_back(frame);
        Ok(())
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        Ok(match self.next() {
            Some(frame) if frame.rows() > 0 => Pulled::Frame(frame),
            Some(_) => Pulled::Working,
            None => Pulled::Nothing,
        })
    }

    fn memory(&self) -> usize {
        self.waiting.iter().map(Frame::memory).sum()
    }
}
