//! The stages of the pipe, one arm each.

use super::Parser;
use crate::{
    ast::{Name, Named, Operator, OperatorKind, Ordered, Search},
    keyword::{OPERATORS, is_operator},
    token::TokenKind,
};

impl Parser<'_> {
    /// Reads one stage; the `|` is eaten already.
    pub(super) fn operator(&mut self) -> Operator {
        let start = self.span();
        let Some(keyword) = self.operator_name() else {
            self.expected("an operator such as `where`");
            self.skip_to(&["|", ";"]);
            return Operator { kind: OperatorKind::Error, span: start, keyword: start };
        };
        let keyword_span = keyword.span;
        let kind = match keyword.text.as_str() {
            "where" | "filter" => OperatorKind::Where(self.expression()),
            "take" | "limit" => OperatorKind::Take(self.expression()),
            "count" => OperatorKind::Count(None),
            "sort" | "order" => {
                if !self.eat_word("by") {
                    self.expected("`by`");
                }
                OperatorKind::Sort(self.list(Self::ordered))
            }
            "top" => {
                let count = self.expression();
                if !self.eat_word("by") {
                    self.expected("`by`");
                }
                OperatorKind::Top { count, by: self.ordered() }
            }
            "project" => OperatorKind::Project(self.list(Self::named)),
            "extend" => OperatorKind::Extend(self.list(Self::named)),
            "search" => OperatorKind::Search(Search {
                tables: Vec::new(),
                is_case_sensitive: false,
                predicate: self.expression(),
            }),
            known if is_operator(known) => {
                self.error("KQL0020", keyword_span, format!("`{known}` is not supported yet"));
                self.skip_to(&["|", ";"]);
                OperatorKind::Other(keyword)
            }
            unknown => {
                let message = format!("`{unknown}` is not a query operator");
                self.error("KQL0012", keyword_span, message);
                if let Some(near) = crate::keyword::nearest(unknown, OPERATORS.iter().map(|(word, _)| *word))
                    && let Some(last) = self.diagnostics.last_mut()
                {
                    last.help = Some(format!("Did you mean `{near}`?"));
                }
                self.skip_to(&["|", ";"]);
                OperatorKind::Error
            }
        };
        Operator { kind, span: self.span_from(start), keyword: keyword_span }
    }

    /// `mv-expand` comes as three tokens that touch.
    fn operator_name(&mut self) -> Option<Name> {
        let token = self.token().filter(|token| token.kind == TokenKind::Name)?;
        let mut name = Name { text: self.slice(token).to_owned(), span: token.span };
        self.bump();
        while self.is_sign("-") && self.span().start == name.span.end {
            let Some(next) = self.token_after(1) else { break };
            let longer = format!("{}-{}", name.text, self.slice(next));
            let touches = next.kind == TokenKind::Name && self.span().end == next.span.start;
            if !touches || !OPERATORS.iter().any(|(operator, _)| operator.starts_with(&longer)) {
                break;
            }
            name = Name { text: longer, span: name.span.to(next.span) };
            self.bump();
            self.bump();
        }
        Some(name)
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut items = vec![item(self)];
        while self.eat_sign(",") {
            items.push(item(self));
        }
        items
    }

    /// `name = expression` or an expression.
    fn named(&mut self) -> Named {
        let (at, start) = (self.at, self.span());
        let mut name = self.name();
        if name.is_some() && !self.eat_sign("=") {
            self.at = at;
            name = None;
        }
        let value = self.expression();
        Named { name, more_names: Vec::new(), value, span: self.span_from(start) }
    }

    fn ordered(&mut self) -> Ordered {
        let start = self.span();
        let key = self.named();
        let is_ascending = if self.eat_word("asc") {
            true
        } else {
            self.eat_word("desc");
            false
        };
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
}
