//! Parts that know nothing of logs: icons, dialogs, lists.
//!
//! To add one: a file here, its line below, its sheet in `static/styles/widgets/`.

pub mod copy_button;
pub mod dialog;
pub mod icon;
pub mod marked;
pub mod prose;
pub mod scene;
pub mod virtual_list;
