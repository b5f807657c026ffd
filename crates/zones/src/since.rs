//! The bound of the tables, for the build and the crate alike.

/// 1990-01-01T00:00:00Z, in seconds of Unix. Twenty years more would cost 6.5 kB of brotli.
pub(crate) const SINCE_SECONDS: i64 = 631_152_000;
