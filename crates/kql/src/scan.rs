//! Finding a text in a text, case aside or not, as fast as memory comes in.
//!
//! Two bytes of the needle that are rare in logs are looked for at their distance, 16 places at a time
//! ([`pair`]); where both stand, the whole needle is compared. A needle that folds to ASCII also occurs where `ſ` and `K`
//! stand for `s` and `k`: texts with those go character by character, and so do texts beyond ASCII when the needle is.

mod pair;

use crate::fold::{KELVIN, LONG_S, fold_text, prefix_len};
use pair::Pair;
use std::ops::Range;

/// A needle, ready to be found.
#[derive(Clone, Debug)]
pub(crate) struct Finder {
    /// Folded, when case is aside.
    needle: Box<str>,
    is_fold: bool,
    /// Finds candidates; `None` for the empty needle and for a folded one beyond ASCII.
    pair: Option<Pair>,
    /// Whether `ſ` or `K` may stand in a match.
    has_strangers: bool,
}

impl Finder {
    pub(crate) fn new(text: &str, is_fold: bool) -> Self {
        let needle = if is_fold { fold_text(text) } else { text.to_owned() };
        let is_fast = !needle.is_empty() && (!is_fold || needle.is_ascii());
        Self {
            pair: is_fast.then(|| Pair::new(needle.as_bytes(), is_fold)),
            has_strangers: is_fold && needle.contains(['s', 'k']),
            needle: needle.into_boxed_str(),
            is_fold,
        }
    }

    /// The needle, folded when case is aside.
    pub(crate) const fn text(&self) -> &str {
        &self.needle
    }

    /// Whether every occurrence in `text` is found by [`Finder::find_fast`], byte for byte.
    pub(crate) fn is_fast_in(&self, text: &str) -> bool {
        self.pair.is_some()
            && !(self.has_strangers
                && (memchr::memmem::find(text.as_bytes(), KELVIN.as_bytes()).is_some()
                    || memchr::memmem::find(text.as_bytes(), LONG_S.as_bytes()).is_some()))
    }

    /// The first occurrence at or after byte `from` in which each character stands as itself (or in the other case, in ASCII).
    /// For texts of which [`Finder::is_fast_in`] holds.
    #[inline]
    pub(crate) fn find_fast(&self, text: &[u8], from: usize) -> Option<usize> {
        self.pair.as_ref()?.find(text, self.needle.as_bytes(), from)
    }

    /// The first occurrence at or after byte `from`, which must be on a character boundary.
    pub(crate) fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        if self.needle.is_empty() {
            return (from <= text.len()).then_some(from..from);
        }
        let rest = text.get(from..)?;
        if !self.is_fold || self.needle.is_ascii() {
            if !self.has_strangers || rest.is_ascii() || self.is_fast_in(rest) {
                let start = self.find_fast(text.as_bytes(), from)?;
                return Some(start..start + self.needle.len());
            }
        } else if rest.is_ascii() {
            return None;
        }
        rest.char_indices().find_map(|(at, _)| {
            let len = prefix_len(rest.get(at..)?, &self.needle)?;
            Some(from + at..from + at + len)
        })
    }

    /// Whether the text begins with the needle.
    pub(crate) fn is_prefix(&self, text: &str) -> bool {
        if self.is_fold { prefix_len(text, &self.needle).is_some() } else { text.starts_with(&*self.needle) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(text: &str, needle: &str, is_fold: bool, from: usize) -> Option<Range<usize>> {
        let needle = if is_fold { fold_text(needle) } else { needle.to_owned() };
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        starts.filter(|at| *at >= from).find_map(|at| {
            let rest = &text[at..];
            let len = if is_fold {
                prefix_len(rest, &needle)?
            } else {
                rest.starts_with(&needle).then_some(needle.len())?
            };
            Some(at..at + len)
        })
    }

    proptest! {
        #[test]
        fn it_finds_what_a_naive_search_finds(
            text in "[aAbBkKsS@`{\\[ \u{e4}\u{c4}\u{212a}\u{17f}0]{0,70}",
            needle in "[aAbBkKsS@`{\\[ \u{e4}\u{c4}\u{212a}\u{17f}0]{0,4}",
            is_fold: bool,
            skip in 0_usize..20,
        ) {
            let from = text.char_indices().map(|(at, _)| at).nth(skip).unwrap_or(0);
            let finder = Finder::new(&needle, is_fold);
            prop_assert_eq!(finder.find(&text, from), naive(&text, &needle, is_fold, from));
        }

        #[test]
        fn needles_of_any_length_are_found_anywhere(
            before in "[a-c]{0,90}", needle in "[a-cA-C]{1,40}", after in "[a-c]{0,90}",
        ) {
            let text = format!("{before}{needle}{after}");
            for is_fold in [false, true] {
                let finder = Finder::new(&needle, is_fold);
                prop_assert_eq!(finder.find(&text, 0), naive(&text, &needle, is_fold, 0));
            }
        }
    }
}
