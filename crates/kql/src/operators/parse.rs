//! `parse`, `parse-where`: columns out of a text by a pattern.
//!
//! Every pattern becomes one regular expression with a group per column: texts of the simple kinds are literals, strings take as
//! little as they can, typed columns what looks like their type, and all of the text must be used up.

use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup, Site, flags, set};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    convert::convert,
    frame::{BATCH_ROWS, Builder, Frame},
    needle::compile_regex,
    relation::Column,
    value::Value,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, Name, ParseMode, ParsePart};
use chartroom_schema::kind::Kind;
use chartroom_store::Bitmap;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::{fmt::Write as _, rc::Rc};

/// Columns out of the text in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parse {
    /// Which column holds the text.
    pub input: usize,
    /// The regular expression; group `c0` is the first parsed column, and so on.
    pub pattern: String,
    /// The output's columns: a column of the input, or a parsed one.
    pub columns: Vec<Source>,
    /// The kinds of the parsed ones.
    pub kinds: Vec<Kind>,
    /// One value that is none of its type blanks only itself.
    pub is_relaxed: bool,
    /// Rows that do not match go.
    pub is_where: bool,
}

/// Where an output column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A column of the input.
    Input(usize),
    /// A parsed column, by its number.
    Parsed(usize),
}

/// What the text says of a `parse`.
pub(crate) struct Clause<'a> {
    pub(crate) is_where: bool,
    pub(crate) mode: ParseMode,
    pub(crate) flags: Option<&'a Name>,
    pub(crate) input: &'a Expr,
    pub(crate) pattern: &'a [ParsePart],
}

/// `parse kind=… input with pattern`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>, span: Span) -> Result<Pipe, Told> {
    let is_serialized = pipe.is_serialized;
    let mut pipe = binder.rows_of(pipe);
    let cells = binder.cells(&mut pipe, clause.input)?;
    if !matches!(cells.kind, Kind::String | Kind::Dynamic) {
        let message = format!("`parse` needs a text, not {}", cells.kind.name());
        return Err(binder.error_with_help("KQL0151", clause.input.span, message, "Put `tostring(…)` around it"));
    }
    let cells = binder.cells_as(&mut pipe, &cells, Kind::String, clause.input.span)?;
    let mut columns: Vec<Column> = pipe.given().into_iter().map(|given| given.column).collect();
    let mut sources: Vec<Source> = (0..columns.len()).map(Source::Input).collect();
    let mut kinds = Vec::new();
    for part in clause.pattern {
        let ParsePart::Column(declaration) = part else { continue };
        let kind = match &declaration.kind {
            Some(kind) => binder.kind_named(kind)?,
            None => Kind::String,
        };
        let (name, source) = (&declaration.name.text, Source::Parsed(kinds.len()));
        kinds.push(kind);
        match columns.iter().position(|column| column.shown.name == *name) {
            Some(at) => {
                if let Some((column, old)) = columns.get_mut(at).zip(sources.get_mut(at)) {
                    *column = Column::new(name.clone(), kind);
                    *old = source;
                }
            }
            None => {
                columns.push(Column::new(name.clone(), kind));
                sources.push(source);
            }
        }
    }
    let pattern = expression(clause, &kinds);
    if let Err(message) = compile_regex(&pattern) {
        return Err(binder.error("KQL0123", span, message));
    }
    let (relation, input) = binder.seal_with(pipe, vec![Given::new("", cells)]);
    let count = columns.len();
    let parse = Parse {
        input,
        pattern,
        columns: sources,
        kinds,
        is_relaxed: clause.mode == ParseMode::Relaxed,
        is_where: clause.is_where,
    };
    let relation = binder.relation(Body::Parse(parse), vec![relation], columns);
    Ok(Pipe { is_serialized, ..binder.restart(relation, count) })
}

/// The regular expression of a pattern.
fn expression(clause: &Clause<'_>, kinds: &[Kind]) -> String {
    let is_regex = clause.mode == ParseMode::Regex;
    let mut pattern = String::new();
    match clause.flags {
        Some(flags) if is_regex => push(&mut pattern, format_args!("(?{})", flags.text)),
        _ if is_regex => {}
        _ => pattern.push_str(r"(?s)\A"),
    }
    let mut kinds = kinds.iter().enumerate();
    for part in clause.pattern {
        match part {
            ParsePart::Skip(_) => pattern.push_str(".*?"),
            // A text that is no regular expression stands for itself.
            ParsePart::Text { text, .. } if is_regex && compile_regex(text).is_ok() => {
                push(&mut pattern, format_args!("(?:{text})"));
            }
            ParsePart::Text { text, .. } => pattern.push_str(&regex::escape(text)),
            ParsePart::Column(_) => {
                let Some((number, kind)) = kinds.next() else { continue };
                let what = match (kind, clause.mode) {
                    (Kind::Int | Kind::Long, ParseMode::Simple) => r"\s*[+-]?\d+\s*",
                    (Kind::Int | Kind::Long, ParseMode::Relaxed) => r"\s*[+-]?\d+\s*|.*?",
                    (Kind::Int | Kind::Long, ParseMode::Regex) => r"[+-]?\d+",
                    (Kind::Real, ParseMode::Simple) => r"\s*[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*",
                    (Kind::Real, ParseMode::Relaxed) => r"\s*[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*|.*?",
                    (Kind::Real, ParseMode::Regex) => r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?",
                    (Kind::Bool, ParseMode::Simple) => r"\s*(?i:true|false|[+-]?\d+)\s*",
                    (Kind::Bool, ParseMode::Regex) => "(?i:true|false)",
                    (_, ParseMode::Regex) => ".*",
                    _ => ".*?",
                };
                push(&mut pattern, format_args!("(?P<c{number}>{what})"));
            }
        }
    }
    if !is_regex {
        pattern.push_str(r"\z");
    }
    pattern
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}

impl Operator for Parse {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        let own = set(needed).filter_map(|at| match self.columns.get(at) {
            Some(Source::Input(input)) => Some(*input),
            _ => None,
        });
        vec![flags(columns, own.chain([self.input]))]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let groups = self.kinds.iter().enumerate().map(|(number, _)| format!("c{number}")).collect();
        // The binder compiled it before.
        let regex = compile_regex(&self.pattern).ok();
        Box::new(Parsing { parse: self.clone(), regex, groups, kinds: setup.output_kinds(), ready: Ready::default() })
    }

    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Shard
    }
}

struct Parsing {
    parse: Parse,
    regex: Option<Regex>,
    groups: Vec<String>,
    kinds: Vec<Kind>,
    ready: Ready,
}

impl Parsing {
    /// The values of the parsed columns; `None` when the text does not match.
    fn parse(&self, text: &str) -> Option<Vec<Value<'static>>> {
        let found = self.regex.as_ref()?.captures(text)?;
        let mut values = Vec::new();
        for (name, kind) in self.groups.iter().zip(&self.parse.kinds) {
            let text = found.name(name).map_or("", |found| found.as_str());
            // Braces around an identifier belong to its text form.
            let text = if *kind == Kind::Guid { text.trim_matches(['{', '}']) } else { text };
            let value = convert(Value::borrowed(text), Kind::String, *kind).into_owned();
            if value.is_null() && !self.parse.is_relaxed {
                return None;
            }
            values.push(value);
        }
        Some(values)
    }
}

impl Run for Parsing {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let input = frame.column(self.parse.input);
        let mut builders: Vec<Builder> = self.parse.kinds.iter().map(|kind| Builder::new(*kind)).collect();
        let mut matched = Bitmap::filled(frame.rows(), true);
        for row in 0..frame.rows() {
            let values = self.parse(input.get(row).text());
            matched.set(row, values.is_some());
            let values = values.unwrap_or_default();
            for (number, builder) in builders.iter_mut().enumerate() {
                builder.push(values.get(number).unwrap_or(&Value::Null));
            }
        }
        let parsed: Vec<_> = builders.into_iter().map(|builder| Rc::new(builder.finish())).collect();
        let column = |source: &Source| match source {
            Source::Input(at) => frame.column(*at),
            Source::Parsed(number) => parsed.get(*number).cloned().unwrap_or_else(|| frame.column(usize::MAX)),
        };
        let out = frame.with_columns(self.parse.columns.iter().map(column).collect());
        debug_assert_eq!(out.columns().len(), self.kinds.len());
        self.ready.push(if self.parse.is_where { out.filter(&matched) } else { out });
        Ok(())
    }

    fn most_rows(&self) -> usize {
        BATCH_ROWS / 8
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        Ok(self.ready.pull())
    }

    fn memory(&self) -> usize {
        self.ready.memory()
    }
}
