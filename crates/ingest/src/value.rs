//! JSON values into the kinds columns have, leniently: producers write numbers and truths as text.

/// Why a text is no value of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// It says that there is none.
    Nothing,
    /// It says something else; its text must be kept.
    Other,
}

/// How producers write that there is no value, where a number, a time or a truth should stand.
const NOTHING: [&str; 6] = ["null", "none", "n/a", "-", "redacted", "undefined"];

/// Whether a text is one of the ways to say nothing.
pub(crate) fn says_nothing(text: &str) -> bool {
    text.is_empty() || NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Why a text is no value of the kind that was wanted.
pub(crate) fn misfit(text: &str) -> Misfit {
    if says_nothing(text) { Misfit::Nothing } else { Misfit::Other }
}

/// A whole number, `12.0` and `1.2e1` included. What has a fraction is no whole number.
pub(crate) fn long(text: &str) -> Result<i64, Misfit> {
    let text = text.trim();
    if let Ok(value) = text.parse() {
        return Ok(value);
    }
    match text.parse::<f64>() {
        // Beyond 2^53 a float no longer says which whole number was meant.
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        Ok(value) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => Ok(value as i64),
        _ => Err(misfit(text)),
    }
}

/// A whole number of 32 bits.
pub(crate) fn int(text: &str) -> Result<i64, Misfit> {
    let value = long(text)?;
    i32::try_from(value).map(i64::from).map_err(|_too_large| Misfit::Other)
}

/// Whether a text is nothing but digits: an id or a whole number, however long.
pub(crate) fn is_digits(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number, finite.
pub(crate) fn real(text: &str) -> Result<f64, Misfit> {
    let text = text.trim();
    // Rust would also read `inf` and `nan`; logs mean words by them.
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && text.bytes().any(|byte| byte.is_ascii_digit()) => Ok(value),
        _ => Err(misfit(text)),
    }
}

/// `true`, `False`, `1`, `Yes` and the like.
pub(crate) fn bool(text: &str) -> Result<bool, Misfit> {
    match text {
        "true" => return Ok(true),
        "false" => return Ok(false),
        _ => {}
    }
    let text = text.trim();
    let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "yes"]) {
        Ok(true)
    } else if is(["false", "0", "no"]) {
        Ok(false)
    } else {
        Err(misfit(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_text_are_numbers() {
        assert_eq!(long("47"), Ok(47));
        assert_eq!(long(" 47 "), Ok(47));
        assert_eq!(long("12.0"), Ok(12));
        assert_eq!(long("73.3857"), Err(Misfit::Other));
        for nothing in ["", "null", "NULL", "None", "-", "N/A", " "] {
            assert_eq!(long(nothing), Err(Misfit::Nothing), "{nothing}");
        }
        assert_eq!(long("9223372036854775808"), Err(Misfit::Other));
        assert_eq!(int("3000000000"), Err(Misfit::Other));
        assert_eq!(real("3.1E-05"), Ok(3.1e-5));
        assert_eq!(real("inf"), Err(Misfit::Other));
        assert_eq!(real("1e999"), Err(Misfit::Other));
    }

    #[test]
    fn truths_come_in_many_spellings() {
        for yes in ["true", "TRUE", "True", "1", "Yes"] {
            assert_eq!(bool(yes), Ok(true));
        }
        assert_eq!(bool("No"), Ok(false));
        assert_eq!(bool(""), Err(Misfit::Nothing));
        assert_eq!(bool("maybe"), Err(Misfit::Other));
    }
}
