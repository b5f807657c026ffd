//! Reading and searching CloudTrail lines natively, beside DuckDB on the same file in the same run.
//!
//! `cargo bench -p chartroom_engine --bench duckdb -- [records]`. One thread each. DuckDB is taken from Python (`duckdb` of
//! PyPI); where it is not installed, that is said and its figures are left out.

use chartroom_base::ticks::Ticks;
use chartroom_engine::native::Host;
use chartroom_protocol::{Reply, Request};
use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
    process::Command,
};

/// Times each thing is measured; the best counts.
const TIMES: usize = 3;

/// What both are asked: its name, ours, theirs.
const QUESTIONS: [(&str, &str, &str); 2] = [
    (
        "count by equality",
        "AWSCloudTrail | where EventName == \"GetObject\" | count",
        "select count(*) from t where eventName = 'GetObject'",
    ),
    (
        "count by a part of a text",
        "AWSCloudTrail | where UserIdentityArn contains \"NURSE7\" | count",
        "select count(*) from t where userIdentity.arn ilike '%NURSE7%'",
    ),
];

const PYTHON: &str = r#"
import sys, time
try:
    import duckdb
except ImportError:
    print("duckdb: not installed for python3 (pip install duckdb); left out"); sys.exit()
path, times = sys.argv[1], int(sys.argv[2])
def best(work):
    took = []
    for _ in range(times):
        start = time.perf_counter(); work(); took.append(time.perf_counter() - start)
    return min(took) * 1e3
db = duckdb.connect(); db.execute("set threads = 1")
load = best(lambda: db.execute(f"create or replace table t as select * from read_ndjson_auto('{path}', sample_size=20000)"))
print(f"duckdb {duckdb.__version__}: loading: {load:.0f} ms")
for name, query in zip(sys.argv[3::2], sys.argv[4::2]):
    print(f"duckdb {duckdb.__version__}: {name}: {best(lambda: db.execute(query).fetchall()):.1f} ms")
"#;

fn write_lines(path: &Path, records: u32) -> std::io::Result<u64> {
    const NAMES: [&str; 6] =
        ["GetObject", "ReadResource", "SearchWithGet", "Decrypt", "AssumeRole", "CreateResource"];
    let mut out = BufWriter::new(fs::File::create(path)?);
    let mut seed = 88_172_645_463_325_252_u64;
    for number in 0..records {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let (user, name) = (seed % 41, NAMES.get((seed % 6) as usize).unwrap_or(&"GetObject"));
        let (day, hour, minute, second) =
            (1 + number / 86_400 % 28, number / 3_600 % 24, number / 60 % 60, number % 60);
        writeln!(
            out,
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE:nurse{user}","arn":"arn:aws:sts::012345678901:assumed-role/Clinic/nurse{user}","accountId":"012345678901","accessKeyId":"ASIAEXAMPLE{user:04}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::012345678901:role/Clinic","accountId":"012345678901","userName":"Clinic"}},"attributes":{{"creationDate":"2026-03-02T07:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}Z","eventSource":"healthlake.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{}","userAgent":"aws-sdk-java/2.25.11 Linux/5.10","requestParameters":{{"datastoreId":"0123456789abcdef0123456789abcdef","resourceType":"Patient","id":"{}"}},"responseElements":null,"requestID":"{seed:016x}","eventID":"{number:08x}-{seed:016x}","readOnly":true,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"012345678901","eventCategory":"Data"}}"#,
            seed % 200,
            seed % 9_973,
        )?;
    }
    out.flush()?;
    Ok(fs::metadata(path)?.len())
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() -> std::io::Result<()> {
    let records =
        std::env::args().skip(1).find_map(|argument| argument.parse::<u32>().ok()).unwrap_or(300_000);
    let folder = std::env::temp_dir().join(format!("chartroom-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let path = folder.join("trail.jsonl");
    let megabytes = write_lines(&path, records)? as f64 / 1e6;

    let mut loads = Vec::new();
    let mut last = None;
    for _ in 0..TIMES {
        let mut host = Host::open(1, 8 << 30);
        let started = host.now_ms();
        host.add_paths(std::slice::from_ref(&path));
        host.wait_until_read();
        loads.push(host.now_ms() - started);
        last = Some(host);
    }
    let best = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let load = best(&loads);
    println!("chartroom: loading {megabytes:.0} MB: {load:.0} ms, {:.0} MB/s", megabytes / load * 1e3);
    if let Some(mut host) = last {
        for (name, ours, _) in QUESTIONS {
            let mut took = Vec::new();
            for turn in 0..TIMES {
                let started = host.now_ms();
                // Another text each time, so that no answer is kept from the last.
                let text = format!("{ours} // {turn}");
                if let Reply::Failed { diagnostics } = host.request(Request::Query { text, now: Ticks(0) }) {
                    println!("chartroom: {name}: {diagnostics:?}");
                }
                took.push(host.now_ms() - started);
            }
            println!("chartroom: {name}: {:.1} ms", best(&took));
        }
    }
    let mut python = Command::new("python3");
    python.arg("-c").arg(PYTHON).arg(&path).arg(TIMES.to_string());
    for (name, _, theirs) in QUESTIONS {
        python.arg(name).arg(theirs);
    }
    match python.status() {
        Ok(_) => {}
        Err(err) => println!("duckdb: no python3 ({err}); left out"),
    }
    fs::remove_dir_all(&folder)
}
