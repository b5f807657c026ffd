//! Light, dark, or as the system says: `data-theme` on `html`, which the tokens read.

use super::{storage, window};

/// What the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

const KEY: &str = "theme";

impl Theme {
    /// The word in `data-theme` and in storage.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of an earlier visit.
    #[must_use]
    pub fn stored() -> Self {
        match storage::get(KEY).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Shows the page in it and keeps it for the next visit.
    pub fn choose(self) {
        self.apply();
        storage::set(KEY, self.word());
    }

    /// Shows the page in it.
    pub fn apply(self) {
        let Some(root) = window().document().and_then(|document| document.document_element()) else { return };
        // Attributes of the root element can always be set.
        if self == Self::System {
            root.remove_attribute("data-theme").ok();
        } else {
            root.set_attribute("data-theme", self.word()).ok();
        }
    }
}
