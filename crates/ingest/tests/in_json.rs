//! CloudWatch Logs subscriptions as Lambda, Kinesis and Firehose hand them over: the same records as unwrapped.

mod common;

use chartroom_ingest::framing::Limits;
use common::{SMALL, gzip, read_framed, read_whole};

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

fn message(number: u32) -> String {
    let event = |at: u32| {
        format!(
            r#"{{"id":"{at}","timestamp":1772439601123,"message":"{{\"eventVersion\":\"1.11\",\"eventID\":\"e{number}-{at}\",\"eventTime\":\"2026-03-02T08:15:3{at}Z\",\"eventSource\":\"healthlake.amazonaws.com\",\"eventName\":\"ReadResource\"}}"}}"#
        )
    };
    let events: Vec<String> = (0..3).map(event).collect();
    format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"012345678901","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{}]}}"#,
        events.join(",")
    )
}

fn packed(number: u32) -> String {
    base64(&gzip(message(number).as_bytes()))
}

/// Whether what `wrap` makes of five messages is these messages, back to back.
#[track_caller]
fn check(name: &str, wrap: impl Fn(Vec<String>) -> String) {
    let plain: String = (0..5).map(message).collect();
    let expected = read_whole(plain.as_bytes(), Limits::default());
    assert_eq!(expected.report.stored, 15, "{:?}", expected.report.problems);
    let wrapped = wrap((0..5).map(packed).collect());
    for slashes in ["/", "\\/"] {
        let bytes = wrapped.replace('/', slashes).into_bytes();
        for read in
            [read_whole(&bytes, Limits::default()), read_whole(&bytes, SMALL), read_framed(&bytes, SMALL)]
        {
            assert_eq!(read.rows, expected.rows, "{name}");
            assert_eq!(read.report.records, read.report.stored, "{name}: {:?}", read.report.problems);
            assert_eq!(read.report.problem_count, 0, "{name}: {:?}", read.report.problems);
            let kinds: Vec<&str> = read.report.containers.iter().map(|it| it.kind.as_str()).collect();
            assert_eq!(kinds, ["base64", "gzip"], "{name}");
            read.conserves(name, plain.len() as u64);
        }
    }
}

#[test]
fn packed_subscriptions_are_their_messages() {
    let each = |all: Vec<String>, to: &dyn Fn(&String) -> String, between: &str| -> String {
        all.iter().map(to).collect::<Vec<_>>().join(between)
    };
    check("Lambda", |all| each(all, &|data| format!("{{\"awslogs\": {{\"data\": \"{data}\"}}}}"), "\n"));
    check("Kinesis", |all| {
        let to = |data: &String| {
            format!(
                r#"{{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"k","sequenceNumber":"1","data":"{data}","approximateArrivalTimestamp":1772439601.5}},"eventSource":"aws:kinesis","eventVersion":"1.0"}}"#
            )
        };
        format!("{{\"Records\":[{}]}}", each(all, &to, ","))
    });
    check("Firehose", |all| {
        let to = |data: &String| {
            format!(
                "{{\"recordId\":\"r\",\"approximateArrivalTimestamp\":1772439601123,\"data\":\"{data}\"}}"
            )
        };
        format!(
            "{{\"invocationId\":\"i\",\"region\":\"us-east-1\",\"records\":[\n{}\n]}}\n",
            each(all, &to, ",\n")
        )
    });
    check("aws kinesis get-records", |all| {
        let to = |data: &String| format!("{{\n  \"SequenceNumber\": \"1\",\n  \"Data\": \"{data}\"\n}}");
        format!("{{\n\"Records\": [{}],\n\"MillisBehindLatest\": 0}}", each(all, &to, ", "))
    });
}

#[test]
fn what_lies_beside_packed_records_is_said() {
    let with_other = format!(
        "{{\"awslogs\":{{\"data\":\"{}\"}}}}\n{{\"awslogs\":{{\"data\":\"aGVsbG8=\"}}}}\n{{\"x\":1}}\n",
        packed(1)
    );
    let read = read_whole(with_other.as_bytes(), Limits::default());
    assert!(read.report.is_partial && read.report.stored == 3, "{:?}", read.report);
    assert!(read.report.problems.iter().any(|problem| problem.reason.contains("beside packed records")));
    let cut = &with_other[..120];
    assert!(read_whole(cut.as_bytes(), Limits::default()).report.is_partial);
}

#[test]
fn a_record_that_merely_has_such_a_value_stays_a_record() {
    let read = read_whole(format!("{{\"id\":1,\"data\":\"{}\"}}\n", packed(1)).as_bytes(), Limits::default());
    assert!(read.report.containers.is_empty() && read.report.stored == 1, "{:?}", read.report);
}
