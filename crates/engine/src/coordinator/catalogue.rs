//! What names mean in queries: the log types' tables, the columns that shards found, and views over them.

use super::{
    Coordinator,
    agreed::{Agreed, agreed},
};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use chartroom_kql::{
    Catalog, Plan,
    catalog::{Also, CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody, ViewPart},
    plan::{Constant, NodeId, Op, OutputColumn, Source},
};
use chartroom_protocol::result::{ColumnInfo, ColumnMark};
use chartroom_schema::{
    fields::{Field, shared_fields},
    kind::Kind,
    measure::unit_of,
    table::TableDef,
    views::{View, views},
};
use chartroom_store::DUPLICATE_OF;
use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

/// The view of all records through the shared fields.
pub(crate) const EVENTS: &str = "Events";

/// Plans kept: those of the results on screen, of the record in the drawer, and of what is typed meanwhile.
const PLANS_KEPT: usize = 16;

/// The catalogue, and queries bound against it, until it changes.
#[derive(Default)]
pub(crate) struct Names {
    catalog: Option<Rc<Catalog>>,
    /// Text and plan, the newest last.
    plans: VecDeque<(String, Plan)>,
    /// The tables there were when the catalogue was made, and whether each had rows.
    tables: BTreeMap<String, bool>,
    /// Whether tables without rows stood in the view of all records.
    is_open: bool,
}

impl Coordinator {
    /// The catalogue as it is now.
    pub(crate) fn catalog(&mut self) -> Rc<Catalog> {
        let is_open = self.is_open();
        if let Some(catalog) = self.names.catalog.as_ref().filter(|_| self.names.is_open == is_open) {
            return Rc::clone(catalog);
        }
        let defs = self.defs();
        let rows = self.table_rows();
        let mut tables =
            vec![events(&defs, |table| is_open || rows.get(table).is_some_and(|&rows| rows > 0))];
        tables.extend(views().iter().map(made_view));
        tables.extend(defs.iter().map(|def| self.table(def)));
        let with_rows = defs.iter().filter(|def| is_open || self.rows_of(&def.name) > 0);
        let also = with_rows.flat_map(|def| also(def)).collect();
        let catalog = Rc::new(Catalog { tables, also });
        let tables = self.tables_there();
        self.names = Names { catalog: Some(Rc::clone(&catalog)), plans: VecDeque::new(), tables, is_open };
        catalog
    }

    /// A query, bound against the catalogue as it is now.
    pub(crate) fn compile(&mut self, text: &str, now: Ticks) -> Result<Plan, Vec<Diagnostic>> {
        let catalog = self.catalog();
        let known =
            self.names.plans.iter().rev().find(|(of, plan)| {
                of == text && (plan.now == now || !chartroom_protocol::clock::asks_clock(of))
            });
        if let Some((_, plan)) = known {
            return Ok(Plan { now, ..plan.clone() });
        }
        let plan = chartroom_kql::compile(text, &catalog, now)?;
        if self.names.plans.len() >= PLANS_KEPT {
            self.names.plans.pop_front();
        }
        self.names.plans.push_back((text.to_owned(), plan.clone()));
        Ok(plan)
    }

    /// For each table with rows, the plan of its columns that are worked out where a record does not say.
    pub(crate) fn derived(&mut self) -> Vec<Plan> {
        let tables: Vec<String> = self.table_rows().into_keys().map(str::to_owned).collect();
        let texts: Vec<String> = tables
            .iter()
            .filter_map(|table| {
                let columns = &self.formats.tables().get(table)?.columns;
                let names = columns
                    .iter()
                    .filter(|column| column.derived.is_some())
                    .map(|column| column.name.as_str());
                let names = names.collect::<Vec<_>>().join(", ");
                (!names.is_empty()).then(|| format!("{table} | project {names}"))
            })
            .collect();
        texts.iter().filter_map(|text| self.compile(text, Ticks(0)).ok()).collect()
    }

    /// A shard said how it stands, or is gone; `has_columns`: its columns are others than before.
    pub(crate) fn note_names(&mut self, has_columns: bool) {
        if self.names.catalog.is_some() && (has_columns || self.tables_there() != self.names.tables) {
            self.names = Names::default();
        }
    }

    /// A column of a result, with what is known of the documented column that it shows as it is: then both are described alike.
    pub(crate) fn column_info(&self, column: &OutputColumn) -> ColumnInfo {
        let tables = self.names.catalog.iter().flat_map(|catalog| &catalog.tables);
        let origin =
            tables.filter_map(|table| Some((table, table.find(&column.name)?))).find(|(_, known)| {
                known.kind == column.kind && known.about == column.about && !column.about.is_empty()
            });
        let (mut unit, mut mark) = (String::new(), ColumnMark::Plain);
        if let Some((table, known)) = origin {
            if !known.facts.unit.is_empty() {
                unit = format!("in {}", known.facts.unit);
            } else if matches!(column.kind, Kind::Int | Kind::Long | Kind::Real) {
                unit = unit_of(&table.name, &column.name).to_owned();
            }
            if matches!(known.origin, ColumnOrigin::Widened { .. }) {
                mark = ColumnMark::Widened;
            } else if !known.facts.derived.is_empty() {
                mark = ColumnMark::Derived;
            }
        }
        ColumnInfo {
            name: column.name.clone(),
            kind: column.kind,
            about: column.about.clone(),
            rank: column.rank,
            is_empty: false,
            unit,
            mark,
        }
    }

    fn tables_there(&self) -> BTreeMap<String, bool> {
        let mut there = BTreeMap::new();
        there.extend(self.table_rows().into_iter().map(|(name, rows)| (name.to_owned(), rows > 0)));
        there
    }

    /// The tables that log types define, and those called after the files whose rows they hold.
    fn defs(&self) -> Vec<Cow<'static, TableDef>> {
        let found = self.table_rows();
        let known = self.formats.tables();
        let found = found.into_keys().filter(|name| !known.contains_key(*name));
        known.values().map(Cow::Borrowed).chain(found.filter_map(|name| self.formats.table(name))).collect()
    }

    fn table(&self, def: &TableDef) -> CatalogTable {
        let found = self.agreed(&def.name);
        let mut columns: Vec<CatalogColumn> = def
            .columns
            .iter()
            .map(|column| {
                // Values that did not fit the documented kind have widened it for this load.
                let kind = found
                    .get(column.name.as_str())
                    .filter(|agreed| !agreed.is_empty && matches!(column.kind, Kind::Int | Kind::Long | Kind::Real))
                    .map_or(column.kind, Agreed::kind);
                let (mut about, mut origin) = (column.about.clone(), ColumnOrigin::Stored);
                if kind != column.kind {
                    let (now, documented) = (kind.name(), column.kind.name());
                    about = format!("Widened to {now} for values of this load that are no {documented}, which is documented. {about}");
                    origin = ColumnOrigin::Widened { from: column.kind };
                }
                let rank = rank_in(&def.first, &column.name);
                let facts = ColumnFacts {
                    derived: column.derived.clone().unwrap_or_default(),
                    unit: column.unit.clone(),
                    is_target: false,
                };
                CatalogColumn { name: column.name.clone(), kind, is_hidden: column.is_hidden, about, rank, origin, facts }
            })
            .collect();
        for (name, agreed) in found {
            let is_known = name == DUPLICATE_OF || def.columns.iter().any(|column| column.name == *name);
            if !is_known {
                columns.push(CatalogColumn {
                    name: name.to_owned(),
                    kind: agreed.kind(),
                    is_hidden: agreed.is_hidden,
                    about: String::new(),
                    rank: 0,
                    origin: ColumnOrigin::Stored,
                    facts: ColumnFacts::default(),
                });
            }
        }
        columns.extend(of_every_table());
        let shared = |field: &str| {
            def.shared
                .iter()
                .find(|shared| shared.field == field)
                .map_or_else(String::new, |shared| shared.kql.clone())
        };
        CatalogTable {
            name: def.name.clone(),
            about: def.about.clone(),
            is_loaded: self.rows_of(&def.name) > 0 || self.has_guests(&def.name),
            columns,
            body: TableBody::Home { time: shared("TimeGenerated"), outcome: shared("EventResult") },
        }
    }

    /// Whether records of another table's may answer under this name.
    fn has_guests(&self, name: &str) -> bool {
        let is_guest =
            |def: &TableDef| def.also.iter().any(|also| also.table == name) && self.rows_of(&def.name) > 0;
        self.formats.tables().values().any(is_guest)
    }

    /// Living rows of a table.
    pub(crate) fn rows_of(&self, table: &str) -> u64 {
        self.table_rows().get(table).copied().unwrap_or(0)
    }

    /// Living rows of all tables.
    pub(crate) fn table_rows(&self) -> BTreeMap<&str, u64> {
        let mut sums = BTreeMap::new();
        for (name, rows) in self.shards.iter().flat_map(|shard| &shard.figures.tables) {
            *sums.entry(name.as_str()).or_default() += rows;
        }
        sums
    }

    /// The columns of a table over all shards: kinds widened, empty when empty everywhere.
    fn agreed(&self, table: &str) -> BTreeMap<&str, Agreed> {
        agreed(self.shards.iter().filter_map(|shard| shard.columns.get(table)).flatten())
    }

    /// Whether no row of a source can have a value there: found out from the expression, so that columns without
    /// values can be folded. `false` when it cannot be known.
    pub(crate) fn is_surely_empty(&self, source: &Source, id: NodeId) -> bool {
        let rows = self.rows_of(&source.table);
        if rows == 0 {
            return true;
        }
        match source.node(id).map(|node| &node.op) {
            Some(Op::Constant(Constant::Null)) => true,
            Some(Op::Constant(Constant::Text(text))) => text.is_empty(),
            Some(Op::Column(name)) => {
                self.agreed(&source.table).get(name.as_str()).is_none_or(|agreed| agreed.is_empty)
            }
            Some(Op::Convert(of)) => self.is_surely_empty(source, *of),
            _ => false,
        }
    }
}

/// The other names under which a table's records answer.
fn also(def: &TableDef) -> impl Iterator<Item = Also> {
    def.also.iter().map(|also| {
        let columns = also.columns.iter().map(|(name, kql)| (name.clone(), kql.clone())).collect();
        let part =
            ViewPart { table: def.name.clone(), columns, filter: also.when.clone(), unlogged: String::new() };
        Also { table: also.table.clone(), part, about: also.about.clone() }
    })
}

fn rank_in(first: &[String], name: &str) -> u32 {
    first.iter().position(|column| column == name).map_or(0, |at| at as u32 + 1)
}

/// Hidden columns that every table has.
fn of_every_table() -> [CatalogColumn; 5] {
    let column = |name: &str, kind, about: &str, origin| CatalogColumn {
        name: name.to_owned(),
        kind,
        is_hidden: true,
        about: about.to_owned(),
        rank: 0,
        origin,
        facts: ColumnFacts::default(),
    };
    [
        column(
            "_File",
            Kind::String,
            "Path of the file that the record was read from",
            ColumnOrigin::FilePath,
        ),
        column(
            "_Offset",
            Kind::Long,
            "Where the record begins in its innermost file, in bytes",
            ColumnOrigin::Offset,
        ),
        column(
            DUPLICATE_OF,
            Kind::String,
            "The record that is shown for this one, when both are of one event: its file and offset",
            ColumnOrigin::Stored,
        ),
        column("_Line", Kind::Long, "Line on which the record begins", ColumnOrigin::Unreadable),
        column("_Record", Kind::Dynamic, "The whole record", ColumnOrigin::Unreadable),
    ]
}

impl Coordinator {
    /// Whether tables without rows stand in the view of all records: while a load may bring some. Else they are left out,
    /// since binding the shared fields of all of them costs more than most queries.
    fn is_open(&self) -> bool {
        self.is_loading() || self.table_rows().values().all(|&rows| rows == 0)
    }

    /// Binds the view of all records before anybody asks: half of the time from a drop to its first rows went into that.
    pub(crate) fn make_ready(&mut self) {
        if self.has_head_start && self.names.catalog.is_none() && self.is_open() && !self.is_loading() {
            // What is wrong with it is told to those who ask.
            drop(self.compile(EVENTS, Ticks(0)));
        }
    }
}

/// A view that a query makes.
fn made_view(view: &View) -> CatalogTable {
    CatalogTable {
        name: view.name.clone(),
        about: view.about.clone(),
        is_loaded: true,
        columns: view.columns().into_iter().map(shared_column).collect(),
        body: TableBody::Query {
            text: view.query(),
            order: view.order.clone(),
            unlogged: view.unlogged.clone(),
        },
    }
}

fn shared_column(field: &Field) -> CatalogColumn {
    CatalogColumn {
        name: field.name.clone(),
        kind: field.kind,
        is_hidden: false,
        about: field.about.clone(),
        rank: field.rank,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts { derived: String::new(), unit: field.unit.clone(), is_target: field.is_target },
    }
}

fn events(defs: &[Cow<'static, TableDef>], is_in: impl Fn(&str) -> bool) -> CatalogTable {
    let columns = shared_fields().iter().map(shared_column).chain(of_every_table()).collect();
    let parts = defs
        .iter()
        .filter(|def| is_in(&def.name))
        .map(|def| {
            let mut columns: Vec<(String, String)> =
                def.shared.iter().map(|shared| (shared.field.clone(), shared.kql.clone())).collect();
            if !columns.iter().any(|(field, _)| field == "Type") {
                // Table names are plain words: no quote can be in them.
                columns.push(("Type".to_owned(), format!("\"{}\"", def.name)));
            }
            columns.push(("_File".to_owned(), "_File".to_owned()));
            columns.push(("_Offset".to_owned(), "_Offset".to_owned()));
            columns.push((DUPLICATE_OF.to_owned(), DUPLICATE_OF.to_owned()));
            let unlogged = def.unlogged.clone();
            ViewPart { table: def.name.clone(), columns, filter: String::new(), unlogged }
        })
        .collect();
    CatalogTable {
        name: EVENTS.to_owned(),
        about: "All records, through the fields that they share".to_owned(),
        is_loaded: true,
        columns,
        body: TableBody::View { parts },
    }
}
