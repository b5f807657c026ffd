//! The search box's language: words, "phrases", -without, /patterns/.
//!
//! Each piece must hold somewhere in the record's values, case aside. It stands for KQL that a person could type.

use crate::literal::quote;
use serde::{Deserialize, Serialize};

/// What is typed into the search box, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The pieces; all must hold.
    pub terms: Vec<Term>,
}

/// One piece of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The text or the pattern, without quotes, minus and slashes.
    pub text: String,
    /// Whether it is a regular expression.
    pub is_pattern: bool,
    /// Whether it must not be there.
    pub is_without: bool,
}

/// Reads what is typed into the search box. Never fails: an open quote ends with the text.
#[must_use]
pub fn parse_search(text: &str) -> Search {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let unsigned = rest
            .strip_prefix('-')
            .filter(|after| after.starts_with(|c: char| !c.is_whitespace() && c != '-'));
        let (is_without, body) = unsigned.map_or((false, rest), |body| (true, body));
        let (text, is_pattern, after) = piece(body);
        if !text.is_empty() {
            terms.push(Term { text, is_pattern, is_without });
        }
        rest = after.trim_start();
    }
    Search { terms }
}

/// The first piece, whether it is a pattern, and what follows.
fn piece(body: &str) -> (String, bool, &str) {
    if let Some(inner) = body.strip_prefix('"') {
        let (phrase, after) = inner.split_once('"').unwrap_or((inner, ""));
        return (phrase.to_owned(), false, after);
    }
    if let Some(inner) = body.strip_prefix('/')
        && let Some((pattern, after)) = closed_pattern(inner)
    {
        return (pattern, true, after);
    }
    let end = body.find(char::is_whitespace).unwrap_or(body.len());
    let (word, after) = body.split_at_checked(end).unwrap_or((body, ""));
    (word.to_owned(), false, after)
}

/// Up to a `/` that ends its word; `/subscriptions/…` is a word, not a pattern, and `\/` is a slash.
fn closed_pattern(inner: &str) -> Option<(String, &str)> {
    let mut is_escaped = false;
    for (at, c) in inner.char_indices() {
        if c == '/' && !is_escaped {
            let after = inner.get(at.saturating_add(1)..)?;
            if after.is_empty() || after.starts_with(char::is_whitespace) {
                return Some((inner.get(..at)?.replace("\\/", "/"), after));
            }
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}

impl Search {
    /// The predicate in KQL; `None` when nothing is looked for.
    #[must_use]
    pub fn predicate(&self) -> Option<String> {
        let terms: Vec<String> = self.terms.iter().map(Term::predicate).collect();
        (!terms.is_empty()).then(|| terms.join(" and "))
    }

    /// What to mark in the rows that are found: `(text, whether it is a pattern)`.
    #[must_use]
    pub fn highlights(&self) -> Vec<(String, bool)> {
        let wanted = self.terms.iter().filter(|term| !term.is_without);
        wanted.map(|term| (term.text.clone(), term.is_pattern)).collect()
    }
}

impl Term {
    fn predicate(&self) -> String {
        let positive = if self.is_pattern {
            format!("* matches regex {}", quote(&format!("(?i){}", self.text)))
        } else {
            format!("* contains {}", quote(&self.text))
        };
        if self.is_without { format!("not({positive})") } else { positive }
    }
}

/// The KQL that a search over `table` stands for, and the texts to mark (patterns are not among them).
#[must_use]
pub fn search_to_kql(text: &str, table: &str) -> (String, Vec<String>) {
    let search = parse_search(text);
    let is_plain = table.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) && !table.is_empty();
    let table = if is_plain { table.to_owned() } else { format!("[{}]", quote(table)) };
    let kql = match search.predicate() {
        Some(predicate) => format!("{table}\n| where {predicate}"),
        None => table,
    };
    let marks = search.highlights().into_iter().filter(|(_, is_pattern)| !is_pattern).map(|(text, _)| text);
    (kql, marks.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (kql, _) = search_to_kql(text, "Events");
        assert_eq!(kql.strip_prefix("Events").unwrap().trim_start_matches("\n| where "), expected);
        assert_eq!(crate::parse(&kql).diagnostics, []);
    }

    #[test]
    fn pieces_become_kql() {
        check("", "");
        check("alice", r#"* contains "alice""#);
        check("alice \"two words\"", r#"* contains "alice" and * contains "two words""#);
        check("-alice -\"a b\"", r#"not(* contains "alice") and not(* contains "a b")"#);
        check("/a+b/ c", r#"* matches regex "(?i)a+b" and * contains "c""#);
        check("/subscriptions/1", r#"* contains "/subscriptions/1""#);
        check("/a\\/b/", r#"* matches regex "(?i)a/b""#);
        check("- -- a\\b", r#"* contains "-" and * contains "--" and * contains "a\\b""#);
        check("\"open", r#"* contains "open""#);
    }

    #[test]
    fn odd_table_names_are_quoted() {
        assert_eq!(search_to_kql("x", "my table").0, "[\"my table\"]\n| where * contains \"x\"");
    }
}
