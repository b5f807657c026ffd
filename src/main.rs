//! Mounts the application on the page.

fn main() {}
