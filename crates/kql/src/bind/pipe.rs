//! The pipe: each operator changes the scope, adds predicates, or says what of the rows is shown.
//!
//! **Invariant:** as long as a query only selects, orders and shows stored rows, the pipe stays over stored tables and becomes a plan
//! of row numbers. The first operator that makes rows seals it to a relation ([`super::made`]) and begins a new pipe over that.

use super::{
    Binder, Bound, Told,
    nodes::Nodes,
    scope::{Scope, ScopeColumn},
    source::{BoundSource, Known},
};
use crate::{
    bind::made::Given,
    operators::{self, Body, sort::Sort, sort::SortKey, take::Take},
    plan::{Constant, NodeId, OrderKey, OutputColumn, Plan, Source},
    relation::{Gives, RelationId, Step},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{
    Expr, Name, Named, Operator, OperatorKind, Ordered, Query, Search, SourceKind,
};
use chartroom_schema::kind::Kind;
use std::collections::BTreeSet;

/// What `search` calls the column that says which table a row is of.
pub(super) const TABLE: &str = "$table";

/// A query half bound.
#[derive(Default)]
pub(crate) struct Pipe {
    /// The home tables, or one part over made rows. Never empty. Scopes have the same columns in the same order.
    pub(crate) parts: Vec<Part>,
    /// The rows it goes on from; `None` while it is over stored tables.
    pub(crate) input: Option<RelationId>,
    pub(crate) where_spans: Vec<Span>,
    pub(crate) order: Option<Vec<OrderKey>>,
    pub(crate) take: Option<u64>,
    pub(crate) is_count: bool,
    /// Whether the rows stand in an order that means something (`prev`, `row_number`).
    pub(crate) is_serialized: bool,
    /// What `union withsource` calls it: the name of a table.
    pub(crate) name: Option<String>,
    /// The time by which the rows of a view stand, newest first, as long as nothing else puts them in order.
    pub(crate) default_order: Option<String>,
}

/// What is known of one source.
pub(crate) struct Part {
    pub(crate) source: BoundSource,
    /// Per `where`, what must hold.
    pub(crate) wheres: Vec<Vec<NodeId>>,
    pub(crate) order: Vec<NodeId>,
}

impl Pipe {
    /// Over stored tables.
    pub(super) fn stored(sources: Vec<BoundSource>, name: Option<String>) -> Self {
        let part = |source| Part { source, wheres: Vec::new(), order: Vec::new() };
        Self { parts: sources.into_iter().map(part).collect(), name, ..Self::default() }
    }

    /// Whether a filter can still go to the stored rows.
    const fn is_cut(&self) -> bool {
        self.take.is_some() || self.is_count
    }
}

impl Binder<'_> {
    /// The plan of a whole query.
    pub(super) fn query(&mut self, query: &Query) -> Option<Plan> {
        let pipe = self.pipe(query).ok()?;
        Some(self.finish(pipe))
    }

    /// Binds a query to a pipe.
    pub(crate) fn pipe(&mut self, query: &Query) -> Result<Pipe, Told> {
        self.anew(query)
    }

    pub(super) fn pipe_of(&mut self, query: &Query) -> Result<Pipe, Told> {
        let Some(source) = query.source.as_ref() else { return Err(Told) };
        let Ok(mut pipe) = self.source(source) else {
            return Err(self.behind_nothing(&query.operators));
        };
        if self.made.is_plain {
            pipe = self.rows_of(pipe);
        }
        // An order that the operators would not keep is not made.
        if let Some(order) = pipe.default_order.take()
            && self.depth == 0
            && shows_order(&query.operators)
        {
            pipe = self.newest_first(pipe, &order);
        }
        if let SourceKind::Search(search) = &source.kind {
            pipe = self.search(pipe, search, source.span)?;
        }
        self.operators(pipe, &query.operators)
    }

    /// A source without rows, for a view or union of no tables: names still mean what they mean.
    pub(super) fn nothing(&self, table: Option<&str>) -> BoundSource {
        let mut bound = Bound { table: String::new(), nodes: Nodes::new(self.now), scope: Scope::default() };
        if let Some(table) = table.and_then(|name| self.catalog.find(name)) {
            for column in &table.columns {
                let node = bound.nodes.add_constant(column.kind, Constant::Null);
                bound.scope.columns.push(ScopeColumn {
                    name: column.name.clone(),
                    kind: column.kind,
                    is_hidden: column.is_hidden,
                    about: column.about.clone(),
                    rank: column.rank,
                    is_stored: true,
                    is_unreadable: false,
                    is_computed: false,
                    node,
                });
            }
        }
        BoundSource { bound, filter: Vec::new(), time: None, outcome: None, known: Known::default() }
    }

    /// One operator; an arm per operator.
    pub(super) fn operator(&mut self, pipe: Pipe, operator: &Operator) -> Result<Pipe, Told> {
        match &operator.kind {
            OperatorKind::Where(predicate) => {
                let (pipe, places) = operators::window::bind(self, pipe, &[predicate])?;
                let before = self.begin_around(places);
                let pipe = self.filter(pipe, predicate, operator.span, None);
                self.end_around(before);
                pipe.map(operators::window::forget)
            }
            OperatorKind::Search(search) => self.search(pipe, search, operator.span),
            OperatorKind::Take(count) => self.take(pipe, count),
            OperatorKind::Count(name) => Ok(self.count(pipe, name.as_ref())),
            OperatorKind::Sort(keys) => self.sort(pipe, keys, None),
            OperatorKind::Top { count, by } => {
                let sorted = self.row_count(count);
                self.sort(pipe, std::slice::from_ref(by), Some(sorted?))
            }
            OperatorKind::Project(items) => {
                self.windowed(pipe, items, |binder, pipe| binder.project(pipe, items))
            }
            OperatorKind::Extend(items) => {
                self.windowed(pipe, items, |binder, pipe| binder.extend(pipe, items))
            }
            OperatorKind::Serialize(items) => {
                let mut pipe = self.rows_in_order(pipe);
                pipe.is_serialized = true;
                self.windowed(pipe, items, |binder, pipe| binder.extend(pipe, items))
            }
            OperatorKind::ProjectAway(patterns) => self.project_away(pipe, patterns),
            OperatorKind::ProjectKeep(patterns) => self.project_keep(pipe, patterns),
            OperatorKind::ProjectRename(items) => self.project_rename(pipe, items),
            OperatorKind::ProjectReorder(columns) => self.project_reorder(pipe, columns),
            OperatorKind::Distinct(items) => operators::summarize::bind_distinct(self, pipe, items),
            OperatorKind::Summarize { aggregates, by, .. } => {
                operators::summarize::bind(self, pipe, aggregates, by)
            }
            OperatorKind::Join { kind, right, on, .. } => {
                operators::join::bind(self, pipe, *kind, right, on, operator.span)
            }
            OperatorKind::Lookup { kind, right, on, .. } => {
                operators::join::bind_lookup(self, pipe, *kind, right, on, operator.span)
            }
            OperatorKind::MvExpand { is_legacy, is_bag_to_array, item_index, columns, limit } => {
                let clause = operators::mv_expand::Clause {
                    is_legacy: *is_legacy,
                    is_bag_to_array: *is_bag_to_array,
                    item_index: item_index.as_ref(),
                    columns,
                    limit: limit.as_ref(),
                };
                operators::mv_expand::bind(self, pipe, &clause)
            }
            OperatorKind::MvApply { item_index, columns, limit, body } => {
                let clause = operators::mv_expand::Clause {
                    is_legacy: false,
                    is_bag_to_array: false,
                    item_index: item_index.as_ref(),
                    columns,
                    limit: limit.as_ref(),
                };
                operators::apply::bind_mv_apply(self, pipe, &clause, body)
            }
            OperatorKind::Partition { by, body, .. } => {
                operators::apply::bind_partition(self, pipe, by, body, operator.span)
            }
            OperatorKind::Parse { is_where, mode, flags, input, pattern } => {
                let clause = operators::parse::Clause {
                    is_where: *is_where,
                    mode: *mode,
                    flags: flags.as_ref(),
                    input,
                    pattern,
                };
                operators::parse::bind(self, pipe, &clause, operator.span)
            }
            OperatorKind::MakeSeries { aggregates, axis, from, to, step, is_legacy, by, parameters } => {
                let clause = operators::make_series::Clause {
                    aggregates,
                    axis,
                    from: from.as_ref(),
                    to: to.as_ref(),
                    step,
                    is_legacy: *is_legacy,
                    by,
                    parameters,
                    span: operator.span,
                };
                operators::make_series::bind(self, pipe, &clause)
            }
            OperatorKind::TopNested(levels) => operators::top_nested::bind(self, pipe, levels),
            OperatorKind::TopHitters { count, of, by } => {
                self.top_hitters(pipe, count, of, by.as_ref(), operator.span)
            }
            OperatorKind::Sample(count) => operators::sample::bind(self, pipe, count),
            OperatorKind::SampleDistinct { count, of } => {
                self.sample_distinct(pipe, count, of, operator.span)
            }
            OperatorKind::ParseKv { input, columns, properties } => {
                operators::parse_kv::bind(self, pipe, (input, columns, properties), operator.span)
            }
            OperatorKind::Scan(scan) => operators::scan::bind(self, pipe, scan, operator.keyword),
            OperatorKind::Reduce { by, parameters } => operators::reduce::bind(self, pipe, by, parameters),
            OperatorKind::Evaluate { name, arguments, schema, .. } => {
                let schema = schema.as_ref();
                let clause = operators::plugins::Clause { name, arguments, schema, span: operator.span };
                operators::plugins::bind(self, pipe, &clause)
            }
            OperatorKind::Fork(legs) => operators::fork::bind(self, pipe, legs, operator.keyword),
            OperatorKind::Facet { by, with } => {
                operators::fork::bind_facet(self, pipe, by, with.as_ref(), operator.keyword)
            }
            OperatorKind::GetSchema => Ok(operators::rows::bind_getschema(self, pipe)),
            OperatorKind::ProjectByNames(names) => self.project_by_names(pipe, names),
            OperatorKind::Union(union) => operators::union::bind(self, Some(pipe), union, operator.span),
            // Drawing and giving a name to rows change none of them.
            OperatorKind::Render { .. } => Ok(pipe),
            OperatorKind::As { name, .. } => Ok(self.name_rows(pipe, name)),
            OperatorKind::Invoke { name, arguments } => self.invoke(pipe, name, arguments, operator.span),
            // Both were told by the parser.
            OperatorKind::Other(_) | OperatorKind::Error => Err(Told),
            other => {
                let message = format!("`{}` is not supported yet", other.word());
                Err(self.error("KQL0020", operator.keyword, message))
            }
        }
    }

    /// Binds items in which window functions may stand.
    fn windowed(
        &mut self,
        pipe: Pipe,
        items: &[Named],
        bind: impl FnOnce(&mut Self, Pipe) -> Result<Pipe, Told>,
    ) -> Result<Pipe, Told> {
        let values: Vec<&Expr> = items.iter().map(|item| &item.value).collect();
        let (pipe, places) = operators::window::bind(self, pipe, &values)?;
        let before = self.begin_around(places);
        let pipe = bind(self, pipe);
        self.end_around(before);
        pipe.map(operators::window::forget)
    }

    fn search(&mut self, pipe: Pipe, search: &Search, span: Span) -> Result<Pipe, Told> {
        let is_fold = !search.is_case_sensitive;
        let mut pipe = self.filter(pipe, &search.predicate, span, Some(is_fold))?;
        self.add_table_name(&mut pipe)?;
        Ok(pipe)
    }

    /// A first column `$table` that says which table a row is of.
    fn add_table_name(&mut self, pipe: &mut Pipe) -> Result<(), Told> {
        if pipe.columns().iter().any(|column| column.name == TABLE) {
            return Ok(());
        }
        // Rows of no table bear the name that a union would give them.
        let name = pipe.name.clone().unwrap_or_else(|| "union_arg0".to_owned());
        let cells = self.cells_by(pipe, |_, bound| {
            let table = if bound.table.is_empty() { name.clone() } else { bound.table.clone() };
            Ok(bound.nodes.add_constant(Kind::String, Constant::Text(table)))
        })?;
        for (part, node) in pipe.parts.iter_mut().zip(&cells.nodes) {
            let column = super::columns::made_column(TABLE.to_owned(), Kind::String, false);
            part.source.bound.scope.columns.insert(0, ScopeColumn { node: *node, ..column });
        }
        Ok(())
    }

    /// `search` says whether it is one, and then whether case is folded.
    pub(crate) fn filter(
        &mut self,
        pipe: Pipe,
        predicate: &Expr,
        span: Span,
        search: Option<bool>,
    ) -> Result<Pipe, Told> {
        let mut pipe = if pipe.is_cut() { self.rows_of(pipe) } else { pipe };
        let cells = self.cells_by(&mut pipe, |binder, bound| match search {
            Some(is_fold) => binder.search_predicate(bound, predicate, is_fold),
            None => binder.predicate(bound, predicate),
        });
        // Told is told: the columns stay, and the next operator may have its own mistakes.
        let Ok(cells) = cells else { return Ok(pipe) };
        for (part, node) in pipe.parts.iter_mut().zip(&cells.nodes) {
            let conjuncts = self.conjuncts(&part.source.bound, Some(*node));
            part.wheres.push(conjuncts);
        }
        pipe.where_spans.push(span);
        Ok(pipe)
    }

    /// A constant number of rows.
    pub(crate) fn row_count(&mut self, expression: &Expr) -> Result<u64, Told> {
        // Rows cannot count themselves: names of columns mean nothing here.
        match self.constant(expression)? {
            (Kind::Int | Kind::Long, Constant::Long(count)) => Ok(u64::try_from(count).unwrap_or(0)),
            _ => Err(self.error(
                "KQL0162",
                expression.span,
                "The number of rows must be a whole number, 0 or more",
            )),
        }
    }

    fn take(&mut self, pipe: Pipe, count: &Expr) -> Result<Pipe, Told> {
        let count = self.row_count(count)?;
        let mut pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        if pipe.input.is_none() {
            pipe.take = Some(pipe.take.unwrap_or(u64::MAX).min(count));
            return Ok(pipe);
        }
        let is_serialized = pipe.is_serialized;
        let relation = self.seal_all(pipe);
        let columns = self.columns_of(relation);
        let shown = columns.len();
        let relation = self.relation(Body::Take(Take { count }), vec![relation], columns);
        Ok(Pipe { is_serialized, ..self.restart(relation, shown) })
    }

    fn count(&mut self, pipe: Pipe, name: Option<&Name>) -> Pipe {
        if pipe.input.is_none() && !pipe.is_count && name.is_none() {
            return Pipe { is_count: true, ..pipe };
        }
        let relation = match self.rows_of(pipe) {
            // Only the rows count, not what they hold.
            pipe if pipe.input.is_some() && pipe.parts.iter().all(|part| part.wheres.is_empty()) => {
                self.seal_all(pipe)
            }
            pipe => self.seal(pipe, Vec::new()),
        };
        self.counted(relation, name.map_or("Count", |name| &name.text))
    }

    fn sort(&mut self, pipe: Pipe, keys: &[Ordered], limit: Option<u64>) -> Result<Pipe, Told> {
        let mut pipe = if pipe.is_cut() { self.rows_of(pipe) } else { pipe };
        let mut order = Vec::new();
        let mut nodes: Vec<Given> = Vec::new();
        let mut result = Ok(());
        for key in keys {
            match self.cells(&mut pipe, &key.key.value) {
                Ok(cells) if cells.kind == Kind::Dynamic => {
                    let message = "The sort key is of a 'dynamic' type";
                    let help = "Put `tostring(…)` or `tolong(…)` around it";
                    result = Err(self.error_with_help("KQL0164", key.key.value.span, message, help));
                }
                // Decimals lie as texts, which order otherwise.
                Ok(cells) if cells.kind == Kind::Decimal => {
                    let message = "Sorting by a decimal is not supported";
                    let help = "Put `toreal(…)` around it";
                    result = Err(self.error_with_help("KQL0164", key.key.value.span, message, help));
                }
                Ok(cells) => {
                    order.push(OrderKey {
                        kind: cells.kind,
                        is_ascending: key.is_ascending,
                        nulls_first: key.nulls_first,
                    });
                    nodes.push(Given::new("", cells));
                }
                Err(told) => result = Err(told),
            }
        }
        if result.is_err() {
            return Ok(pipe);
        }
        if pipe.input.is_none() {
            for (at, part) in pipe.parts.iter_mut().enumerate() {
                part.order = nodes.iter().filter_map(|given| given.cells.nodes.get(at)).copied().collect();
            }
            pipe.order = Some(order);
            pipe.take = limit;
            pipe.is_serialized = true;
            return Ok(pipe);
        }
        let (relation, shown) = self.seal_with(pipe, nodes);
        let keys = order.iter().enumerate().map(|(number, key)| SortKey {
            column: shown + number,
            is_ascending: key.is_ascending,
            nulls_first: key.nulls_first,
        });
        let sort = Sort { keys: keys.collect(), limit };
        let columns = self.columns_of(relation);
        let relation = self.relation(Body::Sort(sort), vec![relation], columns);
        Ok(Pipe { is_serialized: true, ..self.restart(relation, shown) })
    }

    /// The pipe over made rows in its order.
    pub(crate) fn rows_in_order(&mut self, pipe: Pipe) -> Pipe {
        let pipe = self.rows_of(pipe);
        if pipe.input.is_some() {
            return pipe;
        }
        let relation = self.seal_all(pipe);
        let shown = self.columns_of(relation).len();
        self.restart(relation, shown)
    }

    /// `as name`: what comes later may name these rows.
    fn name_rows(&mut self, pipe: Pipe, name: &Name) -> Pipe {
        let relation = self.seal_all(pipe);
        let columns = self.columns_of(relation).len();
        let meaning = super::environment::Meaning::Rows { relation, columns, graph: self.graph };
        self.environment = self.environment.with(&name.text, meaning);
        Pipe { name: Some(name.text.clone()), ..self.restart(relation, columns) }
    }

    fn invoke(&mut self, pipe: Pipe, name: &Name, arguments: &[Expr], span: Span) -> Result<Pipe, Told> {
        let Some(super::environment::Meaning::Function(function, environment)) =
            self.environment.find(&name.text).cloned()
        else {
            let message = format!("There is no function `{}` here", name.text);
            return Err(self.error("KQL0110", name.span, message));
        };
        let relation = self.seal_all(pipe);
        let columns = self.columns_of(relation).len();
        self.call_rows(&function, environment, arguments, Some((relation, columns)), span)
    }

    fn finish(&mut self, pipe: Pipe) -> Plan {
        if pipe.input.is_some() || pipe.parts.iter().any(|part| part.source.bound.nodes.has_parameter()) {
            return self.finish_made(pipe);
        }
        let shown: Vec<Given> = if pipe.is_count {
            Vec::new()
        } else {
            pipe.given().into_iter().filter(|given| !given.column.is_hidden).collect()
        };
        let is_count = pipe.is_count;
        let mut plan = self.stored_plan(pipe, &shown);
        plan.beside = self.beside();
        if is_count {
            plan.columns = vec![OutputColumn {
                name: "Count".to_owned(),
                kind: Kind::Long,
                about: String::new(),
                rank: 1,
            }];
        }
        plan.terms = std::mem::take(&mut self.terms);
        plan
    }

    /// The plan of a query that makes rows.
    fn finish_made(&mut self, pipe: Pipe) -> Plan {
        let pipe = self.rows_of(pipe);
        let shown: Vec<Given> = pipe.given().into_iter().filter(|given| !given.column.is_hidden).collect();
        let columns = shown.iter().map(|given| given.column.shown.clone()).collect();
        let relation = self.seal(pipe, shown);
        let beside = self.beside();
        self.made.steps.push(Step { relation, gives: Gives::Rows });
        self.made.prune();
        Plan {
            columns,
            terms: std::mem::take(&mut self.terms),
            made: Some(Box::new(std::mem::take(&mut self.made))),
            beside,
            ..self.empty_plan()
        }
    }

    pub(super) const fn empty_plan(&self) -> Plan {
        Plan {
            sources: Vec::new(),
            selections: Vec::new(),
            where_spans: Vec::new(),
            order: Vec::new(),
            is_default_order: true,
            take: None,
            is_count: false,
            columns: Vec::new(),
            terms: Vec::new(),
            now: self.now,
            diagnostics: Vec::new(),
            made: None,
            beside: None,
        }
    }

    /// The plan that selects the pipe's stored rows and shows these columns.
    pub(super) fn stored_plan(&mut self, mut pipe: Pipe, shown: &[Given]) -> Plan {
        self.note_selection(&mut pipe);
        let is_default_order = pipe.order.is_none();
        let order = pipe.order.unwrap_or_else(|| {
            vec![OrderKey { kind: Kind::DateTime, is_ascending: false, nulls_first: false }]
        });
        let mut selections = vec![String::new(); pipe.where_spans.len() + 1];
        let mut sources = Vec::new();
        for (at, mut part) in pipe.parts.into_iter().enumerate() {
            if part.source.bound.table.is_empty() {
                continue;
            }
            for (count, text) in selections.iter_mut().enumerate() {
                text.push_str(&canonical(&part, count));
            }
            let columns: Vec<NodeId> =
                shown.iter().filter_map(|given| given.cells.nodes.get(at)).copied().collect();
            sources.push(finish_source(&mut part, &columns, is_default_order));
        }
        Plan {
            sources,
            selections,
            where_spans: pipe.where_spans,
            order,
            is_default_order,
            take: pipe.take,
            is_count: pipe.is_count,
            columns: shown.iter().map(|given| given.column.shown.clone()).collect(),
            ..self.empty_plan()
        }
    }

    /// Binds the items of `project`, `extend`, …: all see the columns there were before. Per item its name, if given, and cells.
    pub(crate) fn items(&mut self, pipe: &mut Pipe, items: &[Named]) -> Result<Vec<Cells>, Told> {
        let mut result = Ok(());
        let mut bound = Vec::new();
        for item in items {
            match self.cells(pipe, &item.value) {
                Ok(cells) => bound.push(cells),
                Err(told) => result = Err(told),
            }
        }
        result.map(|()| bound)
    }
}

use super::made::Cells;

/// Whether the order of the rows before these operators makes a difference behind them.
fn shows_order(operators: &[Operator]) -> bool {
    for operator in operators {
        match &operator.kind {
            OperatorKind::Take(_) => return true,
            kind if !keeps_order(kind) => return false,
            _ => {}
        }
    }
    true
}

const fn keeps_order(operator: &OperatorKind) -> bool {
    use OperatorKind::{
        Extend, Project, ProjectAway, ProjectKeep, ProjectRename, ProjectReorder, Render, Where,
    };
    matches!(
        operator,
        Where(_)
            | Extend(_)
            | Project(_)
            | ProjectAway(_)
            | ProjectKeep(_)
            | ProjectRename(_)
            | ProjectReorder(_)
            | Render { .. }
    )
}

/// The plan that selects these rows and shows nothing of them.
pub(super) fn selecting<'p>(parts: impl Iterator<Item = &'p mut Part>, empty: Plan) -> Plan {
    let (mut selections, mut sources) = (Vec::new(), Vec::new());
    for part in parts {
        selections.resize(part.wheres.len() + 1, String::new());
        for (count, text) in selections.iter_mut().enumerate() {
            text.push_str(&canonical(part, count));
        }
        sources.push(finish_source(part, &[], true));
    }
    let where_spans = vec![Span::default(); selections.len().saturating_sub(1)];
    let order = vec![OrderKey { kind: Kind::DateTime, is_ascending: false, nulls_first: false }];
    Plan { sources, selections, where_spans, order, ..empty }
}

/// What one source selects after its first `count` `where`s: equal texts, equal rows.
fn canonical(part: &Part, count: usize) -> String {
    let roots: Vec<NodeId> =
        part.source.filter.iter().chain(part.wheres.iter().take(count).flatten()).copied().collect();
    let (nodes, places) = part.source.bound.nodes.extract(&roots);
    // A set: the order of predicates and doubles among them change no row.
    let places: BTreeSet<NodeId> = roots.iter().filter_map(|root| places.get(root)).copied().collect();
    let ops: Vec<_> = nodes.iter().map(|node| (node.kind, &node.op)).collect();
    format!("{:?} where {places:?} of {ops:?}\n", part.source.bound.table)
}

fn finish_source(part: &mut Part, columns: &[NodeId], is_default_order: bool) -> Source {
    let bound = &mut part.source.bound;
    let order = if is_default_order {
        vec![part.source.time.unwrap_or_else(|| bound.nodes.add_constant(Kind::DateTime, Constant::Null))]
    } else {
        std::mem::take(&mut part.order)
    };
    let mut roots: Vec<NodeId> = part.source.filter.clone();
    roots.extend(part.wheres.iter().flatten());
    roots.extend(&order);
    roots.extend(columns);
    roots.extend(part.source.time);
    roots.extend(part.source.outcome);
    let (nodes, places) = bound.nodes.extract(&roots);
    let place = |id: &NodeId| places.get(id).copied().unwrap_or(*id);
    Source {
        table: bound.table.clone(),
        nodes: nodes.into(),
        filter: part.source.filter.iter().map(place).collect(),
        wheres: part.wheres.iter().map(|conjuncts| conjuncts.iter().map(place).collect()).collect(),
        order: order.iter().map(place).collect(),
        columns: columns.iter().map(place).collect(),
        time: part.source.time.as_ref().map(place),
        outcome: part.source.outcome.as_ref().map(place),
    }
}
