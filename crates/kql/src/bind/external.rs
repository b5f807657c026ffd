//! Rows that a query expects elsewhere: `externaldata`, watchlists. A dropped file of that name stands in for them; nothing is fetched.

use super::{Binder, Pipe, Told};
use crate::{
    operators::plugins::{call, name, named, operator},
    plan::Constant,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{ColumnDeclaration, Expr, Name, OperatorKind};
use chartroom_schema::kind::Kind;

/// Endings that say how a file is packed or written.
const ENDINGS: &[&str] =
    &["csv", "tsv", "txt", "json", "jsonl", "ndjson", "multijson", "zip", "gz", "gzip", "bz2", "zst", "log"];

/// The last part of a path or address, without what says how to get at it.
fn file_of(location: &str) -> &str {
    let path = location.split(['?', '#', ';']).next().unwrap_or_default();
    path.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The name of the table that a file becomes.
fn table_of(file: &str) -> String {
    let mut stem = file;
    while let Some((front, ending)) = stem.rsplit_once('.')
        && ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
        && !front.is_empty()
    {
        stem = front;
    }
    stem.chars().map(|sign| if sign.is_ascii_alphanumeric() || sign == '_' { sign } else { '_' }).collect()
}

impl Binder<'_> {
    /// The loaded table of that name, in any case.
    fn loaded(&self, table: &str) -> Option<String> {
        let tables = self.catalog.tables.iter().filter(|known| known.is_loaded);
        tables.filter(|known| known.name.eq_ignore_ascii_case(table)).map(|known| known.name.clone()).next()
    }

    /// `_GetWatchlist("name")`: the rows of the table of that name.
    pub(super) fn watchlist(&mut self, list: &str, span: Span) -> Result<Pipe, Told> {
        match self.loaded(&table_of(list)) {
            Some(table) => self.table_rows(&Name { text: table, span }),
            None => {
                let message = format!(
                    "The watchlist `{list}` is not there: watchlists lie in a workspace, and nothing is fetched"
                );
                let help = format!(
                    "Drop the list as a file `{list}.csv`; its rows become the table `{}`",
                    table_of(list)
                );
                Err(self.error_with_help("KQL0105", span, message, help))
            }
        }
    }

    /// `externaldata(columns) [locations]`: the dropped files of those names, as the columns declared.
    pub(super) fn external_data(
        &mut self,
        columns: &[ColumnDeclaration],
        locations: &[Expr],
        span: Span,
    ) -> Result<Pipe, Told> {
        let mut legs = Vec::new();
        let mut result = Ok(());
        for location in locations {
            let file = match self.constant(location)? {
                (Kind::String, Constant::Text(text)) => file_of(&text).to_owned(),
                _ => return Err(self.error("KQL0112", location.span, "The place of a file is a text")),
            };
            let table = table_of(&file);
            let Some(found) = self.loaded(&table) else {
                let message =
                    format!("`{file}` is not fetched: nothing leaves this machine, and no such file is here");
                let help = format!("Drop a file `{file}` (or `{table}.csv`) with these columns");
                result = Err(self.error_with_help("KQL0105", location.span, message, help));
                continue;
            };
            let pipe = self.table_rows(&Name { text: found.clone(), span: location.span })?;
            legs.push((self.as_declared(pipe, columns, &found, span)?, found));
        }
        if result.is_err() {
            // What stands behind still sees the declared columns.
            return result.and_then(|()| Err(Told));
        }
        crate::operators::union::unite(self, legs, false, None, span)
    }

    /// The columns of a file under the names and types that the text declares.
    fn as_declared(
        &mut self,
        pipe: Pipe,
        columns: &[ColumnDeclaration],
        table: &str,
        span: Span,
    ) -> Result<Pipe, Told> {
        let mut items = Vec::new();
        let mut missing: Vec<&str> = Vec::new();
        let own: Vec<String> = pipe
            .columns()
            .iter()
            .filter(|column| !column.is_hidden)
            .map(|column| column.name.clone())
            .collect();
        for column in columns {
            let wanted = &column.name.text;
            let known = own.iter().find(|own| *own == wanted);
            let known = known.or_else(|| own.iter().find(|own| own.eq_ignore_ascii_case(wanted)));
            // A file of one column needs no name for it.
            let only =
                if let [only] = own.as_slice() { Some(only).filter(|_| columns.len() == 1) } else { None };
            let Some(known) = known.or(only) else {
                missing.push(wanted);
                continue;
            };
            let kind = match &column.kind {
                Some(kind) => self.kind_named(kind)?,
                None => Kind::String,
            };
            let function =
                if kind == Kind::Dynamic { "todynamic".to_owned() } else { format!("to{}", kind.name()) };
            items.push(named(wanted, call(&function, vec![name(known, span)], span)));
        }
        if !missing.is_empty() {
            let message = format!("The table `{table}` has no column {}", shown(missing.iter().copied()));
            let help = format!("It has {}", shown(own.iter().map(String::as_str)));
            return Err(self.error_with_help("KQL0101", span, message, help));
        }
        let pipe = self.operators(pipe, &[operator(OperatorKind::Project(items), span)])?;
        Ok(self.rows_of(pipe))
    }
}

fn shown<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.take(12).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
