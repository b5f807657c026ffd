//! Loads a million CloudTrail records natively and measures how soon a query is answered and a cancel heard meanwhile.
//!
//! `cargo bench -p chartroom_engine --bench stepping -- [shards] [records]`

use chartroom_base::ticks::Ticks;
use chartroom_engine::native::Host;
use chartroom_protocol::{Reply, Request};
use std::time::Duration;

fn record(number: u32, out: &mut String) {
    use std::fmt::Write as _;
    let (hour, minute, second) = (number / 3_600 % 24, number / 60 % 60, number % 60);
    // Writing to a String cannot fail.
    writeln!(
        out,
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"AssumedRole","principalId":"AROA{}:s","arn":"arn:aws:sts::111122223333:assumed-role/r{}/s","accountId":"111122223333","sessionContext":{{"attributes":{{"mfaAuthenticated":"false","creationDate":"2023-07-10T10:00:00Z"}}}}}},"eventTime":"2023-07-{:02}T{hour:02}:{minute:02}:{second:02}Z","eventSource":"healthlake.amazonaws.com","eventName":"ReadResource","awsRegion":"us-east-1","sourceIPAddress":"10.0.{}.{}","userAgent":"aws-sdk-java/1.12","requestParameters":{{"datastoreId":"d{}","resourceType":"Patient","resourceId":"{number:08x}"}},"responseElements":null,"requestID":"{number:08x}-r","eventID":"{number:08x}-e","readOnly":true,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data"}}"#,
        number % 50,
        number % 50,
        1 + number / 86_400 % 28,
        number % 250,
        number % 7,
        number % 4,
    )
    .ok();
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<u32>().ok());
    let shards = arguments.next().unwrap_or(2);
    let records = arguments.next().unwrap_or(1_000_000);
    let mut text = String::new();
    for number in 0..records {
        record(number, &mut text);
    }
    let bytes = text.len();
    let query = |host: &mut Host, text: &str| {
        let started = host.now_ms();
        let reply = host.request(Request::Query { text: text.to_owned(), now: Ticks(0) });
        let millis = host.now_ms() - started;
        match reply {
            Reply::Result { info } => (millis, info),
            other => panic!("{other:?}"),
        }
    };

    let mut host = Host::open(shards, 8 << 30);
    host.add_bytes(vec![("big.jsonl".to_owned(), text.into_bytes())]);
    let started = host.now_ms();
    let (mut worst, mut asked) = (0.0_f64, 0);
    while host.is_reading() {
        let (millis, _) = query(&mut host, "Events | take 100");
        worst = worst.max(millis);
        asked += 1;
        let until = host.now_ms() + 50.0;
        while host.is_reading() && host.now_ms() < until {
            host.pump(Duration::from_millis(5));
        }
    }
    let load = host.now_ms() - started;
    println!(
        "{shards} shards: {records} records, {} MB in {load:.0} ms = {:.0} MB/s; {asked} queries meanwhile, slowest {worst:.1} ms",
        bytes / 1_000_000,
        bytes as f64 / 1_000.0 / load
    );
    let memory: u64 = host.status().memory.iter().sum();
    println!("memory {} MB = {:.2} of the input", memory / 1_000_000, memory as f64 / bytes as f64);
    for text in [
        "Events",
        "Events | count",
        "Events | where * has \"000f00d5\"",
        "AWSCloudTrail | where UserIdentityArn contains \"r7\" | count",
        "AWSCloudTrail | sort by SourceIpAddress asc",
    ] {
        let (millis, info) = query(&mut host, text);
        let started = host.now_ms();
        let start = info.rows.saturating_sub(100);
        host.request(Request::Rows { result: info.result, start, count: 100 });
        println!(
            "{millis:8.1} ms, last page {:6.1} ms  {:9} rows  {text}",
            host.now_ms() - started,
            info.rows
        );
    }
    host.wait_until_idle();

    // A cancel in the middle of a load.
    let mut text = String::new();
    for number in 0..records {
        record(number, &mut text);
    }
    let mut host = Host::open(shards, 8 << 30);
    host.add_bytes(vec![("big.jsonl".to_owned(), text.into_bytes())]);
    let until = host.now_ms() + 150.0;
    while host.now_ms() < until {
        host.pump(Duration::from_millis(5));
    }
    let started = host.now_ms();
    host.request(Request::CancelLoad);
    while host.is_reading() {
        host.pump(Duration::from_millis(1));
    }
    println!("cancel: reading ended after {:.1} ms", host.now_ms() - started);
}
