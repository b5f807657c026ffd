//! The stages of the pipe.

use super::{ColumnDeclaration, Expr, Name, Named, Ordered, Parameter, Pattern, Query, Search, Union};
use chartroom_base::diagnostic::Span;

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

/// Kinds of operator, each with all its spellings.
#[derive(Clone, Debug, PartialEq)]
pub enum OperatorKind {
    /// `where` / `filter`.
    Where(Expr),
    /// `take` / `limit`.
    Take(Expr),
    /// `count`, `count as Name`.
    Count(Option<Name>),
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
    /// `project-away`.
    ProjectAway(Vec<Pattern>),
    /// `project-keep`.
    ProjectKeep(Vec<Pattern>),
    /// `project-rename new = old`; the value is a name.
    ProjectRename(Vec<Named>),
    /// `project-reorder`.
    ProjectReorder(Vec<Reordered>),
    /// `project-by-names`: expressions that give column names.
    ProjectByNames(Vec<Expr>),
    /// `distinct`; `*` comes as [`super::ExprKind::Star`].
    Distinct(Vec<Named>),
    /// `summarize aggregates by keys`.
    Summarize {
        /// The aggregates.
        aggregates: Vec<Named>,
        /// The keys.
        by: Vec<Named>,
        /// Hints.
        parameters: Vec<Parameter>,
    },
    /// `join kind=… (query) on conditions`.
    Join {
        /// The kind, if one is given.
        kind: Option<JoinKind>,
        /// The right side.
        right: Query,
        /// Columns of both sides, or `$left.a == $right.b`; conditions joined by `and` come one by one.
        on: Vec<Expr>,
        /// Hints.
        parameters: Vec<Parameter>,
    },
    /// `lookup kind=… (query) on conditions`.
    Lookup {
        /// The kind, if one is given: [`JoinKind::LeftOuter`] or [`JoinKind::Inner`].
        kind: Option<JoinKind>,
        /// The right side.
        right: Query,
        /// As in `join`.
        on: Vec<Expr>,
        /// Hints.
        parameters: Vec<Parameter>,
    },
    /// `union` behind a pipe.
    Union(Union),
    /// `search` behind a pipe.
    Search(Search),
    /// `mv-expand` and the older `mvexpand`.
    MvExpand {
        /// `mvexpand`: 128 rows a record unless a limit is given.
        is_legacy: bool,
        /// `bagexpansion=array` (or `kind=array`): a bag's entries become `[key, value]`.
        is_bag_to_array: bool,
        /// `with_itemindex=Name`: a column with the element's number.
        item_index: Option<Name>,
        /// What is expanded, in lockstep.
        columns: Vec<Expanded>,
        /// At most so many rows a record.
        limit: Option<Expr>,
    },
    /// `mv-apply columns on (query)`.
    MvApply {
        /// `with_itemindex=Name`.
        item_index: Option<Name>,
        /// What is expanded, in lockstep.
        columns: Vec<Expanded>,
        /// At most so many rows a record.
        limit: Option<Expr>,
        /// What is done to each record's rows; its source is [`None`].
        body: Query,
    },
    /// `parse` and `parse-where`.
    Parse {
        /// `parse-where`: rows that do not match go.
        is_where: bool,
        /// How the pattern is meant.
        mode: ParseMode,
        /// `flags=U`, for [`ParseMode::Regex`].
        flags: Option<Name>,
        /// What is read.
        input: Expr,
        /// The pattern, piece by piece.
        pattern: Vec<ParsePart>,
    },
    /// `parse-kv input as (columns) with (properties)`.
    ParseKv {
        /// What is read.
        input: Expr,
        /// The columns, by key.
        columns: Vec<ColumnDeclaration>,
        /// `pair_delimiter`, `kv_delimiter`, `quote`, `escape`, `greedy`, `regex`.
        properties: Vec<Parameter>,
    },
    /// `make-series aggregates on axis from … to … step … by keys`.
    MakeSeries {
        /// The aggregates.
        aggregates: Vec<SeriesAggregate>,
        /// What the series run along.
        axis: Named,
        /// The first point.
        from: Option<Expr>,
        /// The end: not a point itself, unless the older form says so.
        to: Option<Expr>,
        /// The distance of the points.
        step: Expr,
        /// The older form `on x in range(from, to, step)`, whose end is a point.
        is_legacy: bool,
        /// The keys.
        by: Vec<Named>,
        /// `kind=nonempty`, hints.
        parameters: Vec<Parameter>,
    },
    /// `top-nested`, one clause a level.
    TopNested(Vec<TopNested>),
    /// `top-hitters n of x by y`.
    TopHitters {
        /// How many.
        count: Expr,
        /// Values of what.
        of: Named,
        /// What is summed up; without it rows are counted.
        by: Option<Named>,
    },
    /// `sample n`.
    Sample(Expr),
    /// `sample-distinct n of x`.
    SampleDistinct {
        /// How many.
        count: Expr,
        /// Values of what.
        of: Named,
    },
    /// `serialize`, with columns as in `extend`.
    Serialize(Vec<Named>),
    /// `partition by x (query)`.
    Partition {
        /// The key.
        by: Expr,
        /// What is done to each key's rows; with a source of its own when it was written in `{}`.
        body: Query,
        /// Hints.
        parameters: Vec<Parameter>,
    },
    /// `scan`.
    Scan(Scan),
    /// `facet by a, b with (query)`.
    Facet {
        /// The columns.
        by: Vec<Name>,
        /// What else is done to the rows; its source is [`None`].
        with: Option<Query>,
    },
    /// `fork name=(query) …`.
    Fork(Vec<ForkLeg>),
    /// `getschema`.
    GetSchema,
    /// `consume`.
    Consume(Vec<Parameter>),
    /// `as name`.
    As {
        /// The name.
        name: Name,
        /// Hints.
        parameters: Vec<Parameter>,
    },
    /// `invoke function(arguments)`.
    Invoke {
        /// The function; the piped rows are its first argument.
        name: Name,
        /// The others.
        arguments: Vec<Expr>,
    },
    /// `render chart with (title="x")`.
    Render {
        /// The chart, as it is written.
        chart: Name,
        /// Its properties; several names (`ycolumns=a, b`) come as one [`super::ExprKind::Names`].
        properties: Vec<Parameter>,
    },
    /// `reduce by x with threshold=…, characters=…`.
    Reduce {
        /// What is grouped.
        by: Expr,
        /// `kind=source`, `threshold`, `characters`.
        parameters: Vec<Parameter>,
    },
    /// `evaluate plugin(arguments) : (schema)`.
    Evaluate {
        /// The plug-in.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
        /// The columns it gives, when the text says so.
        schema: Option<PluginSchema>,
        /// Hints.
        parameters: Vec<Parameter>,
    },
    /// An operator that KQL has and we have not; refused by name with a diagnostic.
    Other(Name),
    /// Not an operator at all; a diagnostic was given.
    Error,
}

/// A column pattern with the order of what it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reordered {
    /// The columns.
    pub columns: Pattern,
    /// Their order among each other, when one is given.
    pub order: Option<ColumnOrder>,
}

/// An order of columns by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnOrder {
    /// `asc`.
    Ascending,
    /// `desc`.
    Descending,
    /// `granny-asc`: numbers in names count as numbers.
    GrannyAscending,
    /// `granny-desc`.
    GrannyDescending,
}

/// Kinds of join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// `innerunique`, the default: one left row a key.
    InnerUnique,
    /// `inner`.
    Inner,
    /// `leftouter`.
    LeftOuter,
    /// `rightouter`.
    RightOuter,
    /// `fullouter`.
    FullOuter,
    /// `leftsemi`.
    LeftSemi,
    /// `rightsemi`.
    RightSemi,
    /// `leftanti`, `anti`, `leftantisemi`.
    LeftAnti,
    /// `rightanti`, `rightantisemi`.
    RightAnti,
}

impl JoinKind {
    /// Every spelling with its meaning; the first of each meaning is the one to show.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("inner", Self::Inner),
        ("innerunique", Self::InnerUnique),
        ("leftouter", Self::LeftOuter),
        ("rightouter", Self::RightOuter),
        ("fullouter", Self::FullOuter),
        ("leftsemi", Self::LeftSemi),
        ("rightsemi", Self::RightSemi),
        ("leftanti", Self::LeftAnti),
        ("rightanti", Self::RightAnti),
        ("anti", Self::LeftAnti),
        ("leftantisemi", Self::LeftAnti),
        ("rightantisemi", Self::RightAnti),
    ];

    /// The kind written so.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// How it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("inner", |(word, _)| word)
    }
}

/// `name = expression to typeof(type)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expanded {
    /// What is expanded, with the name of what comes out.
    pub item: Named,
    /// The type of what comes out, as it is written; dynamic without it.
    pub kind: Option<Name>,
}

/// How the pattern of `parse` is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseMode {
    /// Texts are texts; one failed value blanks all.
    Simple,
    /// Texts are texts; each value for itself.
    Relaxed,
    /// Texts are regular expressions.
    Regex,
}

/// A piece of the pattern of `parse`.
#[derive(Clone, Debug, PartialEq)]
pub enum ParsePart {
    /// `*`, at its place: anything.
    Skip(Span),
    /// A text that must be there.
    Text {
        /// The text.
        text: String,
        /// Its place.
        span: Span,
    },
    /// A column that takes what is there.
    Column(ColumnDeclaration),
}

/// One aggregate of `make-series`.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesAggregate {
    /// The aggregate.
    pub item: Named,
    /// What stands where there are no rows.
    pub default: Option<Expr>,
}

/// One level of `top-nested`.
#[derive(Clone, Debug, PartialEq)]
pub struct TopNested {
    /// How many; all without it.
    pub count: Option<Expr>,
    /// Values of what.
    pub of: Named,
    /// `with others = x`: a row for all the rest.
    pub others: Option<Expr>,
    /// By what aggregate.
    pub by: Ordered,
    /// All of it.
    pub span: Span,
}

/// `scan [with_match_id=…] [order by …] [partition by …] [declare (…)] with (step …; …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// `with_match_id=Name`: a column with the match's number.
    pub match_id: Option<Name>,
    /// The order of the rows.
    pub order: Vec<Ordered>,
    /// Each key's rows for themselves.
    pub partition_by: Vec<Expr>,
    /// Columns that steps set.
    pub declared: Vec<ColumnDeclaration>,
    /// The steps, in order.
    pub steps: Vec<ScanStep>,
}

/// `step name [optional] [output=all|last|none]: condition => column = value, …`.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanStep {
    /// Its name.
    pub name: Name,
    /// Whether a match may leave it out.
    pub is_optional: bool,
    /// Which of its rows come out.
    pub output: ScanOutput,
    /// What a row must satisfy.
    pub condition: Expr,
    /// What it sets.
    pub assignments: Vec<Named>,
    /// All of it.
    pub span: Span,
}

/// Which rows of a step come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanOutput {
    /// All of them; the default.
    All,
    /// The last of a match.
    Last,
    /// None.
    Nothing,
}

/// One leg of `fork`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForkLeg {
    /// Its name, if one is given.
    pub name: Option<Name>,
    /// What is done to the rows; its source is [`None`].
    pub body: Query,
}

/// The columns that a plug-in gives, as the text says.
#[derive(Clone, Debug, PartialEq)]
pub struct PluginSchema {
    /// `*` first: the input's columns stay.
    pub keeps_input: bool,
    /// The further columns.
    pub columns: Vec<ColumnDeclaration>,
    /// All of it.
    pub span: Span,
}

impl OperatorKind {
    /// Its word, for messages; the first spelling where there are several.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Where(_) => "where",
            Self::Take(_) => "take",
            Self::Count(_) => "count",
            Self::Sort(_) => "sort",
            Self::Top { .. } => "top",
            Self::Project(_) => "project",
            Self::Extend(_) => "extend",
            Self::ProjectAway(_) => "project-away",
            Self::ProjectKeep(_) => "project-keep",
            Self::ProjectRename(_) => "project-rename",
            Self::ProjectReorder(_) => "project-reorder",
            Self::ProjectByNames(_) => "project-by-names",
            Self::Distinct(_) => "distinct",
            Self::Summarize { .. } => "summarize",
            Self::Join { .. } => "join",
            Self::Lookup { .. } => "lookup",
            Self::Union(_) => "union",
            Self::Search(_) => "search",
            Self::MvExpand { is_legacy: true, .. } => "mvexpand",
            Self::MvExpand { .. } => "mv-expand",
            Self::MvApply { .. } => "mv-apply",
            Self::Parse { is_where: true, .. } => "parse-where",
            Self::Parse { .. } => "parse",
            Self::ParseKv { .. } => "parse-kv",
            Self::MakeSeries { .. } => "make-series",
            Self::TopNested(_) => "top-nested",
            Self::TopHitters { .. } => "top-hitters",
            Self::Sample(_) => "sample",
            Self::SampleDistinct { .. } => "sample-distinct",
            Self::Serialize(_) => "serialize",
            Self::Partition { .. } => "partition",
            Self::Scan(_) => "scan",
            Self::Facet { .. } => "facet",
            Self::Fork(_) => "fork",
            Self::GetSchema => "getschema",
            Self::Consume(_) => "consume",
            Self::As { .. } => "as",
            Self::Invoke { .. } => "invoke",
            Self::Render { .. } => "render",
            Self::Reduce { .. } => "reduce",
            Self::Evaluate { .. } => "evaluate",
            Self::Other(name) => &name.text,
            Self::Error => "",
        }
    }
}
