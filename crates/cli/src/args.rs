//! What was typed, checked.

use crate::format::Format;
use chartroom_protocol::clock::ClockChoice;
use chartroom_protocol::request::Overrule;
use lexopt::{Arg, Parser, ValueExt as _};
use std::path::PathBuf;

/// One screen, for wrong usage.
pub(crate) const USAGE: &str = "\
usage: chartroom inspect [OPTIONS] FILES…
       chartroom query [OPTIONS] 'KQL' [FILES…]
more:  chartroom --help";

/// All of it.
pub(crate) const HELP: &str = "\
Reads exported cloud logs and answers questions about them. Nothing leaves the machine.

usage: chartroom inspect [OPTIONS] FILES…          what was read of each file, and what was not
       chartroom query [OPTIONS] 'KQL' [FILES…]    the answer to a query over all of them

FILES are files and folders (taken with all that is in them); zip, tar, gzip, bzip2 and zstd are recognized by content
and opened.
Without files a query runs on no data.

  -f, --format FORMAT   table (the default), csv, ndjson or json
      --shards N        threads that read and search, 1 to 64 (the machine's cores, at most 8)
      --budget MB       memory that rows may take; reading stops there and says where
      --now CLOCK       what now() is in a query: records (the default: the newest record's time, when that is older
                        than 15 minutes), or clock
      --password-file FILE   the password of encrypted zips: the file's first line
      --format FILE.toml     a log type of your own; inspect then shows each column it reads
      --begin-format ID      inspect writes the beginning of such a file, from a sample of its records

What was recognized can be overruled, for all files given:
      --as TYPE              the log type, by its id
      --zone ZONE            of times that name none: Asia/Jerusalem, +02:00
      --day-order ORDER      day-first or month-first
      --encoding ENCODING    utf-8, utf-16le, utf-16be or windows-1252
      --delimiter SIGN       between the cells of a table; tab for a tabulator
  -h, --help            this text
  -V, --version         the version

exit codes: 0 all is well; 1 the query is wrong, or a file could not be read whole; 2 wrong usage

examples:
  chartroom query 'AWSCloudTrail | where ErrorCode == \"AccessDenied\" | count' logs/
  chartroom inspect --format json export.json.gz
  chartroom inspect --format my_app.toml my_app.log
  chartroom inspect --day-order day-first --zone Asia/Jerusalem report.csv
";

/// What to do, to which files, and how to print it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) command: Command,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) format: Format,
    /// Threads; `None`: as many as the machine has cores, at most 8.
    pub(crate) shards: Option<u32>,
    /// Bytes; `None`: no bound.
    pub(crate) budget: Option<u64>,
    /// What `now()` is.
    pub(crate) now: ClockChoice,
    /// Where the password of encrypted members is.
    pub(crate) password_file: Option<PathBuf>,
    /// A log type of the person's own.
    pub(crate) own: Option<PathBuf>,
    /// Begins the file of a log type of that id from what the files show.
    pub(crate) begin: Option<String>,
    /// How all files are to be read, where that is not as they are recognized.
    pub(crate) overrule: Overrule,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Inspect,
    Query(String),
    Help,
    Version,
}

impl Args {
    /// Of this process.
    pub(crate) fn from_env() -> Result<Self, String> {
        parse(Parser::from_env()).map_err(|error| error.to_string())
    }
}

fn now(text: &str) -> Result<ClockChoice, String> {
    match text {
        "records" => Ok(ClockChoice::Records),
        "clock" => Ok(ClockChoice::Machine),
        other => Err(format!(
            "--now is records or clock, not {other:?}; `set query_now=…;` in the query takes any time"
        )),
    }
}

fn parse(mut parser: Parser) -> Result<Args, lexopt::Error> {
    let mut words = Vec::new();
    let mut args = Args {
        command: Command::Help,
        files: Vec::new(),
        format: Format::Table,
        shards: None,
        budget: None,
        now: ClockChoice::Records,
        password_file: None,
        own: None,
        begin: None,
        overrule: Overrule::default(),
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(args),
            Arg::Short('V') | Arg::Long("version") => {
                args.command = Command::Version;
                return Ok(args);
            }
            Arg::Short('f') | Arg::Long("format") => {
                let format = parser.value()?.string()?;
                if format.ends_with(".toml") {
                    args.own = Some(format.into());
                } else {
                    args.format = format.parse()?;
                }
            }
            Arg::Long("begin-format") => args.begin = Some(parser.value()?.string()?),
            Arg::Long("as") => args.overrule.format = Some(parser.value()?.string()?),
            Arg::Long("zone") => args.overrule.zone = Some(parser.value()?.string()?),
            Arg::Long("encoding") => args.overrule.encoding = Some(parser.value()?.string()?),
            Arg::Long("delimiter") => {
                let sign = parser.value()?.string()?;
                args.overrule.delimiter =
                    Some(if matches!(sign.as_str(), "tab" | "\\t") { "\t".to_owned() } else { sign });
            }
            Arg::Long("day-order") => {
                args.overrule.is_day_first = Some(match parser.value()?.string()?.as_str() {
                    "day-first" => true,
                    "month-first" => false,
                    other => {
                        return Err(format!("--day-order is day-first or month-first, not {other:?}").into());
                    }
                });
            }
            Arg::Long("shards") => {
                let shards = parser.value()?.parse()?;
                if !(1..=64).contains(&shards) {
                    return Err("--shards is 1 to 64".into());
                }
                args.shards = Some(shards);
            }
            Arg::Long("budget") => {
                let megabytes: u32 = parser.value()?.parse()?;
                args.budget = Some(u64::from(megabytes) << 20);
            }
            Arg::Long("now") => args.now = parser.value()?.parse_with(now)?,
            Arg::Long("password-file") => args.password_file = Some(parser.value()?.into()),
            Arg::Value(word) => words.push(word),
            Arg::Short(_) | Arg::Long(_) => return Err(arg.unexpected()),
        }
    }
    let mut words = words.into_iter();
    let command = words.next().ok_or("what is to be done: inspect or query")?.string()?;
    args.command = match command.as_str() {
        "inspect" => Command::Inspect,
        "query" => Command::Query(words.next().ok_or("`query` wants the query's text")?.string()?),
        "help" => return Ok(args),
        other => return Err(format!("there is no command {other:?}, only inspect and query").into()),
    };
    args.files = words.map(PathBuf::from).collect();
    if args.command == Command::Inspect && args.files.is_empty() {
        return Err("`inspect` wants files or folders".into());
    }
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Args, String> {
        parse(Parser::from_args(words)).map_err(|error| error.to_string())
    }

    #[test]
    fn options_stand_anywhere() {
        let args = parsed(&["query", "T | count", "--format=csv", "a", "--shards", "2", "b"]).unwrap();
        assert_eq!(args.command, Command::Query("T | count".to_owned()));
        assert_eq!(args.files, [PathBuf::from("a"), PathBuf::from("b")]);
        assert_eq!((args.format, args.shards), (Format::Csv, Some(2)));
    }

    #[test]
    fn a_query_needs_no_files_but_inspect_does() {
        assert!(parsed(&["query", "print 1"]).unwrap().files.is_empty());
        assert!(parsed(&["inspect"]).unwrap_err().contains("wants files"));
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (words, what) in [
            (&["explode"][..], "explode"),
            (&["query"], "query's text"),
            (&[], "inspect or query"),
            (&["inspect", "--loud", "x"], "loud"),
            (&["inspect", "--format", "xml", "x"], "xml"),
            (&["inspect", "--shards", "0", "x"], "1 to 64"),
            (&["query", "--now", "noon", "print now()"], "records or clock"),
            (&["inspect", "--day-order", "x", "x"], "day-first"),
        ] {
            let error = parsed(words).unwrap_err();
            assert!(error.contains(what), "{error}");
        }
    }
}
