//! What a journey returns, and how it says what it did not find.

use std::fmt;

/// Fine, or what was wrong.
pub(crate) type Outcome<T = ()> = Result<T, Wrong>;

/// What was wrong, in words.
#[derive(Debug)]
pub(crate) struct Wrong(String);

impl Wrong {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Wrong {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            source = inner.source();
        }
        Self(text)
    }
}

/// Builds a [`Wrong`] from a format.
macro_rules! wrong {
    ($($what:tt)*) => { $crate::outcome::Wrong::new(format!($($what)*)) };
}
pub(crate) use wrong;

/// Goes on only if the condition holds.
macro_rules! ensure {
    ($condition:expr, $($what:tt)*) => {
        if !$condition {
            return Err($crate::outcome::wrong!($($what)*));
        }
    };
}
pub(crate) use ensure;

/// Goes on only if both are the same; `what` names them.
pub(crate) fn same<T: PartialEq + fmt::Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(wrong!("{what}: {found:?}, expected {expected:?}")) }
}
