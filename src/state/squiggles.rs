//! The text of a query in pieces: each with its color, and whether something is wrong there.

use chartroom_base::{
    diagnostic::{Diagnostic, Span},
    sort,
};
use chartroom_kql_syntax::highlight::{Class, highlight};

/// A piece: its first byte, its text, its color, whether something is wrong there.
pub type Piece<'a> = (u32, &'a str, Class, bool);

/// The pieces of `text`, together the whole of it.
#[must_use]
pub fn pieces<'a>(text: &'a str, wrong: &[Span]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for (span, class) in highlight(text) {
        // Cut where something wrong begins or ends within.
        let inside = |at: &u32| *at > span.start && *at < span.end;
        let mut cuts: Vec<u32> =
            wrong.iter().flat_map(|one| [one.start, one.end.max(one.start + 1)]).filter(inside).collect();
        cuts.extend([span.start, span.end]);
        sort::sort(&mut cuts);
        cuts.dedup();
        for pair in cuts.windows(2) {
            let [from, to] = *pair else { continue };
            let Some(part) = text.get(from as usize..to as usize) else { continue };
            pieces.push((
                from,
                part,
                class,
                wrong.iter().any(|one| one.start < to && from < one.end.max(one.start + 1)),
            ));
        }
    }
    // A cut within a character would lose it: then the colors alone.
    if pieces.iter().map(|(_, part, ..)| part.len()).sum::<usize>() == text.len() {
        pieces
    } else {
        plain(text)
    }
}

fn plain(text: &str) -> Vec<Piece<'_>> {
    let part = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or("");
    highlight(text).into_iter().map(|(span, class)| (span.start, part(span), class, false)).collect()
}

/// The place in bytes of a caret, which the browser counts in UTF-16 units.
#[must_use]
pub fn caret_byte(text: &str, units: u32) -> u32 {
    let mut left = units as usize;
    for (at, char) in text.char_indices() {
        if left < char.len_utf16() {
            return u32::try_from(at).unwrap_or(u32::MAX);
        }
        left -= char.len_utf16();
    }
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// The place of a byte as the browser counts carets, in UTF-16 units.
#[must_use]
pub fn caret_unit(text: &str, at: u32) -> u32 {
    let before = text.char_indices().take_while(|(start, _)| *start < at as usize);
    u32::try_from(before.map(|(_, char)| char.len_utf16()).sum::<usize>()).unwrap_or(u32::MAX)
}

/// What is said of the place where the caret stands.
#[must_use]
pub fn at_caret(errors: &[Diagnostic], caret: u32) -> Option<&Diagnostic> {
    errors.iter().find(|error| error.span.start <= caret && caret <= error.span.end.max(error.span.start + 1))
}
