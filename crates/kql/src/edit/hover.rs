//! What the word under the pointer is.

use super::{
    Callable,
    columns::{Meaning, Names},
    place::Place,
    words::{self, CHARTS, INFIX, JOIN_KINDS, OPERATORS, PLUGINS, SOURCES, STATEMENTS, TYPES, Word},
};
use crate::catalog::Catalog;
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::{
    token::{TokenKind, slice},
    tokens,
};
use chartroom_schema::kind::Kind;

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word's place.
    pub span: Span,
    /// What it is, on one line: `EventName: string`, `bin(value, number)`.
    pub title: String,
    /// One sentence; may be empty.
    pub about: String,
    /// An example and what it gives; may be empty.
    pub example: String,
}

/// What the word at byte `at` of `text` is; `None` where there is nothing to say.
#[must_use]
pub fn hover(text: &str, at: u32, catalog: &Catalog) -> Option<Hover> {
    let all = tokens(text);
    let number = all.iter().position(|token| token.span.start <= at && at < token.span.end)?;
    let token = all.get(number)?;
    if !matches!(token.kind, TokenKind::Name | TokenKind::Sign) {
        return None;
    }
    let place = Place::new(text, token.span.start);
    let touching = |at: usize| all.get(at).map_or("", |token| slice(text, token.span));
    // The parts of `mv-expand` are one word.
    let (mut first, mut last) = (number, number);
    while touching(last + 1) == "-" && all.get(last + 2).is_some_and(|next| next.kind == TokenKind::Name) {
        last += 2;
    }
    while first > 1
        && touching(first - 1) == "-"
        && all.get(first - 2).is_some_and(|next| next.kind == TokenKind::Name)
    {
        first -= 2;
    }
    let whole = all.get(first)?.span.to(all.get(last)?.span);
    let is_stage = Place::new(text, whole.start).last() == "|" || {
        let place = Place::new(text, whole.start);
        place.before.len() == place.innermost().start && place.is_body(&place.innermost())
    };
    if is_stage && let Some(word) = words::find(OPERATORS, slice(text, whole)) {
        return Some(of_word(word, whole));
    }
    let word = slice(text, token.span);
    let names = Names::new(text, token.span.start, catalog);
    let next = all.iter().skip(number + 1).find(|next| !next.kind.is_trivia());
    let is_call = next.is_some_and(|next| slice(text, next.span) == "(");
    if token.kind == TokenKind::Name {
        if is_call && let Some(found) = of_call(&place, &names, word, token.span) {
            return Some(found);
        }
        if place.last() != "."
            && let Some(found) = of_name(&place, &names, word, token.span)
        {
            return Some(found);
        }
    }
    let is_clause = |words: &'static [Word]| words::find(words, word).map(|found| of_word(found, token.span));
    match (place.back(1), place.last()) {
        (_, "render") => is_clause(CHARTS),
        ("kind", "=") => is_clause(JOIN_KINDS),
        (_, "evaluate") => is_clause(PLUGINS),
        (_, ":") => is_clause(TYPES),
        (_, "" | ";") => is_clause(STATEMENTS).or_else(|| is_clause(SOURCES)),
        _ => is_clause(INFIX).or_else(|| is_clause(SOURCES)),
    }
}

fn of_word(word: &Word, span: Span) -> Hover {
    let title = if word.usage.is_empty() { word.name } else { word.usage };
    Hover { span, title: title.to_owned(), about: word.about.to_owned(), example: String::new() }
}

fn of_call(place: &Place<'_>, names: &Names<'_>, word: &str, span: Span) -> Option<Hover> {
    if let Some(variable) = names.variable(word)
        && let Meaning::Function(parameters, _) = &variable.value
    {
        let title = format!("{word}({})", parameters.join(", "));
        return Some(Hover {
            span,
            title,
            about: "A function of this query.".to_owned(),
            example: String::new(),
        });
    }
    let stage = place.stage(&place.pipeline()).map(|(operator, _)| operator).unwrap_or_default();
    let is_aggregate = matches!(stage.as_str(), "summarize" | "make-series" | "top-nested");
    let callable = Callable::find(word, is_aggregate)?;
    let example = callable
        .examples()
        .first()
        .map_or_else(String::new, |(example, gives)| format!("{example} → {gives}"));
    Some(Hover { span, title: callable.signature(word), about: callable.about().to_owned(), example })
}

fn of_name(place: &Place<'_>, names: &Names<'_>, word: &str, span: Span) -> Option<Hover> {
    let kind_of = |kind: Option<Kind>| kind.map_or_else(String::new, |kind| format!(": {}", kind.name()));
    let plain = |title: String, about: String| Hover { span, title, about, example: String::new() };
    let is_source = place.before.len() == place.innermost().start;
    if !is_source && let Some(column) = names.at(place).into_iter().find(|column| column.name == word) {
        return Some(plain(format!("{word}{}", kind_of(column.kind)), column.about));
    }
    if let Some(variable) = names.variable(word) {
        let text: String = variable.text.chars().take(160).collect();
        return Some(match &variable.value {
            Meaning::Scalar(kind) => plain(format!("{word}{}", kind_of(*kind)), text),
            Meaning::Rows(columns) | Meaning::Function(_, Some(columns)) => {
                let columns: Vec<&str> = columns.iter().take(12).map(|column| column.name.as_str()).collect();
                plain(format!("{word}: {}", columns.join(", ")), text)
            }
            Meaning::Function(parameters, None) => plain(format!("{word}({})", parameters.join(", ")), text),
        });
    }
    let table = names.catalog.find(word)?;
    let shown = table.columns.iter().filter(|column| !column.is_hidden).count();
    let state = if table.is_loaded { "" } else { "; no records are loaded" };
    Some(plain(format!("{word}: table of {shown} columns{state}"), table.about.clone()))
}
