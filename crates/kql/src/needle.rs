//! What is looked for in a text: a compiled [`Matcher`].
//!
//! A term is a run of letters and digits; every other character parts terms, `_` too. A needle whose own edge is no letter or
//! digit needs no boundary there.

use crate::{
    fold,
    plan::{How, Matcher},
    scan::Finder,
};
use regex::Regex;
use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

/// A matcher with its needle, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    how: How,
    is_fold: bool,
    finder: Finder,
    regex: Option<Pattern>,
    /// Whether the needle's own first and last characters are of a term.
    edges: (bool, bool),
}

/// The largest compiled form of a regular expression, in bytes.
const REGEX_LIMIT: usize = 4 << 20;
/// The deepest nesting of one.
const NEST_LIMIT: u32 = 64;

/// Patterns whose compiled forms are kept, that are known to be some, and the longest of them.
const KEPT: usize = 64;
const KNOWN: usize = 512;
const LONGEST_KEPT: usize = 256;
/// A pattern of at most so many bytes that counts no repetitions stays far below [`SURE_LIMIT`]: a class of all letters, the largest
/// thing that two bytes can say, takes some 50 kB.
const SURE: usize = 256;
const SURE_LIMIT: usize = 64 << 20;

thread_local! {
    /// What was found to be a pattern last.
    static CHECKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    /// What was compiled last: every query binds and runs the same few patterns of the shared fields again, milliseconds each.
    static COMPILED: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

/// Compiles a regular expression within bounds of memory.
pub(crate) fn compile_regex(pattern: &str) -> Result<Regex, String> {
    if let Some(known) = COMPILED.with_borrow(|kept| kept.get(pattern).cloned()) {
        return Ok(known);
    }
    let regex = build_regex(pattern, REGEX_LIMIT)?;
    if pattern.len() > LONGEST_KEPT {
        return Ok(regex);
    }
    COMPILED.with_borrow_mut(|kept| {
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), regex.clone());
    });
    Ok(regex)
}

fn build_regex(pattern: &str, limit: usize) -> Result<Regex, String> {
    regex::RegexBuilder::new(pattern)
        .size_limit(limit)
        .dfa_size_limit(REGEX_LIMIT)
        .nest_limit(NEST_LIMIT)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "The regular expression is too large".to_owned(),
            other => no_pattern(&other),
        })
}

fn no_pattern(error: &impl std::fmt::Display) -> String {
    // The last line of the crate's message says what is wrong; those before draw the pattern.
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
    format!("This is no regular expression: {line}")
}

/// A regular expression, checked at once and compiled when it is asked first: that takes milliseconds, and of the patterns that the
/// shared fields of all log types are made of few are ever asked.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    text: String,
    compiled: OnceCell<Option<Regex>>,
}

impl Pattern {
    /// Fails for what is no regular expression, or one beyond bounds.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let text = text.to_owned();
        if text.len() > SURE || text.contains('{') {
            // Only compiling tells how large it is.
            let regex = compile_regex(&text)?;
            return Ok(Self { text, compiled: OnceCell::from(Some(regex)) });
        }
        if !CHECKED.with_borrow(|known| known.contains(&text)) {
            let parsed = regex_syntax::ParserBuilder::new().nest_limit(NEST_LIMIT).build().parse(&text);
            parsed.map_err(|error| no_pattern(&error))?;
            CHECKED.with_borrow_mut(|known| {
                if known.len() >= KNOWN {
                    known.clear();
                }
                known.insert(text.clone());
            });
        }
        Ok(Self { text, compiled: OnceCell::new() })
    }

    /// Of a text that [`Pattern::new`] took before, in this worker or in the one that made the plan.
    #[expect(clippy::unnecessary_wraps, reason = "takes the place of `new`")]
    pub(crate) fn checked(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), compiled: OnceCell::new() })
    }

    /// Compiled.
    pub(crate) fn get(&self) -> Option<&Regex> {
        let compile = || compile_regex(&self.text).or_else(|_| build_regex(&self.text, SURE_LIMIT)).ok();
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl Needle {
    /// Compiles; fails only for what is no regular expression.
    pub(crate) fn new(matcher: Matcher, text: &str) -> Result<Self, String> {
        Self::with(matcher, text, Pattern::new)
    }

    /// The same with this way to make a pattern.
    pub(crate) fn with(
        matcher: Matcher,
        text: &str,
        pattern: fn(&str) -> Result<Pattern, String>,
    ) -> Result<Self, String> {
        let regex = match matcher.how {
            How::Regex => Some(pattern(text)?),
            _ => None,
        };
        let is_edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        Ok(Self {
            how: matcher.how,
            is_fold: matcher.is_fold,
            edges: (is_edge(text.chars().next()), is_edge(text.chars().next_back())),
            finder: Finder::new(text, matcher.is_fold),
            regex,
        })
    }

    /// Whether a match anywhere needs the needle's characters somewhere, so that [`Needle::finder`] finds all candidates.
    pub(crate) const fn is_literal(&self) -> bool {
        !matches!(self.how, How::Regex)
    }

    /// Whether every occurrence of the needle is a match: `contains`.
    pub(crate) const fn is_contains(&self) -> bool {
        matches!(self.how, How::Contains)
    }

    /// Finds where the needle's characters occur.
    pub(crate) const fn finder(&self) -> &Finder {
        &self.finder
    }

    /// Whether the text satisfies it.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match self.how {
            How::Regex => {
                self.regex.as_ref().and_then(Pattern::get).is_some_and(|regex| regex.is_match(text))
            }
            How::Contains => self.finder.find(text, 0).is_some(),
            How::Has => self.has_term(text, self.edges.0, self.edges.1),
            How::HasPrefix => self.has_term(text, self.edges.0, false),
            How::HasSuffix => self.has_term(text, false, self.edges.1),
            How::StartsWith => self.finder.is_prefix(text),
            How::EndsWith => self.ends_with(text),
            How::Equals if self.is_fold => fold::equal(text, self.finder.text()),
            How::Equals => text == self.finder.text(),
        }
    }

    fn has_term(&self, text: &str, needs_start: bool, needs_end: bool) -> bool {
        let mut from = 0;
        while let Some(found) = self.finder.find(text, from) {
            let (before, rest) = text.split_at_checked(found.start).unwrap_or((text, ""));
            let after = text.get(found.end..).unwrap_or_default();
            let starts = !needs_start || !before.chars().next_back().is_some_and(char::is_alphanumeric);
            let ends = !needs_end || !after.chars().next().is_some_and(char::is_alphanumeric);
            if starts && ends {
                return true;
            }
            from = found.start + rest.chars().next().map_or(1, char::len_utf8);
        }
        false
    }

    fn ends_with(&self, text: &str) -> bool {
        let needle = self.finder.text();
        if !self.is_fold {
            return text.ends_with(needle);
        }
        // As many characters from the end as the needle has: folding keeps their number.
        let mut ends = text.chars().rev().map(fold::fold);
        needle.chars().rev().all(|wanted| ends.next() == Some(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(how: How, is_fold: bool, text: &str, needle: &str, expected: bool) {
        let needle = Needle::new(Matcher { how, is_fold }, needle).unwrap();
        assert_eq!(needle.matches(text), expected);
    }

    #[test]
    fn terms_end_where_letters_and_digits_do() {
        check(How::Has, true, "errors", "error", false);
        check(How::Has, true, "a_b", "A", true);
        check(How::Has, true, "x-error: 5", "error: 5", true);
        check(How::Has, true, "x-error: 51", "error: 5", false);
        check(How::Has, true, "xerror error", "error", true);
        check(How::Has, true, "anything", "", true);
        check(How::Has, true, "größe", "gr", false);
        check(How::HasPrefix, true, "x ab y", " a", true);
        check(How::HasPrefix, true, "xab", "a", false);
        check(How::HasSuffix, true, "xab", "AB", true);
        check(How::HasSuffix, false, "xab", "AB", false);
        check(How::HasSuffix, true, "abx", "ab", false);
    }

    #[test]
    fn ends_and_wholes() {
        check(How::StartsWith, true, "ÄBC", "äb", true);
        check(How::EndsWith, true, "abÄ", "BÄ", true);
        check(How::EndsWith, false, "abÄ", "BÄ", false);
        check(How::EndsWith, true, "a", "xa", false);
        check(How::Equals, true, "AB", "ab", true);
        check(How::Contains, true, "xxABCxx", "bc", true);
        check(How::Contains, false, "xxABCxx", "bc", false);
        check(How::Regex, false, "x12", r"\d+$", true);
    }
}
