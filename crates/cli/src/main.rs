//! The native command: `chartroom inspect FILES…` and `chartroom query 'TEXT' FILES…`.
//!
//! **Invariants:** results go to standard output, everything else to standard error; the exit code is 0 when all is
//! well, 1 when the query or a file is wrong, 2 when the command itself is. The same engine as the page, with threads
//! for shards.

#![expect(clippy::disallowed_types, reason = "native: `now()` in a query is this machine's clock")]

mod args;
mod format;
mod inspect;
mod load;
mod query;

use args::{Args, Command};
use std::{
    io::{self, BufWriter, Write as _},
    process::ExitCode,
};

/// Why a command did not do all that it should have.
#[derive(Debug)]
enum Failure {
    /// The query or a file is wrong; said on standard error already.
    Wrong,
    /// What was printed could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn main() -> ExitCode {
    let args = match Args::from_env() {
        Ok(args) => args,
        Err(message) => {
            eprintln!("error: {message}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = match &args.command {
        Command::Help => out.write_all(args::HELP.as_bytes()).map_err(Failure::from),
        Command::Version => writeln!(out, "chartroom {}", env!("CARGO_PKG_VERSION")).map_err(Failure::from),
        Command::Inspect => inspect::run(&args, &mut out),
        Command::Query(text) => query::run(&args, text, &mut out),
    };
    match outcome.and_then(|()| out.flush().map_err(Failure::from)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has had enough (`| head`): that is no fault.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            eprintln!("error: the result could not be written: {error}");
            ExitCode::FAILURE
        }
        Err(Failure::Wrong) => {
            // What there is, is written though.
            out.flush().ok();
            ExitCode::FAILURE
        }
    }
}
