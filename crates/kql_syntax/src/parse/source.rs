//! Where rows come from: a table, `union …`, `search …`, or a bracketed query.

use super::Parser;
use crate::{
    ast::{Operator, Pattern, Search, Source, SourceKind, Union, UnionLeg},
    token::TokenKind,
};
use chartroom_base::diagnostic::Span;

impl Parser<'_> {
    /// Reads the source. Operators of a bracketed query go to `operators`: `(T | where a) | count` is one pipe.
    pub(super) fn source(&mut self, operators: &mut Vec<Operator>) -> Option<Source> {
        let start = self.span();
        if self.is_word("union") && self.ahead(1) != "|" && !self.ahead(1).is_empty() {
            self.bump();
            let kind = self.union();
            return Some(Source { kind, span: self.span_from(start) });
        }
        if self.is_word("search") && self.ahead(1) != "|" && !self.ahead(1).is_empty() {
            self.bump();
            let tables = if self.is_word("in") { self.search_tables() } else { Vec::new() };
            let predicate = self.expression();
            return Some(Source {
                kind: SourceKind::Search(Search { tables, is_case_sensitive: false, predicate }),
                span: self.span_from(start),
            });
        }
        if self.is_sign("(") {
            if !self.enter() {
                return None;
            }
            self.bump();
            let inner = self.pipeline();
            self.expect_sign(")");
            self.leave();
            operators.extend(inner.operators);
            return inner.source;
        }
        if let Some(name) = self.name() {
            if self.is_sign("(") {
                let span = name.span;
                self.error(
                    "KQL0022",
                    span,
                    format!("`{}(…)` as a source of rows is not supported yet", name.text),
                );
                self.skip_to(&["|", ";"]);
                return None;
            }
            return Some(Source { span: name.span, kind: SourceKind::Table(name) });
        }
        self.expected("a table");
        self.skip_to(&["|", ";"]);
        None
    }

    fn union(&mut self) -> SourceKind {
        let (mut legs, mut is_fuzzy, mut with_source) = (Vec::new(), false, None);
        while self.token().is_some_and(|token| token.kind == TokenKind::Name) && self.ahead(1) == "=" {
            let (parameter, span) = (self.here(), self.span());
            self.bump();
            self.bump();
            let value = self.name();
            match (parameter, value) {
                ("isfuzzy", Some(value)) => is_fuzzy = value.text == "true",
                ("withsource", value @ Some(_)) => with_source = value,
                ("kind", Some(value)) if value.text == "outer" => {}
                (_, value) => {
                    let value = value.map_or_else(String::new, |value| value.text);
                    self.error("KQL0023", span, format!("`union {parameter}={value}` is not supported yet"));
                }
            }
        }
        loop {
            match self.pattern_name() {
                Some(name) => legs.push(UnionLeg::Tables(name)),
                None if self.is_sign("(") => {
                    let span = self.span();
                    self.error(
                        "KQL0023",
                        span,
                        "A query within `union` is not supported yet; name the tables",
                    );
                    self.skip_to(&["|", ";", ","]);
                }
                None => {
                    self.expected("a table");
                    break;
                }
            }
            if !self.eat_sign(",") {
                break;
            }
        }
        SourceKind::Union(Union { legs, is_inner: false, is_fuzzy, with_source, parameters: Vec::new() })
    }

    fn search_tables(&mut self) -> Vec<Pattern> {
        self.bump();
        let mut tables = Vec::new();
        if !self.expect_sign("(") {
            return tables;
        }
        while let Some(name) = self.pattern_name() {
            tables.push(name);
            if !self.eat_sign(",") {
                break;
            }
        }
        self.expect_sign(")");
        tables
    }

    /// A name in which `*` stands for any characters: pieces that touch are one name.
    fn pattern_name(&mut self) -> Option<Pattern> {
        if let Some(name) = self.quoted_name() {
            return Some(Pattern { text: name.text, is_wild: false, span: name.span });
        }
        let start = self.span();
        let (mut text, mut end) = (String::new(), start.start);
        while let Some(token) = self.token() {
            let is_piece = token.kind == TokenKind::Name || self.is_sign("*");
            if !is_piece || (!text.is_empty() && token.span.start != end) {
                break;
            }
            text.push_str(self.slice(token));
            end = token.span.end;
            self.bump();
        }
        let is_wild = text.contains('*');
        (!text.is_empty()).then(|| Pattern { text, is_wild, span: Span::new(start.start, end) })
    }
}
