//! How fast the reader is: generated CloudTrail lines, one thread, MB/s of the best of several passes.
//!
//! `cargo run --release -p chartroom_ingest --example read_bench [-- records | file of lines]`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::disallowed_types, reason = "a native program may look at the clock")]

use chartroom_ingest::formats;
use chartroom_ingest::reader::{Block, Length, Outcome, Read, Reader, RowPlace};
use chartroom_store::Store;
use std::fmt::Write;
use std::time::Instant;

/// CloudTrail as a busy account writes it: a few callers, many requests, optional keys, lists, nulls.
fn cloudtrail(records: u64) -> String {
    const CALLS: [(&str, &str, &str); 6] = [
        (
            "healthlake",
            "ReadResource",
            r#"{"datastoreId":"0123456789abcdef0123456789abcdef","resourceType":"Patient","id":"ID"}"#,
        ),
        (
            "healthlake",
            "SearchWithGet",
            r#"{"datastoreId":"0123456789abcdef0123456789abcdef","resourceType":"Observation","queryParameters":{"subject":"Patient/ID","_count":"50"}}"#,
        ),
        (
            "s3",
            "GetObject",
            r#"{"bucketName":"clinic-imaging-archive","Host":"clinic-imaging-archive.s3.us-east-1.amazonaws.com","key":"study/ID/instance.dcm"}"#,
        ),
        (
            "sts",
            "AssumeRole",
            r#"{"roleArn":"arn:aws:iam::012345678901:role/Clinic","roleSessionName":"nurseID","durationSeconds":3600}"#,
        ),
        (
            "kms",
            "Decrypt",
            r#"{"encryptionContext":{"aws:healthlake:datastoreId":"0123456789abcdef0123456789abcdef"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#,
        ),
        (
            "ec2",
            "DescribeInstances",
            r#"{"instancesSet":{"items":[{"instanceId":"i-0ID"}]},"filterSet":{},"maxResults":100}"#,
        ),
    ];
    let mut out = String::new();
    let mut seed = 88_172_645_463_325_252_u64;
    for record in 0..records {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let (service, name, parameters) =
            CALLS.get((seed % 6) as usize).copied().unwrap_or(("s3", "GetObject", "{}"));
        let parameters = parameters.replace("ID", &(seed % 9_973).to_string());
        let user = seed % 41;
        let error = if seed.is_multiple_of(23) {
            r#""errorCode":"AccessDenied","errorMessage":"not authorized to perform this","#
        } else {
            ""
        };
        let second = record / 40;
        let time = format!(
            "2026-03-{:02}T{:02}:{:02}:{:02}Z",
            1 + second / 86_400 % 28,
            second / 3_600 % 24,
            second / 60 % 60,
            second % 60
        );
        writeln!(out, r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE0123456789:nurse{user}","arn":"arn:aws:sts::012345678901:assumed-role/Clinic/nurse{user}","accountId":"012345678901","accessKeyId":"ASIAEXAMPLE{user:04}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE0123456789","arn":"arn:aws:iam::012345678901:role/Clinic","accountId":"012345678901","userName":"Clinic"}},"attributes":{{"creationDate":"2026-03-02T07:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{}","userAgent":"aws-sdk-java/2.25.11 Linux/5.10 OpenJDK_64-Bit_Server_VM/17",{error}"requestParameters":{parameters},"responseElements":null,"requestID":"{:08x}-{:04x}-4a5b-8c9d-{seed:016x}","eventID":"{:016x}-{record:08x}","readOnly":true,"eventType":"AwsApiCall","managementEvent":{},"recipientAccountId":"012345678901","eventCategory":"{}","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{service}.us-east-1.amazonaws.com"}}}}"#,
            seed % 200, seed >> 32, seed % 65_536, seed.rotate_left(17), !seed.is_multiple_of(3), if seed.is_multiple_of(3) { "Data" } else { "Management" }).unwrap_or_default();
    }
    out
}

/// Seconds of processor time where the system tells (Linux), else of the clock: other programs' work does not count.
fn seconds(since: Instant) -> f64 {
    let spent = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = spent.and_then(|text| text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()));
    nanos.map_or_else(|| since.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}

fn main() {
    let clock = Instant::now();
    let argument = std::env::args().nth(1).unwrap_or_else(|| "150000".to_owned());
    let text = match argument.parse() {
        Ok(records) => cloudtrail(records),
        Err(_) => std::fs::read_to_string(&argument).unwrap_or_default(),
    };
    let records = text.lines().count() as u64;
    let bytes = text.as_bytes();
    println!(
        "{records} records, {:.1} MB, {} bytes each",
        bytes.len() as f64 / 1e6,
        bytes.len() as u64 / records.max(1)
    );
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let mut store = Store::new();
        let mut reader = Reader::new(formats());
        let begin = seconds(clock);
        let mut stored = 0;
        // As the job reads: pieces of 4 MiB, each checked once; what is cut at the end begins the next.
        let mut from = 0;
        while from < bytes.len() {
            let to = (from + (4 << 20)).min(bytes.len());
            let block = Block::new(bytes.get(from..to).unwrap_or_default());
            let is_last = to == bytes.len();
            let mut at = 0;
            loop {
                while block.bytes().get(at).is_some_and(u8::is_ascii_whitespace) {
                    at += 1;
                }
                if at >= block.bytes().len() {
                    break;
                }
                let place = RowPlace {
                    file: 0,
                    offset: (from + at) as u64,
                    number: 0,
                    is_line: true,
                    length: Length::default(),
                };
                match reader.read(&mut store, block, at, is_last, place) {
                    Read::Done { end, outcome } => {
                        stored += u64::from(matches!(outcome, Outcome::Stored { .. }));
                        at = end;
                    }
                    Read::NeedMore => break,
                    Read::Broken { at, fault } => {
                        println!("broken at {at}: {fault}");
                        return;
                    }
                }
            }
            from += at.max(1);
        }
        let took = seconds(clock) - begin;
        best = best.min(took);
        println!(
            "{stored} stored, {:.0} MB/s, store {:.1} MB ({:.2} of the input)",
            bytes.len() as f64 / took / 1e6,
            store.memory() as f64 / 1e6,
            store.memory() as f64 / bytes.len() as f64
        );
    }
    // A peer in the same run, for machines that are busy: the same lines into trees of values, kept nowhere.
    let mut peer = f64::INFINITY;
    for _ in 0..3 {
        let begin = seconds(clock);
        for line in text.lines() {
            let value: Result<serde_json::Value, _> = serde_json::from_str(line);
            std::hint::black_box(value.is_ok());
        }
        peer = peer.min(seconds(clock) - begin);
    }
    let rate = |seconds: f64| bytes.len() as f64 / seconds / 1e6;
    println!(
        "best: {:.0} MB/s; serde_json::Value {:.0} MB/s; {:.1} times",
        rate(best),
        rate(peer),
        peer / best
    );
}
