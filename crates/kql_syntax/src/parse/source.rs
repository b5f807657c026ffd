//! Where rows come from: a table, `union …`, `datatable …`, a bracketed query.

use super::Parser;
use crate::{
    ast::{
        Expr, ExprKind, Find, FindColumn, Literal, Name, Operator, Parameter, Query, Search, Source,
        SourceKind, Union, UnionLeg,
    },
    keyword::{is_clause_word, is_operator, is_word_operator},
    token::TokenKind,
};

impl Parser<'_> {
    /// Reads the source. Operators of a bracketed query go to `operators`: `(T | where a) | count` is one pipe.
    pub(super) fn source(&mut self, operators: &mut Vec<Operator>) -> Option<Source> {
        let start = self.span();
        if self.here_is_query() {
            let kind = self.worded_source();
            return Some(Source { kind, span: self.span_from(start) });
        }
        if self.is_sign("(") {
            let outer = self.tallest;
            let inner = self.bracketed("(", ")", Self::pipeline)?;
            // Its stages become stages of the query around it: no level of their own.
            self.tallest = outer.max(inner.height.saturating_sub(1));
            operators.extend(inner.operators);
            return inner.source;
        }
        if let Some(name) = self.name() {
            return self.named_source(name, operators);
        }
        if self.is_sign("|") {
            self.expected("a table before the `|`");
        } else {
            self.expected("a table");
            self.skip();
        }
        None
    }

    /// A table, or a call of a function that gives rows.
    fn named_source(&mut self, name: Name, operators: &mut Vec<Operator>) -> Option<Source> {
        let span = name.span;
        if !self.is_sign("(") {
            if matches!(name.text.as_str(), "select" | "SELECT" | "Select") && !self.is_stage_end() {
                let message = "`select` is not KQL; write the table, then `| project` and the columns";
                self.error("KQL0015", span, message);
                self.skip();
                return None;
            }
            // A stage without its rows: the text of a table's name would mislead.
            if is_operator(&name.text) && !self.is_stage_end() && !self.here_is_operator() {
                let message = format!("`{}` is an operator; a query begins with a table (KS174)", name.text);
                self.error("KQL0009", span, message);
                self.skip();
                return None;
            }
            return Some(Source { span, kind: SourceKind::Table(name) });
        }
        let arguments = self.arguments();
        let call = ExprKind::Call { name, arguments };
        let span = self.span_from(span);
        let mut base = self.node(call, span);
        if self.is_sign(".") {
            base = self.postfix_of(base, span);
        }
        let (source, before) = Self::as_source(base)?;
        operators.extend(before);
        source
    }

    /// What an expression is when a `|` follows; `None` when it cannot be rows.
    pub(super) fn as_source(expression: Expr) -> Option<(Option<Source>, Vec<Operator>)> {
        let span = expression.span;
        let kind = match expression.kind {
            ExprKind::Name(text) => SourceKind::Table(Name { text, span }),
            ExprKind::Call { name, arguments } => SourceKind::Call { name, arguments },
            ExprKind::Query(query) => return Some((query.source, query.operators)),
            ExprKind::Path { .. } | ExprKind::Method { .. } if is_remote(&expression) => {
                SourceKind::Remote(expression)
            }
            _ => return None,
        };
        Some((Some(Source { kind, span }), Vec::new()))
    }

    /// Whether the word here begins a query: none is reserved, so what follows decides.
    pub(super) fn here_is_query(&self) -> bool {
        let Some(next) = self.token_after(1) else { return false };
        let word = self.slice(next);
        let is_operand = match next.kind {
            TokenKind::Sign => matches!(word, "(" | "[" | "*" | "-"),
            TokenKind::Name => !is_word_operator(word) && !is_clause_word(word),
            _ => true,
        };
        if !self.token().is_some_and(|token| token.kind == TokenKind::Name) {
            return false;
        }
        match self.here() {
            "union" => is_operand,
            // A scalar function of that name there is not, but an operator behind the pipe's end.
            "search" | "find" => is_operand || word == "in",
            "print" => is_operand,
            "range" => {
                (next.kind == TokenKind::Name && self.ahead(2) == "from")
                    || (word == "[" && self.ahead(3) == "]" && self.ahead(4) == "from")
            }
            "datatable" | "externaldata" => {
                word == "(" || next.kind == TokenKind::Name && self.ahead(2) == "="
            }
            _ => false,
        }
    }

    fn worded_source(&mut self) -> SourceKind {
        let word = self.here();
        self.bump();
        match word {
            "union" => SourceKind::Union(self.union()),
            "search" => SourceKind::Search(self.search()),
            "find" => SourceKind::Find(self.find()),
            "print" => SourceKind::Print(self.list(Self::named)),
            "range" => {
                let name = self.any_name("a column's name");
                self.expect_word("from");
                let from = self.expression();
                self.expect_word("to");
                let to = self.expression();
                self.expect_word("step");
                SourceKind::Range { name, from, to, step: self.expression() }
            }
            "datatable" => {
                self.parameters(&[]);
                let columns = self.declarations().unwrap_or_default();
                let values = self.bracketed("[", "]", |parser| parser.items("]", Self::expression));
                SourceKind::DataTable { columns, values: values.unwrap_or_default() }
            }
            _ => {
                let columns = self.declarations().unwrap_or_default();
                let locations = self.bracketed("[", "]", |parser| parser.items("]", Self::expression));
                let properties = self.with_properties();
                SourceKind::ExternalData { columns, locations: locations.unwrap_or_default(), properties }
            }
        }
    }

    /// `with (a=b, …)`, if it is there.
    pub(super) fn with_properties(&mut self) -> Vec<Parameter> {
        if !self.eat_word("with") {
            return Vec::new();
        }
        self.bracketed("(", ")", |parser| parser.items(")", Self::parameter)).unwrap_or_default()
    }

    /// Behind `union`.
    pub(super) fn union(&mut self) -> Union {
        let mut union = Union {
            legs: Vec::new(),
            is_inner: false,
            is_fuzzy: false,
            with_source: None,
            parameters: Vec::new(),
        };
        for parameter in self.parameters(&["kind", "withsource", "with_source", "isfuzzy"]) {
            match (parameter.name.text.as_str(), &parameter.value.kind) {
                ("kind", ExprKind::Name(kind)) if kind == "inner" => union.is_inner = true,
                ("kind", ExprKind::Name(kind)) if kind == "outer" => union.is_inner = false,
                ("withsource" | "with_source", ExprKind::Name(name)) => {
                    union.with_source = Some(Name { text: name.clone(), span: parameter.value.span });
                }
                ("withsource" | "with_source", ExprKind::Literal(Literal::String(name))) => {
                    union.with_source = Some(Name { text: name.clone(), span: parameter.value.span });
                }
                ("isfuzzy", ExprKind::Literal(Literal::Bool(Some(value)))) => union.is_fuzzy = *value,
                ("isfuzzy", ExprKind::Literal(Literal::Long(Some(value)))) => union.is_fuzzy = *value != 0,
                (name, _) if name.starts_with("hint.") => union.parameters.push(parameter),
                (name, _) => {
                    let expected = match name {
                        "kind" => "`inner` or `outer`",
                        "isfuzzy" => "`true` or `false`",
                        _ => "a column's name",
                    };
                    let message = format!("Expected {expected} (KS005)");
                    self.error("KQL0017", parameter.value.span, message);
                }
            }
        }
        union.legs = self.list(Self::union_leg);
        union
    }

    fn union_leg(&mut self) -> UnionLeg {
        let is_call = self.token().is_some_and(|token| token.kind == TokenKind::Name)
            && (self.ahead(1) == "(" || self.ahead(1) == ".");
        if is_call || self.is_sign("(") {
            return UnionLeg::Query(Box::new(self.side()));
        }
        UnionLeg::Tables(self.any_pattern("a table"))
    }

    /// One side of `join`, one leg of `union`: a table, a call, or a query in brackets.
    pub(super) fn side(&mut self) -> Query {
        let start = self.span();
        let outer = std::mem::take(&mut self.tallest);
        let mut operators = Vec::new();
        let source = if self.enter() {
            let source = self.source(&mut operators);
            self.leave();
            source
        } else {
            None
        };
        let span = self.span_from(start);
        Query { source, operators, span, height: self.close(outer, span) }
    }

    /// Behind `search`.
    pub(super) fn search(&mut self) -> Search {
        let mut is_case_sensitive = false;
        for parameter in self.parameters(&["kind"]) {
            match &parameter.value.kind {
                ExprKind::Name(kind) if kind == "case_sensitive" => is_case_sensitive = true,
                ExprKind::Name(kind) if kind == "default" || kind == "case_insensitive" => {}
                _ if parameter.name.text.starts_with("hint.") => {}
                _ => {
                    let message = "Expected `case_sensitive` or `case_insensitive` (KS005)";
                    self.error("KQL0017", parameter.value.span, message);
                }
            }
        }
        let tables = if self.eat_word("in") { self.tables() } else { Vec::new() };
        Search { tables, is_case_sensitive, predicate: self.condition() }
    }

    fn tables(&mut self) -> Vec<UnionLeg> {
        self.bracketed("(", ")", |parser| parser.items(")", Self::union_leg)).unwrap_or_default()
    }

    /// Behind `find`.
    fn find(&mut self) -> Find {
        let (mut with_source, mut parameters) = (None, Vec::new());
        for parameter in self.parameters(&["withsource", "datascope"]) {
            match &parameter.value.kind {
                ExprKind::Name(name) if parameter.name.text == "withsource" => {
                    with_source = Some(Name { text: name.clone(), span: parameter.value.span });
                }
                _ => parameters.push(parameter),
            }
        }
        let tables = if self.eat_word("in") { self.tables() } else { Vec::new() };
        self.eat_word("where");
        let predicate = self.condition();
        let (mut columns, mut without) = (Vec::new(), Vec::new());
        loop {
            let (len, _) = self.joined();
            match self.joined_word().as_str() {
                "project" => {
                    self.bump_by(len);
                    columns = self.list(Self::find_column);
                }
                "project-smart" => self.bump_by(len),
                "project-away" => {
                    self.bump_by(len);
                    without = self.list(|parser| parser.any_pattern("a column"));
                }
                _ => break,
            }
        }
        Find { with_source, tables, predicate, columns, without, parameters }
    }

    fn find_column(&mut self) -> FindColumn {
        if matches!(self.here(), "pack" | "pack_all") && self.ahead(1) == "(" {
            let start = self.span();
            self.bump();
            self.bracketed("(", ")", |parser| parser.eat_sign("*"));
            return FindColumn::Pack(self.span_from(start));
        }
        FindColumn::Column(self.column_with_type())
    }
}

/// Whether a path names rows of another place.
fn is_remote(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Path { base, .. } | ExprKind::Method { base, .. } => is_remote(base),
        ExprKind::Call { name, .. } => {
            matches!(name.text.as_str(), "cluster" | "database" | "workspace" | "app" | "resource")
        }
        // `Database.Table`: two names.
        ExprKind::Name(_) => true,
        _ => false,
    }
}
