//! Files into the engine, and what became of them.

use crate::{Failure, args::Args};
use chartroom_engine::native::Host;
use chartroom_protocol::{
    Event, Reply, Request,
    ledger::{FileStatus, LedgerFile},
    request::{LoadChoice, Overrule},
};
use std::path::Path;

/// So many files of the ledger come with one request.
const LEDGER_PAGE: u32 = 1_000;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// All rows are in.
    Read,
    /// They are compared with each other, too.
    Compared,
    /// The hashes of all files are known, too.
    Hashed,
}

/// An engine that has read all files, as far as the budget goes.
///
/// # Errors
/// [`Failure::Wrong`] when the file of the password or of a log type cannot be used, or a way to read files is none; said on standard
/// error.
pub(crate) fn load(args: &Args, until: Until) -> Result<Host, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let shards = args.shards.unwrap_or_else(|| u32::try_from(cores.min(8)).unwrap_or(1));
    // Without a bound of its own: the machine's memory is the person's to spend.
    let mut host = Host::open(shards, args.budget.unwrap_or(u64::MAX >> 8));
    if args.files.is_empty() {
        return Ok(host);
    }
    if let Some(path) = &args.password_file {
        let text = std::fs::read_to_string(path).map_err(|error| {
            eprintln!("error: {}: the password cannot be read: {error}", path.display());
            Failure::Wrong
        })?;
        let password = text.lines().next().unwrap_or_default().to_owned();
        host.request(Request::Password { file: None, password });
    }
    if let Some(own) = &args.own {
        host.add_paths(std::slice::from_ref(own));
        wait(&mut host, Until::Read);
        check_own(&mut host, own)?;
    }
    host.add_paths(&args.files);
    wait(&mut host, until);
    if args.overrule != Overrule::default() {
        overrule(&mut host, &args.overrule)?;
        // Rows that were read before leave memory behind; those that stay may be on the move at the end of the load.
        wait(&mut host, Until::Hashed);
    }
    Ok(host)
}

fn wait(host: &mut Host, until: Until) {
    loop {
        match until {
            Until::Read => host.wait_until_read(),
            Until::Compared => host.wait_until_compared(),
            Until::Hashed => host.wait_until_idle(),
        }
        if !answer_events(host) {
            return;
        }
    }
}

/// Says what is wrong with a log type of the person's own.
fn check_own(host: &mut Host, path: &Path) -> Result<(), Failure> {
    let Some(file) = ledger(host).pop() else { return Err(Failure::Wrong) };
    if file.own_format.is_some() {
        return Ok(());
    }
    if file.problems.is_empty() {
        eprintln!("error: {}: no log type: it has neither an id nor a [map]", path.display());
    }
    for problem in &file.problems {
        let line = problem.line.map_or_else(String::new, |line| format!("line {line}, "));
        eprintln!("error: {}: {line}{}", path.display(), problem.reason);
    }
    Err(Failure::Wrong)
}

/// Has all files read as the person says.
fn overrule(host: &mut Host, overrule: &Overrule) -> Result<(), Failure> {
    let files: Vec<LedgerFile> = ledger(host).into_iter().filter(|file| file.own_format.is_none()).collect();
    for file in files {
        let request = Request::Overrule { file: file.file, is_alike: false, overrule: overrule.clone() };
        if let Reply::Failed { diagnostics } = host.request(request) {
            for diagnostic in diagnostics {
                eprintln!("error: {}", diagnostic.message);
            }
            return Err(Failure::Wrong);
        }
    }
    Ok(())
}

/// Says what the engine has to say; whether more is to be done now.
fn answer_events(host: &mut Host) -> bool {
    let mut has_chosen = false;
    for event in host.take_events() {
        match event {
            Event::OverBudget { files, estimate, budget, .. } => {
                eprintln!("note: {files} files need about {estimate} B of memory, {budget} B are allowed");
                // Nobody is there to be asked: in order of path, up to the budget, and it says where it stopped.
                host.request(Request::Choose { choice: LoadChoice::UpToBudget });
                has_chosen = true;
            }
            Event::StoppedAtBudget { path, byte, files_left, .. } => {
                eprintln!(
                    "note: reading stopped at the budget, in {path} at byte {byte}; {files_left} files were not read"
                );
            }
            Event::PasswordWanted { path, is_wrong: false, .. } => {
                eprintln!("note: {path} has encrypted members; give the password with --password-file");
            }
            Event::PasswordWanted { path, is_wrong: true, .. } => {
                eprintln!("note: {path}: the password of --password-file is not the one");
            }
            Event::Notice { text } => eprintln!("note: {text}"),
            Event::Ready { .. }
            | Event::Status { .. }
            | Event::WantShards { .. }
            | Event::RestartShard { .. }
            | Event::Grown { .. }
            | Event::Noted { .. } => {}
        }
    }
    has_chosen
}

/// All files of the ledger, by path.
pub(crate) fn ledger(host: &mut Host) -> Vec<LedgerFile> {
    let mut all = Vec::new();
    loop {
        let start = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let request = Request::Ledger { start, count: LEDGER_PAGE, filter: String::new() };
        let Reply::Ledger { total, files, .. } = host.request(request) else { break };
        let is_last = files.is_empty();
        all.extend(files);
        if is_last || all.len() >= usize::try_from(total).unwrap_or(usize::MAX) {
            break;
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Names on standard error what could not be read whole, and what was rejected.
///
/// # Errors
/// [`Failure::Wrong`] when a file could not be read, or not to its end. A rejected record alone is no failure: the
/// file was read, and the ledger has the record.
pub(crate) fn report(files: &[LedgerFile]) -> Result<(), Failure> {
    let mut is_wrong = false;
    for file in files {
        let first = file.problems.first();
        match file.status {
            FileStatus::Failed | FileStatus::Partial => {
                is_wrong = true;
                let state = if file.status == FileStatus::Failed {
                    "could not be read"
                } else {
                    "was not read whole"
                };
                let why = first.map_or(file.why.as_str(), |problem| problem.reason.as_str());
                eprintln!("error: {}: {state}: {why}", file.path);
            }
            FileStatus::Done | FileStatus::Skipped | FileStatus::Reading => {
                if file.rejected > 0 {
                    let place = first
                        .and_then(|problem| problem.line)
                        .map_or(String::new(), |line| format!(":{line}"));
                    let why = first.map_or("", |problem| problem.reason.as_str());
                    eprintln!(
                        "note: {}{place}: {} records rejected, the first: {why}",
                        file.path, file.rejected
                    );
                }
            }
        }
    }
    if is_wrong { Err(Failure::Wrong) } else { Ok(()) }
}
