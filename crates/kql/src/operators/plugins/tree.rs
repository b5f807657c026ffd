//! Pieces of a tree, for plug-ins that stand for other operators.

use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, ExprKind, Literal, Name, Named, Operator, OperatorKind};

/// A name.
pub(crate) fn name(text: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Name(text.to_owned()), span, height: 1 }
}

/// A text.
pub(crate) fn text(text: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(Literal::String(text.to_owned())), span, height: 1 }
}

/// A call.
pub(crate) fn call(function: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    let height = arguments.iter().map(|argument| argument.height).max().unwrap_or(0).saturating_add(1);
    let name = Name { text: function.to_owned(), span };
    Expr { kind: ExprKind::Call { name, arguments }, span, height }
}

/// `name = value`.
pub(crate) fn named(text: &str, value: Expr) -> Named {
    let span = value.span;
    let name = Name { text: text.to_owned(), span };
    Named { name: Some(name), more_names: Vec::new(), value, span }
}

/// A stage of the pipe.
pub(crate) fn operator(kind: OperatorKind, span: Span) -> Operator {
    Operator { kind, span, keyword: span }
}
