//! What `cargo xtask` does, one module a command; [`serve`] is used by the journeys too.
//!
//! **Invariant:** host only, nearly no dependencies, no network once everything is installed. Whatever fails says
//! what was tried and what to do about it ([`report::Failure`]).
//!
//! A new command: a module here, one arm and one line of help in `main.rs`.

#![expect(clippy::print_stdout, reason = "a command speaks on standard output")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "host only: steps are timed, and the static server has threads"
)]

pub mod bench;
pub mod build;
pub mod dist;
pub mod new;
pub mod report;
pub mod root;
pub mod run;
pub mod serve;
pub mod setup;
pub mod size;
pub mod test;
