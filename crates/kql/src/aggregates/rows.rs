//! What an update gets: groups, arguments and keys of a block of rows.

use crate::{frame::Vector, value::Value};

/// Who a row is, in the order in which rows stand: file, offset and number, or the place in a sorted input. Unique within
/// one update's table, but for rows that one row was expanded to: those stay in the order in which they come.
pub type RowKey = u128;

/// In [`Rows::groups`]: the row belongs to no group.
pub const SKIP: u32 = u32::MAX;

/// A block of rows.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'b, 'a> {
    /// Per row its group, or [`SKIP`].
    pub groups: &'b [u32],
    /// The arguments, as many as the call has.
    pub arguments: &'b [Argument<'b, 'a>],
    /// Per row its key; none for states that do not [need](super::States::needs_keys) them.
    pub keys: &'b [RowKey],
}

/// The values of one argument over a block of rows.
#[derive(Clone, Debug)]
pub enum Argument<'b, 'a> {
    /// The same for every row.
    Constant(Value<'a>),
    /// A column of a frame, whose texts may be a dictionary.
    Column(&'b Vector),
    /// A value a row.
    Values(&'b [Value<'a>]),
    /// Whole numbers, times or timespans; null where it is not valid.
    Longs(&'b [i64], Option<&'b [bool]>),
    /// Floats; null where it is not valid.
    Reals(&'b [f64], Option<&'b [bool]>),
}

fn is_valid(valid: Option<&[bool]>, row: usize) -> bool {
    valid.is_none_or(|valid| valid.get(row) == Some(&true))
}

impl Argument<'_, '_> {
    /// The value of a row.
    #[must_use]
    pub fn value(&self, row: usize) -> Value<'_> {
        match self {
            Self::Constant(value) => value.borrow(),
            Self::Values(values) => values.get(row).map_or(Value::Null, Value::borrow),
            Self::Column(column) => column.get(row),
            Self::Longs(..) => self.long(row).map_or(Value::Null, Value::Long),
            Self::Reals(..) => self.real(row).map_or(Value::Null, Value::Real),
        }
    }

    /// The whole number of a row.
    #[must_use]
    pub fn long(&self, row: usize) -> Option<i64> {
        match self {
            Self::Constant(value) => value.long(),
            Self::Values(values) => values.get(row).and_then(Value::long),
            Self::Column(column) => column.get(row).long(),
            Self::Longs(values, valid) => values.get(row).copied().filter(|_| is_valid(*valid, row)),
            Self::Reals(..) => None,
        }
    }

    /// The number of a row as a float.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "Kusto promotes so")]
    pub fn real(&self, row: usize) -> Option<f64> {
        match self {
            Self::Constant(value) => value.real(),
            Self::Values(values) => values.get(row).and_then(Value::real),
            Self::Column(column) => column.get(row).real(),
            Self::Longs(..) => self.long(row).map(|long| long as f64),
            Self::Reals(values, valid) => values.get(row).copied().filter(|_| is_valid(*valid, row)),
        }
    }
}

impl<'b, 'a> Rows<'b, 'a> {
    /// Per row that has a group: its place in the block, its group.
    pub fn placed(&self) -> impl Iterator<Item = (usize, usize)> + use<'b, 'a> {
        let groups = self.groups.iter().enumerate().filter(|(_, group)| **group != SKIP);
        groups.map(|(row, group)| (row, usize::try_from(*group).unwrap_or(usize::MAX)))
    }

    /// The argument of that number; null when it was left out.
    #[must_use]
    pub fn argument(&self, at: usize) -> &'b Argument<'b, 'a> {
        const NONE: &Argument<'_, '_> = &Argument::Constant(Value::Null);
        self.arguments.get(at).unwrap_or(NONE)
    }

    /// The key of a row.
    #[must_use]
    pub fn key(&self, row: usize) -> RowKey {
        self.keys.get(row).copied().unwrap_or_default()
    }
}
