//! Views made of several records, read from `views.toml`.
//!
//! **Invariant:** a view stores nothing: it is a query over `Events`, and each record has its one home elsewhere.

use crate::fields::{Field, shared_fields};
use chartroom_base::json::Json;
use std::sync::OnceLock;

/// One view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub about: String,
    /// The time by which bare rows are ordered, newest first.
    pub order: String,
    /// Which rows do not carry what they were about, as KQL over its columns.
    pub unlogged: String,
    /// The query; `{columns}` stands for the names of its columns.
    pub kql: String,
    /// Columns that are no shared fields, or mean something else here.
    pub column: Vec<Field>,
}

impl View {
    /// As the build script wrote it.
    fn read(json: &Json) -> Self {
        let text = |name: &str| json.text(name).unwrap_or_default();
        Self {
            name: text("name"),
            about: text("about"),
            order: text("order"),
            unlogged: text("unlogged"),
            kql: text("kql"),
            column: json.list("column").iter().map(Field::read).collect(),
        }
    }

    /// Its columns: the shared fields but the phase, and those of its own, each behind the one it stands behind in the file.
    #[must_use]
    pub fn columns(&self) -> Vec<&Field> {
        let own = |name: &str| self.column.iter().find(|own| own.name == name);
        let mut columns: Vec<&Field> = Vec::new();
        for field in shared_fields().iter().filter(|field| field.name != "EventPhase") {
            columns.push(own(&field.name).unwrap_or(field));
        }
        let mut after = 0;
        for own in &self.column {
            match columns.iter().position(|column| column.name == own.name) {
                Some(at) => after = at + 1,
                None => columns.insert(after, own),
            }
        }
        columns
    }

    /// The query.
    #[must_use]
    pub fn query(&self) -> String {
        let names: Vec<&str> = self.columns().iter().map(|column| column.name.as_str()).collect();
        self.kql.replace("{columns}", &names.join(", "))
    }
}

/// All views.
#[must_use]
pub fn views() -> &'static [View] {
    static VIEWS: OnceLock<Vec<View>> = OnceLock::new();
    // As with the fields.
    VIEWS.get_or_init(|| {
        let views = Json::parse(include_str!(concat!(env!("OUT_DIR"), "/views.json"))).unwrap_or_default();
        views.items().iter().map(View::read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::views;

    #[test]
    fn each_view_names_its_columns_once() {
        assert!(!views().is_empty());
        for view in views() {
            let mut names: Vec<&str> = view.columns().iter().map(|column| column.name.as_str()).collect();
            assert!(names.contains(&view.order.as_str()) && view.query().contains(&names.join(", ")));
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), view.columns().len());
        }
    }
}
