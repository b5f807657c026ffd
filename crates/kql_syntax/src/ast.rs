//! The tree: what the text says, each node with its place.
//!
//! **Invariant:** no node is higher than [`MAX_HEIGHT`], so that whoever walks the tree may recurse. `and` and `or` hold all
//! their operands in one node: a chain of a thousand is flat.

use chartroom_base::diagnostic::Span;

/// The greatest height of an expression; a deeper text is refused.
pub const MAX_HEIGHT: u16 = 120;

/// The longest text that is read, in bytes; a longer one is refused.
pub const MAX_TEXT: usize = 4 << 20;

/// One tabular query: a source and what is done to it, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where the rows come from; `None` when the text says nothing usable.
    pub source: Option<Source>,
    /// The pipe.
    pub operators: Vec<Operator>,
    /// All of it.
    pub span: Span,
}

/// A name with its place; quoted names without their brackets and quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its place, brackets included.
    pub span: Span,
}

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
    /// A table or view.
    Table(Name),
    /// `union A, B*`: a `*` in a name stands for any characters.
    Union {
        /// The tables.
        tables: Vec<Name>,
        /// `isfuzzy=true`: missing tables are skipped.
        is_fuzzy: bool,
        /// `withsource=Name`.
        with_source: Option<Name>,
    },
    /// `search [in (A, B)] predicate`, and `search` behind a pipe.
    Search {
        /// The tables; empty: all.
        tables: Vec<Name>,
        /// What a row must satisfy; a bare text means `* has "text"`.
        predicate: Expr,
    },
}

/// One stage of the pipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// What it does.
    pub kind: OperatorKind,
    /// Its place, without the `|`.
    pub span: Span,
    /// The keyword's place.
    pub keyword: Span,
}

/// Kinds of operator.
#[derive(Clone, Debug, PartialEq)]
pub enum OperatorKind {
    /// `where` / `filter`.
    Where(Expr),
    /// `take` / `limit`.
    Take(Expr),
    /// `count`.
    Count,
    /// `sort by` / `order by`.
    Sort(Vec<Ordered>),
    /// `top n by key`.
    Top {
        /// How many.
        count: Expr,
        /// By what.
        by: Ordered,
    },
    /// `project`.
    Project(Vec<Named>),
    /// `extend`.
    Extend(Vec<Named>),
    /// `search predicate` behind a pipe.
    Search(Expr),
    /// An operator that KQL has and we have not; the binder refuses it by name.
    Other(Name),
    /// Not an operator at all; a diagnostic was given.
    Error,
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
}

/// `name = expression` or a bare expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name given, if one was.
    pub name: Option<Name>,
    /// The expression.
    pub value: Expr,
}

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
        /// Its arguments; `typeof(x)` comes as a literal, named ones as [`ExprKind::Error`] with a diagnostic.
        arguments: Vec<Expr>,
    },
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

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `+x`.
    Plus,
    /// `-x`.
    Minus,
}

macro_rules! operators {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $sign:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// How it is written.
            #[must_use]
            pub const fn sign(self) -> &'static str {
                match self { $(Self::$variant => $sign,)+ }
            }
            /// The operator written so.
            #[must_use]
            pub fn from_sign(sign: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|operator| operator.sign() == sign)
            }
        }
    };
}

operators! {
    /// Operators with two operands.
    BinaryOperator {
        /// Equal; total: null equals nothing but null.
        Equal = "==",
        /// Not equal.
        NotEqual = "!=",
        /// Equal, case aside.
        EqualFold = "=~",
        /// Not equal, case aside.
        NotEqualFold = "!~",
        /// Less.
        Less = "<",
        /// Less or equal.
        LessOrEqual = "<=",
        /// Greater.
        Greater = ">",
        /// Greater or equal.
        GreaterOrEqual = ">=",
        /// Sum.
        Add = "+",
        /// Difference.
        Subtract = "-",
        /// Product.
        Multiply = "*",
        /// Quotient.
        Divide = "/",
        /// Modulo.
        Modulo = "%",
        /// Holds the term, case aside.
        Has = "has",
        /// Does not.
        NotHas = "!has",
        /// Holds the term.
        HasCs = "has_cs",
        /// Does not.
        NotHasCs = "!has_cs",
        /// Holds a term that begins so, case aside.
        HasPrefix = "hasprefix",
        /// Does not.
        NotHasPrefix = "!hasprefix",
        /// Holds a term that begins so.
        HasPrefixCs = "hasprefix_cs",
        /// Does not.
        NotHasPrefixCs = "!hasprefix_cs",
        /// Holds a term that ends so, case aside.
        HasSuffix = "hassuffix",
        /// Does not.
        NotHasSuffix = "!hassuffix",
        /// Holds a term that ends so.
        HasSuffixCs = "hassuffix_cs",
        /// Does not.
        NotHasSuffixCs = "!hassuffix_cs",
        /// Holds the text, case aside.
        Contains = "contains",
        /// Does not.
        NotContains = "!contains",
        /// Holds the text.
        ContainsCs = "contains_cs",
        /// Does not.
        NotContainsCs = "!contains_cs",
        /// Begins with the text, case aside.
        StartsWith = "startswith",
        /// Does not.
        NotStartsWith = "!startswith",
        /// Begins with the text.
        StartsWithCs = "startswith_cs",
        /// Does not.
        NotStartsWithCs = "!startswith_cs",
        /// Ends with the text, case aside.
        EndsWith = "endswith",
        /// Does not.
        NotEndsWith = "!endswith",
        /// Ends with the text.
        EndsWithCs = "endswith_cs",
        /// Does not.
        NotEndsWithCs = "!endswith_cs",
        /// Matches the regular expression.
        MatchesRegex = "matches regex",
    }
}

operators! {
    /// Operators whose right side is a list.
    InOperator {
        /// One of.
        In = "in",
        /// None of.
        NotIn = "!in",
        /// One of, case aside.
        InFold = "in~",
        /// None of, case aside.
        NotInFold = "!in~",
        /// Holds any of the terms.
        HasAny = "has_any",
        /// Holds all of the terms.
        HasAll = "has_all",
    }
}

impl BinaryOperator {
    /// How tightly it binds: 3 equality, 4 order, 5 sums, 6 products, 7 texts. 1 and 2 are `or` and `and`.
    ///
    /// Levels 3, 4 and 7 do not chain.
    #[must_use]
    pub const fn power(self) -> u8 {
        match self {
            Self::Equal | Self::NotEqual => 3,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Modulo => 6,
            _ => 7,
        }
    }

    /// For a negated text operator or comparison: the one it negates.
    #[must_use]
    pub const fn positive(self) -> (Self, bool) {
        match self {
            Self::NotEqual => (Self::Equal, true),
            Self::NotEqualFold => (Self::EqualFold, true),
            Self::NotHas => (Self::Has, true),
            Self::NotHasCs => (Self::HasCs, true),
            Self::NotHasPrefix => (Self::HasPrefix, true),
            Self::NotHasPrefixCs => (Self::HasPrefixCs, true),
            Self::NotHasSuffix => (Self::HasSuffix, true),
            Self::NotHasSuffixCs => (Self::HasSuffixCs, true),
            Self::NotContains => (Self::Contains, true),
            Self::NotContainsCs => (Self::ContainsCs, true),
            Self::NotStartsWith => (Self::StartsWith, true),
            Self::NotStartsWithCs => (Self::StartsWithCs, true),
            Self::NotEndsWith => (Self::EndsWith, true),
            Self::NotEndsWithCs => (Self::EndsWithCs, true),
            other => (other, false),
        }
    }
}
