//! How fast a job is, framing and ledger included: files in memory, one thread, MB/s of the best of several passes.
//!
//! `cargo run --release -p chartroom_ingest --example job_bench [-- megabytes]`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::disallowed_types, reason = "a native program may look at the clock")]

use chartroom_ingest::job::Job;
use chartroom_ingest::{Part, Reader, Step, Task, formats};
use chartroom_store::Store;
use std::io::Write;
use std::time::Instant;

const RECORD: &str = r#"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE0123456789:nurse7","arn":"arn:aws:sts::012345678901:assumed-role/Clinic/nurse7","accountId":"012345678901","sessionContext":{"attributes":{"creationDate":"2026-03-02T07:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2026-03-02T08:15:30Z","eventSource":"healthlake.amazonaws.com","eventName":"ReadResource","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userAgent":"aws-sdk-java/2.25.11 Linux/5.10 OpenJDK_64-Bit_Server_VM/17","requestParameters":{"datastoreId":"0123456789abcdef0123456789abcdef","resourceType":"Patient","id":"4711"},"responseElements":null,"requestID":"NUMBER-4a5b-8c9d","eventID":"NUMBER","readOnly":true,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"012345678901","eventCategory":"Data"}"#;

fn records(megabytes: usize) -> Vec<String> {
    let count = megabytes * 1_000_000 / RECORD.len();
    (0..count)
        .map(|number| RECORD.replace("NUMBER", &format!("{number:08x}-{:04x}", number * 7 % 65_536)))
        .collect()
}

fn pretty(record: &str) -> String {
    serde_json::from_str::<serde_json::Value>(record)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_default()
}

/// Memory per byte as a probe foretells it.
fn foretold(bytes: &[u8]) -> f64 {
    let (mut store, mut reader) = (Store::new(), Reader::new(formats()));
    let mut job = Job::new(Task { size: bytes.len() as u64, part: Part::Probe, ..Task::default() });
    loop {
        while let Some(range) = job.wants() {
            let slice = bytes.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec();
            job.deliver(range.start, Ok(slice));
        }
        if let Step::Probed(probe) = job.step(&mut store, &mut reader, 4 << 20) {
            return probe.memory_per_byte;
        }
    }
}

/// Seconds, records, cuts and memory of one pass.
fn pass(bytes: &[u8], part: Part) -> (f64, u64, u64, usize) {
    let (mut store, mut reader) = (Store::new(), Reader::new(formats()));
    let task = Task { size: bytes.len() as u64, part, ..Task::default() };
    let mut job = Job::new(task);
    let mut cuts = 0;
    let mut spent = 0.0;
    loop {
        while let Some(range) = job.wants() {
            let slice = bytes.get(range.start as usize..range.end as usize).unwrap_or_default().to_vec();
            job.deliver(range.start, Ok(slice));
        }
        let begin = Instant::now();
        let step = job.step(&mut store, &mut reader, 4 << 20);
        spent += begin.elapsed().as_secs_f64();
        match step {
            Step::Done(report) => return (spent, report.stored, cuts, store.memory()),
            Step::Cut { .. } => cuts += 1,
            Step::Working | Step::Waiting => {}
            Step::HandBack
            | Step::Archive { .. }
            | Step::Members { .. }
            | Step::Within(_)
            | Step::Probed(_) => {
                return (spent, 0, cuts, 0);
            }
        }
    }
}

fn show(what: &str, bytes: &[u8], megabytes: f64, part: &Part) {
    let best = (0..5).map(|_| pass(bytes, part.clone())).min_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, stored, cuts, memory) = best.unwrap_or_default();
    let (speed, share) = (megabytes / seconds, memory as f64 / 1e6 / megabytes);
    println!("{what:34} {speed:6.0} MB/s  {stored} records, {cuts} cuts, memory {share:.3} of the input");
}

fn main() {
    let megabytes = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100);
    let records = records(megabytes);
    let lines = records.join("\n");
    let wrapped = format!("{{\"Records\":[{}]}}", records.join(","));
    let pretty: String = records.iter().map(|record| pretty(record) + "\n").collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(lines.as_bytes()).unwrap_or_default();
    let packed = packed.finish().unwrap_or_default();
    for (name, bytes, size) in [
        ("lines", lines.as_bytes(), lines.len()),
        ("Records on one line", wrapped.as_bytes(), wrapped.len()),
        ("pretty", pretty.as_bytes(), pretty.len()),
        ("gzip of lines", &packed[..], lines.len()),
    ] {
        let megabytes = size as f64 / 1e6;
        println!("a probe of {name} foretells {:.3}", foretold(bytes));
        show(name, bytes, megabytes, &Part::Whole);
        show(&format!("{name}, framed only"), bytes, megabytes, &Part::Frame);
    }
}
