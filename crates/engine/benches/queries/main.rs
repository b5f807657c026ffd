//! Questions to rows at hand, natively and on one thread, beside DuckDB over the same lines in the same run.
//!
//! `cargo bench -p chartroom_engine --bench queries -- [records] [words of questions] [--alone] [--keep]`. DuckDB is taken from Python
//! (`duckdb` of PyPI; `PYTHON` names another interpreter than `python3`); where it is not installed, that is said and its figures are
//! left out. `--alone` leaves it out, `--keep` keeps the lines for the next run. Answers of both are held against each
//! other by their number of rows; what is in them is tested elsewhere.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod data;
mod questions;

use chartroom_base::ticks::Ticks;
use chartroom_engine::native::Host;
use chartroom_protocol::{Reply, Request, result::ResultInfo};
use questions::Question;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// Times each thing is measured; the best counts.
const TIMES: usize = 3;

const PYTHON: &str = r#"
import sys, time
try:
    import duckdb
except ImportError:
    print("duckdb is not installed for this python (pip install duckdb); left out", file=sys.stderr); sys.exit()
path, times = sys.argv[1], int(sys.argv[2])
db = duckdb.connect(); db.execute("set threads = 1"); db.execute("set preserve_insertion_order = false")
start = time.perf_counter()
db.execute(f"create table t as select * from read_ndjson_auto('{path}', sample_size=20000)")
print("load", 0, (time.perf_counter() - start) * 1e3)
for number, query in enumerate(sys.argv[3:]):
    try:
        rows, took = len(db.execute(query).fetchall()), []
    except Exception as error:
        print(query, error, file=sys.stderr); continue
    # Many rows are kept as a table: making objects of them is the binding's time, not the engine's.
    kept = rows > 10_000
    for _ in range(times):
        start = time.perf_counter()
        db.execute("create or replace temp table r as " + query) if kept else db.execute(query).fetchall()
        took.append(time.perf_counter() - start)
    print(number, rows, min(took) * 1e3)
"#;

struct Options {
    records: u64,
    words: Vec<String>,
    is_alone: bool,
    keeps: bool,
}

type WriteLine = fn(u64, &mut BufWriter<fs::File>) -> std::io::Result<()>;

fn main() -> std::io::Result<()> {
    let mut options = Options { records: 1_000_000, words: Vec::new(), is_alone: false, keeps: false };
    for argument in std::env::args().skip(1) {
        match (argument.as_str(), argument.parse()) {
            ("--bench", _) => {}
            ("--alone", _) => options.is_alone = true,
            ("--keep", _) => options.keeps = true,
            (_, Ok(records)) => options.records = records,
            (word, _) => options.words.push(word.to_owned()),
        }
    }
    println!(
        "{:32} {:>10} {:>10} {:>8}",
        format!("{} rows", options.records),
        "Chartroom",
        "DuckDB",
        "share"
    );
    run(&options, "CloudTrail", data::cloudtrail, questions::CLOUDTRAIL)?;
    run(&options, "FHIR", data::fhir, questions::FHIR)
}

/// Asks all questions that match the words about lines of one kind.
fn run(options: &Options, kind: &str, write: WriteLine, questions: &[Question]) -> std::io::Result<()> {
    let is_wanted = |(name, ..): &&Question| {
        let name = format!("{kind} {name}");
        options.words.is_empty() || options.words.iter().any(|word| name.contains(word.as_str()))
    };
    let questions: Vec<&Question> = questions.iter().filter(is_wanted).collect();
    if questions.is_empty() {
        return Ok(());
    }
    let path = lines(options.records, kind, write)?;
    let theirs = if options.is_alone { BTreeMap::new() } else { duckdb(&path, &questions) };
    let mut host = Host::open(1, 8 << 30);
    let started = host.now_ms();
    host.add_paths(std::slice::from_ref(&path));
    host.wait_until_idle();
    let load = host.now_ms() - started;
    print_line(kind, "load", 0, load, theirs.get("load"));
    for (number, (name, ours, _)) in questions.iter().enumerate() {
        let mut best = f64::INFINITY;
        let mut rows = 0;
        for turn in 0..TIMES {
            let text = ours.replace("TURN", &turn.to_string());
            let started = host.now_ms();
            match ask(&mut host, text) {
                Ok(info) => rows = info.rows,
                Err(why) => println!("{name}: {why}"),
            }
            best = best.min(host.now_ms() - started);
            host.wait_until_idle();
        }
        print_line(kind, name, rows, best, theirs.get(&number.to_string()));
    }
    if !options.keeps {
        fs::remove_file(path)?;
    }
    Ok(())
}

fn ask(host: &mut Host, text: String) -> Result<ResultInfo, String> {
    match host.request(Request::Query { text, now: Ticks(0) }) {
        Reply::Result { info } => Ok(info),
        other => Err(format!("{other:?}")),
    }
}

fn print_line(kind: &str, name: &str, rows: u64, ours: f64, theirs: Option<&(u64, f64)>) {
    let name = format!("{kind}: {name}");
    let Some((their_rows, theirs)) = theirs else {
        println!("{name:40} {ours:7.1} ms");
        return;
    };
    // A count is one row there and a page of rows here: only what both give as rows is held against each other.
    let differs = if rows == *their_rows || name.ends_with("load") { "" } else { "  ROWS DIFFER" };
    println!("{name:40} {ours:7.1} ms {theirs:7.1} ms {:7.2} ×{differs}", ours / theirs);
}

fn lines(records: u64, kind: &str, write: WriteLine) -> std::io::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("chartroom-bench-{kind}-{records}.jsonl"));
    if !path.exists() {
        let part = path.with_extension("part");
        let mut out = BufWriter::new(fs::File::create(&part)?);
        for number in 0..records {
            write(number, &mut out)?;
        }
        out.flush()?;
        fs::rename(part, &path)?;
    }
    Ok(path)
}

/// Per question its rows and milliseconds; empty where DuckDB is not there.
fn duckdb(path: &Path, questions: &[&Question]) -> BTreeMap<String, (u64, f64)> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(&python);
    command.arg("-c").arg(PYTHON).arg(path).arg(TIMES.to_string());
    command.args(questions.iter().map(|(.., theirs)| theirs));
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            println!("no {python} ({error}): DuckDB is left out");
            return BTreeMap::new();
        }
    };
    print!("{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let figure = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        Some((name, (words.next()?.parse().ok()?, words.next()?.parse().ok()?)))
    };
    text.lines().filter_map(figure).collect()
}
