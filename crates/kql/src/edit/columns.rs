//! Which columns there are at a stage, followed through the pipe.

use super::{
    Callable,
    place::{Frame, Place},
};
use crate::{
    aggregates::Naming,
    catalog::Catalog,
    functions::{Function, Parameter},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::{
    ast::{
        ColumnDeclaration, Expanded, Expr, ExprKind, FunctionParameter, JoinKind, LetValue, Literal, Named,
        Operator, OperatorKind, ParameterKind, ParsePart, Pattern, Query, Source, SourceKind, Statement,
        StatementKind, Union, UnionLeg,
    },
    keyword::type_of_word,
    parse,
    token::slice,
};
use chartroom_schema::kind::Kind;

/// A column as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its kind, where that can be told.
    pub(super) kind: Option<Kind>,
    /// One sentence; may be empty.
    pub(super) about: String,
    /// Found by name only.
    pub(super) is_hidden: bool,
}

impl Column {
    fn new(name: impl Into<String>, kind: Option<Kind>) -> Self {
        Self { name: name.into(), kind, about: String::new(), is_hidden: false }
    }
}

/// A name that the text gives.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: Meaning,
    /// The text it stands for, in brief.
    pub(super) text: String,
}

/// What such a name means.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Scalar(Option<Kind>),
    Rows(Vec<Column>),
    /// A function, with its parameters as they are written; rows if it gives rows.
    Function(Vec<String>, Option<Vec<Column>>),
}

/// How deep functions and queries are followed.
const MAX_DEPTH: u8 = 12;

/// Tables and the names that the text gives.
pub(super) struct Names<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) variables: Vec<Variable>,
}

impl<'c> Names<'c> {
    /// The names that are known at `caret`.
    pub(super) fn new(text: &str, caret: u32, catalog: &'c Catalog) -> Self {
        let mut names = Self { catalog, variables: Vec::new() };
        names.add(text, &parse(text).statements, caret, 0);
        names
    }

    fn add(&mut self, text: &str, statements: &[Statement], caret: u32, depth: u8) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Let { name, value } => {
                    let is_around = statement.span.start <= caret && caret <= statement.span.end;
                    if let LetValue::Function(function) = value
                        && is_around
                        && caret > function.span.start
                    {
                        for parameter in &function.parameters {
                            let value = parameter_meaning(parameter);
                            let shown = slice(text, parameter.span).to_owned();
                            self.variables.push(Variable {
                                name: parameter.name.text.clone(),
                                value,
                                text: shown,
                            });
                        }
                        if depth < MAX_DEPTH {
                            self.add(text, &function.statements, caret, depth + 1);
                        }
                    }
                    if statement.span.end <= caret && !is_around || statement.span.end < caret {
                        let shown: String = slice(text, statement.span).chars().take(200).collect();
                        let value = self.meaning(text, value);
                        self.variables.push(Variable { name: name.text.clone(), value, text: shown });
                    }
                }
                StatementKind::Declare(parameters) if statement.span.end <= caret => {
                    for parameter in parameters {
                        let value = Meaning::Scalar(declared(parameter).kind);
                        let shown = slice(text, parameter.span).to_owned();
                        self.variables.push(Variable {
                            name: parameter.name.text.clone(),
                            value,
                            text: shown,
                        });
                    }
                }
                _ => {}
            }
        }
    }

    fn meaning(&self, text: &str, value: &LetValue) -> Meaning {
        match value {
            LetValue::Function(function) => {
                let parameters =
                    function.parameters.iter().map(|parameter| slice(text, parameter.span).to_owned());
                let parameters = parameters.collect();
                let mut inner = Names { catalog: self.catalog, variables: self.variables.clone() };
                for parameter in &function.parameters {
                    let value = parameter_meaning(parameter);
                    inner.variables.push(Variable {
                        name: parameter.name.text.clone(),
                        value,
                        text: String::new(),
                    });
                }
                inner.add(text, &function.statements, u32::MAX, MAX_DEPTH);
                Meaning::Function(parameters, inner.rows_of(&function.result))
            }
            LetValue::Expression(value) => match self.rows_of(value) {
                Some(columns) => Meaning::Rows(columns),
                None => Meaning::Scalar(self.kind(value, &[])),
            },
        }
    }

    /// The columns of an expression that is rows.
    fn rows_of(&self, value: &Expr) -> Option<Vec<Column>> {
        match &value.kind {
            ExprKind::Query(query) => Some(self.query(query, None, 0)),
            ExprKind::Name(name) => self.table(name),
            ExprKind::Call { name, arguments } if name.text != "toscalar" => {
                self.call(&name.text, arguments, 0)
            }
            _ => None,
        }
    }

    fn call(&self, name: &str, arguments: &[Expr], depth: u8) -> Option<Vec<Column>> {
        if name == "materialize" || name == "view" {
            return match arguments {
                [Expr { kind: ExprKind::Query(query), .. }] => Some(self.query(query, None, depth + 1)),
                [Expr { kind: ExprKind::Name(name), .. }] => self.table(name),
                _ => None,
            };
        }
        match &self.variable(name)?.value {
            Meaning::Function(_, rows) => rows.clone(),
            _ => None,
        }
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rev().find(|variable| variable.name == name)
    }

    /// The columns of a table, a view, or rows that the text names.
    pub(super) fn table(&self, name: &str) -> Option<Vec<Column>> {
        match self.variable(name).map(|variable| &variable.value) {
            Some(Meaning::Rows(columns) | Meaning::Function(_, Some(columns))) => {
                return Some(columns.clone());
            }
            Some(_) => return None,
            None => {}
        }
        let table = self.catalog.find(name)?;
        let columns = table.columns.iter().map(|column| Column {
            name: column.name.clone(),
            kind: Some(column.kind),
            about: column.about.clone(),
            is_hidden: column.is_hidden,
        });
        Some(columns.collect())
    }

    /// The columns that an expression at the caret sees.
    pub(super) fn at(&self, place: &Place<'_>) -> Vec<Column> {
        self.in_frame(place, &place.pipeline(), 0)
    }

    fn in_frame(&self, place: &Place<'_>, frame: &Frame, depth: u8) -> Vec<Column> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let is_body = place.is_body(frame);
        let given = if is_body { self.given_to(place, frame, depth) } else { None };
        let Some(pipe) = frame.pipe else {
            // `print`, `search` and `find` before any pipe: the source itself says what there is.
            return given.unwrap_or_else(|| self.before_a_pipe(place, frame));
        };
        let (Some(first), Some(last)) = (place.token(frame.start), place.token(pipe)) else {
            return Vec::new();
        };
        let text = slice(place.text, Span::new(first.span.start, last.span.start));
        let mut text = text.to_owned();
        if is_body {
            text.insert_str(0, "_ | ");
        } else if place.at(frame.start) == "let" {
            // `let x = T | …`: what stands behind the `=`.
            text = text.split_once('=').map_or(String::new(), |(_, value)| value.to_owned());
        }
        let parsed = parse(&text);
        let query = parsed.queries().next();
        query.map_or_else(Vec::new, |query| self.query(query, given, depth))
    }

    /// The columns of the rows that stages in brackets are done to.
    fn given_to(&self, place: &Place<'_>, frame: &Frame, depth: u8) -> Option<Vec<Column>> {
        let outer = place.outer(frame)?;
        let mut columns = self.in_frame(place, &outer, depth + 1);
        let (operator, end) = place.stage(&outer)?;
        if operator == "mv-apply" {
            let (from, to) = (place.token(end)?, place.token(frame.open?)?);
            let text = slice(place.text, Span::new(from.span.start, to.span.start));
            let parsed = parse(&format!("_ | mv-expand {}", text.trim_end().trim_end_matches("on")));
            if let Some(Operator {
                kind: OperatorKind::MvExpand { columns: expanded, item_index, .. }, ..
            }) = parsed.queries().next().and_then(|query| query.operators.first())
            {
                self.expand(&mut columns, expanded, item_index.as_ref().map(|name| name.text.as_str()));
            }
        }
        Some(columns)
    }

    /// `search` and `find` see every column there is.
    fn before_a_pipe(&self, place: &Place<'_>, frame: &Frame) -> Vec<Column> {
        if !matches!(place.at(frame.start), "search" | "find") {
            return Vec::new();
        }
        let mut columns: Vec<Column> = Vec::new();
        for table in self.catalog.tables.iter().filter(|table| table.is_loaded) {
            add_new(&mut columns, self.table(&table.name).unwrap_or_default());
        }
        columns
    }

    /// The columns of the right side of the `join` that the caret's frame is in, where it can be told.
    pub(super) fn right_side(&self, place: &Place<'_>, from: usize) -> Vec<Column> {
        let (Some(first), Some(last)) = (place.token(from), place.before.last()) else { return Vec::new() };
        let text = slice(place.text, Span::new(first.span.start, last.span.end));
        let parsed = parse(&format!("_ | join {text} a"));
        match parsed.queries().next().and_then(|query| query.operators.first()).map(|operator| &operator.kind)
        {
            Some(OperatorKind::Join { right, .. }) => self.query(right, None, 0),
            _ => Vec::new(),
        }
    }

    /// The columns of a query; `given` are those of the rows it begins with when it has no source.
    pub(super) fn query(&self, query: &Query, given: Option<Vec<Column>>, depth: u8) -> Vec<Column> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let is_given = match &query.source {
            None => true,
            Some(Source { kind: SourceKind::Table(name), .. }) => name.text == "_" && given.is_some(),
            Some(_) => false,
        };
        let mut columns = if is_given {
            given.unwrap_or_default()
        } else {
            query.source.as_ref().map_or_else(Vec::new, |source| self.source(source, depth))
        };
        for operator in &query.operators {
            self.operator(&mut columns, &operator.kind, depth);
        }
        columns
    }

    fn source(&self, source: &Source, depth: u8) -> Vec<Column> {
        match &source.kind {
            SourceKind::Table(name) => self.table(&name.text).unwrap_or_default(),
            SourceKind::Call { name, arguments } => {
                self.call(&name.text, arguments, depth).unwrap_or_default()
            }
            SourceKind::Union(union) => self.union(Vec::new(), union, depth),
            SourceKind::Search(search) => {
                let mut columns = vec![Column::new("$table", Some(Kind::String))];
                for table in &self.catalog.tables {
                    if search.tables.is_empty() && table.is_loaded {
                        add_new(&mut columns, self.table(&table.name).unwrap_or_default());
                    }
                }
                self.legs(columns, &search.tables, depth)
            }
            SourceKind::Find(_) => vec![Column::new("source_", Some(Kind::String))],
            SourceKind::Print(items) => {
                let mut columns = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    let name =
                        item.name.as_ref().map_or_else(|| format!("print_{at}"), |name| name.text.clone());
                    columns.push(Column::new(name, self.kind(&item.value, &[])));
                }
                columns
            }
            SourceKind::Range { name, from, .. } => vec![Column::new(&name.text, self.kind(from, &[]))],
            SourceKind::DataTable { columns, .. } | SourceKind::ExternalData { columns, .. } => {
                columns.iter().map(declared).collect()
            }
            SourceKind::Remote(_) => Vec::new(),
        }
    }

    fn union(&self, mut columns: Vec<Column>, union: &Union, depth: u8) -> Vec<Column> {
        if let Some(name) = &union.with_source {
            columns.insert(0, Column::new(&name.text, Some(Kind::String)));
        }
        self.legs(columns, &union.legs, depth)
    }

    fn legs(&self, mut columns: Vec<Column>, legs: &[UnionLeg], depth: u8) -> Vec<Column> {
        for leg in legs {
            match leg {
                UnionLeg::Query(query) => add_new(&mut columns, self.query(query, None, depth + 1)),
                UnionLeg::Tables(pattern) if pattern.is_wild => {
                    let like = self.catalog.tables.iter().filter(|table| is_like(pattern, &table.name));
                    for table in like.filter(|table| table.is_loaded) {
                        add_new(&mut columns, self.table(&table.name).unwrap_or_default());
                    }
                }
                UnionLeg::Tables(pattern) => {
                    add_new(&mut columns, self.table(&pattern.text).unwrap_or_default());
                }
            }
        }
        columns
    }

    fn operator(&self, columns: &mut Vec<Column>, operator: &OperatorKind, depth: u8) {
        match operator {
            OperatorKind::Extend(items) | OperatorKind::Serialize(items) => {
                for column in self.named(items, columns) {
                    set(columns, column);
                }
            }
            OperatorKind::Project(items) => *columns = self.named(items, columns),
            OperatorKind::Distinct(items) if items.iter().all(|item| item.value.kind != ExprKind::Star) => {
                *columns = self.named(items, columns);
            }
            OperatorKind::ProjectAway(patterns) => {
                columns.retain(|column| !patterns.iter().any(|pattern| is_like(pattern, &column.name)));
            }
            OperatorKind::ProjectKeep(patterns) => {
                columns.retain(|column| patterns.iter().any(|pattern| is_like(pattern, &column.name)));
            }
            OperatorKind::ProjectRename(items) => {
                for item in items {
                    if let (Some(name), ExprKind::Name(old)) = (&item.name, &item.value.kind)
                        && let Some(column) = columns.iter_mut().find(|column| column.name == *old)
                    {
                        column.name.clone_from(&name.text);
                    }
                }
            }
            OperatorKind::Summarize { aggregates, by, .. } => {
                let mut made = self.named(by, columns);
                for column in self.named(aggregates, columns) {
                    set(&mut made, column);
                }
                *columns = made;
            }
            OperatorKind::Count(name) => {
                let name = name.as_ref().map_or("Count", |name| name.text.as_str());
                *columns = vec![Column::new(name, Some(Kind::Long))];
            }
            OperatorKind::Join { kind, right, .. } => {
                let right = self.query(right, None, depth + 1);
                match kind {
                    Some(JoinKind::LeftSemi | JoinKind::LeftAnti) => {}
                    Some(JoinKind::RightSemi | JoinKind::RightAnti) => *columns = right,
                    _ => add_beside(columns, right),
                }
            }
            OperatorKind::Lookup { right, on, .. } => {
                let mut right = self.query(right, None, depth + 1);
                let keys: Vec<&str> = on.iter().filter_map(right_key).collect();
                right.retain(|column| !keys.contains(&column.name.as_str()));
                add_beside(columns, right);
            }
            OperatorKind::Union(union) => *columns = self.union(std::mem::take(columns), union, depth),
            OperatorKind::MvExpand { columns: expanded, item_index, .. } => {
                self.expand(columns, expanded, item_index.as_ref().map(|name| name.text.as_str()));
            }
            OperatorKind::MvApply { columns: expanded, item_index, body, .. } => {
                let mut inner = columns.clone();
                self.expand(&mut inner, expanded, item_index.as_ref().map(|name| name.text.as_str()));
                for column in self.query(body, Some(inner), depth + 1) {
                    set(columns, column);
                }
            }
            OperatorKind::Parse { pattern, .. } => {
                for part in pattern {
                    if let ParsePart::Column(column) = part {
                        let kind = declared(column).kind.or(Some(Kind::String));
                        set(columns, Column::new(&column.name.text, kind));
                    }
                }
            }
            OperatorKind::ParseKv { columns: added, .. } => {
                added.iter().map(declared).for_each(|column| set(columns, column));
            }
            OperatorKind::MakeSeries { aggregates, axis, by, .. } => {
                let mut made = self.named(by, columns);
                for column in self.named(aggregates.iter().map(|aggregate| &aggregate.item), columns) {
                    set(&mut made, Column { kind: Some(Kind::Dynamic), ..column });
                }
                for column in self.named(std::iter::once(axis), columns) {
                    set(&mut made, Column { kind: Some(Kind::Dynamic), ..column });
                }
                *columns = made;
            }
            OperatorKind::TopNested(levels) => {
                let mut made = Vec::new();
                for level in levels {
                    let of = self.named(std::iter::once(&level.of), columns);
                    let name = of.first().map_or("", |column| column.name.as_str());
                    let aggregate = level.by.key.name.as_ref();
                    let aggregate =
                        aggregate.map_or_else(|| format!("aggregated_{name}"), |name| name.text.clone());
                    let kind = self.kind(&level.by.key.value, columns);
                    made.extend(of.clone());
                    made.push(Column::new(aggregate, kind));
                }
                *columns = made;
            }
            OperatorKind::TopHitters { of, by, .. } => {
                let mut made = self.named(std::iter::once(of), columns);
                let name = made.first().map_or("", |column| column.name.as_str());
                let counted = if by.is_some() { "approximate_sum_" } else { "approximate_count_" };
                made.push(Column::new(format!("{counted}{name}"), Some(Kind::Long)));
                *columns = made;
            }
            OperatorKind::SampleDistinct { of, .. } => *columns = self.named(std::iter::once(of), columns),
            OperatorKind::Scan(scan) => {
                scan.declared.iter().map(declared).for_each(|column| set(columns, column));
                if let Some(name) = &scan.match_id {
                    set(columns, Column::new(&name.text, Some(Kind::Long)));
                }
            }
            OperatorKind::Partition { body, .. } => {
                *columns = self.query(body, Some(std::mem::take(columns)), depth + 1);
            }
            OperatorKind::GetSchema => {
                let text = |name: &str| Column::new(name, Some(Kind::String));
                let ordinal = Column::new("ColumnOrdinal", Some(Kind::Int));
                *columns = vec![text("ColumnName"), ordinal, text("DataType"), text("ColumnType")];
            }
            OperatorKind::Reduce { .. } => {
                let text = |name: &str| Column::new(name, Some(Kind::String));
                *columns =
                    vec![text("Pattern"), Column::new("Count", Some(Kind::Long)), text("Representative")];
            }
            OperatorKind::Evaluate { schema: Some(schema), .. } => {
                if !schema.keeps_input {
                    columns.clear();
                }
                schema.columns.iter().map(declared).for_each(|column| set(columns, column));
            }
            OperatorKind::Invoke { name, arguments } => {
                if let Some(found) = self.call(&name.text, arguments, depth) {
                    *columns = found;
                }
            }
            _ => {}
        }
    }

    fn expand(&self, columns: &mut Vec<Column>, expanded: &[Expanded], item_index: Option<&str>) {
        for one in expanded {
            let kind = one.kind.as_ref().and_then(|name| Kind::from_name(type_of_word(&name.text)?));
            for column in self.named(std::iter::once(&one.item), columns) {
                set(columns, Column { kind: kind.or(Some(Kind::Dynamic)), ..column });
            }
        }
        if let Some(name) = item_index {
            set(columns, Column::new(name, Some(Kind::Long)));
        }
    }

    /// The columns that expressions make, named as Kusto names them.
    fn named<'n>(&self, items: impl IntoIterator<Item = &'n Named>, input: &[Column]) -> Vec<Column> {
        let mut made: Vec<Column> = Vec::new();
        for item in items {
            if let ExprKind::Name(name) = &item.value.kind
                && let Some(column) = input.iter().find(|column| column.name == *name)
            {
                let name = item.name.as_ref().map_or(name, |given| &given.text);
                made.push(Column { name: name.clone(), is_hidden: false, ..column.clone() });
                continue;
            }
            let kind = self.kind(&item.value, input);
            let name = item.name.as_ref().map(|name| name.text.clone()).or_else(|| name_of(&item.value));
            let mut name = name.unwrap_or_else(|| "Column1".to_owned());
            if item.name.is_none() && made.iter().any(|column| column.name == name) {
                let free = (1..)
                    .map(|at| format!("{name}{at}"))
                    .find(|name| made.iter().all(|column| column.name != *name));
                name = free.unwrap_or(name);
            }
            made.push(Column::new(name, kind));
            made.extend(item.more_names.iter().map(|name| Column::new(&name.text, None)));
            self.spread(&item.value, input, &mut made);
        }
        made
    }

    /// `arg_max(x, *)` and `arg_max(x, a, b)`: the columns beside the first.
    fn spread(&self, value: &Expr, input: &[Column], made: &mut Vec<Column>) {
        let ExprKind::Call { name, arguments } = &value.kind else { return };
        if !matches!(name.text.as_str(), "arg_max" | "arg_min" | "take_any" | "any") {
            return;
        }
        for argument in arguments.iter().skip(usize::from(name.text.starts_with("arg"))) {
            match &argument.kind {
                ExprKind::Star => {
                    for column in input.iter().filter(|column| !column.is_hidden) {
                        if made.iter().all(|known| known.name != column.name) {
                            made.push(column.clone());
                        }
                    }
                }
                ExprKind::Name(name) => {
                    let kind = self.kind(argument, input);
                    if made.iter().all(|known| known.name != *name) {
                        made.push(Column::new(name, kind));
                    }
                }
                _ => {}
            }
        }
    }

    /// The kind of an expression, where that can be told.
    pub(super) fn kind(&self, value: &Expr, input: &[Column]) -> Option<Kind> {
        match &value.kind {
            ExprKind::Literal(literal) => literal_kind(literal),
            ExprKind::Name(name) => match input.iter().find(|column| column.name == *name) {
                Some(column) => column.kind,
                None => match self.variable(name).map(|variable| &variable.value) {
                    Some(Meaning::Scalar(kind)) => *kind,
                    _ => None,
                },
            },
            ExprKind::Path { .. } | ExprKind::Element { .. } => Some(Kind::Dynamic),
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::In { .. } | ExprKind::Between { .. } => {
                Some(Kind::Bool)
            }
            ExprKind::Unary { operand, .. } => self.kind(operand, input),
            ExprKind::Binary { operator, left, right, .. } => {
                if !matches!(operator.power(), 5 | 6) {
                    return Some(Kind::Bool);
                }
                match (operator.sign(), self.kind(left, input)?, self.kind(right, input)?) {
                    ("-", Kind::DateTime, Kind::DateTime) => Some(Kind::TimeSpan),
                    ("/", Kind::TimeSpan, Kind::TimeSpan) => Some(Kind::Real),
                    (_, Kind::DateTime, _) | (_, _, Kind::DateTime) => Some(Kind::DateTime),
                    (_, Kind::TimeSpan, _) | (_, _, Kind::TimeSpan) => Some(Kind::TimeSpan),
                    (_, Kind::Real, _) | (_, _, Kind::Real) => Some(Kind::Real),
                    (_, Kind::Decimal, _) | (_, _, Kind::Decimal) => Some(Kind::Decimal),
                    (_, Kind::Int | Kind::Long, Kind::Int | Kind::Long) => Some(Kind::Long),
                    _ => None,
                }
            }
            ExprKind::Call { name, arguments } => self.call_kind(&name.text, arguments, input),
            _ => None,
        }
    }

    fn call_kind(&self, name: &str, arguments: &[Expr], input: &[Column]) -> Option<Kind> {
        match Callable::find(name, true)? {
            Callable::Function(function) => {
                let kinds = arguments
                    .iter()
                    .zip(kinds_taken(function))
                    .map(|(argument, taken)| self.kind(argument, input).or(taken));
                let kinds: Vec<Kind> = kinds.collect::<Option<_>>()?;
                (function.returns)(&kinds).ok()
            }
            Callable::Aggregate(aggregate) => {
                let mut inputs = Vec::new();
                for (at, argument) in arguments.iter().enumerate() {
                    if aggregate.condition != Some(at) {
                        let kind = self.kind(argument, input)?;
                        inputs.push(crate::aggregates::Input { name: None, kind, constant: None });
                    }
                }
                (aggregate.kinds)(&inputs).ok()?.first().copied()
            }
        }
    }
}

/// What stands for an argument of unknown kind.
fn kinds_taken(function: &Function) -> impl Iterator<Item = Option<Kind>> + '_ {
    let kind = |parameter: &Parameter| match parameter {
        Parameter::Text => Some(Kind::String),
        Parameter::Number | Parameter::Whole => Some(Kind::Long),
        Parameter::Bool => Some(Kind::Bool),
        Parameter::DateTime => Some(Kind::DateTime),
        Parameter::TimeSpan => Some(Kind::TimeSpan),
        Parameter::Any | Parameter::Dynamic => Some(Kind::Dynamic),
    };
    let last = function.parameters.last().and_then(kind);
    function.parameters.iter().map(kind).chain(std::iter::repeat(last))
}

fn literal_kind(literal: &Literal) -> Option<Kind> {
    Some(match literal {
        Literal::Bool(_) => Kind::Bool,
        Literal::Int(_) => Kind::Int,
        Literal::Long(_) => Kind::Long,
        Literal::Real(_) => Kind::Real,
        Literal::Decimal(_) => Kind::Decimal,
        Literal::DateTime(_) => Kind::DateTime,
        Literal::TimeSpan(_) => Kind::TimeSpan,
        Literal::Guid(_) => Kind::Guid,
        Literal::String(_) => Kind::String,
        Literal::Dynamic(_) => Kind::Dynamic,
        Literal::Type(_) => return None,
    })
}

/// The name that Kusto gives a column of no name.
fn name_of(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Path { base, name } => Some(format!("{}_{}", name_of(base)?, name.text)),
        ExprKind::Element { base, index } => match &index.kind {
            ExprKind::Literal(Literal::Long(Some(at))) if *at >= 0 => {
                Some(format!("{}_{at}", name_of(base)?))
            }
            _ => name_of(base),
        },
        ExprKind::Call { name, arguments } => {
            let first = arguments.first().and_then(name_of);
            match Callable::find(&name.text, true)? {
                Callable::Aggregate(aggregate) => match aggregate.naming {
                    Naming::Prefix(prefix) | Naming::Pair(prefix) => {
                        Some(format!("{prefix}{}", first.unwrap_or_default()))
                    }
                    Naming::Each(prefix) => Some(format!("{prefix}{}", first?)),
                    Naming::Percentiles(at) => {
                        let figure = arguments.get(at).map(chartroom_kql_syntax::print_expression);
                        let figure = figure.unwrap_or_default().replace('.', "_");
                        Some(format!("percentile_{}_{figure}", first.unwrap_or_default()))
                    }
                },
                Callable::Function(_) => match name.text.as_str() {
                    "strlen" => Some(format!("strlen_{}", first?)),
                    "bin" | "bin_at" | "floor" | "ceiling" | "round" | "tostring" | "toint" | "tolong"
                    | "toreal" | "todouble" | "tobool" | "todatetime" | "totimespan" | "toguid"
                    | "todynamic" | "parse_json" | "split" | "startofday" | "abs" | "sqrt"
                    | "format_datetime" => first,
                    _ => None,
                },
            }
        }
        _ => None,
    }
}

fn right_key(condition: &Expr) -> Option<&str> {
    match &condition.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Binary { left, right, .. } => [left, right].into_iter().find_map(|side| match &side.kind {
            ExprKind::Path { base, name } if base.kind == ExprKind::Name("$right".to_owned()) => {
                Some(name.text.as_str())
            }
            _ => None,
        }),
        _ => None,
    }
}

fn declared(column: &ColumnDeclaration) -> Column {
    let kind = column.kind.as_ref().and_then(|name| Kind::from_name(type_of_word(&name.text)?));
    Column::new(&column.name.text, kind)
}

fn parameter_meaning(parameter: &FunctionParameter) -> Meaning {
    match &parameter.kind {
        ParameterKind::Scalar(kind) => Meaning::Scalar(type_of_word(&kind.text).and_then(Kind::from_name)),
        ParameterKind::Table(columns) => Meaning::Rows(columns.iter().map(declared).collect()),
    }
}

/// Replaces the column of that name, or adds it.
fn set(columns: &mut Vec<Column>, column: Column) {
    match columns.iter_mut().find(|known| known.name == column.name) {
        Some(known) => *known = column,
        None => columns.push(column),
    }
}

fn add_new(columns: &mut Vec<Column>, added: Vec<Column>) {
    let known: std::collections::BTreeSet<String> =
        columns.iter().map(|column| column.name.clone()).collect();
    columns.extend(added.into_iter().filter(|column| !known.contains(&column.name)));
}

/// The right side of a join: a name that is taken gets a number.
fn add_beside(columns: &mut Vec<Column>, right: Vec<Column>) {
    for mut column in right.into_iter().filter(|column| !column.is_hidden) {
        let is_taken = |name: &str| columns.iter().any(|known| known.name == name);
        if is_taken(&column.name) {
            let free = (1..).map(|at| format!("{}{at}", column.name)).find(|name| !is_taken(name));
            column.name = free.unwrap_or_default();
        }
        columns.push(column);
    }
}

/// Whether `name` is one of those that a pattern means.
fn is_like(pattern: &Pattern, name: &str) -> bool {
    if !pattern.is_wild {
        return pattern.text == name;
    }
    let mut parts = pattern.text.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}
