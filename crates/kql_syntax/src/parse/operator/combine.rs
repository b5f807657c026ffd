//! Operators that bring queries together or take rows apart.

use crate::{
    ast::{Expr, ExprKind, ForkLeg, JoinKind, OperatorKind, Query},
    parse::Parser,
};

impl Parser<'_> {
    /// Behind `join` or `lookup`.
    pub(super) fn join(&mut self, word: &str) -> OperatorKind {
        let is_lookup = word == "lookup";
        let (mut kind, mut parameters) = (None, Vec::new());
        for parameter in self.parameters(&["kind"]) {
            if parameter.name.text != "kind" {
                parameters.push(parameter);
                continue;
            }
            let word = match &parameter.value.kind {
                ExprKind::Name(word) => word.as_str(),
                _ => "",
            };
            let known = JoinKind::from_word(word)
                .filter(|kind| !is_lookup || matches!(kind, JoinKind::Inner | JoinKind::LeftOuter));
            if known.is_none() {
                self.unknown_join_kind(&parameter.value, word, is_lookup);
            }
            kind = known;
        }
        let right = self.side();
        let mut on = Vec::new();
        if self.expect_word("on") {
            for condition in self.list(Self::condition) {
                match condition.kind {
                    ExprKind::And(conditions) => on.extend(conditions),
                    _ => on.push(condition),
                }
            }
        } else {
            self.skip();
        }
        if is_lookup {
            OperatorKind::Lookup { kind, right, on, parameters }
        } else {
            OperatorKind::Join { kind, right, on, parameters }
        }
    }

    fn unknown_join_kind(&mut self, value: &Expr, word: &str, is_lookup: bool) {
        let known: Vec<&str> = if is_lookup {
            vec!["leftouter", "inner"]
        } else {
            JoinKind::WORDS.iter().map(|(word, _)| *word).collect()
        };
        self.error("KQL0017", value.span, format!("Expected one of: {} (KS005)", known.join(", ")));
        let near = match word {
            "left" => "leftouter",
            "right" => "rightouter",
            "outer" | "full" => "fullouter",
            "semi" => "leftsemi",
            other => other,
        };
        self.suggest(near, known);
    }

    /// `(stages)`.
    pub(super) fn body(&mut self) -> Query {
        let start = self.span();
        self.bracketed("(", ")", Self::stages).unwrap_or(Query {
            source: None,
            operators: Vec::new(),
            span: start,
            height: 1,
        })
    }

    pub(super) fn partition(&mut self) -> OperatorKind {
        let mut parameters = self.parameters(&[]);
        self.expect_word("by");
        parameters.extend(self.parameters(&[]));
        let by = self.partition_key();
        let body = if self.is_sign("{") {
            let start = self.span();
            self.bracketed("{", "}", Self::pipeline).unwrap_or(Query {
                source: None,
                operators: Vec::new(),
                span: start,
                height: 1,
            })
        } else {
            self.body()
        };
        OperatorKind::Partition { by, body, parameters }
    }

    /// The key before the bracket of the body: a column or a path, no call.
    fn partition_key(&mut self) -> Expr {
        let start = self.span();
        let Some(name) = self.name() else { return self.unary() };
        let base = self.node(ExprKind::Name(name.text), name.span);
        self.postfix_of(base, start)
    }

    pub(super) fn fork(&mut self) -> OperatorKind {
        let mut legs = Vec::new();
        loop {
            let name = if self.ahead(1) == "=" { self.name() } else { None };
            if name.is_some() {
                self.bump();
            }
            if name.is_none() && !self.is_sign("(") {
                break;
            }
            let before = self.at;
            legs.push(ForkLeg { name, body: self.body() });
            self.eat_sign(",");
            if self.at == before {
                break;
            }
        }
        if legs.is_empty() {
            self.expected("`(`");
        }
        OperatorKind::Fork(legs)
    }

    pub(super) fn facet(&mut self) -> OperatorKind {
        self.expect_word("by");
        let by = self.list(|parser| parser.any_name("a column"));
        let with = self.eat_word("with").then(|| self.body());
        OperatorKind::Facet { by, with }
    }
}
