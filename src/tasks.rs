//! Verbs that talk to the workers. Components call these and nothing below.
//!
//! What answers is an [`Answer`]; what is returned is a [`Pending`], which cancels when it is dropped: keep it in a
//! `use_mut_ref` (the next one put there cancels the one before), or call [`Pending::detach`].

mod answer;
mod edit;
mod load;
mod look;
mod query;
mod save;

pub use answer::Answer;
pub use edit::ask_editor;
pub use load::{
    cancel_load, choose, close_files, give_password, open, open_dropped, open_files, overrule, paste,
    set_budget,
};
pub use look::{LedgerPage, export_ledger, fetch_ledger, fetch_log_types, fetch_raw, fetch_record};
pub use query::{RowsPage, fetch_rows, fetch_timeline, find_position, run_query};
pub use save::{Saving, save_rows};
