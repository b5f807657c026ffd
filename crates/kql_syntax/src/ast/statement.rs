//! Statements: what a text is made of, and the functions that it declares.

use super::{ColumnDeclaration, Expr, Name, Query};
use chartroom_base::diagnostic::Span;

/// One statement of a text; they are separated by `;`.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// Its place, without the `;`.
    pub span: Span,
}

/// Kinds of statement.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// A query; the text's answer.
    Query(Box<Query>),
    /// `let name = value`.
    Let {
        /// The name.
        name: Name,
        /// What it stands for.
        value: LetValue,
    },
    /// `set name` or `set name = value`.
    Set {
        /// The request property.
        name: Name,
        /// Its value: a constant or a name.
        value: Option<Expr>,
    },
    /// `declare query_parameters(a: long = 1, …)`.
    Declare(Vec<ColumnDeclaration>),
    /// A statement that KQL has and we have not, by its word; refused with a diagnostic.
    Other(Name),
    /// Could not be read; a diagnostic was given.
    Error,
}

/// What a `let` stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum LetValue {
    /// A scalar, a table's name, or rows ([`super::ExprKind::Query`]).
    Expression(Expr),
    /// A function.
    Function(Function),
}

/// `[view] (parameters) { statements; result }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Whether it answers to the wildcards of `union` and `search`.
    pub is_view: bool,
    /// Its parameters.
    pub parameters: Vec<FunctionParameter>,
    /// The statements before the result: `let`s.
    pub statements: Vec<Statement>,
    /// What it gives: a scalar or rows ([`super::ExprKind::Query`], or a name).
    pub result: Box<Expr>,
    /// All of it.
    pub span: Span,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionParameter {
    /// Its name.
    pub name: Name,
    /// What it takes.
    pub kind: ParameterKind,
    /// What it is when it is not given; scalars only.
    pub default: Option<Expr>,
    /// All of it.
    pub span: Span,
}

/// What a parameter takes.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    /// A scalar of this type, as it is written.
    Scalar(Name),
    /// Rows with at least these columns; none of them for `(*)`.
    Table(Vec<ColumnDeclaration>),
}
