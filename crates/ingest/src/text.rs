//! Bytes of JSON, before they mean anything: where strings and values end, what an escape stands for, a value without blanks.
//!
//! **Invariant:** a value ends exactly where quotes, escapes and depth say, so a framer that knows only these agrees.

pub(crate) mod block;
pub(crate) mod compact;
pub(crate) mod cursor;
pub(crate) mod stops;
pub(crate) mod unescape;
