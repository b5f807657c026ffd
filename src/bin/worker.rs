//! Hosts the coordinator or a shard in a worker.

fn main() {}
