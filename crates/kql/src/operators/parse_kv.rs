//! `parse-kv`: columns out of the `key=value` pairs in a text.
//!
//! Three ways, as the properties say: by delimiters (with quotes, an escape, greedy or not), by a regular expression with two groups, or
//! by the keys alone, between signs that are neither letters nor digits.

use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup, Site, flags, parse::Source, set};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    convert::convert,
    frame::{BATCH_ROWS, Builder, Frame},
    needle::compile_regex,
    plan::Constant,
    relation::Column,
    value::Value,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{ColumnDeclaration, Expr, ExprKind, Parameter};
use chartroom_schema::kind::Kind;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};

/// Columns out of the pairs in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParseKv {
    /// Which column holds the text.
    pub input: usize,
    /// How pairs are found.
    pub how: How,
    /// The output's columns.
    pub columns: Vec<Source>,
    /// The keys, with the kinds of their values.
    pub keys: Vec<(String, Kind)>,
}

/// How pairs are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// By what stands between pairs, and between key and value.
    Delimiters {
        /// Between pairs.
        pair: String,
        /// Between key and value.
        kv: String,
        /// Quotes.
        quotes: Quotes,
        /// A value goes on to the next key.
        is_greedy: bool,
    },
    /// By the keys: what follows one up to the next sign.
    Keys(Quotes),
    /// By a regular expression: its first group is the key, its second the value.
    Pattern(String),
}

/// What opens and closes a quoted text, and what takes the meaning of a sign away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotes {
    /// Opening and closing sign.
    pub signs: Option<(char, char)>,
    /// Before a sign within quotes that means itself.
    pub escape: Option<char>,
}

/// `parse-kv input as (columns) with (properties)`.
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    (input, declared, properties): (&Expr, &[ColumnDeclaration], &[Parameter]),
    span: Span,
) -> Result<Pipe, Told> {
    let is_serialized = pipe.is_serialized;
    let mut pipe = binder.rows_of(pipe);
    let cells = binder.cells(&mut pipe, input)?;
    if !matches!(cells.kind, Kind::String | Kind::Dynamic) {
        let message = format!("`parse-kv` needs a text, not {}", cells.kind.name());
        return Err(binder.error_with_help("KQL0151", input.span, message, "Put `tostring(…)` around it"));
    }
    let cells = binder.cells_as(&mut pipe, &cells, Kind::String, input.span)?;
    let how = how(binder, properties, span)?;
    let mut columns: Vec<Column> = pipe.given().into_iter().map(|given| given.column).collect();
    let mut sources: Vec<Source> = (0..columns.len()).map(Source::Input).collect();
    let mut keys = Vec::new();
    for declaration in declared {
        let kind = match &declaration.kind {
            Some(kind) => binder.kind_named(kind)?,
            None => Kind::String,
        };
        let (name, source) = (declaration.name.text.clone(), Source::Parsed(keys.len()));
        keys.push((name.clone(), kind));
        let place = columns.iter().position(|column| column.shown.name == name);
        match place.and_then(|at| columns.get_mut(at).zip(sources.get_mut(at))) {
            Some((column, old)) => {
                *column = Column::new(name, kind);
                *old = source;
            }
            None => {
                columns.push(Column::new(name, kind));
                sources.push(source);
            }
        }
    }
    let (relation, input) = binder.seal_with(pipe, vec![Given::new("", cells)]);
    let count = columns.len();
    let relation =
        binder.relation(Body::ParseKv(ParseKv { input, how, columns: sources, keys }), vec![relation], columns);
    Ok(Pipe { is_serialized, ..binder.restart(relation, count) })
}

/// What the properties say.
fn how(binder: &mut Binder<'_>, properties: &[Parameter], span: Span) -> Result<How, Told> {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut is_greedy = false;
    for property in properties {
        let name = property.name.text.as_str();
        let value = match (name, &property.value.kind) {
            ("greedy", ExprKind::Name(word)) => Constant::Bool(word == "true"),
            _ => binder.constant(&property.value)?.1,
        };
        match (name, value) {
            ("greedy", Constant::Bool(truth)) => is_greedy = truth,
            ("pair_delimiter" | "kv_delimiter" | "quote" | "escape" | "regex", Constant::Text(text)) => {
                texts.insert(name, text);
            }
            _ => {
                let message = format!("`parse-kv` has no property `{name}` of this value");
                return Err(binder.error("KQL0017", property.span, message));
            }
        }
    }
    if let Some(pattern) = texts.remove("regex") {
        return match compile_regex(&pattern) {
            Ok(regex) if regex.captures_len() == 3 => Ok(How::Pattern(pattern)),
            Ok(_) => Err(binder.error("KQL0123", span, "The pattern needs two groups: the key and the value")),
            Err(message) => Err(binder.error("KQL0123", span, message)),
        };
    }
    let sign = |name: &str| texts.get(name).and_then(|text| text.chars().next());
    let quotes = Quotes {
        signs: sign("quote").map(|open| (open, texts.get("quote").and_then(|text| text.chars().nth(1)).unwrap_or(open))),
        escape: sign("escape"),
    };
    match (texts.get("pair_delimiter"), texts.get("kv_delimiter")) {
        (None, None) => Ok(How::Keys(quotes)),
        (Some(pair), Some(kv)) if !pair.is_empty() && !kv.is_empty() => {
            Ok(How::Delimiters { pair: pair.clone(), kv: kv.clone(), quotes, is_greedy })
        }
        _ => Err(binder.error("KQL0017", span, "`pair_delimiter` and `kv_delimiter` are given together")),
    }
}

impl Quotes {
    /// The quoted text at the start of `text`, without quotes and escapes, and what follows.
    fn take(self, text: &str) -> Option<(String, &str)> {
        let (open, close) = self.signs?;
        let body = text.strip_prefix(open)?;
        let mut taken = String::new();
        let mut chars = body.char_indices();
        while let Some((at, sign)) = chars.next() {
            if Some(sign) == self.escape
                && let Some((_, next)) = chars.next()
            {
                taken.push(next);
            } else if sign == close {
                return Some((taken, body.get(at + sign.len_utf8()..).unwrap_or_default()));
            } else {
                taken.push(sign);
            }
        }
        // A quote that is never closed goes to the end.
        Some((taken, ""))
    }
}

/// The pairs between delimiters.
fn pairs(text: &str, (pair, kv): (&str, &str), quotes: Quotes, is_greedy: bool) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = text;
    let mut is_first = true;
    while is_first || !rest.is_empty() {
        is_first = false;
        let start = rest.trim_start();
        // The key: quoted, or up to the delimiter if that comes before the next pair.
        let (key, after) = match quotes.take(start) {
            Some((key, after)) => (Some(key), after.trim_start().strip_prefix(kv)),
            None => {
                let end = start.find(pair).unwrap_or(start.len());
                let (head, tail) = start.split_at_checked(end).unwrap_or((start, ""));
                match head.find(kv) {
                    Some(at) => (head.get(..at).map(|key| key.trim().to_owned()), start.get(at + kv.len()..)),
                    None => {
                        // No key: a greedy value goes on with it.
                        if is_greedy && let Some((_, value)) = found.last_mut() {
                            value.push_str(pair);
                            value.push_str(head);
                        }
                        rest = tail.strip_prefix(pair).unwrap_or_default();
                        continue;
                    }
                }
            }
        };
        let Some(after) = after else {
            let end = start.find(pair).map_or(start.len(), |at| at + pair.len());
            rest = start.get(end..).unwrap_or_default();
            continue;
        };
        let value_at = after.trim_start_matches(|sign: char| sign.is_whitespace() && !pair.contains(sign));
        let (value, tail) = match quotes.take(value_at) {
            Some(taken) => taken,
            None => {
                let end = value_at.find(pair).unwrap_or(value_at.len());
                let (value, tail) = value_at.split_at_checked(end).unwrap_or((value_at, ""));
                (value.trim().to_owned(), tail)
            }
        };
        found.extend(key.map(|key| (key, value)));
        rest = tail.find(pair).and_then(|at| tail.get(at + pair.len()..)).unwrap_or_default();
    }
    for (_, value) in &mut found {
        if is_greedy {
            value.truncate(value.trim_end().len());
        }
    }
    found
}

/// What follows a key that stands by itself, up to the next sign that is neither letter nor digit.
fn value_of(text: &str, key: &str, quotes: Quotes) -> Option<String> {
    let is_sign = |sign: char| !sign.is_alphanumeric();
    for (at, _) in text.match_indices(key) {
        let after = text.get(at + key.len()..).unwrap_or_default();
        let is_alone = text.get(..at).unwrap_or_default().chars().next_back().is_none_or(is_sign)
            && after.chars().next().is_some_and(is_sign);
        if !is_alone {
            continue;
        }
        let is_quote = |sign: char| quotes.signs.is_some_and(|(open, _)| open == sign);
        let start = after.trim_start_matches(|sign: char| is_sign(sign) && !is_quote(sign));
        return Some(match quotes.take(start) {
            Some((value, _)) => value,
            None => start.split(is_sign).next().unwrap_or_default().to_owned(),
        });
    }
    None
}

impl Operator for ParseKv {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        let own = set(needed).filter_map(|at| match self.columns.get(at) {
            Some(Source::Input(input)) => Some(*input),
            _ => None,
        });
        vec![flags(columns, own.chain([self.input]))]
    }

    fn begin(&self, _: &Setup<'_>) -> Box<dyn Run> {
        let regex = match &self.how {
            How::Pattern(pattern) => compile_regex(pattern).ok(),
            _ => None,
        };
        Box::new(Parsing { parse: self.clone(), regex, ready: Ready::default() })
    }

    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Shard
    }
}

struct Parsing {
    parse: ParseKv,
    regex: Option<Regex>,
    ready: Ready,
}

impl Parsing {
    /// Per key its value.
    fn values(&self, text: &str) -> Vec<Option<String>> {
        let keys = || self.parse.keys.iter().map(|(key, _)| key.as_str());
        let found: Vec<(String, String)> = match (&self.parse.how, &self.regex) {
            (How::Keys(quotes), _) => return keys().map(|key| value_of(text, key, *quotes)).collect(),
            (How::Delimiters { pair, kv, quotes, is_greedy }, _) => pairs(text, (pair, kv), *quotes, *is_greedy),
            (How::Pattern(_), Some(regex)) => {
                let group = |found: &regex::Captures<'_>, at| {
                    found.get(at).map_or("", |group: regex::Match<'_>| group.as_str()).to_owned()
                };
                regex.captures_iter(text).map(|found| (group(&found, 1).trim().to_owned(), group(&found, 2))).collect()
            }
            (How::Pattern(_), None) => Vec::new(),
        };
        keys().map(|key| found.iter().find(|(found, _)| found == key).map(|(_, value)| value.clone())).collect()
    }
}

impl Run for Parsing {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let input = frame.column(self.parse.input);
        let mut builders: Vec<Builder> = self.parse.keys.iter().map(|(_, kind)| Builder::new(*kind)).collect();
        for row in 0..frame.rows() {
            let values = self.values(input.get(row).text());
            for ((builder, (_, kind)), value) in builders.iter_mut().zip(&self.parse.keys).zip(values) {
                let value = value.map_or(Value::Null, Value::owned);
                builder.push(&convert(value, Kind::String, *kind).or_none(*kind));
            }
        }
        let parsed: Vec<_> = builders.into_iter().map(|builder| Rc::new(builder.finish())).collect();
        let column = |source: &Source| match source {
            Source::Input(at) => frame.column(*at),
            Source::Parsed(number) => parsed.get(*number).cloned().unwrap_or_else(|| frame.column(usize::MAX)),
        };
        self.ready.push(frame.with_columns(self.parse.columns.iter().map(column).collect()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, signs: Option<(char, char)>, is_greedy: bool, expected: &[(&str, &str)]) {
        let found = pairs(text, (" ", "="), Quotes { signs, escape: Some('\\') }, is_greedy);
        let found: Vec<_> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn pairs_are_found() {
        check("a=1 b=2", None, false, &[("a", "1"), ("b", "2")]);
        check("a=x y b=2", None, false, &[("a", "x"), ("b", "2")]);
        check("a=x y b=2 z", None, true, &[("a", "x y"), ("b", "2 z")]);
        check(r#""a b"="c=d e" f="g \"h\"" i="j"#, Some(('"', '"')), false, &[("a b", "c=d e"), ("f", "g \"h\""), ("i", "j")]);
        check("(a b)=(c d) e=", Some(('(', ')')), false, &[("a b", "c d"), ("e", "")]);
        check("", None, false, &[]);
        check("é =ü", None, true, &[("", "ü")]);
    }

    #[test]
    fn values_follow_their_keys() {
        let quotes = Quotes { signs: Some(('\'', '\'')), escape: None };
        assert_eq!(value_of("ab: 1, b: 'x y'", "b", quotes).as_deref(), Some("x y"));
        assert_eq!(value_of("ab: 1", "b", quotes), None);
    }
}
