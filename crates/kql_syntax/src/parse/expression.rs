//! Scalar expressions by binding powers.
//!
//! Loosest first: `or`, `and`, equality (with `in` and `between`), order, sums, products, text operators, signs, paths.
//! `=~` binds tighter than `==`, and tighter than `+`: so does Kusto. Equality, order and text operators do not chain.

use super::{Parser, part::name_or_truth};
use crate::{
    ast::{BinaryOperator, Expr, ExprKind, InOperator, UnaryOperator},
    keyword::is_word_operator,
    token::TokenKind,
};
use chartroom_base::diagnostic::Span;

/// What stands between two operands.
enum Infix {
    Binary(BinaryOperator),
    In(InOperator),
    Between(bool),
}

impl Infix {
    const fn power(&self) -> u8 {
        match self {
            Self::Binary(operator) => operator.power(),
            Self::In(_) | Self::Between(_) => 3,
        }
    }
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Expr {
        self.deeper(|parser| {
            parser.chain("or", ExprKind::Or, |parser| {
                parser.chain("and", ExprKind::And, |parser| parser.infix(3))
            })
        })
    }

    /// One level deeper, if that is allowed.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let span = self.span();
        if !self.enter() {
            return Expr { kind: ExprKind::Error, span, height: 1 };
        }
        let expression = read(self);
        self.leave();
        expression
    }

    /// Operands joined by `word`, in one node.
    fn chain(
        &mut self,
        word: &str,
        make: fn(Vec<Expr>) -> ExprKind,
        operand: impl Fn(&mut Self) -> Expr,
    ) -> Expr {
        let start = self.span();
        let first = operand(self);
        if !self.is_word(word) && !self.is_foreign_junction(word) {
            return first;
        }
        let mut operands = vec![first];
        while self.eat_junction(word) {
            operands.push(operand(self));
        }
        let span = self.span_from(start);
        self.node(make(operands), span)
    }

    /// `and` or `or`; the signs that other languages have for them are told and taken for them.
    fn eat_junction(&mut self, word: &str) -> bool {
        if !self.is_foreign_junction(word) {
            return self.eat_word(word);
        }
        let found = if word == "and" { "&&" } else { "||" };
        let span = self.span().to(self.token_after(1).map_or(self.span(), |next| next.span));
        self.error("KQL0015", span, format!("`{found}` is not KQL; write `{word}`"));
        self.bump_by(2);
        true
    }

    fn is_foreign_junction(&self, word: &str) -> bool {
        let sign = if word == "and" { "&" } else { "|" };
        let touches = self.token_after(1).is_some_and(|next| next.span.start == self.span().end);
        self.here() == sign && self.ahead(1) == sign && touches
    }

    pub(super) fn infix(&mut self, least: u8) -> Expr {
        let start = self.span();
        let mut left = self.unary();
        while let Some((operator, tokens)) = self.peek_infix() {
            let power = operator.power();
            if power < least {
                break;
            }
            let operator_span = self.span();
            if self.is_sign("=") {
                self.error("KQL0014", operator_span, "`=` gives a name; `==` compares");
            }
            self.bump_by(tokens);
            let at = self.span_from(operator_span);
            let kind = match operator {
                Infix::Binary(operator) => {
                    let right = self.infix(power.saturating_add(1));
                    ExprKind::Binary { operator, at, left: Box::new(left), right: Box::new(right) }
                }
                Infix::In(operator) => {
                    ExprKind::In { operator, at, left: Box::new(left), list: self.in_list() }
                }
                Infix::Between(is_negated) => self.between(left, is_negated, at),
            };
            let span = self.span_from(start);
            left = self.node(kind, span);
            let chains = matches!(power, 5 | 6);
            if !chains && self.peek_infix().is_some_and(|(next, _)| next.power() == power) {
                let span = self.span();
                self.error("KQL0008", span, "Comparisons do not chain; put brackets or `and` between them");
            }
        }
        left
    }

    /// The operator here and how many tokens it takes.
    fn peek_infix(&self) -> Option<(Infix, usize)> {
        let token = self.token()?;
        if !matches!(token.kind, TokenKind::Sign | TokenKind::Name) {
            return None;
        }
        let sign = self.slice(token);
        if sign == "matches" {
            return (self.ahead(1) == "regex").then_some((Infix::Binary(BinaryOperator::MatchesRegex), 2));
        }
        if let Some(operator) = InOperator::from_sign(sign) {
            return Some((Infix::In(operator), 1));
        }
        let sign = match sign {
            "between" => return Some((Infix::Between(false), 1)),
            "!between" => return Some((Infix::Between(true), 1)),
            "=" if self.is_condition => "==",
            "<>" => "!=",
            // Older spellings of the same operators.
            "notcontains" => "!contains",
            "notcontainscs" => "!contains_cs",
            "containscs" => "contains_cs",
            other => other,
        };
        BinaryOperator::from_sign(sign).map(|operator| (Infix::Binary(operator), 1))
    }

    /// An expression in which `=` can only be meant as `==`.
    pub(super) fn condition(&mut self) -> Expr {
        let was_condition = std::mem::replace(&mut self.is_condition, true);
        let expression = self.expression();
        self.is_condition = was_condition;
        expression
    }

    fn in_list(&mut self) -> Vec<Expr> {
        self.bracketed("(", ")", |parser| parser.items(")", Self::expression_or_query)).unwrap_or_default()
    }

    fn between(&mut self, value: Expr, is_negated: bool, at: Span) -> ExprKind {
        let bounds = self.bracketed("(", ")", |parser| {
            let low = parser.infix(5);
            parser.expect_sign("..");
            (low, parser.infix(5))
        });
        let Some((low, high)) = bounds else { return ExprKind::Error };
        ExprKind::Between { is_negated, at, value: Box::new(value), low: Box::new(low), high: Box::new(high) }
    }

    pub(super) fn unary(&mut self) -> Expr {
        let start = self.span();
        let operator = match self.here() {
            "-" if self.is_sign("-") => UnaryOperator::Minus,
            "+" if self.is_sign("+") => UnaryOperator::Plus,
            _ => return self.postfix(),
        };
        self.bump();
        let operand = self.deeper(Self::unary);
        let span = self.span_from(start);
        self.node(ExprKind::Unary { operator, operand: Box::new(operand) }, span)
    }

    fn postfix(&mut self) -> Expr {
        let start = self.span();
        let base = self.primary();
        self.postfix_of(base, start)
    }

    /// The dots and brackets behind `base`.
    pub(super) fn postfix_of(&mut self, mut base: Expr, start: Span) -> Expr {
        loop {
            if self.is_sign(".") && self.ahead(1) != "[" {
                self.bump();
                let Some(name) = self.name() else {
                    self.expected("a property's name");
                    return base;
                };
                let kind = if self.is_sign("(") {
                    ExprKind::Method { base: Box::new(base), name, arguments: self.arguments() }
                } else {
                    ExprKind::Path { base: Box::new(base), name }
                };
                let span = self.span_from(start);
                base = self.node(kind, span);
            } else if self.is_sign("[") || self.is_sign(".") {
                // `a.["b"]` is `a["b"]`.
                self.eat_sign(".");
                base = match self.quoted_name() {
                    Some(name) => {
                        let span = self.span_from(start);
                        self.node(ExprKind::Path { base: Box::new(base), name }, span)
                    }
                    None => {
                        let index = self.bracketed("[", "]", Self::expression);
                        let index = index.unwrap_or_else(|| self.no_operand());
                        let span = self.span_from(start);
                        self.node(ExprKind::Element { base: Box::new(base), index: Box::new(index) }, span)
                    }
                };
            } else {
                return base;
            }
        }
    }

    fn primary(&mut self) -> Expr {
        let start = self.span();
        let Some(token) = self.token() else {
            self.expected("an expression");
            return Expr { kind: ExprKind::Error, span: start, height: 1 };
        };
        let kind = match token.kind {
            TokenKind::String { .. } => self.string_literal(),
            TokenKind::Long | TokenKind::Real | TokenKind::TimeSpan | TokenKind::Typed { .. } => {
                self.literal(token)
            }
            TokenKind::Name if is_word_operator(self.here()) => self.no_expression(),
            TokenKind::Name => self.name_or_call(),
            TokenKind::Sign => match self.here() {
                "(" => {
                    let inner = self.bracketed("(", ")", Self::expression_or_query);
                    return inner.unwrap_or_else(|| self.no_operand());
                }
                "*" => {
                    self.bump();
                    ExprKind::Star
                }
                "[" => match self.quoted_name() {
                    Some(name) => ExprKind::Name(name.text),
                    None => self.no_expression(),
                },
                _ => self.no_expression(),
            },
            TokenKind::Unknown if self.here() == "!" => {
                self.foreign("`not(…)`");
                self.bump();
                return self.deeper(Self::unary);
            }
            TokenKind::Unknown => {
                let found = self.here();
                self.error("KQL0001", start, format!("`{found}` means nothing here"));
                self.bump();
                ExprKind::Error
            }
            TokenKind::Blank | TokenKind::Comment => self.no_expression(),
        };
        let span = self.span_from(start);
        self.node(kind, span)
    }

    fn no_expression(&mut self) -> ExprKind {
        if self.is_sign("/") && self.ahead(1) == "*" {
            self.foreign("`//` before a comment");
            self.skip();
        } else {
            self.expected("an expression");
        }
        ExprKind::Error
    }

    /// An expression that is not there; told before or now.
    pub(super) fn no_operand(&mut self) -> Expr {
        self.expected("an expression");
        Expr { kind: ExprKind::Error, span: self.span(), height: 1 }
    }

    fn name_or_call(&mut self) -> ExprKind {
        let Some(name) = self.name() else { return ExprKind::Error };
        if !self.is_sign("(") {
            return match name.text.as_str() {
                "not" if self.here_is_operand() => {
                    self.error(
                        "KQL0015",
                        name.span,
                        "`not` is a function; put brackets around what it negates (KS117)",
                    );
                    let operand = self.deeper(|parser| parser.infix(3));
                    ExprKind::Call { name, arguments: vec![operand] }
                }
                _ => name_or_truth(name.text),
            };
        }
        if name.text == "dynamic" {
            self.bump();
            return self.dynamic_literal();
        }
        ExprKind::Call { name, arguments: self.arguments() }
    }

    /// Whether a name or a constant stands here.
    fn here_is_operand(&self) -> bool {
        self.token().is_some_and(|token| match token.kind {
            TokenKind::Name => !is_word_operator(self.here()) && !self.here_is_operator(),
            TokenKind::Sign | TokenKind::Unknown => false,
            _ => true,
        })
    }

    /// `(arguments)` of a call.
    pub(super) fn arguments(&mut self) -> Vec<Expr> {
        self.bracketed("(", ")", |parser| parser.items(")", Self::argument)).unwrap_or_default()
    }

    fn argument(&mut self) -> Expr {
        let start = self.span();
        let is_named =
            self.ahead(1) == "=" && self.token().is_some_and(|token| token.kind == TokenKind::Name);
        if !is_named {
            return self.expression_or_query();
        }
        let name = self.any_name("a parameter");
        self.bump();
        let value = self.expression_or_query();
        let span = self.span_from(start);
        self.node(ExprKind::Argument { name, value: Box::new(value) }, span)
    }
}
