//! What a column is over all shards.
//!
//! **Invariant:** it is what one store with all the rows would have made of it, however the rows are spread.

use crate::message::FoundColumn;
use chartroom_schema::kind::Kind;
use std::collections::BTreeMap;

/// A column over all shards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agreed {
    kind: Kind,
    has_inexact: bool,
    pub(crate) is_hidden: bool,
    pub(crate) is_empty: bool,
}

impl Agreed {
    /// Integers that no float holds and fractions: no number holds both.
    pub(crate) fn kind(&self) -> Kind {
        if self.kind == Kind::Real && self.has_inexact { Kind::String } else { self.kind }
    }
}

/// The columns of a table, from those of each shard: kinds widened, empty when empty everywhere.
pub(crate) fn agreed<'a>(found: impl Iterator<Item = &'a FoundColumn>) -> BTreeMap<&'a str, Agreed> {
    let mut all: BTreeMap<&str, Agreed> = BTreeMap::new();
    for FoundColumn { name, kind, is_hidden, is_empty, has_inexact } in found {
        all.entry(name)
            .and_modify(|agreed| {
                // A column that no row of a shard has a value in says nothing of the kind.
                if agreed.is_empty {
                    agreed.kind = *kind;
                } else if !is_empty {
                    agreed.kind = agreed.kind.widen(*kind);
                }
                agreed.is_empty &= is_empty;
                agreed.has_inexact |= has_inexact;
            })
            .or_insert(Agreed {
                kind: *kind,
                has_inexact: *has_inexact,
                is_hidden: *is_hidden,
                is_empty: *is_empty,
            });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::figures::found_columns;
    use chartroom_store::{RowAt, Store, ValueRef};
    use proptest::prelude::*;

    #[derive(Clone, Copy, Debug)]
    enum Pushed {
        Long(i64),
        Real(f64),
        Bool(bool),
        Text(&'static str),
        Json(&'static str),
    }

    impl Pushed {
        fn parts(&self) -> (Kind, ValueRef<'_>) {
            match self {
                Self::Long(value) => (Kind::Long, ValueRef::Long(*value)),
                Self::Real(value) => (Kind::Real, ValueRef::Real(*value)),
                Self::Bool(value) => (Kind::Bool, ValueRef::Bool(*value)),
                Self::Text(value) => (Kind::String, ValueRef::Text(value)),
                Self::Json(value) => (Kind::Dynamic, ValueRef::Text(value)),
            }
        }
    }

    /// The column that a reader makes of these values, each in a row.
    fn found(values: impl Iterator<Item = Pushed>) -> Vec<FoundColumn> {
        let mut store = Store::new();
        let table = store.table_mut("T");
        for (offset, value) in (0..).zip(values) {
            let (kind, value) = value.parts();
            let id = table.add_column("x", kind, false);
            table.begin_row();
            table.push_widening(id, kind, value);
            table.commit_row(RowAt { file: 0, offset, len: 1, number: 0 });
        }
        found_columns(table, &[], 0)
    }

    fn kind_of(shards: &[Vec<FoundColumn>]) -> Option<Kind> {
        agreed(shards.iter().flatten()).get("x").map(Agreed::kind)
    }

    fn values() -> impl Strategy<Value = Pushed> {
        prop_oneof![
            4 => prop::sample::select(vec![0, 7, 1 << 53, (1 << 53) + 1, (1 << 53) + 2, i64::MAX, i64::MIN])
                .prop_map(Pushed::Long),
            3 => prop::sample::select(vec![0.5, 3.0, 1e300]).prop_map(Pushed::Real),
            1 => any::<bool>().prop_map(Pushed::Bool),
            1 => Just(Pushed::Text("a")),
            1 => Just(Pushed::Json("{}")),
        ]
    }

    #[test]
    fn large_integers_here_and_fractions_there_are_texts() {
        let large = found([Pushed::Long((1 << 53) + 1)].into_iter());
        let fractions = found([Pushed::Real(0.5)].into_iter());
        assert_eq!(kind_of(&[large.clone(), fractions.clone()]), Some(Kind::String));
        assert_eq!(kind_of(&[fractions.clone(), large]), Some(Kind::String));
        let small = found([Pushed::Long(1 << 53)].into_iter());
        assert_eq!(kind_of(&[small, fractions]), Some(Kind::Real));
    }

    proptest! {
        #[test]
        fn any_split_of_rows_agrees_on_the_same_kind(
            rows in prop::collection::vec((values(), 0_usize..3), 1..12),
        ) {
            let whole = found(rows.iter().map(|(value, _)| *value));
            let parts: Vec<_> = (0..3)
                .map(|shard| found(rows.iter().filter(|(_, of)| *of == shard).map(|(value, _)| *value)))
                .collect();
            prop_assert_eq!(kind_of(&parts), kind_of(&[whole]));
        }
    }
}
