//! KQL text to tokens to tree, with a place for everything and a message for whatever cannot be read.
//!
//! **Invariant:** every text has tokens that give it back, and a tree, however broken it is; nothing here panics, and
//! nesting is bounded ([`ast::MAX_HEIGHT`]). Nothing here knows tables or functions: names are looked up by whoever binds
//! the tree. The page links this crate, so it stays small: no regular expressions, no tables of data.
//!
//! To add an operator: a variant of [`ast::OperatorKind`], an arm in `parse/operator.rs`, its keyword in [`keyword`].
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

pub mod ast;
mod format;
pub mod highlight;
pub mod keyword;
mod lex;
mod literal;
mod parse;
mod print;
mod search;
pub mod token;

pub use format::format;
pub use lex::tokens;
pub use literal::{parse_datetime, parse_timespan, quote};
pub use parse::{Parsed, parse, parse_expression};
pub use print::{print, print_expression, print_name, print_query, print_table};
pub use search::{Search, Term, parse_search, search_to_kql};
