//! Colours: which part of the text is what.

use crate::{
    keyword::{SOURCES, STATEMENTS, is_minor, is_word_operator, type_of_word},
    lex::tokens,
    token::{TokenKind, slice},
};
use chartroom_base::diagnostic::Span;

/// What a part of the text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Blanks.
    Blank,
    /// A comment.
    Comment,
    /// An operator of the pipe, or a word within one.
    Keyword,
    /// A word or sign between expressions.
    Operator,
    /// A function.
    Function,
    /// The table at the start.
    Table,
    /// Any other name.
    Name,
    /// A text.
    String,
    /// A number, time or truth value.
    Literal,
    /// Brackets and commas.
    Punctuation,
    /// Means nothing.
    Unknown,
}

impl Class {
    /// The word in class names of the page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Comment => "comment",
            Self::Keyword => "keyword",
            Self::Operator => "operator",
            Self::Function => "function",
            Self::Table => "table",
            Self::Name => "name",
            Self::String => "string",
            Self::Literal => "literal",
            Self::Punctuation => "punctuation",
            Self::Unknown => "unknown",
        }
    }
}

/// The text's parts side by side: together they are the whole text.
#[must_use]
pub fn highlight(text: &str) -> Vec<(Span, Class)> {
    let all = tokens(text);
    let mut parts = Vec::with_capacity(all.len());
    // What came before, blanks aside: `|` makes a keyword, nothing or `;` makes a table.
    let mut before = "";
    // Up to where the name of an operator goes: `mv-expand` is three tokens.
    let mut operator_end = 0;
    for (at, token) in all.iter().enumerate() {
        let word = slice(text, token.span);
        if before == "|" && token.kind == TokenKind::Name {
            operator_end = at.saturating_add(operator_len(text, all.get(at..).unwrap_or_default()));
        }
        if at < operator_end && !token.kind.is_trivia() {
            before = word;
            parts.push((token.span, Class::Keyword));
            continue;
        }
        let next = all.get(at.saturating_add(1)).map_or("", |next| slice(text, next.span));
        let class = match token.kind {
            TokenKind::Blank => Class::Blank,
            TokenKind::Comment => Class::Comment,
            TokenKind::String { .. } => Class::String,
            TokenKind::Long | TokenKind::Real | TokenKind::TimeSpan | TokenKind::Typed { .. } => {
                Class::Literal
            }
            TokenKind::Unknown => Class::Unknown,
            TokenKind::Sign if "()[]{},;.".contains(word) => Class::Punctuation,
            TokenKind::Sign => Class::Operator,
            TokenKind::Name => name_class(word, before, next),
        };
        if !token.kind.is_trivia() {
            before = word;
        }
        parts.push((token.span, class));
    }
    parts
}

/// How many tokens the name of an operator has: words with hyphens that touch them.
fn operator_len(text: &str, rest: &[crate::token::Token]) -> usize {
    let mut len = 1_usize;
    while let [hyphen, next, ..] = rest.get(len..).unwrap_or_default() {
        if slice(text, hyphen.span) != "-" || next.kind != TokenKind::Name {
            break;
        }
        len = len.saturating_add(2);
    }
    len
}

fn name_class(word: &str, before: &str, next: &str) -> Class {
    match word {
        "true" | "false" => Class::Literal,
        _ if before == "." => Class::Name,
        _ if before == "|" => Class::Keyword,
        _ if is_word_operator(word) => Class::Operator,
        "datatable" | "externaldata" if matches!(before, "" | ";" | "(" | "=" | "{") => Class::Keyword,
        _ if next == "(" => Class::Function,
        // `a: long` in a declaration.
        _ if before == ":" && type_of_word(word).is_some() => Class::Keyword,
        _ if (SOURCES.contains(&word) || STATEMENTS.contains(&word))
            && matches!(before, "" | ";" | "(" | "=" | "{") =>
        {
            Class::Keyword
        }
        _ if matches!(before, "" | ";") => Class::Table,
        _ if is_minor(word) && !is_comparison(before) && !before.is_empty() => Class::Keyword,
        _ => Class::Name,
    }
}

/// Whether an operand must follow, so that `by` behind it is a column.
fn is_comparison(before: &str) -> bool {
    before == "," || before == "(" || before.ends_with(['=', '<', '>', '~', '+', '*', '/', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let parts = highlight(text);
        let shown: Vec<String> = parts
            .iter()
            .filter(|(_, class)| *class != Class::Blank)
            .map(|(span, class)| format!("{}:{}", class.word(), slice(text, *span)))
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn colours_follow_the_place() {
        check(
            "T | where a has \"x\" and count > 5 | count // end",
            "table:T operator:| keyword:where name:a operator:has string:\"x\" operator:and name:count operator:> literal:5 \
             operator:| keyword:count comment:// end",
        );
        check(
            "let x = union A | mv-expand b to typeof(long) | project-away c-d",
            "keyword:let name:x operator:= keyword:union name:A operator:| keyword:mv keyword:- keyword:expand name:b keyword:to \
             literal:typeof(long) operator:| keyword:project keyword:- keyword:away name:c operator:- name:d",
        );
        check(
            "datatable(a: long) [1]",
            "keyword:datatable punctuation:( name:a operator:: keyword:long punctuation:) punctuation:[ literal:1 punctuation:]",
        );
        check("T | sort by by asc", "table:T operator:| keyword:sort keyword:by keyword:by keyword:asc");
        check(
            "T | extend x = strcat(a)",
            "table:T operator:| keyword:extend name:x operator:= function:strcat punctuation:( name:a punctuation:)",
        );
    }
}
