//! `union`: the rows of the first input, then those of the second, and so on.

use super::{Body, Operator, Pulled, Refusal, Run, Setup};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::Frame,
    plan::Constant,
    relation::Column,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{self, Name, Pattern, UnionLeg};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The rows of all inputs, which have the same columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Union;

/// `union A, B*, (query)`, behind a pipe or as a source.
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    piped: Option<Pipe>,
    union: &ast::Union,
    span: Span,
) -> Result<Pipe, Told> {
    // Stored tables alone stay stored rows.
    let patterns = stored(binder, &union.legs);
    if let (None, Some(patterns), None, false) = (&piped, patterns, &union.with_source, union.is_inner) {
        let tables = binder.tables(&patterns, union.is_fuzzy, span)?;
        if binder.are_apart(&tables) {
            return binder.stored_union(&tables, span);
        }
    }
    let mut legs: Vec<(Pipe, String)> = Vec::new();
    let add = |legs: &mut Vec<(Pipe, String)>, pipe: Pipe| {
        let name = pipe.name.clone().unwrap_or_else(|| format!("union_arg{}", legs.len()));
        legs.push((pipe, name));
    };
    if let Some(pipe) = piped {
        add(&mut legs, pipe);
    }
    let patterns = union.legs.iter().filter_map(|leg| match leg {
        UnionLeg::Tables(pattern) => Some(pattern),
        UnionLeg::Query(_) => None,
    });
    // Each record once: those that answer under two of the names are taken at home.
    let homes = binder.homes_like(patterns);
    let mut result = Ok(());
    for leg in &union.legs {
        match leg {
            UnionLeg::Query(query) => {
                let before = binder.told();
                match binder.pipe(query) {
                    Ok(pipe) => add(&mut legs, pipe),
                    // A leg over a table that is not there is left out.
                    Err(_) if union.is_fuzzy && binder.forgive(before, "KQL0104", "KQL0132") => {}
                    Err(told) => result = Err(told),
                }
            }
            UnionLeg::Tables(pattern) if !pattern.is_wild && binder.is_defined(&pattern.text) => {
                let name = Name { text: pattern.text.clone(), span: pattern.span };
                match binder.table_rows(&name) {
                    Ok(mut pipe) => {
                        if binder.is_view(&name.text) {
                            pipe.name = Some(name.text);
                        }
                        add(&mut legs, pipe);
                    }
                    Err(told) => result = Err(told),
                }
            }
            UnionLeg::Tables(pattern) => {
                for name in binder.views_like(pattern) {
                    let name = Name { text: name, span: pattern.span };
                    let mut pipe = binder.table_rows(&name)?;
                    pipe.name = Some(name.text);
                    add(&mut legs, pipe);
                }
                match binder.tables(std::slice::from_ref(pattern), union.is_fuzzy || pattern.is_wild, span) {
                    Ok(tables) => {
                        for table in tables {
                            let name = Name { text: table.name, span: pattern.span };
                            add(&mut legs, binder.rows_beside(&name, &homes)?);
                        }
                    }
                    Err(told) => result = Err(told),
                }
            }
        }
    }
    result?;
    let legs: Vec<(Pipe, String)> = legs.into_iter().map(|(pipe, name)| (binder.rows_of(pipe), name)).collect();
    unite(binder, legs, union.is_inner, union.with_source.as_ref().map(|name| name.text.as_str()), span)
}

/// The names and patterns of legs that all are tables of the catalogue.
pub(crate) fn stored(binder: &Binder<'_>, legs: &[UnionLeg]) -> Option<Vec<Pattern>> {
    let is_stored = |pattern: &Pattern| {
        !binder.is_defined(&pattern.text) && binder.views_like(pattern).is_empty()
    };
    let stored = legs.iter().map(|leg| match leg {
        UnionLeg::Tables(pattern) if is_stored(pattern) => Some(pattern.clone()),
        _ => None,
    });
    stored.collect()
}

/// One set of columns for all legs: by name, one per kind where the kinds differ.
pub(crate) fn unite(
    binder: &mut Binder<'_>,
    legs: Vec<(Pipe, String)>,
    is_inner: bool,
    with_source: Option<&str>,
    span: Span,
) -> Result<Pipe, Told> {
    let mut columns: Vec<Column> = Vec::new();
    for (pipe, _) in &legs {
        for given in pipe.given() {
            let same = |known: &&mut Column| {
                known.shown.name == given.column.shown.name && known.kind() == given.column.kind()
            };
            match columns.iter_mut().find(same) {
                Some(known) => known.is_hidden &= given.column.is_hidden,
                None => {
                    let after = columns.iter().rposition(|known| known.shown.name == given.column.shown.name);
                    columns.insert(after.map_or(columns.len(), |at| at + 1), given.column.clone());
                }
            }
        }
    }
    let has = |pipe: &Pipe, column: &Column| {
        pipe.columns().iter().any(|own| own.name == column.shown.name && own.kind == column.kind())
    };
    if is_inner {
        columns.retain(|column| legs.iter().all(|(pipe, _)| has(pipe, column)));
    }
    let mut named = columns.clone();
    for column in &mut named {
        let name = &column.shown.name;
        if columns.iter().filter(|other| other.shown.name == *name).count() > 1 {
            let name = format!("{}_{}", column.shown.name, column.shown.kind.name());
            let is_free = |name: &String| columns.iter().all(|column| column.shown.name != *name);
            let numbered = (1_u32..).map(|number| format!("{name}{number}"));
            let free = [name.clone()].into_iter().chain(numbered).find(is_free);
            column.shown.name = free.unwrap_or(name);
        }
    }
    if let Some(name) = with_source {
        if named.iter().any(|column| column.shown.name == name) {
            let message = format!("A column named `{name}` is there already");
            return Err(binder.error("KQL0165", span, message));
        }
        named.insert(0, Column::new(name, Kind::String));
    }
    let mut inputs = Vec::new();
    for (mut pipe, leg) in legs {
        let own = pipe.given();
        let mut given: Vec<Given> = Vec::new();
        if with_source.is_some() {
            let cells = binder.cells_by(&mut pipe, |_, bound| {
                Ok(bound.nodes.add_constant(Kind::String, Constant::Text(leg.clone())))
            })?;
            given.push(Given::new("", cells));
        }
        for column in &columns {
            let mine = own.iter().find(|own| {
                own.column.shown.name == column.shown.name && own.column.kind() == column.kind()
            });
            match mine {
                Some(mine) => given.push(mine.clone()),
                None => {
                    let cells = binder.cells_by(&mut pipe, |_, bound| {
                        Ok(bound.nodes.add_constant(column.kind(), Constant::Null))
                    })?;
                    given.push(Given::new("", cells));
                }
            }
        }
        for (given, column) in given.iter_mut().zip(&named) {
            given.column = column.clone();
        }
        inputs.push(binder.seal(pipe, given));
    }
    let count = named.len();
    let relation = binder.relation(Body::Union(Union), inputs, named);
    Ok(binder.restart(relation, count))
}

impl Operator for Union {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        inputs.iter().map(|_| needed.to_vec()).collect()
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let legs = setup.inputs.iter().map(|_| Leg::default()).collect();
        Box::new(Uniting { legs })
    }
}

#[derive(Default)]
struct Leg {
    frames: VecDeque<Frame>,
    is_ended: bool,
}

struct Uniting {
    legs: VecDeque<Leg>,
}

impl Run for Uniting {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        if let Some(leg) = self.legs.get_mut(input) {
            // Places of one leg mean nothing beside those of another.
            leg.frames.push_back(frame.with_places(None));
        }
        Ok(())
    }

    fn end(&mut self, input: usize) {
        if let Some(leg) = self.legs.get_mut(input) {
            leg.is_ended = true;
        }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        for leg in &mut self.legs {
            if let Some(frame) = leg.frames.pop_front() {
                return Ok(Pulled::Frame(frame));
            }
            if !leg.is_ended {
                break;
            }
        }
        Ok(Pulled::Nothing)
    }

    fn memory(&self) -> usize {
        self.legs.iter().flat_map(|leg| &leg.frames).map(Frame::memory).sum()
    }
}
