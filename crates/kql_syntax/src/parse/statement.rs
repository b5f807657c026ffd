//! Statements: `let`, `set`, `declare`, queries.

use super::Parser;
use crate::{
    ast::{
        Expr, ExprKind, Function, FunctionParameter, LetValue, Name, ParameterKind, Statement, StatementKind,
    },
    keyword::STATEMENTS,
    token::TokenKind,
};
use chartroom_base::diagnostic::Span;

/// How far the end of a function's parameters is looked for.
const MAX_PARAMETER_TOKENS: usize = 4_096;

impl Parser<'_> {
    pub(super) fn statements(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        loop {
            while self.eat_sign(";") {}
            if self.is_at_end() {
                break;
            }
            let before = self.at;
            let statement = self.statement();
            let is_let = matches!(statement.kind, StatementKind::Let { .. });
            statements.push(statement);
            if self.is_at_end() || self.is_sign(";") {
                continue;
            }
            self.expected("`;` or the end of the query");
            // What stands on its own is read on; anything else is told once and left out.
            let is_read_on = self.here_is_statement()
                || is_let && self.token().is_some_and(|token| token.kind == TokenKind::Name);
            if !is_read_on || self.at == before {
                self.skip_to(&[";"]);
            }
        }
        let has_query = statements.iter().any(|statement| {
            matches!(statement.kind, StatementKind::Query(_) | StatementKind::Other(_) | StatementKind::Error)
        });
        if !has_query && self.diagnostics.is_empty() {
            let span = self.span();
            self.error("KQL0010", span, "There is no query here; begin with a table, for example `Events`");
        }
        statements
    }

    fn statement(&mut self) -> Statement {
        let start = self.span();
        let kind = if self.here_is_statement() {
            match self.here() {
                "let" => self.let_statement(),
                "set" => self.set_statement(),
                "declare" if self.ahead(1) == "query_parameters" => {
                    self.bump();
                    self.bump();
                    StatementKind::Declare(self.declarations().unwrap_or_default())
                }
                _ => self.other_statement(),
            }
        } else if self.is_sign(".") {
            let message = "Management commands are not supported; a query begins with a table";
            self.error("KQL0019", start, message);
            self.skip_to(&[";"]);
            StatementKind::Error
        } else {
            StatementKind::Query(Box::new(self.pipeline()))
        };
        Statement { kind, span: self.span_from(start) }
    }

    /// Whether the word here begins a statement: none is reserved, so what follows decides.
    pub(super) fn here_is_statement(&self) -> bool {
        let is_word = self.token().is_some_and(|token| token.kind == TokenKind::Name);
        is_word && STATEMENTS.contains(&self.here()) && !matches!(self.ahead(1), "|" | ";" | "" | ")")
    }

    fn other_statement(&mut self) -> StatementKind {
        let word = Name { text: self.here().to_owned(), span: self.span() };
        self.error("KQL0021", word.span, format!("`{}` is not supported", word.text));
        self.skip_to(&[";"]);
        StatementKind::Other(word)
    }

    fn set_statement(&mut self) -> StatementKind {
        self.bump();
        let Some(name) = self.name() else {
            self.expected("a request property's name");
            self.skip_to(&[";"]);
            return StatementKind::Error;
        };
        let value = self.eat_sign("=").then(|| self.parameter_value());
        StatementKind::Set { name, value }
    }

    fn let_statement(&mut self) -> StatementKind {
        self.bump();
        let Some(name) = self.name() else {
            self.expected("a name");
            self.skip_to(&[";"]);
            return StatementKind::Error;
        };
        self.expect_sign("=");
        let is_view = self.is_word("view") && self.ahead(1) == "(";
        let value = if is_view || self.here_is_function() {
            LetValue::Function(self.function())
        } else {
            LetValue::Expression(self.expression_or_query())
        };
        StatementKind::Let { name, value }
    }

    /// Whether the bracket here closes before a `{`.
    fn here_is_function(&self) -> bool {
        if !self.is_sign("(") {
            return false;
        }
        let mut depth = 0_u32;
        for (at, token) in self.tokens.iter().enumerate().skip(self.at).take(MAX_PARAMETER_TOKENS) {
            match (token.kind, self.slice(*token)) {
                (TokenKind::Sign, "(") => depth = depth.saturating_add(1),
                (TokenKind::Sign, ")") => depth = depth.saturating_sub(1),
                (TokenKind::Sign, ";" | "|") => return false,
                _ => {}
            }
            if depth == 0 {
                let next = self.tokens.get(at.saturating_add(1));
                return next.is_some_and(|next| self.slice(*next) == "{");
            }
        }
        false
    }

    fn function(&mut self) -> Function {
        let start = self.span();
        let is_view = self.eat_word("view");
        let mut function = Function {
            is_view,
            parameters: Vec::new(),
            statements: Vec::new(),
            result: Box::new(Expr { kind: ExprKind::Error, span: start, height: 1 }),
            span: start,
        };
        if !self.enter() {
            return function;
        }
        let outer = std::mem::take(&mut self.tallest);
        let parameters = self
            .bracketed("(", ")", |parser| parser.items(")", Self::function_parameter))
            .unwrap_or_default();
        function.parameters = parameters;
        if let Some((statements, result)) = self.bracketed("{", "}", Self::function_body) {
            function.statements = statements;
            function.result = Box::new(result);
        }
        self.leave();
        function.span = self.span_from(start);
        self.close(outer, function.span);
        function
    }

    fn function_body(&mut self) -> (Vec<Statement>, Expr) {
        let mut statements = Vec::new();
        while self.here_is_statement() {
            statements.push(self.statement());
            if !self.eat_sign(";") {
                self.expected("`;`");
                break;
            }
            while self.eat_sign(";") {}
        }
        let result = self.expression_or_query();
        while self.eat_sign(";") {}
        (statements, result)
    }

    fn function_parameter(&mut self) -> FunctionParameter {
        let start = self.span();
        let name = self.name().unwrap_or_else(|| self.missing_name("a parameter's name"));
        self.expect_sign(":");
        let kind = if self.is_sign("(") {
            let columns = self.bracketed("(", ")", |parser| {
                if parser.eat_sign("*") { Vec::new() } else { parser.items(")", Self::declaration) }
            });
            ParameterKind::Table(columns.unwrap_or_default())
        } else {
            ParameterKind::Scalar(self.type_name().unwrap_or_else(|| self.missing_name("a type")))
        };
        let default = self.eat_sign("=").then(|| self.expression());
        FunctionParameter { name, kind, default, span: self.span_from(start) }
    }

    /// An expression or, where one begins here or a `|` follows, a query.
    pub(super) fn expression_or_query(&mut self) -> Expr {
        let start = self.span();
        if self.here_is_query() {
            return self.query_expression(start, Self::pipeline);
        }
        let outer = std::mem::take(&mut self.tallest);
        let expression = self.expression();
        let is_piped = self.is_sign("|") && self.ahead(1) != "|";
        let source = if is_piped { Self::as_source(expression.clone()) } else { None };
        let Some((source, operators)) = source else {
            self.tallest = self.tallest.max(outer);
            return expression;
        };
        self.tallest = outer;
        let height = match &expression.kind {
            // Its stages become stages of this query: no level of their own.
            ExprKind::Query(query) => query.height.saturating_sub(1),
            ExprKind::Name(_) => 0,
            _ => expression.height,
        };
        self.query_expression(start, |parser| {
            parser.query(|parser, before| {
                parser.tallest = height;
                *before = operators;
                source
            })
        })
    }

    pub(super) fn query_expression(
        &mut self,
        start: Span,
        read: impl FnOnce(&mut Self) -> crate::ast::Query,
    ) -> Expr {
        let query = read(self);
        let span = self.span_from(start);
        self.node(ExprKind::Query(Box::new(query)), span)
    }
}
