//! Where the words and patterns of the search box stand within a text.
//!
//! The workers decide which rows hold them; this only marks what a person sees. So it may be bounded: of a very long text
//! the beginning is looked at, and a pattern that is too large for the page marks nothing.

use chartroom_base::sort;
use chartroom_kql_syntax::parse_search;
use regex_lite::{Regex, RegexBuilder};
use std::ops::Range;

/// Characters of a text that patterns are looked for in: a page must not work longer than a frame.
const PATTERN_CHARS: usize = 4_000;
/// Bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 256 << 10;
/// Deepest nesting of a pattern.
const PATTERN_DEPTH: u32 = 50;

/// What is marked: the words and the patterns that a search looks for.
#[derive(Clone, Debug, Default)]
pub struct Needles {
    /// Each folded, one character to one.
    texts: Vec<Vec<char>>,
    patterns: Vec<Regex>,
}

impl Needles {
    /// What a search looks for, what it must not find left out.
    #[must_use]
    pub fn of_search(search: &str) -> Self {
        let mut needles = Self::default();
        for (text, is_pattern) in parse_search(search).highlights() {
            if !is_pattern {
                needles.texts.push(text.chars().map(fold).collect());
            // One that is wrong is said so by the query; here it marks nothing.
            } else if let Some(pattern) = compile(&text) {
                needles.patterns.push(pattern);
            }
        }
        needles.texts.retain(|text| !text.is_empty());
        needles
    }

    /// Whether nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.patterns.is_empty()
    }

    /// The byte ranges of `text` to mark; ascending, joined where they touch.
    #[must_use]
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        if self.is_empty() || text.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Range<usize>> = Vec::new();
        if !self.texts.is_empty() {
            let folded: Vec<(usize, char)> = text.char_indices().map(|(at, char)| (at, fold(char))).collect();
            self.texts.iter().for_each(|needle| find(needle, &folded, text.len(), &mut found));
        }
        let end = text.char_indices().nth(PATTERN_CHARS).map_or(text.len(), |(at, _)| at);
        let seen = text.get(..end).unwrap_or(text);
        for pattern in &self.patterns {
            let matches = pattern.find_iter(seen).map(|found| found.range());
            found.extend(matches.filter(|range| !range.is_empty()));
        }
        joined(found)
    }

    /// `text` cut into pieces, each with whether it is marked.
    #[must_use]
    pub fn pieces<'a>(&self, text: &'a str) -> Vec<(&'a str, bool)> {
        let mut pieces = Vec::new();
        let mut at = 0;
        for range in self.ranges(text) {
            if let Some(before) = text.get(at..range.start).filter(|before| !before.is_empty()) {
                pieces.push((before, false));
            }
            if let Some(marked) = text.get(range.clone()) {
                pieces.push((marked, true));
            }
            at = range.end;
        }
        if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            pieces.push((rest, false));
        }
        pieces
    }
}

/// A pattern as the search box means it: any case. Linear in the text, whatever it says.
fn compile(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(pattern);
    builder.case_insensitive(true).size_limit(PATTERN_BYTES).nest_limit(PATTERN_DEPTH);
    builder.build().ok()
}

/// Adds where `needle` stands in a text of `len` bytes, both folded.
fn find(needle: &[char], folded: &[(usize, char)], len: usize, found: &mut Vec<Range<usize>>) {
    let mut start = 0;
    while let Some(window) = folded.get(start..start + needle.len()) {
        if window.iter().map(|(_, char)| *char).eq(needle.iter().copied()) {
            let from = window.first().map_or(0, |(at, _)| *at);
            let to = folded.get(start + needle.len()).map_or(len, |(at, _)| *at);
            found.push(from..to);
            start += needle.len();
        } else {
            start += 1;
        }
    }
}

fn joined(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    sort::sort_by_key(&mut found, |range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Folds one character to one, so that places stay true.
fn fold(char: char) -> char {
    let mut lower = char.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => char,
    }
}
