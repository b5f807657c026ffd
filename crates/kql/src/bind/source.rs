//! Where rows come from: home tables, views, unions, names.

use super::{
    Binder, Bound, Pipe, Told, did_you_mean,
    environment::{Environment, Meaning},
    nodes::Nodes,
    scope::{Scope, ScopeColumn},
};
use crate::{
    catalog::{CatalogColumn, CatalogTable, ColumnOrigin, TableBody, ViewPart},
    operators::{self, Body, sort::Sort, sort::SortKey},
    plan::{Constant, NodeId, Op},
};
use chartroom_base::diagnostic::{Diagnostic, Severity, Span};
use chartroom_kql_syntax::{
    ast::{Expr, ExprKind, Literal, Name, Pattern, Source, SourceKind, Union},
    parse_expression,
};
use chartroom_schema::kind::Kind;
use std::collections::BTreeSet;

/// A home table with what the query sees of it.
pub(crate) struct BoundSource {
    pub(crate) bound: Bound,
    /// Rows that belong to it.
    pub(crate) filter: Vec<NodeId>,
    /// The event's time and outcome.
    pub(crate) time: Option<NodeId>,
    pub(crate) outcome: Option<NodeId>,
    pub(crate) known: Known,
}

/// What else is known of a source: what is told beside an answer comes from it.
#[derive(Default)]
pub(crate) struct Known {
    /// Its rows answer under another table's name here: what they are.
    pub(crate) also: Option<String>,
    /// The values that name what a row was about, and whether it was about something that it does not name.
    pub(crate) targets: Vec<NodeId>,
    pub(crate) unlogged: Option<NodeId>,
    /// Numbers, and what they count.
    pub(crate) units: Vec<(NodeId, NodeId)>,
}

impl Binder<'_> {
    /// The pipe that begins with a source.
    pub(crate) fn source(&mut self, source: &Source) -> Result<Pipe, Told> {
        match &source.kind {
            SourceKind::Table(name) => self.table_rows(name),
            SourceKind::Union(union) => operators::union::bind(self, None, union, source.span),
            SourceKind::Search(search) if search.tables.is_empty() => {
                let everything = Pattern { text: "*".to_owned(), is_wild: true, span: source.span };
                let tables = self.tables(&[everything], true, source.span)?;
                self.stored_union(&tables, source.span)
            }
            SourceKind::Search(search) => {
                if let Some(patterns) = operators::union::stored(self, &search.tables) {
                    let tables = self.tables(&patterns, false, source.span)?;
                    return self.stored_union(&tables, source.span);
                }
                let union = Union {
                    legs: search.tables.clone(),
                    is_inner: false,
                    is_fuzzy: false,
                    with_source: Some(Name { text: super::pipe::TABLE.to_owned(), span: source.span }),
                    parameters: Vec::new(),
                };
                operators::union::bind(self, None, &union, source.span)
            }
            SourceKind::Call { name, arguments } => self.call_source(name, arguments, source.span),
            SourceKind::Print(items) => operators::rows::bind_print(self, items),
            SourceKind::Range { name, from, to, step } => operators::range::bind(self, name, from, to, step),
            SourceKind::DataTable { columns, values } => {
                operators::rows::bind_datatable(self, columns, values, source.span)
            }
            SourceKind::Find(find) => operators::find::bind(self, find, source.span),
            SourceKind::ExternalData { columns, locations, .. } => {
                self.external_data(columns, locations, source.span)
            }
            SourceKind::Remote(_) => {
                let message =
                    "Rows of another cluster or workspace are not read: nothing leaves this machine";
                Err(self.error("KQL0022", source.span, message))
            }
        }
    }

    /// The rows of a name: a `let`, a table or a view.
    pub(crate) fn table_rows(&mut self, name: &Name) -> Result<Pipe, Told> {
        if let Some(rows) = self.named_rows(name) {
            return rows;
        }
        self.rows_beside(name, &BTreeSet::new())
    }

    /// The rows of a table's name beside those of other home tables: none of theirs that answer under this name, too.
    pub(crate) fn rows_beside(&mut self, name: &Name, homes: &BTreeSet<String>) -> Result<Pipe, Told> {
        let table = self.table(name)?;
        if let TableBody::Query { text, order, unlogged } = &table.body {
            return self.view_rows(&table, text, order, unlogged, name.span);
        }
        let name = table.name.clone();
        let mut sources = self.bind_table(&table, homes);
        if sources.is_empty() {
            sources.push(self.nothing(Some(&name)));
        }
        Ok(Pipe::stored(sources, Some(name)))
    }

    /// The rows of a view that a query makes.
    fn view_rows(
        &mut self,
        table: &CatalogTable,
        text: &str,
        order: &str,
        unlogged: &str,
        span: Span,
    ) -> Result<Pipe, Told> {
        let parsed = chartroom_kql_syntax::parse(text);
        // Names that the person gave mean nothing in it.
        let mut pipe = self.within(Environment::default(), span, |binder| {
            let query = binder.define(&parsed.statements).ok_or(Told)?;
            let pipe = binder.pipe(query)?;
            let relation = binder.seal_all(pipe);
            let count = binder.columns_of(relation).len();
            Ok(binder.restart(relation, count))
        })?;
        self.mark_view(&mut pipe, table, unlogged);
        pipe.name = Some(table.name.clone());
        pipe.default_order = Some(order.to_owned());
        Ok(pipe)
    }

    /// Says of a view's columns what is known of them.
    fn mark_view(&mut self, pipe: &mut Pipe, table: &CatalogTable, unlogged: &str) {
        for part in &mut pipe.parts {
            let bound = &mut part.source.bound;
            let mut targets = Vec::new();
            for column in &mut bound.scope.columns {
                if let Some(known) = CatalogTable::find(table, &column.name) {
                    column.about.clone_from(&known.about);
                    column.rank = known.rank;
                    column.is_stored = true;
                    targets.extend(known.facts.is_target.then_some(column.node));
                }
            }
            let unlogged = self.data_expression(bound, unlogged, Kind::Bool);
            let units = units(&table.columns, bound);
            part.source.known = Known { targets, unlogged, units, also: None };
        }
    }

    /// The rows of a view in its order, newest first.
    pub(super) fn newest_first(&mut self, mut pipe: Pipe, time: &str) -> Pipe {
        let Some(column) = pipe.columns().iter().position(|column| column.name == time) else { return pipe };
        let name = pipe.name.take();
        let relation = self.seal_all(pipe);
        let columns = self.columns_of(relation);
        let shown = columns.len();
        let keys = vec![SortKey { column, is_ascending: false, nulls_first: false }];
        let relation = self.relation(Body::Sort(Sort { keys, limit: None }), vec![relation], columns);
        let mut pipe = self.restart(relation, shown);
        let catalog = self.catalog;
        if let Some(table) = name.as_ref().and_then(|name| catalog.find(name))
            && let TableBody::Query { unlogged, .. } = &table.body
        {
            self.mark_view(&mut pipe, table, unlogged);
        }
        Pipe { name, ..pipe }
    }

    /// The home tables that names and patterns mean.
    pub(crate) fn homes_like<'p>(&self, patterns: impl Iterator<Item = &'p Pattern>) -> BTreeSet<String> {
        let patterns: Vec<&Pattern> = patterns.collect();
        let is_meant = |table: &&CatalogTable| {
            matches!(table.body, TableBody::Home { .. })
                && patterns.iter().any(|pattern| is_like(&pattern.text, &table.name))
        };
        self.catalog.tables.iter().filter(is_meant).map(|table| table.name.clone()).collect()
    }

    /// The rows that a call gives.
    pub(crate) fn call_source(&mut self, name: &Name, arguments: &[Expr], span: Span) -> Result<Pipe, Told> {
        if let Some(Meaning::Function(function, environment)) = self.environment.find(&name.text).cloned() {
            return self.call_rows(&function, environment, arguments, None, span);
        }
        match (name.text.as_str(), arguments) {
            // Equal relations are one: what is bound twice runs once.
            ("materialize", [rows]) => self.rows_of_expression(rows),
            ("table", [Expr { kind: ExprKind::Literal(Literal::String(table)), span, .. }]) => {
                self.table_rows(&Name { text: table.clone(), span: *span })
            }
            (
                "_GetWatchlist" | "_ASIM_GetWatchlistRaw",
                [Expr { kind: ExprKind::Literal(Literal::String(list)), span, .. }, ..],
            ) => self.watchlist(list, *span),
            ("external_table", _) => {
                let message = "External tables lie on other machines: nothing leaves this one";
                Err(self.error_with_help(
                    "KQL0022",
                    name.span,
                    message,
                    "Drop a file of that name, and name the table",
                ))
            }
            _ => {
                let functions = self.environment.names();
                let help = did_you_mean(&name.text, functions);
                let message = format!("`{}(…)` as a source of rows is not known here", name.text);
                let told = self.error("KQL0022", name.span, message);
                if let Some(last) = self.diagnostics.last_mut() {
                    last.help = help;
                }
                Err(told)
            }
        }
    }

    /// The records of these tables, each once, over stored rows.
    pub(crate) fn stored_union(&mut self, tables: &[CatalogTable], span: Span) -> Result<Pipe, Told> {
        let mut sources = self.union(tables, span)?;
        if sources.is_empty() {
            sources.push(self.nothing(None));
        }
        Ok(Pipe::stored(sources, None))
    }

    /// Whether tables are home tables, none of them twice: what a union over stored rows can take.
    pub(crate) fn are_apart(&self, tables: &[CatalogTable]) -> bool {
        let mut homes = BTreeSet::new();
        tables.iter().all(|table| match &table.body {
            TableBody::Home { .. } => homes.insert(table.name.clone()),
            TableBody::View { parts } => parts.iter().all(|part| homes.insert(part.table.clone())),
            TableBody::Query { .. } => false,
        })
    }

    fn table(&mut self, name: &Name) -> Result<CatalogTable, Told> {
        if let Some(table) = self.catalog.find(&name.text) {
            return Ok(table.clone());
        }
        let loaded: Vec<&str> = self
            .catalog
            .tables
            .iter()
            .filter(|table| table.is_loaded)
            .map(|table| table.name.as_str())
            .collect();
        let known = if loaded.is_empty() {
            "no records are loaded yet".to_owned()
        } else {
            format!(
                "loaded are {}",
                loaded.iter().take(12).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            )
        };
        let near = did_you_mean(&name.text, self.catalog.tables.iter().map(|table| table.name.as_str()));
        let message = format!("The name `{}` does not refer to any known table; {known}", name.text);
        let mut diagnostic = Diagnostic::error("KQL0104", name.span, message);
        diagnostic.help = near;
        self.diagnostics.push(diagnostic);
        Err(Told)
    }

    /// The tables that names and patterns mean, each once. A pattern means home tables only: each record once, at home.
    pub(crate) fn tables(
        &mut self,
        names: &[Pattern],
        is_fuzzy: bool,
        span: Span,
    ) -> Result<Vec<CatalogTable>, Told> {
        let mut tables: Vec<CatalogTable> = Vec::new();
        let mut result = Ok(());
        for name in names {
            let found: Vec<CatalogTable> = if name.is_wild {
                let matches = |table: &&CatalogTable| {
                    matches!(table.body, TableBody::Home { .. }) && is_like(&name.text, &table.name)
                };
                self.catalog.tables.iter().filter(matches).cloned().collect()
            } else if is_fuzzy && self.catalog.find(&name.text).is_none() {
                let message = format!("There is no table `{}`; it is left out", name.text);
                self.diagnostics.push(Diagnostic {
                    severity: Severity::Warning,
                    ..Diagnostic::error("KQL0132", name.span, message)
                });
                Vec::new()
            } else {
                match self.table(&Name { text: name.text.clone(), span: name.span }) {
                    Ok(table) => vec![table],
                    Err(told) => {
                        result = Err(told);
                        Vec::new()
                    }
                }
            };
            for table in found {
                if !tables.iter().any(|known| known.name == table.name) {
                    tables.push(table);
                }
            }
        }
        result?;
        if tables.is_empty() && !is_fuzzy {
            return Err(self.error("KQL0104", span, "No table has such a name"));
        }
        Ok(tables)
    }

    /// One scope of all columns by name; columns of one name and several kinds become one per kind, `Name_long` and so on.
    fn union(&mut self, tables: &[CatalogTable], span: Span) -> Result<Vec<BoundSource>, Told> {
        let mut sources: Vec<BoundSource> = Vec::new();
        if let Some(made) = tables.iter().find(|table| matches!(table.body, TableBody::Query { .. })) {
            let message = format!("`{}` stores no records that could be searched", made.name);
            let help = format!("Search `Events`, or write `{} | where … has …`", made.name);
            return Err(self.error_with_help("KQL0134", span, message, help));
        }
        let named: BTreeSet<String> = tables.iter().map(|table| table.name.clone()).collect();
        for table in tables {
            sources.extend(self.bind_table(table, &named));
        }
        let mut homes = BTreeSet::new();
        for source in &sources {
            if !homes.insert(source.bound.table.clone()) {
                let message = format!("The records of `{}` would be in the result twice", source.bound.table);
                return Err(self.error("KQL0133", span, message));
            }
        }
        let mut columns: Vec<ScopeColumn> = Vec::new();
        for source in &sources {
            for column in &source.bound.scope.columns {
                match columns.iter_mut().find(|known| known.name == column.name && known.kind == column.kind)
                {
                    // Hidden only where all have it hidden.
                    Some(known) => known.is_hidden &= column.is_hidden,
                    None => {
                        let after = columns.iter().rposition(|known| known.name == column.name);
                        columns.insert(after.map_or(columns.len(), |at| at + 1), column.clone());
                    }
                }
            }
        }
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        for column in &mut columns {
            if names.iter().filter(|name| **name == column.name).count() > 1 {
                column.name = format!("{}_{}", column.name, column.kind.name());
            }
        }
        for source in &mut sources {
            let own = std::mem::take(&mut source.bound.scope.columns);
            source.bound.scope.columns = columns
                .iter()
                .map(|column| {
                    let suffixed =
                        |own: &ScopeColumn| format!("{}_{}", own.name, own.kind.name()) == column.name;
                    let mine = own
                        .iter()
                        .find(|own| own.kind == column.kind && (own.name == column.name || suffixed(own)));
                    let node = match mine {
                        Some(own) => own.node,
                        None => source.bound.nodes.add_constant(column.kind, Constant::Null),
                    };
                    ScopeColumn { node, ..column.clone() }
                })
                .collect();
        }
        Ok(sources)
    }

    /// A table's sources; records of `homes` that answer under its name too are left out, as they are there already.
    fn bind_table(&mut self, table: &CatalogTable, homes: &BTreeSet<String>) -> Vec<BoundSource> {
        let mut sources = Vec::new();
        match &table.body {
            TableBody::Home { time, outcome } => sources.push(self.bind_home(table, time, outcome)),
            TableBody::View { parts } => {
                for part in parts {
                    if let Some(home) = self.catalog.find(&part.table).cloned() {
                        sources.extend(self.bind_part(table, part, &home));
                    }
                }
            }
            // Not over stored rows: whoever can go on from made ones asks for them by name.
            TableBody::Query { .. } => {}
        }
        let catalog = self.catalog;
        for also in catalog.also.iter().filter(|also| also.table == table.name) {
            if let Some(home) = catalog.find(&also.part.table).filter(|home| !homes.contains(&home.name)) {
                let source = self.bind_part(table, &also.part, home);
                sources.extend(source.map(|mut source| {
                    source.known.also = Some(also.about.clone());
                    source
                }));
            }
        }
        sources
    }

    fn bind_home(&mut self, table: &CatalogTable, time: &str, outcome: &str) -> BoundSource {
        let mut source = self.bind_documented(table, time, outcome);
        for (own, column) in source.bound.scope.columns.iter_mut().zip(&table.columns) {
            if let ColumnOrigin::Widened { .. } = column.origin
                && let Ok(node) = source.bound.nodes.add(column.kind, Op::Column(column.name.clone()))
            {
                (own.node, own.kind) = (node, column.kind);
            }
        }
        source
    }

    /// A home table as the data files' expressions see it: each column in its documented kind.
    fn bind_documented(&mut self, table: &CatalogTable, time: &str, outcome: &str) -> BoundSource {
        let mut bound =
            Bound { table: table.name.clone(), nodes: Nodes::new(self.now), scope: Scope::default() };
        for column in &table.columns {
            let op = match column.origin {
                ColumnOrigin::Stored | ColumnOrigin::Unreadable | ColumnOrigin::Widened { .. } => {
                    Op::Column(column.name.clone())
                }
                ColumnOrigin::FilePath => Op::FilePath,
                ColumnOrigin::Offset => Op::Offset,
            };
            let node = bound.nodes.add(column.kind, op).unwrap_or(NodeId(0));
            let mut own = scope_column(column, node);
            if let ColumnOrigin::Widened { from } = column.origin
                && let Ok(node) = bound.nodes.add(from, Op::Convert(node))
            {
                (own.node, own.kind) = (node, from);
            }
            bound.scope.columns.push(own);
        }
        // Derived values are worked out from what is stored, not from one another.
        let derived: Vec<(usize, NodeId)> = (0..)
            .zip(&table.columns)
            .filter(|(_, column)| !column.facts.derived.is_empty())
            .filter_map(|(at, column)| {
                let text = format!("coalesce({}, {})", column.name, column.facts.derived);
                Some((at, self.data_expression(&mut bound, &text, column.kind)?))
            })
            .collect();
        for (at, node) in derived {
            if let Some(column) = bound.scope.columns.get_mut(at) {
                column.node = node;
            }
        }
        let time = self.data_expression(&mut bound, time, Kind::DateTime);
        let outcome = self.data_expression(&mut bound, outcome, Kind::String);
        let known = Known { units: units(&table.columns, &bound), ..Known::default() };
        BoundSource { bound, filter: Vec::new(), time, outcome, known }
    }

    fn bind_part(
        &mut self,
        view: &CatalogTable,
        part: &ViewPart,
        home: &CatalogTable,
    ) -> Option<BoundSource> {
        let TableBody::Home { time, outcome } = &home.body else { return None };
        let mut source = self.bind_documented(home, time, outcome);
        let filter = self.data_expression(&mut source.bound, &part.filter, Kind::Bool);
        source.filter = self.conjuncts(&source.bound, filter);
        let unlogged = self.data_expression(&mut source.bound, &part.unlogged, Kind::Bool);
        let columns = view
            .columns
            .iter()
            .map(|column| {
                let text =
                    part.columns.iter().find(|(name, _)| *name == column.name).map_or("", |(_, text)| text);
                // A hidden column that the view does not say otherwise of is the home table's own.
                let own = source
                    .bound
                    .scope
                    .columns
                    .iter()
                    .find(|own| own.name == column.name && own.kind == column.kind);
                let own = own.filter(|_| text.is_empty() && column.is_hidden).map(|own| own.node);
                let node = own.or_else(|| self.data_expression(&mut source.bound, text, column.kind));
                let node =
                    node.unwrap_or_else(|| source.bound.nodes.add_constant(column.kind, Constant::Null));
                scope_column(column, node)
            })
            .collect();
        source.bound.scope.columns = columns;
        let targets = view.columns.iter().zip(&source.bound.scope.columns);
        let targets = targets.filter(|(column, _)| column.facts.is_target).map(|(_, column)| column.node);
        source.known = Known {
            // A value that is the same in all rows selects none or all of them.
            targets: targets.filter(|node| source.bound.nodes.constant(*node).is_none()).collect(),
            unlogged,
            units: units(&view.columns, &source.bound),
            also: None,
        };
        Some(source)
    }

    /// An expression from a data file, as the kind wanted. What is wrong with it is our own fault: tests of the data find it, a
    /// query goes on with a warning and without the value.
    fn data_expression(&mut self, bound: &mut Bound, text: &str, kind: Kind) -> Option<NodeId> {
        if text.trim().is_empty() {
            return None;
        }
        let (expression, mut problems) = parse_expression(text);
        let before = self.diagnostics.len();
        let node = self
            .expression(bound, &expression)
            .and_then(|node| self.converted(bound, node, kind, expression.span));
        problems.extend(self.diagnostics.split_off(before));
        match node {
            Ok(node) if problems.is_empty() => Some(node),
            _ => {
                let reason = problems.first().map_or("", |problem| problem.message.as_str());
                let message = format!("`{text}` of `{}` is left out: {reason}", bound.table);
                let warning = Diagnostic::error("KQL0190", Span::default(), message);
                self.diagnostics.push(Diagnostic { severity: Severity::Warning, ..warning });
                None
            }
        }
    }
}

/// The numbers among the columns that have a unit, each with it.
fn units(columns: &[CatalogColumn], bound: &Bound) -> Vec<(NodeId, NodeId)> {
    let node = |name: &str| {
        let column = bound.scope.columns.iter().find(|column| column.name == name)?;
        Some(column.node)
    };
    let counted = columns.iter().filter(|column| !column.facts.unit.is_empty());
    let pairs = counted.filter_map(|column| Some((node(&column.name)?, node(&column.facts.unit)?)));
    // Where there are no numbers there is nothing to add.
    pairs.filter(|(number, _)| bound.nodes.constant(*number).is_none()).collect()
}

fn scope_column(column: &CatalogColumn, node: NodeId) -> ScopeColumn {
    ScopeColumn {
        name: column.name.clone(),
        kind: column.kind,
        is_hidden: column.is_hidden,
        about: column.about.clone(),
        rank: column.rank,
        is_stored: true,
        is_unreadable: column.origin == ColumnOrigin::Unreadable,
        is_computed: false,
        node,
    }
}

/// Whether `name` is like `pattern`, in which `*` stands for any characters.
pub(crate) fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}
