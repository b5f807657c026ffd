//! Regular expressions that are made while a query runs: patterns built upon a constant one, or behind a switch.

use crate::needle::compile_regex;
use regex::Regex;

/// The pattern, compiled (once: the compiler keeps the last ones); `None` when it is none.
pub(crate) fn cached(pattern: &str) -> Option<Regex> {
    compile_regex(pattern).ok()
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
