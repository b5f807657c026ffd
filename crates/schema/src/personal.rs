//! What is personal about a column: what a masking mode has to cover.

use serde::{Deserialize, Serialize};

/// What is personal about a column's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// Nothing.
    #[default]
    No,
    /// An id that leads to a person: object id, room, patient.
    Id,
    /// A name.
    Name,
    /// A network or mail address.
    Address,
    /// A telephone number.
    Number,
    /// Text that may hold anything: addresses with search terms, parameters, messages.
    FreeText,
}

impl Personal {
    /// What is meant by a word of a description; nothing by none.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let all = [Self::Id, Self::Name, Self::Address, Self::Number, Self::FreeText];
        all.into_iter().find(|personal| personal.word() == word).unwrap_or_default()
    }

    /// The word the protocol uses; empty for nothing.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Id => "id",
            Self::Name => "name",
            Self::Address => "address",
            Self::Number => "number",
            Self::FreeText => "free_text",
        }
    }
}
