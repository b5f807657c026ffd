//! Operators that call something or end a pipe: `evaluate`, `invoke`, `render`, `reduce`, `as`.

use crate::{
    ast::{ExprKind, Name, OperatorKind, Parameter, PluginSchema},
    parse::Parser,
    token::TokenKind,
};

impl Parser<'_> {
    pub(super) fn as_name(&mut self) -> OperatorKind {
        let parameters = self.parameters(&[]);
        OperatorKind::As { name: self.any_name("a name"), parameters }
    }

    pub(super) fn invoke(&mut self) -> OperatorKind {
        let name = self.any_name("a function");
        OperatorKind::Invoke { name, arguments: self.arguments() }
    }

    pub(super) fn evaluate(&mut self) -> OperatorKind {
        let parameters = self.parameters(&[]);
        let name = self.any_name("a plug-in");
        let arguments = self.arguments();
        let start = self.span();
        let schema = self.eat_sign(":").then(|| {
            let inner = self.bracketed("(", ")", |parser| {
                let keeps_input = parser.eat_sign("*");
                if keeps_input {
                    parser.eat_sign(",");
                }
                (keeps_input, parser.items(")", Self::declaration))
            });
            let (keeps_input, columns) = inner.unwrap_or_default();
            PluginSchema { keeps_input, columns, span: self.span_from(start) }
        });
        OperatorKind::Evaluate { name, arguments, schema, parameters }
    }

    /// Behind `render`; properties in `with (…)` or, as older texts have them, bare.
    pub(super) fn render(&mut self) -> OperatorKind {
        let chart = self.any_name("a kind of chart");
        let properties = if self.eat_word("with") {
            self.bracketed("(", ")", |parser| parser.items(")", Self::render_property)).unwrap_or_default()
        } else {
            let mut properties = Vec::new();
            while self.here_is_property() {
                properties.push(self.render_property());
                self.eat_sign(",");
            }
            properties
        };
        OperatorKind::Render { chart, properties }
    }

    fn here_is_property(&self) -> bool {
        self.token().is_some_and(|token| token.kind == TokenKind::Name) && self.ahead(1) == "="
    }

    /// `name = value`; a column's name may be followed by others.
    fn render_property(&mut self) -> Parameter {
        let mut property = self.parameter_by(Self::expression);
        let mut names: Vec<Name> = match &property.value.kind {
            ExprKind::Name(text) => vec![Name { text: text.clone(), span: property.value.span }],
            _ => return property,
        };
        while self.is_sign(",") && self.ahead(2) != "=" && !matches!(self.ahead(1), ")" | "") {
            self.bump();
            names.push(self.any_name("a column"));
        }
        if names.len() > 1 {
            let span = self.span_from(property.value.span);
            property.value = self.node(ExprKind::Names(names), span);
            property.span = property.span.to(span);
        }
        property
    }

    pub(super) fn reduce(&mut self) -> OperatorKind {
        let mut parameters = self.parameters(&["kind"]);
        self.expect_word("by");
        let by = self.expression();
        if self.eat_word("with") {
            parameters.extend(self.list(Self::parameter));
        }
        OperatorKind::Reduce { by, parameters }
    }
}
