//! The pipe: each operator changes the scope, adds predicates, or says what of the rows is shown.
//!
//! What a plan can say: filters, one order, one cut, columns. An operator that would need another shape (a filter behind a cut) is
//! refused, not approximated.

use super::{
    Binder, Bound, Told,
    nodes::Nodes,
    scope::{Scope, ScopeColumn},
    source::BoundSource,
};
use crate::{
    functions,
    plan::{Constant, NodeId, OrderKey, OutputColumn, Plan, Source},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{
    Expr, ExprKind, Named, Operator, OperatorKind, Ordered, Query, Search, SourceKind,
};
use chartroom_schema::kind::Kind;
use std::collections::BTreeSet;

/// A query half bound.
struct Pipe {
    sources: Vec<Part>,
    where_spans: Vec<Span>,
    order: Option<Vec<OrderKey>>,
    take: Option<u64>,
    is_count: bool,
}

/// What is known of one source.
struct Part {
    source: BoundSource,
    wheres: Vec<Vec<NodeId>>,
    order: Vec<NodeId>,
}

impl Binder<'_> {
    pub(super) fn query(&mut self, query: &Query) -> Option<Plan> {
        let source = query.source.as_ref()?;
        let mut sources = self.source(source).ok()?;
        if sources.is_empty() {
            sources.push(self.nothing(&source.kind));
        }
        let parts = sources.into_iter().map(|source| Part { source, wheres: Vec::new(), order: Vec::new() });
        let mut pipe = Pipe {
            sources: parts.collect(),
            where_spans: Vec::new(),
            order: None,
            take: None,
            is_count: false,
        };
        let mut is_whole = true;
        if let SourceKind::Search(search) = &source.kind {
            is_whole &= self.search(&mut pipe, search, source.span).is_ok();
        }
        for operator in &query.operators {
            // Told is told; the next operator may have its own mistakes.
            is_whole &= self.operator(&mut pipe, operator).is_ok();
        }
        is_whole.then(|| self.finish(pipe))
    }

    /// A source without rows, for a view or union of no tables: names still mean what they mean.
    fn nothing(&self, kind: &SourceKind) -> BoundSource {
        let mut bound = Bound { table: String::new(), nodes: Nodes::new(self.now), scope: Scope::default() };
        if let SourceKind::Table(name) = kind
            && let Some(table) = self.catalog.find(&name.text)
        {
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
        BoundSource { bound, filter: Vec::new(), time: None, outcome: None }
    }

    fn operator(&mut self, pipe: &mut Pipe, operator: &Operator) -> Result<(), Told> {
        if pipe.is_count && operator.kind != OperatorKind::Error {
            return Err(self.error("KQL0160", operator.keyword, "Nothing is supported behind `count` yet"));
        }
        match &operator.kind {
            OperatorKind::Where(predicate) => self.filter(pipe, predicate, operator.span, false),
            OperatorKind::Search(search) => self.search(pipe, search, operator.span),
            OperatorKind::Take(count) => {
                let count = self.row_count(pipe, count)?;
                pipe.take = Some(pipe.take.unwrap_or(u64::MAX).min(count));
                Ok(())
            }
            OperatorKind::Count(None) => {
                pipe.is_count = true;
                Ok(())
            }
            OperatorKind::Sort(keys) => self.sort(pipe, keys, operator.keyword),
            OperatorKind::Top { count, by } => {
                let sorted = self.sort(pipe, std::slice::from_ref(by), operator.keyword);
                let count = self.row_count(pipe, count)?;
                pipe.take = Some(count);
                sorted
            }
            OperatorKind::Project(items) => self.columns(pipe, items, true),
            OperatorKind::Extend(items) => self.columns(pipe, items, false),
            // Both were told by the parser.
            OperatorKind::Other(_) | OperatorKind::Error => Err(Told),
            OperatorKind::Count(Some(name)) => {
                Err(self.error("KQL0020", name.span, "`count as` is not supported yet"))
            }
            other => {
                let message = format!("`{}` is not supported yet", other.word());
                Err(self.error("KQL0020", operator.keyword, message))
            }
        }
    }

    fn search(&mut self, pipe: &mut Pipe, search: &Search, span: Span) -> Result<(), Told> {
        if search.is_case_sensitive {
            return Err(self.error("KQL0023", span, "`search kind=case_sensitive` is not supported yet"));
        }
        self.filter(pipe, &search.predicate, span, true)
    }

    fn refuse_behind_take(&mut self, pipe: &Pipe, span: Span) -> Result<(), Told> {
        if pipe.take.is_none() {
            return Ok(());
        }
        let help = "Put it before the `take`, where it means another thing, or leave the `take` out";
        Err(self.error_with_help("KQL0161", span, "This is not supported behind `take` or `top` yet", help))
    }

    fn filter(&mut self, pipe: &mut Pipe, predicate: &Expr, span: Span, is_search: bool) -> Result<(), Told> {
        self.refuse_behind_take(pipe, span)?;
        let mut result = Ok(());
        for part in &mut pipe.sources {
            let bound = &mut part.source.bound;
            let node = if is_search {
                self.search_predicate(bound, predicate)
            } else {
                self.predicate(bound, predicate)
            };
            match node {
                Ok(node) => {
                    let conjuncts = self.conjuncts(bound, Some(node));
                    part.wheres.push(conjuncts);
                }
                Err(told) => result = Err(told),
            }
        }
        pipe.where_spans.push(span);
        result
    }

    /// A constant number of rows.
    fn row_count(&mut self, pipe: &mut Pipe, expression: &Expr) -> Result<u64, Told> {
        let Some(part) = pipe.sources.first_mut() else { return Err(Told) };
        // Rows cannot count themselves: names mean nothing here.
        let scope = std::mem::take(&mut part.source.bound.scope);
        let node = self.expression(&mut part.source.bound, expression);
        part.source.bound.scope = scope;
        match part.source.bound.nodes.constant(node?) {
            Some(Constant::Long(count)) if *count >= 0 => Ok(count.unsigned_abs()),
            _ => Err(self.error(
                "KQL0162",
                expression.span,
                "The number of rows must be a whole number, 0 or more",
            )),
        }
    }

    fn sort(&mut self, pipe: &mut Pipe, keys: &[Ordered], keyword: Span) -> Result<(), Told> {
        self.refuse_behind_take(pipe, keyword)?;
        let mut order = Vec::new();
        let mut result = Ok(());
        for (number, key) in keys.iter().enumerate() {
            if let Some(name) = &key.key.name {
                result = Err(self.error("KQL0163", name.span, "A key of `sort` has no name"));
                continue;
            }
            for part in &mut pipe.sources {
                if number == 0 {
                    part.order.clear();
                }
                match self.expression(&mut part.source.bound, &key.key.value) {
                    Ok(node) => {
                        let kind = part.source.bound.nodes.kind(node);
                        if kind == Kind::Dynamic {
                            let message = "The sort key is of a 'dynamic' type";
                            let help = "Put `tostring(…)` or `tolong(…)` around it";
                            result = Err(self.error_with_help("KQL0164", key.key.value.span, message, help));
                        }
                        part.order.push(node);
                        if part.order.len() > order.len() {
                            order.push(OrderKey {
                                kind,
                                is_ascending: key.is_ascending,
                                nulls_first: key.nulls_first,
                            });
                        }
                    }
                    Err(told) => result = Err(told),
                }
            }
        }
        pipe.order = Some(order);
        result
    }

    /// `project` and `extend`: all expressions see the columns there were before.
    fn columns(&mut self, pipe: &mut Pipe, items: &[Named], is_project: bool) -> Result<(), Told> {
        let mut result = Ok(());
        for part in &mut pipe.sources {
            let bound = &mut part.source.bound;
            let mut columns = Vec::new();
            for item in items {
                match self.column(bound, item) {
                    Ok(column) => columns.push((column, item)),
                    Err(told) => result = Err(told),
                }
            }
            if result.is_err() {
                continue;
            }
            let taken: BTreeSet<String> = if is_project {
                BTreeSet::new()
            } else {
                bound.scope.columns.iter().map(|column| column.name.clone()).collect()
            };
            let named = self.name_columns(columns, &taken);
            match named {
                Ok(named) if is_project => bound.scope = Scope { columns: named, is_projected: true },
                Ok(named) => named.into_iter().for_each(|column| bound.scope.set(column)),
                Err(told) => result = Err(told),
            }
        }
        result
    }

    fn column(&mut self, bound: &mut Bound, item: &Named) -> Result<ScopeColumn, Told> {
        if let ExprKind::Name(name) = &item.value.kind {
            let scope = std::mem::take(&mut bound.scope);
            let found = self.resolve(&scope, name, item.value.span).cloned();
            bound.scope = scope;
            let mut column = found?;
            column.is_hidden = false;
            if let Some(name) = &item.name {
                column.is_stored = false;
                column.name.clone_from(&name.text);
            }
            return Ok(column);
        }
        let node = self.expression(bound, &item.value)?;
        Ok(ScopeColumn {
            name: item.name.as_ref().map_or_else(String::new, |name| name.text.clone()),
            kind: bound.nodes.kind(node),
            is_hidden: false,
            about: String::new(),
            rank: 0,
            is_stored: false,
            is_unreadable: false,
            is_computed: !bound.nodes.is_column(node),
            node,
        })
    }

    /// Names the nameless as Kusto does; a name given twice is a mistake.
    fn name_columns(
        &mut self,
        columns: Vec<(ScopeColumn, &Named)>,
        taken: &BTreeSet<String>,
    ) -> Result<Vec<ScopeColumn>, Told> {
        let mut given: BTreeSet<String> = BTreeSet::new();
        for (column, item) in &columns {
            if !column.name.is_empty() && !given.insert(column.name.clone()) {
                let span = item.name.as_ref().map_or(item.value.span, |name| name.span);
                return Err(self.error(
                    "KQL0165",
                    span,
                    format!("A column named `{}` is there already", column.name),
                ));
            }
        }
        let mut number = 0_u32;
        let mut named = Vec::new();
        for (mut column, item) in columns {
            if column.name.is_empty() {
                let wanted = auto_name(&item.value);
                column.name = match wanted {
                    Some(name) if given.insert(name.clone()) => name,
                    Some(name) => {
                        let free = (1_u32..)
                            .map(|suffix| format!("{name}{suffix}"))
                            .find(|name| given.insert(name.clone()));
                        free.unwrap_or(name)
                    }
                    None => loop {
                        number += 1;
                        let name = format!("Column{number}");
                        if !taken.contains(&name) && given.insert(name.clone()) {
                            break name;
                        }
                    },
                };
            }
            named.push(column);
        }
        Ok(named)
    }

    fn finish(&mut self, pipe: Pipe) -> Plan {
        let is_default_order = pipe.order.is_none();
        let order = pipe.order.unwrap_or_else(|| {
            vec![OrderKey { kind: Kind::DateTime, is_ascending: false, nulls_first: false }]
        });
        let scope = pipe.sources.first().map(|part| part.source.bound.scope.clone()).unwrap_or_default();
        let shown: Vec<usize> = if pipe.is_count {
            Vec::new()
        } else {
            let is_shown = |column: &ScopeColumn| !column.is_hidden;
            scope
                .columns
                .iter()
                .enumerate()
                .filter(|(_, column)| is_shown(column))
                .map(|(at, _)| at)
                .collect()
        };
        let columns = if pipe.is_count {
            vec![OutputColumn { name: "Count".to_owned(), kind: Kind::Long, about: String::new(), rank: 1 }]
        } else {
            let shown = shown.iter().filter_map(|at| scope.columns.get(*at));
            let column = |column: &ScopeColumn| OutputColumn {
                name: column.name.clone(),
                kind: column.kind,
                about: column.about.clone(),
                rank: column.rank,
            };
            shown.map(column).collect()
        };
        let mut selections = vec![String::new(); pipe.where_spans.len() + 1];
        let mut sources = Vec::new();
        for mut part in pipe.sources {
            if part.source.bound.table.is_empty() {
                continue;
            }
            for (count, text) in selections.iter_mut().enumerate() {
                text.push_str(&canonical(&part, count));
            }
            sources.push(finish_source(&mut part, &shown, is_default_order));
        }
        Plan {
            sources,
            selections,
            where_spans: pipe.where_spans,
            order,
            is_default_order,
            take: pipe.take,
            is_count: pipe.is_count,
            columns,
            terms: std::mem::take(&mut self.terms),
            now: self.now,
            diagnostics: Vec::new(),
        }
    }
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

fn finish_source(part: &mut Part, shown: &[usize], is_default_order: bool) -> Source {
    let bound = &mut part.source.bound;
    let order = if is_default_order {
        vec![part.source.time.unwrap_or_else(|| bound.nodes.add_constant(Kind::DateTime, Constant::Null))]
    } else {
        std::mem::take(&mut part.order)
    };
    let columns: Vec<NodeId> =
        shown.iter().filter_map(|at| bound.scope.columns.get(*at)).map(|column| column.node).collect();
    let mut roots: Vec<NodeId> = part.source.filter.clone();
    roots.extend(part.wheres.iter().flatten());
    roots.extend(&order);
    roots.extend(&columns);
    roots.extend(part.source.time);
    roots.extend(part.source.outcome);
    let (nodes, places) = bound.nodes.extract(&roots);
    let place = |id: &NodeId| places.get(id).copied().unwrap_or(*id);
    Source {
        table: bound.table.clone(),
        nodes,
        filter: part.source.filter.iter().map(place).collect(),
        wheres: part.wheres.iter().map(|conjuncts| conjuncts.iter().map(place).collect()).collect(),
        order: order.iter().map(place).collect(),
        columns: columns.iter().map(place).collect(),
        time: part.source.time.as_ref().map(place),
        outcome: part.source.outcome.as_ref().map(place),
    }
}

/// The name of an expression that was given none; `None`: `Column1` and so on.
fn auto_name(expression: &Expr) -> Option<String> {
    match &expression.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Path { base, name } => Some(format!("{}_{}", auto_name(base)?, name.text)),
        ExprKind::Element { base, index } => match &index.kind {
            ExprKind::Literal(chartroom_kql_syntax::ast::Literal::Long(Some(at))) if *at >= 0 => {
                Some(format!("{}_{at}", auto_name(base)?))
            }
            _ => auto_name(base),
        },
        ExprKind::Call { name, arguments } => {
            let function = functions::find(&name.text)?.name;
            let inner = auto_name(arguments.first()?)?;
            match function {
                "tostring" | "toint" | "tolong" | "toreal" | "tobool" | "todatetime" | "totimespan"
                | "toguid" | "parse_json" | "split" | "bin" | "round" | "startofday" | "abs" => Some(inner),
                "strlen" => Some(format!("strlen_{inner}")),
                _ => None,
            }
        }
        _ => None,
    }
}
