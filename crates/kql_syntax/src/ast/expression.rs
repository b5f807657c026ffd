//! Scalar expressions and constants.

use super::{BinaryOperator, InOperator, Name, Query, UnaryOperator};
use chartroom_base::diagnostic::Span;

/// A scalar expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub span: Span,
    /// 1 for a leaf, else one more than its highest child.
    pub height: u16,
}

/// Kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A column, `let` or table name.
    Name(String),
    /// `*`: all columns, as left operand of a text operator.
    Star,
    /// `base.name` or `base["name"]`.
    Path {
        /// Of what.
        base: Box<Expr>,
        /// Which property.
        name: Name,
    },
    /// `base[index]`, where the index is no constant text.
    Element {
        /// Of what.
        base: Box<Expr>,
        /// Which one.
        index: Box<Expr>,
    },
    /// `name(arguments)`.
    Call {
        /// The function.
        name: Name,
        /// Its arguments; `typeof(x)` comes as a literal, rows as [`ExprKind::Query`], named ones as [`ExprKind::Argument`].
        arguments: Vec<Expr>,
    },
    /// `base.name(arguments)`: only `cluster("c").database("d")` and its kin mean something.
    Method {
        /// Of what.
        base: Box<Expr>,
        /// The function.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `name = value` among a call's arguments.
    Argument {
        /// The parameter.
        name: Name,
        /// What it is given.
        value: Box<Expr>,
    },
    /// Rows where an expression may stand: an argument, the right side of `in`, what a `let` names.
    Query(Box<Query>),
    /// `a, b` as the value of a property of `render`.
    Names(Vec<Name>),
    /// `-x`, `+x`.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// `a op b`.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// Its place, for messages.
        at: Span,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `a and b and c`.
    And(Vec<Expr>),
    /// `a or b or c`.
    Or(Vec<Expr>),
    /// `x in (a, b)` and its kin.
    In {
        /// Which of them.
        operator: InOperator,
        /// The operator's place.
        at: Span,
        /// What is looked for.
        left: Box<Expr>,
        /// Where.
        list: Vec<Expr>,
    },
    /// `x between (low .. high)`.
    Between {
        /// `!between`.
        is_negated: bool,
        /// The operator's place.
        at: Span,
        /// What is compared.
        value: Box<Expr>,
        /// Inclusive.
        low: Box<Expr>,
        /// Inclusive.
        high: Box<Expr>,
    },
    /// Could not be read; a diagnostic was given.
    Error,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `true`, `bool(null)`.
    Bool(Option<bool>),
    /// `int(5)`.
    Int(Option<i32>),
    /// `5`, `long(null)`.
    Long(Option<i64>),
    /// `5.0`, `real(nan)`.
    Real(Option<f64>),
    /// `decimal(1.50)`: a number as it is written.
    Decimal(Option<String>),
    /// `datetime(…)`, in ticks since 0001-01-01; `datetime()` is the query's now.
    DateTime(DateTimeLiteral),
    /// `1d`, `timespan(…)`, in ticks.
    TimeSpan(Option<i64>),
    /// `guid(…)`, lower-case with hyphens.
    Guid(Option<String>),
    /// A text.
    String(String),
    /// `dynamic(…)`, as JSON without blanks.
    Dynamic(Option<String>),
    /// `typeof(long)`: the type's name.
    Type(String),
}

/// What a datetime literal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateTimeLiteral {
    /// A point in time.
    At(i64),
    /// `datetime()`: when the query was asked.
    Now,
    /// `datetime(null)`.
    Null,
}
