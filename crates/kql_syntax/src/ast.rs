//! The tree: what the text says, each node with its place.
//!
//! **Invariant:** no node is higher than [`MAX_HEIGHT`], queries within queries counted, so that whoever walks the tree may
//! recurse. `and` and `or` hold all their operands in one node: a chain of a thousand is flat.
//!
//! Nothing is looked up here: whether a name is a table, a column or a `let`, and whether an argument is a scalar or rows, is
//! for the binder to say. A bracketed query is not kept apart: `(T | where a) | count` is one pipe.
//!
//! Order of the files: `statement` (a text's statements and functions), `source` (where rows come from), `operator` (the
//! stages of the pipe), `expression` (scalars), `sign` (the signs between operands).

mod expression;
mod operator;
mod sign;
mod source;
mod statement;

pub use expression::*;
pub use operator::*;
pub use sign::*;
pub use source::*;
pub use statement::*;

use chartroom_base::diagnostic::Span;

/// The greatest height of an expression or query; a deeper text is refused.
pub const MAX_HEIGHT: u16 = 120;

/// The longest text that is read, in bytes; a longer one is refused.
pub const MAX_TEXT: usize = 4 << 20;

/// One tabular query: a source and what is done to it, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where the rows come from. `None` at the start of what `mv-apply`, `partition`, `fork` and `facet` do to the rows they
    /// have; elsewhere the text says nothing usable and a diagnostic was given.
    pub source: Option<Source>,
    /// The pipe.
    pub operators: Vec<Operator>,
    /// All of it.
    pub span: Span,
    /// One more than the highest expression or query in it.
    pub height: u16,
}

/// A name with its place; quoted names without their brackets and quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its place, brackets included.
    pub span: Span,
}

/// Names of tables or columns in which `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The name, or the pattern.
    pub text: String,
    /// Whether a `*` in it stands for any characters; in a quoted name it stands for itself.
    pub is_wild: bool,
    /// Its place.
    pub span: Span,
}

/// `name = value` among an operator's parameters: `kind=inner`, `hint.strategy=shuffle`, `title="x"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name; with its dot, when it has one.
    pub name: Name,
    /// The value: a constant, or a name.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}

/// `name: type`, with a value where one may be given (`= 0`).
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDeclaration {
    /// The column.
    pub name: Name,
    /// The type as it is written, see [`crate::keyword::TYPES`]; `None` where the place lets it be left out.
    pub kind: Option<Name>,
    /// What it begins with.
    pub default: Option<Expr>,
    /// All of it.
    pub span: Span,
}

/// `name = expression` or a bare expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name given, if one was.
    pub name: Option<Name>,
    /// The further names of `(a, b) = f()`; empty for a single one.
    pub more_names: Vec<Name>,
    /// The expression.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}

/// `key [asc|desc] [nulls first|last]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered {
    /// The key.
    pub key: Named,
    /// `asc`; Kusto's default is `desc`.
    pub is_ascending: bool,
    /// `nulls first`; without the words nulls are the smallest values.
    pub nulls_first: bool,
    /// All of it.
    pub span: Span,
}
