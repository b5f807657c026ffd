//! Where the words of the search box stand within a text.

use std::ops::Range;

/// The byte ranges of `text` that hold one of `needles` (lower case), any case; ascending, joined where they touch.
///
/// Case is folded one character to one, so that places stay true.
#[must_use]
pub fn ranges(text: &str, needles: &[String]) -> Vec<Range<usize>> {
    if needles.is_empty() || text.is_empty() {
        return Vec::new();
    }
    let folded: Vec<(usize, char)> = text.char_indices().map(|(at, char)| (at, fold(char))).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    for needle in needles {
        let needle: Vec<char> = needle.chars().map(fold).collect();
        if needle.is_empty() {
            continue;
        }
        let mut start = 0;
        while let Some(window) = folded.get(start..start + needle.len()) {
            if window.iter().map(|(_, char)| *char).eq(needle.iter().copied()) {
                let from = window.first().map_or(0, |(at, _)| *at);
                let to = folded.get(start + needle.len()).map_or(text.len(), |(at, _)| *at);
                found.push(from..to);
                start += needle.len();
            } else {
                start += 1;
            }
        }
    }
    found.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn fold(char: char) -> char {
    let mut lower = char.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => char,
    }
}

/// `text` cut into pieces, each with whether it is marked.
#[must_use]
pub fn pieces<'a>(text: &'a str, needles: &[String]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for range in ranges(text, needles) {
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
