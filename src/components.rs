//! What is on the screen. They know the state; one per file, a folder when it has parts.
//!
//! To add one: `components/<name>.rs`, its line below, `static/styles/components/<name>.css` with its `<link>` in
//! `index.html`, `tests/components/<name>.rs`.

pub mod app;
pub mod budget_dialog;
pub mod cell;
pub mod chart;
pub mod completion_list;
pub mod data_row;
pub mod data_table;
pub mod drop_overlay;
pub mod editor;
pub mod empty_page;
pub mod file_drawer;
pub mod json_tree;
pub mod keep_format;
pub mod ledger;
pub mod ledger_group;
pub mod ledger_row;
pub mod load_bar;
pub mod mark;
pub mod notes;
pub mod notice_list;
pub mod over_budget;
pub mod password_dialog;
pub mod paste_dialog;
pub mod query_bar;
pub mod raw_view;
pub mod read_as;
pub mod record_drawer;
pub mod save_rows;
pub mod search_box;
pub mod table_picker;
pub mod timeline;
pub mod top_bar;
pub mod workbench;
