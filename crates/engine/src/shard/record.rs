//! One row, all of it: documented columns, what the record has beyond them, the shared fields.

use super::Shard;
use crate::message::Sighting;
use chartroom_base::sort;
use chartroom_kql::{Context, Plan, RowRef, cells, value::Value, value::push_export};
use chartroom_protocol::{
    RowId,
    result::{FieldOrigin, RecordField},
};
use chartroom_schema::{
    fields::{find_field, shared_fields},
    kind::Kind,
    table::TableDef,
};
use chartroom_store::{Column, ValueRef};

impl Shard {
    /// The number of a living row in its table.
    pub(crate) fn find_row(&self, table: &str, id: RowId) -> Option<u32> {
        let table = self.store.table(table)?;
        let is_live =
            |row: u32| table.live((row >> 16) as usize).is_none_or(|live| live.get((row & 0xffff) as usize));
        let row = table.find_row(id.file.0, id.offset, id.number)?;
        if is_live(row) {
            return Some(row);
        }
        // Its file was read twice, and the first reading is dead: the living row stands further on.
        (0..table.chunk_count())
            .flat_map(|chunk| table.file_runs(chunk))
            .filter(|(_, file)| *file == id.file.0)
            .flat_map(|(rows, _)| rows)
            .find(|&row| {
                is_live(row)
                    && table.row_at(row).is_some_and(|at| (at.offset, at.number) == (id.offset, id.number))
            })
    }

    /// What is known of a row; `None` when it is not here.
    pub(crate) fn sight(&self, id: RowId, shared: Option<Plan>, derived: &[Plan]) -> Option<Sighting> {
        let (table, row) =
            self.store.tables().find_map(|table| Some((table, self.find_row(table.name(), id)?)))?;
        let at = table.row_at(row)?;
        let def = self.reader.formats().table(table.name());
        let mut fields = Vec::new();
        let mut push = |column: &Column, origin, personal: &str| {
            if let Some(value) = text_of(column.value(row), column.kind()) {
                fields.push(RecordField {
                    name: column.name().to_owned(),
                    kind: column.kind(),
                    value,
                    origin,
                    personal: personal.to_owned(),
                });
            }
        };
        let known = def.as_ref().map_or(&[][..], |def| &def.columns);
        for def in known {
            let origin = if def.is_hidden { FieldOrigin::Hidden } else { FieldOrigin::Documented };
            if let Some(column) = table.find(&def.name).and_then(|id| table.column(id)) {
                push(column, origin, def.personal.word());
            }
        }
        for column in table.columns() {
            if !known.iter().any(|def| def.name == column.name()) {
                push(column, FieldOrigin::Hidden, "");
            }
        }
        sort::sort_by_key(&mut fields, |field| u8::from(field.origin != FieldOrigin::Documented));
        for plan in derived {
            for field in self.worked_out(plan, table.name(), row) {
                let column = known.iter().find(|column| column.name == field.name);
                if !fields.iter().any(|own| own.name == field.name)
                    && let Some(column) = column
                {
                    let personal = column.personal.word().to_owned();
                    fields.push(RecordField { origin: FieldOrigin::Derived, personal, ..field });
                }
            }
        }
        if let Some(plan) = shared {
            fields.extend(self.worked_out(&plan, table.name(), row));
        }
        let is_known = self.reader.formats().tables().contains_key(table.name());
        fields.extend(def.iter().flat_map(|def| unlogged(def, is_known)));
        Some(Sighting { table: table.name().to_owned(), len: at.len, fields })
    }

    /// The values of a plan's columns for a row of one of its tables, as shared fields.
    fn worked_out(&self, plan: &Plan, table: &str, row: u32) -> Vec<RecordField> {
        let Some(source) = plan.sources.iter().position(|source| source.table == table) else {
            return Vec::new();
        };
        let context = Context { store: &self.store, files: &self.known };
        let row = RowRef { source: u16::try_from(source).unwrap_or(u16::MAX), row };
        plan.columns
            .iter()
            .zip(cells(plan, context, row))
            .filter_map(|(column, cell)| {
                let value = cell.filter(|value| !value.is_empty())?;
                let personal = find_field(&column.name).map_or("", |field| field.personal.word());
                Some(RecordField {
                    name: column.name.clone(),
                    kind: column.kind,
                    value,
                    origin: FieldOrigin::Shared,
                    personal: personal.to_owned(),
                })
            })
            .collect()
    }
}

/// The fields about the caller that a log type cannot tell.
fn unlogged(def: &TableDef, is_known: bool) -> impl Iterator<Item = RecordField> {
    let is_told = |name: &str| def.shared.iter().any(|shared| shared.field == name);
    let fields = shared_fields().iter().filter(move |field| field.is_caller && !is_told(&field.name));
    // Rows of no known type have no service behind them.
    fields.filter(move |_| is_known).map(|field| RecordField {
        name: field.name.clone(),
        kind: field.kind,
        value: String::new(),
        origin: FieldOrigin::Unlogged,
        personal: String::new(),
    })
}

/// A value as exported; `None` when there is none.
fn text_of(value: ValueRef<'_>, kind: Kind) -> Option<String> {
    let value = match value {
        ValueRef::Null | ValueRef::Text("") => return None,
        ValueRef::Text(text) => return Some(text.to_owned()),
        ValueRef::Bool(value) => Value::Bool(value),
        ValueRef::Long(value) => Value::Long(value),
        ValueRef::Real(value) => Value::Real(value),
    };
    let mut text = String::new();
    push_export(&mut text, &value, kind);
    Some(text)
}
