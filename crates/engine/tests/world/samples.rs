//! Files to drop: made up, in the shapes that services write.

#![allow(dead_code, reason = "each test binary uses its own part of the samples")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::io::Write as _;

/// A CloudTrail record.
pub(crate) fn trail(number: u32) -> String {
    let (hour, minute, second) = (number / 3_600 % 24, number / 60 % 60, number % 60);
    let error =
        if number.is_multiple_of(7) { r#","errorCode":"AccessDenied","errorMessage":"no"}"# } else { "}" };
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","accountId":"111122223333","userName":"u{}"}},"eventTime":"2023-07-10T{hour:02}:{minute:02}:{second:02}Z","eventSource":"healthlake.amazonaws.com","eventName":"{}","awsRegion":"us-east-1","sourceIPAddress":"10.0.0.{}","userAgent":"test","requestParameters":{{"datastoreId":"d{}"}},"responseElements":null,"requestID":"r{number}","eventID":"e{number}","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"{error}"#,
        number % 5,
        ["ReadResource", "SearchWithGet", "CreateResource"][number as usize % 3],
        number % 250,
        number % 11,
    )
}

/// `{"Records":[…]}` on one line.
pub(crate) fn records(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    let all: Vec<String> = numbers.map(trail).collect();
    format!("{{\"Records\":[{}]}}", all.join(",")).into_bytes()
}

/// One record a line.
pub(crate) fn lines(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    numbers.map(|number| trail(number) + "\n").collect::<String>().into_bytes()
}

/// An array over several lines.
pub(crate) fn array(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    let all: Vec<String> = numbers.map(trail).collect();
    format!("[\n  {}\n]\n", all.join(",\n  ")).into_bytes()
}

/// Lines at first, and then an array that stretches over lines.
pub(crate) fn turncoat() -> Vec<u8> {
    let mut bytes = lines(300..312);
    bytes.extend_from_slice(b"[\n");
    bytes.extend_from_slice(&array(320..332)[2..]);
    bytes
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Small and large files of every layout, some damaged.
pub(crate) fn mixed() -> Vec<(&'static str, Vec<u8>)> {
    let mut bad = lines(500..560);
    bad.extend_from_slice(b"{\"eventVersion\":\"1.08\",\"eventTime\":\n");
    bad.extend_from_slice(&lines(560..600));
    let mut cut = gzip(&records(2_000..2_300));
    cut.truncate(cut.len() - 9);
    // Looks like lines at its head, and is not.
    let mut turncoat = lines(3_000..3_120);
    turncoat.extend_from_slice(b"[\n");
    turncoat.extend_from_slice(&array(3_200..3_260)[2..]);
    vec![
        ("b/large.jsonl", lines(0..120)),
        ("a/wrapped.json", records(100..220)),
        ("c/array.json", array(220..330)),
        ("d/packed.json.gz", gzip(&records(330..480))),
        ("d/packed.jsonl.gz", gzip(&lines(480..500))),
        ("e/bad.jsonl", bad),
        ("f/cut.json.gz", cut),
        ("g/turncoat.jsonl", turncoat),
        ("h/empty.json", Vec::new()),
        ("h/text.txt", b"this is no log\nat all\n".to_vec()),
        ("i/small.json", records(900..903)),
        (
            "i/other.jsonl",
            b"{\"alpha\":1,\"beta\":\"x\"}\n{\"alpha\":2.5,\"gamma\":{\"deep\":true}}\n".to_vec(),
        ),
    ]
}
