//! Coordinator and shards: answers the protocol, without a browser in it.
//!
//! **Invariant:** sans-io. A [`Coordinator`] or [`Shard`] is handed messages, bytes and the time, and is asked for its
//! [`Output`]s; it never reads a clock, a file or a port by itself. The host does: a worker in the browser, a thread
//! in [`native`], a seeded scheduler in the tests. The same messages in the same order give the same outputs.
//!
//! What the host does, for both:
//! 1. Hands over every message as it arrives (`receive…`), then calls `step` until it says there is no more to do,
//!    listening to its ports between two steps. One step lasts about 8 ms at most.
//! 2. After each call takes the outputs ([`Output`] says what each asks of the host).
//! 3. Calls the coordinator's `step` again after [`Coordinator::wake_in`] milliseconds though nothing came.

pub mod coordinator;
pub mod message;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod output;
pub mod rows;
pub mod shard;
pub mod warm_up;

pub use coordinator::Coordinator;
pub use message::{FromShard, Sizes, ToShard};
pub use output::Output;
pub use shard::Shard;
pub use warm_up::WarmUp;
