//! Case aside: Unicode's simple case folding, one character to one.
//!
//! Two texts are equal case aside when their characters fold to the same, in order. Besides the letters themselves only two
//! characters fold to ASCII: `ſ` (long s) and `K` (the kelvin sign).

/// The long s in UTF-8; folds to `s`.
pub(crate) const LONG_S: &str = "\u{17f}";
/// The kelvin sign in UTF-8; folds to `k`.
pub(crate) const KELVIN: &str = "\u{212a}";

/// The character that stands for all that differ from `c` only by case.
#[inline]
pub(crate) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // Without a dot above it, `i` has no simple folding; its capital is that of another letter.
    if c == '\u{131}' {
        return c;
    }
    let upper = single(c.to_uppercase()).unwrap_or(c);
    single(upper.to_lowercase()).or_else(|| single(c.to_lowercase())).unwrap_or(c)
}

fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// The text with every character folded.
pub(crate) fn fold_text(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// Whether two texts are equal, case aside.
pub(crate) fn equal(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
        || (!(left.is_ascii() && right.is_ascii()) && left.chars().map(fold).eq(right.chars().map(fold)))
}

/// The length of the prefix of `text` that is `folded` (folded already), case aside.
#[inline]
pub(crate) fn prefix_len(text: &str, folded: &str) -> Option<usize> {
    let mut chars = text.chars();
    let mut used = 0;
    for wanted in folded.chars() {
        let c = chars.next()?;
        if fold(c) != wanted {
            return None;
        }
        used += c.len_utf8();
    }
    Some(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_characters_besides_the_letters_fold_to_ascii() {
        let strangers: Vec<char> = ('\u{80}'..=char::MAX).filter(|c| fold(*c).is_ascii()).collect();
        assert_eq!(strangers, [LONG_S, KELVIN].map(|text| text.chars().next().unwrap()));
    }

    #[test]
    fn folding_is_that_of_the_regular_expressions() {
        // Every character against its upper and lower case, and against what it folds to.
        // Letters newer than the crate's Unicode are left out.
        let is_known = regex::Regex::new(r"^\w$").unwrap();
        let has_case = |c: &char| c.to_lowercase().chain(c.to_uppercase()).any(|other| other != *c);
        for c in ('\u{80}'..='\u{1ffff}').filter(has_case).filter(|c| is_known.is_match(&c.to_string())) {
            let regex = regex::Regex::new(&format!("(?i)^{}$", regex::escape(&c.to_string()))).unwrap();
            let others = c.to_uppercase().chain(c.to_lowercase()).chain([fold(c)]);
            let others = others.filter(|c| is_known.is_match(&c.to_string()));
            for other in others {
                assert_eq!(regex.is_match(&other.to_string()), fold(c) == fold(other), "{c} {other}");
            }
        }
    }

    #[test]
    fn prefixes_case_aside() {
        assert_eq!(prefix_len("STRASSE", "str"), Some(3));
        assert_eq!(prefix_len("\u{212a}elvin", "ke"), Some(4));
        assert_eq!(prefix_len("ke", "kel"), None);
        assert!(equal("ÄK", "ä\u{212a}") && !equal("a", "b") && equal("ς", "Σ"));
    }
}
