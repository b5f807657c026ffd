//! Expressions that no text holds: what an operator means in terms of others.

use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{
    BinaryOperator, DateTimeLiteral, Expr, ExprKind, Literal, Name, Named, Operator, OperatorKind,
};
use chartroom_schema::kind::Kind;

use crate::plan::Constant;

/// An expression at a place; heights only matter to the parser.
pub(crate) const fn expression(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span, height: 1 }
}

/// `function(arguments)`.
pub(crate) fn call(function: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    expression(ExprKind::Call { name: name(function, span), arguments }, span)
}

/// `left operator right`.
pub(crate) fn binary(operator: BinaryOperator, left: Expr, right: Expr, span: Span) -> Expr {
    let (left, right) = (Box::new(left), Box::new(right));
    expression(ExprKind::Binary { operator, at: span, left, right }, span)
}

/// A name at a place.
pub(crate) fn name(text: &str, span: Span) -> Name {
    Name { text: text.to_owned(), span }
}

/// `name = value`.
pub(crate) fn named(text: &str, value: Expr) -> Named {
    let span = value.span;
    Named { name: Some(name(text, span)), more_names: Vec::new(), value, span }
}

/// An operator at a place.
pub(crate) const fn operator(kind: OperatorKind, span: Span) -> Operator {
    Operator { kind, span, keyword: span }
}

/// A constant as it would be written; `None` for kinds that nobody needs to write.
pub(crate) fn literal(kind: Kind, constant: &Constant, span: Span) -> Option<Expr> {
    let literal = match (kind, constant) {
        (Kind::DateTime, Constant::Long(ticks)) => Literal::DateTime(DateTimeLiteral::At(*ticks)),
        (Kind::TimeSpan, Constant::Long(ticks)) => Literal::TimeSpan(Some(*ticks)),
        (Kind::Int | Kind::Long, Constant::Long(long)) => Literal::Long(Some(*long)),
        (Kind::Real, Constant::Real(real)) => Literal::Real(Some(*real)),
        _ => return None,
    };
    Some(expression(ExprKind::Literal(literal), span))
}
