//! Shared fields and tables as data.
//!
//! **Invariant:** knows what columns are called and mean, never where their values come from.

pub mod fields;
pub mod kind;
pub mod measure;
pub mod personal;
pub mod table;
pub mod views;
