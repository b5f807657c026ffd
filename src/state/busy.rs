//! When the page has caught up with what was asked of it: `html[data-busy]`.

/// What there is to catch up with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Files are being named, read, or wait for the person.
    pub is_loading: bool,
    /// Files are being closed.
    pub is_closing: bool,
    /// Something typed has not been asked yet.
    pub is_typing: bool,
    /// A query has no answer yet.
    pub is_querying: bool,
    /// The ledger on the screen is of an older version.
    pub is_ledger_behind: bool,
    /// Rows on the screen are missing.
    pub are_rows_behind: bool,
    /// The timeline is of an older result.
    pub is_timeline_behind: bool,
}

impl Work {
    /// Whether any of it is left.
    #[must_use]
    pub const fn is_left(self) -> bool {
        self.is_loading
            || self.is_closing
            || self.is_typing
            || self.is_querying
            || self.is_ledger_behind
            || self.are_rows_behind
            || self.is_timeline_behind
    }
}
