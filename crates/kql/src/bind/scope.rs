//! What names mean at one place of the pipe.

use super::{Binder, Told, did_you_mean};
use crate::plan::NodeId;
use chartroom_base::diagnostic::Span;
use chartroom_schema::kind::Kind;

/// The columns there are, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) columns: Vec<ScopeColumn>,
    /// Whether only the columns named since a `project` are left, so that `*` no longer means the whole record.
    pub(crate) is_projected: bool,
}

/// A column at this place.
#[derive(Clone, Debug)]
pub(crate) struct ScopeColumn {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) is_hidden: bool,
    pub(crate) about: String,
    pub(crate) rank: u32,
    /// Straight from a table: also found by another spelling of upper and lower case.
    pub(crate) is_stored: bool,
    /// Why no query can read it, if so.
    pub(crate) is_unreadable: bool,
    /// Made by `extend`: `*` looks into it beside the record.
    pub(crate) is_computed: bool,
    /// What it stands for.
    pub(crate) node: NodeId,
}

impl Scope {
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Adds a column, or replaces the one of that name in place.
    pub(crate) fn set(&mut self, column: ScopeColumn) {
        match self.columns.iter_mut().find(|known| known.name == column.name) {
            Some(known) => *known = column,
            None => self.columns.push(column),
        }
    }
}

impl Binder<'_> {
    /// The column that a name means: exactly that, else the one stored column of that spelling in another case.
    pub(crate) fn resolve<'s>(
        &mut self,
        scope: &'s Scope,
        name: &str,
        span: Span,
    ) -> Result<&'s ScopeColumn, Told> {
        let exact = scope.position(name).and_then(|at| scope.columns.get(at));
        let found = match exact {
            Some(column) => column,
            None => {
                let mut alike = scope
                    .columns
                    .iter()
                    .filter(|column| column.is_stored && column.name.eq_ignore_ascii_case(name));
                match (alike.next(), alike.next()) {
                    (Some(column), None) => column,
                    (Some(first), Some(second)) => {
                        let message = format!(
                            "`{name}` may be `{}` or `{}`; write the one you mean",
                            first.name, second.name
                        );
                        return Err(self.error("KQL0102", span, message));
                    }
                    (None, _) if self.recovery.is_open => return Err(Told),
                    (None, _) => {
                        let message = format!("The name `{name}` does not refer to any known column");
                        let told = self.error("KQL0101", span, message);
                        let names = scope.columns.iter().map(|column| column.name.as_str());
                        let lost = self.recovery.lost(name).map(|operator| {
                            format!("`{operator}` left it out before; keep it there, or ask for it earlier")
                        });
                        if let Some(last) = self.diagnostics.last_mut() {
                            last.help = lost.or_else(|| did_you_mean(name, names));
                        }
                        return Err(told);
                    }
                }
            }
        };
        if found.is_unreadable {
            return Err(self.error(
                "KQL0103",
                span,
                format!("`{}` cannot be used in a query yet", found.name),
            ));
        }
        Ok(found)
    }
}
