//! The native command: inspect and query files.

fn main() {}
