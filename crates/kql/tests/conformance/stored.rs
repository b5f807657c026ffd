//! A query whose `datatable`s are loaded as stored tables, row by row over several shards.

use chartroom_base::ticks::Ticks;
use chartroom_kql::{
    Catalog, Context, Fuel, Limits, NumberedFiles,
    catalog::{CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody},
    compile, local,
    value::Value,
};
use chartroom_store::{RowAt, Store};

/// A query over stored tables, with the tables.
pub(crate) struct Stored {
    pub(crate) query: String,
    pub(crate) catalog: Catalog,
    stores: Vec<Store>,
}

impl Stored {
    pub(crate) fn contexts(&self) -> Vec<Context<'_>> {
        self.stores.iter().map(|store| Context { store, files: &NumberedFiles }).collect()
    }
}

/// Where `datatable(…) […]` stands in a text from `from` on.
fn find(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut tokens = chartroom_kql_syntax::tokens(text).into_iter().filter(|token| {
        let word = text.get(token.span.start as usize..token.span.end as usize).unwrap_or_default();
        !word.trim().is_empty() && !word.starts_with("//") && token.span.start as usize >= from
    });
    let word = |span: chartroom_base::diagnostic::Span| &text[span.start as usize..span.end as usize];
    let start = tokens.find(|token| word(token.span) == "datatable")?.span.start as usize;
    let mut depth = 0_i32;
    let mut has_list = false;
    for token in tokens {
        match word(token.span) {
            "(" | "{" => depth += 1,
            "[" => {
                depth += 1;
                has_list = true;
            }
            ")" | "]" | "}" => {
                depth -= 1;
                if depth == 0 && has_list {
                    return Some((start, token.span.end as usize));
                }
            }
            _ => {}
        }
    }
    None
}

/// Loads the tables; `None` when there are none, or one cannot stand by itself.
pub(crate) fn load(query: &str, shards: usize, now: Ticks) -> Option<Stored> {
    // The names of its legs are what such a query shows.
    if query.contains("withsource") {
        return None;
    }
    let mut stored = Stored {
        query: query.to_owned(),
        catalog: Catalog::default(),
        stores: (0..shards).map(|_| Store::new()).collect(),
    };
    let mut from = 0;
    let mut file = 0;
    while let Some((start, end)) = find(&stored.query, from) {
        let name = format!("Stored{file}");
        let table = stored.query[start..end].to_owned();
        load_table(&mut stored, &table, &name, file, now)?;
        stored.query.replace_range(start..end, &name);
        from = start + name.len();
        file += 1;
    }
    (file > 0).then_some(stored)
}

fn load_table(stored: &mut Stored, text: &str, name: &str, file: u32, now: Ticks) -> Option<()> {
    let plan = compile(text, &Catalog::default(), now).ok()?;
    let answer = local::answer(&plan, &[], Fuel::UNBOUNDED, Limits::default()).ok()?;
    for row in 0..answer.row_count() {
        let shard = row as usize % stored.stores.len();
        let table = stored.stores[shard].table_mut(name);
        let ids: Vec<_> =
            plan.columns.iter().map(|column| table.add_column(&column.name, column.kind, false)).collect();
        table.begin_row();
        for (id, value) in ids.iter().zip(answer.values(row)?) {
            match value {
                Value::Null => table.push_null(*id),
                Value::Bool(truth) => drop(table.push_bool(*id, truth)),
                Value::Long(long) => drop(table.push_long(*id, long)),
                Value::Real(real) => drop(table.push_real(*id, real)),
                Value::Text(text) => drop(table.push_text(*id, &text)),
            }
        }
        table.commit_row(RowAt { file, offset: row * 100, len: 100, number: 0 });
    }
    let columns = plan.columns.iter().map(|column| CatalogColumn {
        name: column.name.clone(),
        kind: column.kind,
        is_hidden: false,
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    });
    stored.catalog.tables.push(CatalogTable {
        name: name.to_owned(),
        about: String::new(),
        is_loaded: true,
        columns: columns.collect(),
        body: TableBody::Home { time: String::new(), outcome: String::new() },
    });
    Some(())
}
