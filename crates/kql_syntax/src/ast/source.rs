//! Where rows come from.

use super::{ColumnDeclaration, Expr, Name, Named, Parameter, Pattern, Query};
use chartroom_base::diagnostic::Span;

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// Its place.
    pub span: Span,
}

/// Kinds of source.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// A table, a view, or a `let`.
    Table(Name),
    /// A function that gives rows: the text's own, `materialize(query)`, `_GetWatchlist('x')`, `table('x')`.
    Call {
        /// The function.
        name: Name,
        /// Its arguments; rows come as [`super::ExprKind::Query`], named ones as [`super::ExprKind::Argument`].
        arguments: Vec<Expr>,
    },
    /// `union A, B*`.
    Union(Union),
    /// `search [in (A, B)] predicate`.
    Search(Search),
    /// `find [in (A, B)] where predicate`.
    Find(Find),
    /// `print a = 1, 2`.
    Print(Vec<Named>),
    /// `range x from 1 to 10 step 2`.
    Range {
        /// The column.
        name: Name,
        /// The first value.
        from: Expr,
        /// The last one, if the steps meet it.
        to: Expr,
        /// The distance.
        step: Expr,
    },
    /// `datatable(a: long, b: string) [1, "x", 2, "y"]`.
    DataTable {
        /// The columns.
        columns: Vec<ColumnDeclaration>,
        /// The cells, row by row.
        values: Vec<Expr>,
    },
    /// `externaldata(a: long) ["https://…"] with (format="csv")`.
    ExternalData {
        /// The columns.
        columns: Vec<ColumnDeclaration>,
        /// Where the data lies.
        locations: Vec<Expr>,
        /// How it is to be read.
        properties: Vec<Parameter>,
    },
    /// Rows of another place: `cluster("c").database("d").T`, `workspace("w").T`.
    Remote(Expr),
}

/// `union [kind=…] [withsource=…] [isfuzzy=…] A, B*, (query)`, as a source and behind a pipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// What is put together; behind a pipe the piped rows come first.
    pub legs: Vec<UnionLeg>,
    /// `kind=inner`: only columns that all legs have.
    pub is_inner: bool,
    /// `isfuzzy=true`: missing tables are skipped.
    pub is_fuzzy: bool,
    /// `withsource=Name`: a first column that says where a row comes from.
    pub with_source: Option<Name>,
    /// What else is given (hints).
    pub parameters: Vec<Parameter>,
}

/// One of the things that `union` puts together.
#[derive(Clone, Debug, PartialEq)]
pub enum UnionLeg {
    /// Tables by name.
    Tables(Pattern),
    /// A query, or a function's rows.
    Query(Box<Query>),
}

/// `search [kind=…] [in (A, B)] predicate`, as a source and behind a pipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// Where to look; empty: in all tables.
    pub tables: Vec<UnionLeg>,
    /// `kind=case_sensitive`.
    pub is_case_sensitive: bool,
    /// What a row must satisfy; a bare text means `* has "text"`.
    pub predicate: Expr,
}

/// `find [withsource=…] [in (A, B)] where predicate [project …] [project-away …]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    /// `withsource=Name`: the name of the column that says where a row comes from (`source_` without it).
    pub with_source: Option<Name>,
    /// Where to look; empty: in all tables.
    pub tables: Vec<UnionLeg>,
    /// What a row must satisfy.
    pub predicate: Expr,
    /// What is shown of it; empty stands for `project-smart`.
    pub columns: Vec<FindColumn>,
    /// What is not shown.
    pub without: Vec<Pattern>,
    /// What else is given (`datascope`, hints).
    pub parameters: Vec<Parameter>,
}

/// A column that `find` shows.
#[derive(Clone, Debug, PartialEq)]
pub enum FindColumn {
    /// A column, as a type if one is given.
    Column(ColumnDeclaration),
    /// `pack(*)`, at its place: everything else as a bag.
    Pack(Span),
}
