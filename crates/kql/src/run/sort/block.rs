//! Keys of consecutive rows, for the coordinator that merges several shards' orders.

use super::{
    super::{Context, reader::read_row, selection::RowRef},
    identity,
    key::{head, texts},
};
use crate::{
    plan::Plan,
    program::{Program, index},
    value::Value,
};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The keys of some consecutive rows of a shard's order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyBlock {
    /// Per key of the order, one entry per row.
    pub keys: Vec<KeyColumn>,
    /// Per row: rank of the file, offset and number.
    pub identities: Vec<(u32, u64, u32)>,
}

/// One key of some rows, in a form that compares as the order wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum KeyColumn {
    /// Smaller comes first, whatever the direction was; then those with `false` behind, whether nulls are first or last.
    Numbers(Vec<(u64, bool)>),
    /// Compare by bytes; `is_ascending` says which way.
    Texts {
        /// The texts; `None` where the key is null (guids).
        texts: Vec<Option<String>>,
        /// Smaller first.
        is_ascending: bool,
        /// Nulls before all.
        nulls_first: bool,
    },
}

impl KeyBlock {
    /// The keys of these rows, which are in the plan's order already (any number; blocks of some thousands are meant).
    #[must_use]
    pub fn new(plan: &Plan, context: Context<'_>, rows: &[RowRef]) -> Self {
        let sources: Vec<(Program, Vec<usize>)> = plan
            .sources
            .iter()
            .map(|source| {
                (Program::new(source, plan.now), source.order.iter().map(|id| index(*id)).collect())
            })
            .collect();
        let mut keys: Vec<KeyColumn> = plan
            .order
            .iter()
            .map(|key| match key.kind {
                Kind::String | Kind::Guid | Kind::Dynamic | Kind::Decimal => KeyColumn::Texts {
                    texts: Vec::new(),
                    is_ascending: key.is_ascending,
                    nulls_first: key.nulls_first,
                },
                _ => KeyColumn::Numbers(Vec::new()),
            })
            .collect();
        let mut identities = Vec::with_capacity(rows.len());
        for row in rows {
            let Some((program, nodes)) = sources.get(usize::from(row.source)) else { continue };
            let Some(table) = context.store.table(&program.table) else { continue };
            let values = read_row(program, context, table, row.row, nodes);
            for ((column, node), key) in keys.iter_mut().zip(nodes).zip(&plan.order) {
                let value = values.get(*node).unwrap_or(&Value::Null);
                let is_null = value.is_null() || matches!(value, Value::Real(real) if real.is_nan());
                match column {
                    // Nulls go before (`false`) or behind (`true`) the numbers that share their head.
                    KeyColumn::Numbers(numbers) => {
                        numbers.push((head(value, key), is_null != key.nulls_first));
                    }
                    KeyColumn::Texts { texts, .. } => texts.push((!is_null).then(|| value.text().to_owned())),
                }
            }
            identities.push(identity(context, table, row.row));
        }
        Self { keys, identities }
    }

    /// How many rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// Whether row `at` of this block comes before (`Less`) row `other_at` of the other, by keys, then identity.
    #[must_use]
    pub fn compare(&self, at: usize, other: &Self, other_at: usize) -> Ordering {
        let by_keys = self.keys.iter().zip(&other.keys).map(|(mine, others)| match (mine, others) {
            (KeyColumn::Numbers(a), KeyColumn::Numbers(b)) => a.get(at).cmp(&b.get(other_at)),
            (KeyColumn::Texts { texts: a, is_ascending, nulls_first }, KeyColumn::Texts { texts: b, .. }) => {
                let text = |list: &[Option<String>], at: usize| list.get(at).cloned().flatten();
                texts(text(a, at).as_deref(), text(b, other_at).as_deref(), *is_ascending, *nulls_first)
            }
            _ => Ordering::Equal,
        });
        let mut by_keys = by_keys;
        by_keys
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| self.identities.get(at).cmp(&other.identities.get(other_at)))
    }
}
