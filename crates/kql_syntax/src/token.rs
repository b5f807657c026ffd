//! What the lexer cuts the text into.

use chartroom_base::diagnostic::Span;

/// A piece of the text. Tokens lie side by side without gaps: together they are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is, in bytes; always on character boundaries.
    pub span: Span,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line ends, Unicode's and the byte order mark included: pasted queries hold them.
    Blank,
    /// `// …` to the end of the line.
    Comment,
    /// A name or a keyword; which one depends on where it stands. May begin with a digit or `$`.
    Name,
    /// `"…"`, `'…'`, `@"…"`, ```` ```…``` ````, `~~~…~~~`, each with an optional `h`.
    String {
        /// Whether the closing quote is there.
        is_closed: bool,
    },
    /// `12`, `0xff`.
    Long,
    /// `1.5`, `1e3`, `2.`.
    Real,
    /// `1d`, `1.5h`, `10ms`, `3tick`.
    TimeSpan,
    /// `datetime(…)`, `timespan(…)`, `long(…)`, …: raw up to the next `)`.
    Typed {
        /// Whether the closing bracket is there.
        is_closed: bool,
    },
    /// A sign or a word operator with a leading `!` (`!has`), see [`crate::keyword`].
    Sign,
    /// A character that means nothing here.
    Unknown,
}

impl TokenKind {
    /// Whether the parser skips it.
    #[must_use]
    pub const fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::Comment)
    }
}

/// The text of a span; empty when the span is not in the text.
#[must_use]
pub fn slice(text: &str, span: Span) -> &str {
    let start = usize::try_from(span.start).unwrap_or(usize::MAX);
    let end = usize::try_from(span.end).unwrap_or(usize::MAX);
    text.get(start..end).unwrap_or_default()
}
