//! Scalar expressions by binding powers.
//!
//! Loosest first: `or`, `and`, equality (with `in` and `between`), order, sums, products, text operators, signs, paths.
//! `=~` binds tighter than `==`, and tighter than `+`: so does Kusto. Equality, order and text operators do not chain.

use super::Parser;
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
        let span = self.span();
        if !self.enter() {
            return Expr { kind: ExprKind::Error, span, height: 1 };
        }
        let expression = self
            .chain("or", ExprKind::Or, |parser| parser.chain("and", ExprKind::And, |parser| parser.infix(3)));
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
        if !self.is_word(word) {
            return first;
        }
        let mut operands = vec![first];
        while self.eat_word(word) {
            operands.push(operand(self));
        }
        let span = self.span_from(start);
        self.node(make(operands), span)
    }

    fn infix(&mut self, least: u8) -> Expr {
        let start = self.span();
        let mut left = self.unary();
        while let Some((operator, tokens)) = self.peek_infix() {
            let power = operator.power();
            if power < least {
                break;
            }
            let operator_span = self.span();
            for _ in 0..tokens {
                self.bump();
            }
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
            // `=` is refused by the binder's message, not here: it ends the expression.
            "<>" => "!=",
            // Older spellings of the same operators.
            "notcontains" => "!contains",
            "notcontainscs" => "!contains_cs",
            "containscs" => "contains_cs",
            other => other,
        };
        BinaryOperator::from_sign(sign).map(|operator| (Infix::Binary(operator), 1))
    }

    fn in_list(&mut self) -> Vec<Expr> {
        let mut list = Vec::new();
        if !self.expect_sign("(") {
            return list;
        }
        while !self.is_sign(")") && !self.is_at_end() {
            let before = self.at;
            list.push(self.expression());
            self.refuse_subquery();
            if !self.eat_sign(",") || self.at == before {
                break;
            }
        }
        self.expect_sign(")");
        list
    }

    /// A `|` within brackets makes a query of them.
    fn refuse_subquery(&mut self) {
        let span = self.span();
        // Behind a mistake it more likely is the pipe of the query, whose bracket is missing.
        let is_told = self.diagnostics.last().is_some_and(|last| last.span == span);
        if self.is_sign("|") && !is_told {
            self.error("KQL0024", span, "A query within brackets is not supported here yet; list the values");
            self.skip_to(&[")"]);
        }
    }

    fn between(&mut self, value: Expr, is_negated: bool, at: Span) -> ExprKind {
        self.expect_sign("(");
        let low = self.infix(5);
        self.expect_sign("..");
        let high = self.infix(5);
        self.expect_sign(")");
        ExprKind::Between { is_negated, at, value: Box::new(value), low: Box::new(low), high: Box::new(high) }
    }

    fn unary(&mut self) -> Expr {
        let start = self.span();
        let operator = match self.here() {
            "-" if self.is_sign("-") => UnaryOperator::Minus,
            "+" if self.is_sign("+") => UnaryOperator::Plus,
            _ => return self.postfix(),
        };
        if !self.enter() {
            return Expr { kind: ExprKind::Error, span: start, height: 1 };
        }
        self.bump();
        let operand = self.unary();
        self.leave();
        let span = self.span_from(start);
        self.node(ExprKind::Unary { operator, operand: Box::new(operand) }, span)
    }

    fn postfix(&mut self) -> Expr {
        let start = self.span();
        let mut base = self.primary();
        loop {
            if self.eat_sign(".") {
                let Some(name) = self.name() else {
                    self.expected("a property's name");
                    return base;
                };
                let span = self.span_from(start);
                base = self.node(ExprKind::Path { base: Box::new(base), name }, span);
            } else if self.is_sign("[") {
                base = match self.quoted_name() {
                    Some(name) => {
                        let span = self.span_from(start);
                        self.node(ExprKind::Path { base: Box::new(base), name }, span)
                    }
                    None => {
                        self.bump();
                        let index = self.expression();
                        self.expect_sign("]");
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
                    self.bump();
                    let inner = self.expression();
                    self.refuse_subquery();
                    self.expect_sign(")");
                    return inner;
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
        self.expected("an expression");
        ExprKind::Error
    }

    fn name_or_call(&mut self) -> ExprKind {
        let Some(name) = self.name() else { return ExprKind::Error };
        if !self.is_sign("(") {
            return match name.text.as_str() {
                "true" | "True" | "TRUE" => ExprKind::Literal(crate::ast::Literal::Bool(Some(true))),
                "false" | "False" | "FALSE" => ExprKind::Literal(crate::ast::Literal::Bool(Some(false))),
                _ => ExprKind::Name(name.text),
            };
        }
        self.bump();
        if name.text == "dynamic" {
            return self.dynamic_literal();
        }
        let mut arguments = Vec::new();
        while !self.is_sign(")") && !self.is_at_end() {
            let before = self.at;
            if self.ahead(1) == "=" {
                let span = self.span();
                self.error("KQL0025", span, "Arguments by name are not supported yet");
                self.bump();
                self.bump();
            }
            arguments.push(self.expression());
            if !self.eat_sign(",") || self.at == before {
                break;
            }
        }
        self.expect_sign(")");
        ExprKind::Call { name, arguments }
    }
}
