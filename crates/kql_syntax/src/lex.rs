//! Text to tokens.
//!
//! What a name means (keyword, operator, column) depends on where it stands and is left to the parser. Decided here, because
//! only characters decide it: strings in all their spellings, numbers against names that begin with a digit (`1d`, `1day2`,
//! `1e3`, `1..3`), typed literals that are raw up to the bracket (`datetime(2021-08-02 16:01)`), `!has`, `in~`.

use crate::{
    keyword::{is_timespan_unit, is_typed_literal},
    token::{Token, TokenKind},
};
use chartroom_base::diagnostic::Span;

/// Cuts `text` into tokens that lie side by side: their spans together are the whole text.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while lexer.at < text.len() {
        let start = lexer.at;
        let kind = lexer.next();
        if lexer.at <= start {
            lexer.bump();
        }
        tokens.push(Token { kind, span: span(start, lexer.at) });
    }
    tokens
}

fn span(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// Whether `c` may stand in a name.
pub(crate) fn is_name_char(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphanumeric()
}

/// Blanks, and the invisible characters that come along with pasted queries.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{180e}')
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.text.len());
    }

    fn bump(&mut self) {
        let width = self.peek().map_or(0, char::len_utf8);
        self.advance(width);
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.advance(len);
        rest.get(..len).unwrap_or_default()
    }

    fn next(&mut self) -> TokenKind {
        let Some(first) = self.peek() else { return TokenKind::Unknown };
        if is_blank(first) {
            self.take_while(is_blank);
            return TokenKind::Blank;
        }
        if self.starts_with("//") {
            self.take_while(|c| c != '\n' && c != '\r');
            return TokenKind::Comment;
        }
        if let Some(kind) = self.string() {
            return kind;
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        if is_name_char(first) {
            return self.name();
        }
        self.sign(first)
    }

    /// A string in any of its spellings, if one begins here.
    fn string(&mut self) -> Option<TokenKind> {
        let rest = self.rest();
        let hidden = usize::from(rest.starts_with(['h', 'H']));
        let body = rest.get(hidden..)?;
        for fence in ["```", "~~~"] {
            if let Some(inner) = body.strip_prefix(fence) {
                let close = inner.find(fence);
                let inner_len = close.map_or(inner.len(), |at| at.saturating_add(fence.len()));
                self.advance(hidden.saturating_add(fence.len()).saturating_add(inner_len));
                return Some(TokenKind::String { is_closed: close.is_some() });
            }
        }
        let verbatim = usize::from(body.starts_with('@'));
        let quoted = body.get(verbatim..)?;
        let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        self.advance(hidden.saturating_add(verbatim).saturating_add(1));
        Some(TokenKind::String { is_closed: self.string_body(quote, verbatim == 1) })
    }

    /// Up to and with the closing quote; a line end closes a string that nobody closed.
    fn string_body(&mut self, quote: char, is_verbatim: bool) -> bool {
        while let Some(c) = self.peek() {
            if c == '\n' || c == '\r' {
                return false;
            }
            self.bump();
            if c == quote {
                if !(is_verbatim && self.peek() == Some(quote)) {
                    return true;
                }
                self.bump();
            } else if c == '\\' && !is_verbatim && !matches!(self.peek(), Some('\n' | '\r')) {
                self.bump();
            }
        }
        false
    }

    fn number(&mut self) -> TokenKind {
        let start = self.at;
        if self.starts_with("0x") || self.starts_with("0X") {
            let run = self.take_while(is_name_char);
            let digits = run.get(2..).unwrap_or_default();
            if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit()) {
                return TokenKind::Long;
            }
            return TokenKind::Name;
        }
        self.take_while(|c| c.is_ascii_digit());
        let mut is_real = false;
        // `1..3` is a range, `a[1].b` a path: a dot belongs to the number only before a digit or before nothing name-like.
        if self.starts_with(".") {
            let after = self.rest().chars().nth(1);
            if after.is_none_or(|c| c.is_ascii_digit() || !(c == '.' || is_name_char(c))) {
                is_real = true;
                self.bump();
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        if let Some(len) = exponent(self.rest()) {
            is_real = true;
            self.advance(len);
        }
        let after_number = self.at;
        let suffix = self.take_while(is_name_char);
        if suffix.is_empty() {
            return if is_real { TokenKind::Real } else { TokenKind::Long };
        }
        if is_timespan_unit(suffix) {
            return TokenKind::TimeSpan;
        }
        if self.text.get(start..after_number).is_some_and(|number| number.contains(['.', '+', '-'])) {
            self.at = after_number;
            return TokenKind::Real;
        }
        TokenKind::Name
    }

    fn name(&mut self) -> TokenKind {
        let name = self.take_while(is_name_char);
        if name == "in" && self.starts_with("~") {
            self.bump();
            return TokenKind::Sign;
        }
        if is_typed_literal(name) {
            let rest = self.rest();
            let inner = rest.trim_start_matches(is_blank);
            if inner.starts_with('(') {
                let close = rest.find(')');
                self.advance(close.map_or(rest.len(), |at| at.saturating_add(1)));
                return TokenKind::Typed { is_closed: close.is_some() };
            }
        }
        TokenKind::Name
    }

    fn sign(&mut self, first: char) -> TokenKind {
        if first == '!' && self.rest().chars().nth(1).is_some_and(char::is_alphabetic) {
            self.bump();
            let word = self.take_while(is_name_char);
            if word == "in" && self.starts_with("~") {
                self.bump();
            }
            return TokenKind::Sign;
        }
        for sign in ["==", "=~", "=>", "!=", "!~", "<=", "<>", ">=", ".."] {
            if self.starts_with(sign) {
                self.advance(sign.len());
                return TokenKind::Sign;
            }
        }
        self.bump();
        if "=<>+-*/%()[]{},;|:.".contains(first) { TokenKind::Sign } else { TokenKind::Unknown }
    }
}

/// The length of an exponent (`e3`, `E-10`) that ends its run of name characters.
fn exponent(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix(['e', 'E'])?;
    let digits = body.strip_prefix(['+', '-']).unwrap_or(body);
    let count = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let ends_here = digits.get(count..)?.chars().next().is_none_or(|c| !is_name_char(c));
    let len = rest.len().saturating_sub(digits.len()).saturating_add(count);
    (count > 0 && ends_here).then_some(len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::slice;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = tokens(text)
            .iter()
            .filter(|token| token.kind != TokenKind::Blank)
            .map(|token| {
                let kind = match token.kind {
                    TokenKind::Blank => "blank",
                    TokenKind::Comment => "comment",
                    TokenKind::Name => "name",
                    TokenKind::String { is_closed: true } => "string",
                    TokenKind::String { is_closed: false } => "open-string",
                    TokenKind::Long => "long",
                    TokenKind::Real => "real",
                    TokenKind::TimeSpan => "timespan",
                    TokenKind::Typed { is_closed: true } => "typed",
                    TokenKind::Typed { is_closed: false } => "open-typed",
                    TokenKind::Sign => "sign",
                    TokenKind::Unknown => "unknown",
                };
                format!("{kind}:{}", slice(text, token.span))
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn digits_begin_numbers_spans_and_names() {
        check("1 1.5 1e3 2. 0xfF 1E-3", "long:1 real:1.5 real:1e3 real:2. long:0xfF real:1E-3");
        check("1d 1.5h 10ms 3tick", "timespan:1d timespan:1.5h timespan:10ms timespan:3tick");
        check("1abc 1day2 1_000 0xzz", "name:1abc name:1day2 name:1_000 name:0xzz");
        check("1..3 a[0].b", "long:1 sign:.. long:3 name:a sign:[ long:0 sign:] sign:. name:b");
    }

    #[test]
    fn strings_have_many_spellings() {
        check(r#""a\"b" 'it''s'"#, r#"string:"a\"b" string:'it' string:'s'"#);
        check(r#"@"c:\" h'x' H@"y""z""#, r#"string:@"c:\" string:h'x' string:H@"y""z""#);
        check("```a\nb``` ~~~c~~~ ```d", "string:```a\nb``` string:~~~c~~~ open-string:```d");
        check("\"open\nnext", "open-string:\"open name:next");
        check("h x", "name:h name:x");
    }

    #[test]
    fn typed_literals_are_raw_up_to_the_bracket() {
        check("datetime(2021-08-02 16:01) + 1", "typed:datetime(2021-08-02 16:01) sign:+ long:1");
        check("long(null) datetime_add('d')", "typed:long(null) name:datetime_add sign:( string:'d' sign:)");
        check("time(1.02:03:04", "open-typed:time(1.02:03:04");
    }

    #[test]
    fn operators_of_signs_and_words() {
        check(
            "a!=b !has x in~ y !in~ z",
            "name:a sign:!= name:b sign:!has name:x sign:in~ name:y sign:!in~ name:z",
        );
        check("a//c\n#", "name:a comment://c unknown:#");
    }
}
