//! What many operators have in common: names, patterns, parameters, columns, keys.

use super::Parser;
use crate::{
    ast::{ColumnDeclaration, Expr, ExprKind, Literal, Name, Named, Ordered, Parameter, Pattern},
    keyword::{TYPES, nearest, type_of_word},
    token::TokenKind,
};
use chartroom_base::diagnostic::Span;

impl Parser<'_> {
    /// Says what is missing here; a name of nothing in its place.
    pub(super) fn missing_name(&mut self, what: &str) -> Name {
        self.expected(what);
        let at = self.span().start;
        Name { text: String::new(), span: Span::new(at, at) }
    }

    /// The words here joined by hyphens that touch them: `mv-expand`, `granny-asc`.
    pub(super) fn joined_word(&self) -> String {
        let (len, span) = self.joined();
        if len == 0 { String::new() } else { crate::token::slice(self.text, span).to_owned() }
    }

    /// How many tokens such a word has, and its place.
    pub(super) fn joined(&self) -> (usize, Span) {
        let Some(first) = self.token().filter(|token| token.kind == TokenKind::Name) else {
            return (0, self.span());
        };
        let (mut len, mut span) = (1_usize, first.span);
        while let (Some(hyphen), Some(next)) =
            (self.token_after(len), self.token_after(len.saturating_add(1)))
        {
            let touches = hyphen.span.start == span.end && hyphen.span.end == next.span.start;
            if !touches || self.slice(hyphen) != "-" || next.kind != TokenKind::Name {
                break;
            }
            span = span.to(next.span);
            len = len.saturating_add(2);
        }
        (len, span)
    }

    pub(super) fn bump_by(&mut self, count: usize) {
        for _ in 0..count {
            self.bump();
        }
    }

    pub(super) fn expect_word(&mut self, word: &str) -> bool {
        let found = self.eat_word(word);
        if !found {
            self.expected(&format!("`{word}`"));
        }
        found
    }

    pub(super) fn any_name(&mut self, what: &str) -> Name {
        self.name().unwrap_or_else(|| self.missing_name(what))
    }

    /// Names in which `*` stands for any characters: pieces that touch are one name.
    pub(super) fn pattern(&mut self) -> Option<Pattern> {
        if let Some(name) = self.quoted_name() {
            return Some(Pattern { text: name.text, is_wild: false, span: name.span });
        }
        let start = self.span();
        let (mut text, mut end) = (String::new(), start.start);
        while let Some(token) = self.token() {
            // `*1` is a pattern too.
            let is_number = matches!(token.kind, TokenKind::Long | TokenKind::TimeSpan) && !text.is_empty();
            let is_piece = token.kind == TokenKind::Name || is_number || self.is_sign("*");
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

    pub(super) fn any_pattern(&mut self, what: &str) -> Pattern {
        self.pattern().unwrap_or_else(|| {
            let Name { text, span } = self.missing_name(what);
            Pattern { text, is_wild: false, span }
        })
    }

    /// `name = expression`, `(a, b) = expression` or an expression.
    pub(super) fn named(&mut self) -> Named {
        self.named_by(Self::expression)
    }

    pub(super) fn named_by(&mut self, read: impl FnOnce(&mut Self) -> Expr) -> Named {
        let (at, start) = (self.at, self.span());
        let mut names = self.names_before_equals();
        if names.is_empty() {
            self.at = at;
        }
        let value = read(self);
        let name = (!names.is_empty()).then(|| names.remove(0));
        Named { name, more_names: names, value, span: self.span_from(start) }
    }

    /// The names before a `=`, which is eaten; none when there is no such thing here.
    fn names_before_equals(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        if self.is_sign("(") {
            // Only names, commas and the closing bracket: else it is an expression.
            self.bump();
            loop {
                match self.name() {
                    Some(name) => names.push(name),
                    None => return Vec::new(),
                }
                if !self.eat_sign(",") {
                    break;
                }
            }
            if !self.eat_sign(")") {
                return Vec::new();
            }
        } else {
            names.extend(self.name());
        }
        if self.eat_sign("=") { names } else { Vec::new() }
    }

    pub(super) fn ordered(&mut self) -> Ordered {
        let start = self.span();
        let key = self.named();
        let mut is_ascending = false;
        if self.eat_word("asc") {
            is_ascending = true;
        } else if !self.eat_word("desc") {
            let short = match self.here() {
                "ascending" => "asc",
                "descending" => "desc",
                _ => "",
            };
            if !short.is_empty() {
                self.foreign(&format!("`{short}`"));
                self.bump();
                is_ascending = short == "asc";
            }
        }
        let mut nulls_first = is_ascending;
        if self.eat_word("nulls") {
            if self.eat_word("first") {
                nulls_first = true;
            } else if self.eat_word("last") {
                nulls_first = false;
            } else {
                self.expected("`first` or `last`");
            }
        }
        Ordered { key, is_ascending, nulls_first, span: self.span_from(start) }
    }

    /// Hints (`hint.strategy=shuffle`) and the parameters of these names, in any order.
    pub(super) fn parameters(&mut self, known: &[&str]) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        loop {
            let is_hint = self.is_word("hint") && self.ahead(1) == ".";
            let is_known = known.iter().any(|word| self.is_word(word)) && self.ahead(1) == "=";
            if !is_hint && !is_known {
                return parameters;
            }
            parameters.push(self.parameter());
        }
    }

    /// `name = value`, `hint.name = value`.
    pub(super) fn parameter(&mut self) -> Parameter {
        self.parameter_by(Self::parameter_value)
    }

    pub(super) fn parameter_by(&mut self, read: impl FnOnce(&mut Self) -> Expr) -> Parameter {
        let start = self.span();
        let mut name = self.any_name("a property's name");
        while self.eat_sign(".") {
            let part = self.any_name("a property's name");
            name = Name { text: format!("{}.{}", name.text, part.text), span: name.span.to(part.span) };
        }
        self.expect_sign("=");
        let value = read(self);
        Parameter { name, value, span: self.span_from(start) }
    }

    /// A constant or a name; a bracket behind a name is not its own.
    pub(super) fn parameter_value(&mut self) -> Expr {
        let is_name = self.token().is_some_and(|token| token.kind == TokenKind::Name);
        if is_name && self.here() != "dynamic" {
            let name = self.any_name("a value");
            return self.node(name_or_truth(name.text), name.span);
        }
        self.unary()
    }

    /// `(name: type, …)`.
    pub(super) fn declarations(&mut self) -> Option<Vec<ColumnDeclaration>> {
        self.bracketed("(", ")", |parser| parser.items(")", Self::declaration))
    }

    /// `name: type [= value]`.
    pub(super) fn declaration(&mut self) -> ColumnDeclaration {
        let start = self.span();
        let name = self.any_name("a column's name");
        let kind = if self.expect_sign(":") { self.type_name() } else { None };
        let default = self.eat_sign("=").then(|| self.expression());
        ColumnDeclaration { name, kind, default, span: self.span_from(start) }
    }

    /// `name` or `name: type`.
    pub(super) fn column_with_type(&mut self) -> ColumnDeclaration {
        let start = self.span();
        let name = self.any_name("a column's name");
        let kind = if self.eat_sign(":") { self.type_name() } else { None };
        ColumnDeclaration { name, kind, default: None, span: self.span_from(start) }
    }

    /// A type by its word.
    pub(super) fn type_name(&mut self) -> Option<Name> {
        let Some(name) = self.name() else {
            self.expected("a type");
            return None;
        };
        self.check_type(&name);
        Some(name)
    }

    /// `typeof(type)`, as the type's word.
    pub(super) fn type_of(&mut self) -> Option<Name> {
        let token = self.token().filter(|token| {
            token.kind == (TokenKind::Typed { is_closed: true }) && self.slice(*token).starts_with("typeof")
        });
        let Some(token) = token else {
            self.expected("`typeof(…)`");
            return None;
        };
        self.bump();
        let text = self.slice(token);
        let open = text.find('(').map_or(text.len(), |at| at.saturating_add(1));
        let inner = text.get(open..).unwrap_or_default().trim_end_matches(')');
        let skipped = inner.len().saturating_sub(inner.trim_start().len()).saturating_add(open);
        let start = token.span.start.saturating_add(u32::try_from(skipped).unwrap_or(0));
        let word = inner.trim();
        let end = start.saturating_add(u32::try_from(word.len()).unwrap_or(0));
        let name = Name { text: word.to_owned(), span: Span::new(start, end) };
        self.check_type(&name);
        Some(name)
    }

    fn check_type(&mut self, name: &Name) {
        if type_of_word(&name.text).is_some() {
            return;
        }
        let message =
            format!("The name `{}` is not a valid type name that can be used here (KS160)", name.text);
        self.error("KQL0016", name.span, message);
        self.suggest(&name.text, TYPES.iter().map(|(word, _)| *word));
    }

    /// Adds `Did you mean …?` to the last message, when something near is there.
    pub(super) fn suggest<'n>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'n str>) {
        if let Some(near) = nearest(word, candidates)
            && let Some(last) = self.diagnostics.last_mut()
        {
            last.help = Some(format!("Did you mean `{near}`?"));
        }
    }

    /// Says what KQL writes instead of what stands here.
    pub(super) fn foreign(&mut self, instead: &str) {
        let (span, found) = (self.span(), self.here());
        self.error("KQL0015", span, format!("`{found}` is not KQL; write {instead}"));
    }
}

/// What a name alone says: `true` and `false` are constants.
pub(super) fn name_or_truth(text: String) -> ExprKind {
    match text.as_str() {
        "true" | "True" | "TRUE" => ExprKind::Literal(Literal::Bool(Some(true))),
        "false" | "False" | "FALSE" => ExprKind::Literal(Literal::Bool(Some(false))),
        _ => ExprKind::Name(text),
    }
}
