//! Regular expressions that are made while a query runs: patterns built upon a constant one, or behind a switch.
//!
//! **Invariant:** a pattern is compiled once per thread as long as it is among the last few used.

use crate::needle::compile_regex;
use regex::Regex;
use std::{cell::RefCell, rc::Rc};

const KEPT: usize = 16;

thread_local! {
    static LAST: RefCell<Vec<(String, Option<Rc<Regex>>)>> = const { RefCell::new(Vec::new()) };
}

/// The pattern, compiled; `None` when it is none.
pub(crate) fn cached(pattern: &str) -> Option<Rc<Regex>> {
    LAST.with_borrow_mut(|last| {
        let found = last.iter().position(|(known, _)| known == pattern);
        let entry = match found {
            Some(at) => last.remove(at),
            None => (pattern.to_owned(), compile_regex(pattern).ok().map(Rc::new)),
        };
        if last.len() >= KEPT {
            last.remove(0);
        }
        let regex = entry.1.clone();
        last.push(entry);
        regex
    })
}

/// Kusto's rewrite (`\1` for a group, `\0` for all) as the crate's.
pub(crate) fn rewrite(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(digit)) if digit.is_ascii_digit() => {
                out.push_str("${");
                out.push(*digit);
                out.push('}');
                chars.next();
            }
            ('\\', Some('\\')) => {
                out.push('\\');
                chars.next();
            }
            ('$', _) => out.push_str("$$"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_name_groups_by_backslash_only() {
        assert_eq!(rewrite(r"\1-\2 $1 \\ \x"), r"${1}-${2} $$1 \ \x");
        assert!(cached("(").is_none() && cached("a+").is_some_and(|regex| regex.is_match("caat")));
    }
}
