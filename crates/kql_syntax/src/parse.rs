//! Tokens to tree: recursive descent for statements and operators, binding powers for expressions.
//!
//! **Invariant:** always ends (every loop eats a token or leaves), never panics, recursion is bounded by [`MAX_NESTING`].
//! What cannot be read becomes an `Error` node and a diagnostic; reading goes on at the next `|`, so that one mistake
//! does not hide the next.

mod dynamic;
mod expression;
mod literal;
mod operator;
mod part;
mod source;
mod statement;

use crate::{
    ast::{Expr, ExprKind, MAX_HEIGHT, MAX_TEXT, Name, Operator, Query, Source, Statement, StatementKind},
    lex,
    literal::unquote,
    token::{Token, TokenKind, slice},
};
use chartroom_base::{
    diagnostic::{Diagnostic, Span},
    sort,
};

/// How deep brackets and signs may nest.
const MAX_NESTING: u16 = 64;
/// More messages than this help nobody.
const MAX_DIAGNOSTICS: usize = 32;

/// A tree and what is wrong with the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The statements, as far as there are any, in order.
    pub statements: Vec<Statement>,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// The queries among the statements.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Query(query) => Some(query.as_ref()),
            _ => None,
        })
    }
}

/// Reads a query. Never fails: see [`Parsed::diagnostics`].
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text);
    let statements = if text.len() > MAX_TEXT { parser.refuse_length() } else { parser.statements() };
    Parsed { statements, diagnostics: parser.finish() }
}

/// Reads one scalar expression (a column of a view, say).
#[must_use]
pub fn parse_expression(text: &str) -> (Expr, Vec<Diagnostic>) {
    let mut parser = Parser::new(text);
    if text.len() > MAX_TEXT {
        parser.refuse_length();
        return (Expr { kind: ExprKind::Error, span: Span::default(), height: 1 }, parser.finish());
    }
    let expression = parser.expression();
    if !parser.is_at_end() {
        parser.expected("the end of the expression");
    }
    (expression, parser.finish())
}

struct Parser<'a> {
    text: &'a str,
    /// Without blanks and comments.
    tokens: Vec<Token>,
    at: usize,
    nesting: u16,
    /// Open brackets around what is read.
    brackets: u16,
    /// The height of the highest node since the query began.
    tallest: u16,
    /// Whether `=` here was meant as `==`.
    is_condition: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let mut tokens = if text.len() > MAX_TEXT { Vec::new() } else { lex::tokens(text) };
        tokens.retain(|token| !token.kind.is_trivia());
        Self {
            text,
            tokens,
            at: 0,
            nesting: 0,
            brackets: 0,
            tallest: 0,
            is_condition: false,
            diagnostics: Vec::new(),
        }
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        sort::sort_by_key(&mut self.diagnostics, |diagnostic| diagnostic.span);
        self.diagnostics.truncate(MAX_DIAGNOSTICS);
        self.diagnostics
    }

    fn refuse_length(&mut self) -> Vec<Statement> {
        let span = Span::default();
        self.error("KQL0007", span, format!("A query may be at most {} MiB long", MAX_TEXT >> 20));
        Vec::new()
    }

    // ---- tokens

    fn token(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn token_after(&self, distance: usize) -> Option<Token> {
        self.tokens.get(self.at.checked_add(distance)?).copied()
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn slice(&self, token: Token) -> &'a str {
        slice(self.text, token.span)
    }

    /// The text of the token here; empty at the end.
    fn here(&self) -> &'a str {
        self.token().map_or("", |token| self.slice(token))
    }

    fn ahead(&self, distance: usize) -> &'a str {
        self.token_after(distance).map_or("", |token| self.slice(token))
    }

    /// Where the token here stands; behind the last one at the end.
    fn span(&self) -> Span {
        self.token().map_or_else(
            || {
                let end = self.tokens.last().map_or(0, |token| token.span.end);
                Span::new(end, end)
            },
            |token| token.span,
        )
    }

    /// From `start` to the last token eaten.
    fn span_from(&self, start: Span) -> Span {
        let last =
            self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(start, |token| token.span);
        if last.end >= start.end { start.to(last) } else { start }
    }

    fn bump(&mut self) {
        self.at = self.at.saturating_add(1).min(self.tokens.len());
    }

    fn is_sign(&self, sign: &str) -> bool {
        self.token().is_some_and(|token| token.kind == TokenKind::Sign) && self.here() == sign
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.bump();
        }
        found
    }

    fn is_word(&self, word: &str) -> bool {
        self.token().is_some_and(|token| token.kind == TokenKind::Name) && self.here() == word
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.bump();
        }
        found
    }

    fn expect_sign(&mut self, sign: &str) -> bool {
        let found = self.eat_sign(sign);
        if !found {
            self.expected(&format!("`{sign}`"));
        }
        found
    }

    // ---- messages

    fn error(&mut self, code: &str, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, span, message));
    }

    fn expected(&mut self, what: &str) {
        let span = self.span();
        // One message a place: what follows from a mistake is not told again.
        if self.diagnostics.last().is_some_and(|last| last.span == span) {
            return;
        }
        let message = match self.token() {
            None => format!("The query ends where {what} is expected"),
            Some(token) => {
                let found: String = self.slice(token).chars().take(40).collect();
                format!("Expected {what}, found `{found}`")
            }
        };
        self.error("KQL0005", span, message);
    }

    // ---- shared parts

    /// Goes one level deeper; `false` (and a message, and the rest left unread) when that is too deep.
    fn enter(&mut self) -> bool {
        if self.nesting >= MAX_NESTING {
            let span = self.span();
            self.error("KQL0006", span, format!("Nested more than {MAX_NESTING} deep"));
            self.at = self.tokens.len();
            return false;
        }
        self.nesting = self.nesting.saturating_add(1);
        true
    }

    fn leave(&mut self) {
        self.nesting = self.nesting.saturating_sub(1);
    }

    fn node(&mut self, kind: ExprKind, span: Span) -> Expr {
        let height = kind.children_height().saturating_add(1);
        if height > MAX_HEIGHT {
            self.too_high(span);
            return Expr { kind: ExprKind::Error, span, height: 1 };
        }
        self.tallest = self.tallest.max(height);
        Expr { kind, span, height }
    }

    fn too_high(&mut self, span: Span) {
        self.error("KQL0006", span, format!("More than {MAX_HEIGHT} operators within one another (KS245)"));
        self.at = self.tokens.len();
    }

    /// What stands in brackets: `open`, the content, `close`.
    fn bracketed<T>(&mut self, open: &str, close: &str, content: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.expect_sign(open) {
            return None;
        }
        self.brackets = self.brackets.saturating_add(1);
        let was_condition = std::mem::take(&mut self.is_condition);
        let found = content(self);
        self.is_condition = was_condition;
        self.brackets = self.brackets.saturating_sub(1);
        if !self.eat_sign(close) {
            self.expected(&format!("`{close}`"));
            self.skip_to(&["|", ";", close]);
            self.eat_sign(close);
        }
        Some(found)
    }

    /// Items with commas between them, up to `close` in brackets; a comma may end them.
    fn items<T>(&mut self, close: &str, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        while !self.is_sign(close) && !self.is_at_end() {
            let before = self.at;
            items.push(item(self));
            if !self.eat_sign(",") || self.at == before {
                break;
            }
        }
        items
    }

    /// Items with commas between them; at least one.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = vec![item(self)];
        while self.eat_sign(",") {
            items.push(item(self));
        }
        items
    }

    /// A bare or quoted (`['…']`) name.
    fn name(&mut self) -> Option<Name> {
        let token = self.token()?;
        if token.kind == TokenKind::Name {
            self.bump();
            return Some(Name { text: self.slice(token).to_owned(), span: token.span });
        }
        self.quoted_name()
    }

    fn quoted_name(&mut self) -> Option<Name> {
        let start = self.span();
        let is_quoted = self.is_sign("[")
            && matches!(self.token_after(1)?.kind, TokenKind::String { .. })
            && self.ahead(2) == "]";
        if !is_quoted {
            return None;
        }
        self.bump();
        let text = self.string_token();
        self.bump();
        Some(Name { text, span: self.span_from(start) })
    }

    /// What the string token here says.
    fn string_token(&mut self) -> String {
        let Some(token) = self.token() else { return String::new() };
        self.bump();
        if token.kind == (TokenKind::String { is_closed: false }) {
            self.error("KQL0002", token.span, "This text has no closing quote");
        }
        match unquote(self.slice(token)) {
            Ok(text) => text,
            Err((_, message)) => {
                self.error("KQL0003", token.span, message);
                String::new()
            }
        }
    }

    /// Reads a query: a source and what follows its `|`s.
    fn pipeline(&mut self) -> Query {
        self.query(|parser, operators| parser.source(operators))
    }

    /// Reads the stages that are done to rows at hand: what `mv-apply`, `fork` and `facet` have in brackets.
    fn stages(&mut self) -> Query {
        self.query(|parser, operators| {
            operators.push(parser.operator());
            None
        })
    }

    fn query(&mut self, begin: impl FnOnce(&mut Self, &mut Vec<Operator>) -> Option<Source>) -> Query {
        let start = self.span();
        let mut operators = Vec::new();
        if !self.enter() {
            return Query { source: None, operators, span: start, height: 1 };
        }
        let outer = std::mem::take(&mut self.tallest);
        let source = begin(self, &mut operators);
        self.end_stage();
        loop {
            if self.eat_sign("|") {
                if self.is_sign("|") {
                    self.foreign("`or`");
                    self.skip();
                    continue;
                }
            } else if self.here_is_operator() {
                let (word, span) = (self.joined_word(), self.span());
                self.error("KQL0013", span, format!("A `|` is missing before `{word}`"));
            } else {
                break;
            }
            operators.push(self.operator());
            self.end_stage();
        }
        self.leave();
        let span = self.span_from(start);
        Query { source, operators, span, height: self.close(outer, span) }
    }

    /// Tells what stands where a stage should end, and leaves it out.
    fn end_stage(&mut self) {
        if self.is_stage_end() || self.here_is_operator() || self.here_is_statement() {
            return;
        }
        if self.is_sign("/") && self.ahead(1) == "*" {
            self.foreign("`//` before a comment");
        } else {
            self.expected("`|` or the end of the query");
        }
        self.skip();
    }

    /// The height of what was read since `outer` was put aside, plus one for what holds it.
    fn close(&mut self, outer: u16, span: Span) -> u16 {
        let mut height = self.tallest.saturating_add(1);
        if height > MAX_HEIGHT {
            self.too_high(span);
            height = 1;
        }
        self.tallest = outer.max(height);
        height
    }

    /// Whether a stage ends here.
    fn is_stage_end(&self) -> bool {
        self.is_at_end() || ["|", ";", ")", "}"].iter().any(|sign| self.is_sign(sign))
    }

    /// Leaves the rest of a stage out.
    fn skip(&mut self) {
        self.skip_to(&["|", ";"]);
    }

    /// Leaves tokens out up to one of these signs outside brackets.
    fn skip_to(&mut self, signs: &[&str]) {
        let mut depth = 0_u32;
        while let Some(token) = self.token() {
            if token.kind == TokenKind::Sign {
                let sign = self.slice(token);
                if depth == 0 && signs.contains(&sign) {
                    return;
                }
                // What closes an outer bracket ends what is within it.
                if depth == 0 && self.brackets > 0 && matches!(sign, ")" | "]" | "}") {
                    return;
                }
                match sign {
                    "(" | "[" | "{" => depth = depth.saturating_add(1),
                    ")" | "]" | "}" => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            self.bump();
        }
    }
}

impl ExprKind {
    /// The height of the highest child; 0 for a leaf.
    fn children_height(&self) -> u16 {
        let highest = |expressions: &[Expr]| expressions.iter().map(|child| child.height).max().unwrap_or(0);
        match self {
            Self::Literal(_) | Self::Name(_) | Self::Names(_) | Self::Star | Self::Error => 0,
            Self::Query(query) => query.height,
            Self::Argument { value, .. } => value.height,
            Self::Method { base, arguments, .. } => base.height.max(highest(arguments)),
            Self::Path { base, .. } => base.height,
            Self::Element { base, index } => base.height.max(index.height),
            Self::Call { arguments, .. } => highest(arguments),
            Self::Unary { operand, .. } => operand.height,
            Self::Binary { left, right, .. } => left.height.max(right.height),
            Self::And(operands) | Self::Or(operands) => highest(operands),
            Self::In { left, list, .. } => left.height.max(highest(list)),
            Self::Between { value, low, high, .. } => value.height.max(low.height).max(high.height),
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
