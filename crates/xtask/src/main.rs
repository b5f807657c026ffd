//! Sets up, builds, serves, tests and measures Chartroom.

fn main() {}
