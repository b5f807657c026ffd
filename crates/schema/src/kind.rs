//! The kinds of value a column can hold: Kusto's scalar types.

use serde::{Deserialize, Serialize};

/// A Kusto scalar type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `true` or `false`, or null.
    Bool,
    /// 32-bit integer, or null. Stored as a long, shown as what it is.
    Int,
    /// 64-bit integer, or null.
    Long,
    /// 64-bit float, or null.
    Real,
    /// [`chartroom_base::ticks::Ticks`], or null.
    DateTime,
    /// A length of 100 ns ticks, or null.
    TimeSpan,
    /// 128-bit identifier, stored as its lower-case text, or null.
    Guid,
    /// UTF-8 text; never null: absent is the empty text.
    String,
    /// JSON text without blanks; null when absent.
    Dynamic,
    /// A number of 34 decimal digits, stored as its shortest text (`1.5`), or null. Orders by value, not as text.
    Decimal,
}

impl Kind {
    /// The name KQL uses, e.g. `datetime`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Long => "long",
            Self::Real => "real",
            Self::DateTime => "datetime",
            Self::TimeSpan => "timespan",
            Self::Guid => "guid",
            Self::String => "string",
            Self::Dynamic => "dynamic",
            Self::Decimal => "decimal",
        }
    }

    /// The kind of that KQL name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Bool,
            Self::Int,
            Self::Long,
            Self::Real,
            Self::DateTime,
            Self::TimeSpan,
            Self::Guid,
            Self::String,
            Self::Dynamic,
            Self::Decimal,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }

    /// Whether values are texts: string, dynamic, guid, decimal.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::String | Self::Dynamic | Self::Guid | Self::Decimal)
    }

    /// The kind of a found column that has held both: long → real → string; anything with dynamic → dynamic.
    #[must_use]
    pub fn widen(self, other: Self) -> Self {
        use Kind::{Dynamic, Int, Long, Real, String};
        match (self, other) {
            (a, b) if a == b => a,
            (Dynamic, _) | (_, Dynamic) => Dynamic,
            (Int, Long) | (Long, Int) => Long,
            (Int | Long, Real) | (Real, Int | Long) => Real,
            _ => String,
        }
    }
}
