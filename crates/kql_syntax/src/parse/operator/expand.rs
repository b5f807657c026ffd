//! Operators that make rows or columns out of one value: `mv-expand`, `mv-apply`, `parse`, `parse-kv`.

use crate::{
    ast::{Expanded, Expr, ExprKind, Literal, Name, OperatorKind, Parameter, ParseMode, ParsePart},
    parse::Parser,
    token::TokenKind,
};

/// What `mv-expand` and `mv-apply` have in common.
struct Expansion {
    is_bag_to_array: bool,
    item_index: Option<Name>,
    columns: Vec<Expanded>,
    limit: Option<Expr>,
}

impl Parser<'_> {
    pub(super) fn mv_expand(&mut self, is_legacy: bool) -> OperatorKind {
        let Expansion { is_bag_to_array, item_index, columns, limit } = self.expansion();
        OperatorKind::MvExpand { is_legacy, is_bag_to_array, item_index, columns, limit }
    }

    pub(super) fn mv_apply(&mut self) -> OperatorKind {
        let Expansion { item_index, columns, limit, .. } = self.expansion();
        // `id x` marks the rows of one record; it changes no result.
        if self.is_word("id") && self.eat_word("id") {
            self.unary();
        }
        self.expect_word("on");
        OperatorKind::MvApply { item_index, columns, limit, body: self.body() }
    }

    fn expansion(&mut self) -> Expansion {
        let (mut is_bag_to_array, mut item_index) = (false, None);
        let is_kind = matches!(self.ahead(2), "bag" | "array");
        let known: &[&str] = if is_kind || self.is_word("with_itemindex") {
            &["bagexpansion", "kind", "with_itemindex"]
        } else {
            &["bagexpansion", "with_itemindex"]
        };
        for Parameter { name, value, .. } in self.parameters(known) {
            match (name.text.as_str(), value.kind) {
                ("bagexpansion" | "kind", ExprKind::Name(kind)) if kind == "array" || kind == "bag" => {
                    is_bag_to_array = kind == "array";
                }
                ("with_itemindex", ExprKind::Name(text)) => {
                    item_index = Some(Name { text, span: value.span });
                }
                ("bagexpansion" | "kind", _) => {
                    self.error("KQL0017", value.span, "Expected one of: bag, array (KS005)");
                }
                ("with_itemindex", _) => {
                    self.error("KQL0017", value.span, "Expected a column's name (KS105)");
                }
                _ => {}
            }
        }
        let columns = self.list(|parser| {
            let item = parser.named();
            let kind = if parser.eat_word("to") { parser.type_of() } else { None };
            Expanded { item, kind }
        });
        let limit = self.eat_word("limit").then(|| self.expression());
        Expansion { is_bag_to_array, item_index, columns, limit }
    }

    /// Behind `parse` or `parse-where`.
    pub(super) fn parse(&mut self, is_where: bool) -> OperatorKind {
        let (mut mode, mut flags) = (ParseMode::Simple, None);
        for Parameter { name, value, .. } in self.parameters(&["kind", "flags"]) {
            let word = match value.kind {
                ExprKind::Name(word) => word,
                _ => String::new(),
            };
            match (name.text.as_str(), word.as_str()) {
                ("kind", "simple") => mode = ParseMode::Simple,
                ("kind", "relaxed") => mode = ParseMode::Relaxed,
                ("kind", "regex") => mode = ParseMode::Regex,
                ("kind", _) => {
                    self.error("KQL0017", value.span, "Expected one of: simple, regex, relaxed (KS005)");
                }
                ("flags", _) => flags = Some(Name { text: word, span: value.span }),
                _ => {}
            }
        }
        let input = self.expression();
        self.expect_word("with");
        let mut pattern = Vec::new();
        while !self.is_stage_end() {
            match self.parse_part() {
                Some(part) => pattern.push(part),
                None => break,
            }
        }
        if pattern.is_empty() {
            self.expected("a text, a column or `*`");
        }
        OperatorKind::Parse { is_where, mode, flags, input, pattern }
    }

    fn parse_part(&mut self) -> Option<ParsePart> {
        let start = self.span();
        if self.eat_sign("*") {
            return Some(ParsePart::Skip(start));
        }
        if self.token().is_some_and(|token| matches!(token.kind, TokenKind::String { .. })) {
            let text = match self.string_literal() {
                ExprKind::Literal(Literal::String(text)) => text,
                _ => String::new(),
            };
            return Some(ParsePart::Text { text, span: self.span_from(start) });
        }
        let is_name = self.token().is_some_and(|token| token.kind == TokenKind::Name) || self.is_sign("[");
        if !is_name || self.here_is_operator_without_pipe() {
            return None;
        }
        let before = self.at;
        let column = self.column_with_type();
        (self.at > before).then_some(ParsePart::Column(column))
    }

    /// Whether a name in a pattern is the next stage, its `|` forgotten: an operator on a line of its own.
    fn here_is_operator_without_pipe(&self) -> bool {
        let is_first_of_line = self
            .at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .and_then(|before| {
                let from = usize::try_from(before.span.end).ok()?;
                let to = usize::try_from(self.span().start).ok()?;
                self.text.get(from..to)
            })
            .is_some_and(|between| between.contains('\n'));
        is_first_of_line
            && self.here_is_operator()
            && !matches!(self.ahead(1), ":")
            && !matches!(self.token_after(1).map(|token| token.kind), Some(TokenKind::String { .. }) | None)
    }

    pub(super) fn parse_kv(&mut self) -> OperatorKind {
        let input = self.expression();
        self.expect_word("as");
        let columns = self.declarations().unwrap_or_default();
        let properties = self.with_properties();
        OperatorKind::ParseKv { input, columns, properties }
    }
}
