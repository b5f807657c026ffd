//! A small store with its catalogue, and a way to run a query over it.

use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use chartroom_kql::{
    Catalog, Context, Filter, Fuel, NumberedFiles, Plan, RowRef, Selection, Sorter,
    catalog::{CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody, ViewPart},
    cells, compile,
};
use chartroom_schema::kind::Kind;
use chartroom_store::{RowAt, Store};
use std::rc::Rc;

pub(crate) const NOW: Ticks = Ticks(637_635_168_890_000_000);

/// A value to store.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Null,
    Text(String),
    Long(i64),
    Real(f64),
    Bool(bool),
}

/// `(name, kind, hidden)`.
pub(crate) type Columns<'a> = &'a [(&'a str, Kind, bool)];

pub(crate) fn add_rows(store: &mut Store, table: &str, columns: Columns<'_>, rows: &[Vec<Cell>], file: u32) {
    let table = store.table_mut(table);
    let ids: Vec<_> =
        columns.iter().map(|(name, kind, hidden)| table.add_column(name, *kind, *hidden)).collect();
    for (number, row) in rows.iter().enumerate() {
        table.begin_row();
        for (id, cell) in ids.iter().zip(row) {
            match cell {
                Cell::Null => table.push_null(*id),
                Cell::Text(text) => drop(table.push_text(*id, text)),
                Cell::Long(long) => drop(table.push_long(*id, *long)),
                Cell::Real(real) => drop(table.push_real(*id, *real)),
                Cell::Bool(truth) => drop(table.push_bool(*id, *truth)),
            }
        }
        table.commit_row(RowAt { file, offset: number as u64 * 100, len: 100, number: 0 });
    }
}

pub(crate) fn home(name: &str, columns: Columns<'_>, time: &str) -> CatalogTable {
    let column = |(name, kind, is_hidden): &(&str, Kind, bool)| CatalogColumn {
        name: (*name).to_owned(),
        kind: *kind,
        is_hidden: *is_hidden,
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    };
    CatalogTable {
        name: name.to_owned(),
        about: String::new(),
        is_loaded: true,
        columns: columns.iter().map(column).collect(),
        body: TableBody::Home { time: time.to_owned(), outcome: String::new() },
    }
}

pub(crate) fn view(name: &str, columns: Columns<'_>, parts: &[(&str, &[(&str, &str)])]) -> CatalogTable {
    let part = |(table, columns): &(&str, &[(&str, &str)])| ViewPart {
        table: (*table).to_owned(),
        columns: columns.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        filter: String::new(),
        unlogged: String::new(),
    };
    CatalogTable {
        body: TableBody::View { parts: parts.iter().map(part).collect() },
        ..home(name, columns, "")
    }
}

pub(crate) fn context(store: &Store) -> Context<'_> {
    Context { store, files: &NumberedFiles }
}

pub(crate) fn select(store: &Store, plan: &Rc<Plan>) -> Selection {
    let mut filter = Filter::new(Rc::clone(plan), plan.where_count());
    let mut steps = 0;
    // A little fuel at a time: the answer must not depend on where a step ends.
    while !filter.step(context(store), &mut Fuel(50)) {
        steps += 1;
        assert!(steps < 1_000_000, "the filter never ends");
    }
    filter.finish()
}

pub(crate) fn rows(store: &Store, plan: &Rc<Plan>) -> Vec<RowRef> {
    let mut sorter = Sorter::new(Rc::clone(plan), select(store, plan), plan.take);
    let mut steps = 0;
    while !sorter.step(context(store), &mut Fuel(50)) {
        steps += 1;
        assert!(steps < 1_000_000, "the sorter never ends");
    }
    let sorted = sorter.finish();
    (0..sorted.len()).filter_map(|at| sorted.get(at)).collect()
}

/// The answer's rows, or what is wrong.
pub(crate) fn run(
    store: &Store,
    catalog: &Catalog,
    text: &str,
) -> Result<Vec<Vec<Option<String>>>, Vec<Diagnostic>> {
    let plan = Rc::new(compile(text, catalog, NOW)?);
    let rows = rows(store, &plan);
    if plan.is_count {
        return Ok(vec![vec![Some(rows.len().to_string())]]);
    }
    Ok(rows.iter().map(|row| cells(&plan, context(store), *row)).collect())
}
