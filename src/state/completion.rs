//! What may stand where the caret is: tables, operators of the pipe, columns.
//!
//! Works from the tokens before the caret alone, so that a half-written query completes as well as a whole one.

use chartroom_kql_syntax::{
    keyword::{OPERATORS, SOURCES},
    token::{Token, TokenKind, slice},
    tokens,
};
use std::ops::Range;

/// Most entries that are offered at once.
const MOST: usize = 50;
/// A longer text is not looked at with every key.
const LIVE_BYTES: usize = 40_000;

/// Something that may stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What is put there.
    pub text: String,
    /// What it is: `table`, `operator`, or the column's type.
    pub what: String,
}

/// What is known of names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Tables with rows.
    pub tables: Vec<String>,
    /// Columns of the result, with their types.
    pub columns: Vec<(String, String)>,
}

/// What is offered: in place of which bytes, and the entries, the best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// The word that is being written.
    pub word: Range<usize>,
    /// What it may become.
    pub entries: Vec<Entry>,
}

/// The entries for the caret at byte `caret`; none within texts and comments.
#[must_use]
pub fn offer(text: &str, caret: usize, names: &Names) -> Offer {
    if text.len() > LIVE_BYTES {
        return Offer::default();
    }
    let before: Vec<Token> =
        tokens(text).into_iter().filter(|token| (token.span.start as usize) < caret).collect();
    let at_caret = before.last().copied();
    let is_within = |kind: TokenKind| match kind {
        TokenKind::String { is_closed } | TokenKind::Typed { is_closed } => !is_closed,
        TokenKind::Comment => true,
        _ => false,
    };
    if at_caret
        .is_some_and(|token| is_within(token.kind) || (token.span.end as usize > caret && !is_name(token)))
    {
        return Offer::default();
    }
    let word = match at_caret.filter(|token| is_name(*token)) {
        Some(token) => token.span.start as usize..caret,
        None => caret..caret,
    };
    let written = text.get(word.clone()).unwrap_or("").to_lowercase();
    let last = before
        .iter()
        .rev()
        .find(|token| !token.kind.is_trivia() && (token.span.end as usize) <= word.start)
        .map_or("", |token| slice(text, token.span));
    let entry = |text: &str, what: &str| Entry { text: text.to_owned(), what: what.to_owned() };
    let mut entries: Vec<Entry> = match last {
        "|" => OPERATORS.iter().filter(|(_, has)| *has).map(|(name, _)| entry(name, "operator")).collect(),
        "" | ";" | "union" => {
            let tables = names.tables.iter().map(|name| entry(&super::query::column_name(name), "table"));
            let sources = SOURCES.iter().filter(|_| last != "union").map(|name| entry(name, "operator"));
            tables.chain(sources).collect()
        }
        _ => names.columns.iter().map(|(name, kind)| entry(&super::query::column_name(name), kind)).collect(),
    };
    // What begins with what is written comes before what holds it; within both the order stays.
    entries.retain(|entry| {
        entry.text.to_lowercase().contains(&written) && entry.text != text.get(word.clone()).unwrap_or("")
    });
    entries.sort_by_key(|entry| !entry.text.to_lowercase().starts_with(&written));
    entries.truncate(MOST);
    Offer { word, entries }
}

fn is_name(token: Token) -> bool {
    token.kind == TokenKind::Name
}
