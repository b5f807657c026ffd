//! Damage that is met in the wild, item by item, and what looks like a log of ours and is none.
//!
//! Where a record cannot be mended it is rejected with its place: counted, kept, shown, never dropped in silence.

mod common;

use chartroom_ingest::framing::Limits;
use chartroom_ingest::report::Verdict;
use common::{gzip, read_whole};

/// Reads the bytes as a file: records stored, rejected, repaired.
#[track_caller]
fn check(name: &str, bytes: impl AsRef<[u8]>, expected: (u64, u64, u64)) {
    let bytes = bytes.as_ref();
    let read = read_whole(bytes, Limits::default());
    let report = &read.report;
    let found = (report.stored, report.rejected, report.repaired);
    assert_eq!(found, expected, "{name}: {:?}\n{:?}\n{:#?}", report.verdict, report.problems, read.rows);
    read.conserves(name, bytes.len() as u64);
    // What was lost or mended is said.
    assert!(report.problem_count >= report.rejected.max(report.repaired), "{name}: {:?}", report.problems);
}

#[test]
fn trailing_commas() {
    check("object", "{\"a\":1,}\n", (1, 0, 1));
    check("array in it", "{\"a\":[1,2,]}\n", (1, 0, 1));
    check("array of records", "[{\"a\":1},{\"a\":2},]\n", (2, 0, 0));
}

#[test]
fn missing_commas_colons_and_closers_cost_one_record() {
    check("comma", "{\"a\":1 \"b\":2}\n{\"a\":3}\n", (1, 1, 0));
    check("colon", "{\"a\" 1}\n{\"a\":3}\n", (1, 1, 0));
    check("closer", "{\"a\":{\"b\":1}\n{\"a\":2}\n{\"a\":3}\n", (2, 1, 0));
    check("closer, pretty", "{\n\"time\":{\"b\":1\n}\n{\n\"time\":2\n}\n{\n\"time\":3\n}\n", (2, 1, 0));
}

#[test]
fn quotes_that_are_not_escaped() {
    check("inner quotes", "{\"a\":\"x \"y\" z\",\"b\":2}\n{\"a\":\"z\"}\n", (1, 1, 0));
}

#[test]
fn keys_without_quotes_and_single_quotes() {
    check("keys", "{\"a\":0}\n{a:1,b:2}\n{\"a\":3}\n", (2, 1, 0));
    // Within a text they are that text.
    check("a text", "{\"properties\":\"{'a': 'b', 'c': True}\",\"a\":1}\n", (1, 0, 0));
}

#[test]
fn cut_off_at_the_start_or_the_end() {
    check("start", "me\":\"x\",\"y\":{\"z\":1}},{\"eventVersion\":\"1.08\",\"a\":1}]}", (1, 1, 0));
    check("end", "{\"a\":1}\n{\"a\":2}\n{\"a\":\"3", (2, 1, 0));
    check("end of an array", "{\"Records\":[{\"a\":1},{\"a\":2},{\"a\":", (2, 1, 0));
    let whole = gzip(&b"{\"a\":1,\"text\":\"abcdefghijklmnopqrstuvwxyz\"}\n".repeat(400));
    let read = read_whole(&whole[..whole.len() - 20], Limits::default());
    assert!(read.report.is_partial && read.report.stored > 100, "{:?}", read.report.problems);
}

#[test]
fn documentation_around_records() {
    check("fence", "```json\n{\"a\":1}\n{\"a\":2}\n```\n", (2, 0, 0));
    check("fence glued to the last line", "```json\n{\n\"a\":1\n} ```\n", (1, 0, 0));
    check("comment", "{\"a\":1}\n// and so on\n{\"a\":2}\n", (2, 1, 0));
    check("ellipsis", "[{\"a\":1},\n...\n{\"a\":2}]\n", (2, 1, 0));
}

#[test]
fn nothing_in_it_is_no_fault() {
    for (name, bytes) in [("empty", ""), ("blank", " \r\n"), ("array", "[]"), ("records", "{\"Records\":[]}")]
    {
        let read = read_whole(bytes.as_bytes(), Limits::default());
        assert!(matches!(read.report.verdict, Verdict::NoEvents(_)), "{name}: {:?}", read.report.verdict);
        assert_eq!((read.report.records, read.report.problem_count), (0, 0), "{name}");
    }
    check("single object", "{\"a\":1}", (1, 0, 0));
}

#[test]
fn kinds_may_be_mixed() {
    let usage = "{\"time\":\"2026-03-02T08:15:30Z\",\"category\":\"SMSOperational\",\"operationName\":\"SMSMessagesSent\"}";
    let trail =
        "{\"eventVersion\":\"1.11\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"}";
    let text =
        format!("{usage}\n{trail}\n{{\"x\":1}}\n{{\"resourceType\":\"Patient\",\"id\":\"p1\"}}\n{usage}\n");
    let read = read_whole(text.as_bytes(), Limits::default());
    let tables: Vec<(&str, u64)> =
        read.report.tables.iter().map(|(name, rows)| (name.as_str(), *rows)).collect();
    assert_eq!(tables, [("ACSSMSIncomingOperations", 2), ("AWSCloudTrail", 1), ("Other", 1)]);
    assert_eq!(read.report.not_events, 1);
}

#[test]
fn characters_that_are_none() {
    check("NUL", b"{\"a\":\"x\0y\"}\n", (1, 0, 1));
    check("line break in a text", "{\"b\":{\n\"a\":\"x\r\ny\"}}\n", (1, 0, 1));
    check("invalid UTF-8", b"{\"a\":\"x\xFFy\"}\n", (1, 0, 1));
    check("half a pair", "{\"a\":\"\\ud83d\"}\n", (1, 0, 1));
}

#[test]
fn large_things_are_read_in_time() {
    let cell = "x".repeat(4_000).replacen("xx", "x\n", 40);
    let row = format!("{}\n", vec![format!("\"{cell}\""); 234].join(","));
    let names: Vec<String> = (0..234).map(|at| format!("c{at}")).collect();
    check(
        "234 columns of long cells with line breaks",
        format!("{}\n{row}{row}", names.join(",")),
        (2, 0, 0),
    );
    check("a line of 2 MB", format!("{{\"a\":\"{}\"}}\n{{\"a\":1}}\n", "y".repeat(2 << 20)), (2, 0, 0));
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check("10,000 brackets", format!("{{\"a\":{deep}}}\n{{\"a\":1}}\n"), (1, 1, 0));
}

/// What a record becomes that looks like one of ours: the table, or what it is told to be.
#[track_caller]
fn is(bytes: &[u8], expected: &str) {
    let read = read_whole(bytes, Limits::default());
    let report = &read.report;
    let told = match (&report.verdict, report.tables.keys().next()) {
        (_, Some(table)) => table.clone(),
        (Verdict::NoEvents(reason) | Verdict::NotRead(reason), None) => reason.clone(),
        (Verdict::Events, None) => "nothing".to_owned(),
    };
    assert!(told.starts_with(expected), "{told}, not {expected}: {}", String::from_utf8_lossy(bytes));
}

#[test]
fn look_alikes_are_named_and_none_is_counted_as_ours() {
    is(br#"{"eventName":{"value":"EndRequest","localizedValue":"End request"},"eventTimestamp":"2026-03-02T08:15:30Z","status":{"value":"Succeeded"},"operationName":{"value":"x"}}"#, "AzureActivity");
    is(br#"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2026-03-02T08:15:30.000Z","eventName":"ObjectCreated:Put","userIdentity":{"principalId":"A"}}]}"#, "Other");
    is(br#"{"version":"0","detail-type":"GuardDuty Finding","source":"aws.guardduty","time":"2026-03-02T08:15:30Z","detail":{"severity":8}}"#, "Other");
    is(br#"{"time":"2026-03-02T08:15:30Z","resourceId":"/tenants/t1/providers/Microsoft.aadiam","operationName":"Add user","category":"AuditLogs","properties":{"id":"x"}}"#, "AuditLogs");
    is(br#"{"resourceType":"AuditEvent","id":"a1","recorded":"2026-03-02T08:15:30Z"}"#, "a FHIR resource");
    is(br#"{"resourceType":"Bundle","type":"searchset","entry":[]}"#, "a FHIR resource");
    is(&[&[0_u8; 128][..], b"DICM\x02\x00\x00\x00UL\x04\x00"].concat(), "a DICOM");
    is(br#"{"TimeGenerated":"2026-03-02T08:15:30Z","DataType":"Usage","Solution":"LogManagement","Quantity":1.5,"QuantityUnit":"MBytes","Type":"Usage"}"#, "Other");
    is(br#"{"id":"1","eventType":"Microsoft.Communication.ChatMessageReceived","eventTime":"2026-03-02T08:15:30Z","subject":"thread/1","data":{"messageId":"1"}}"#, "Other");
    is(br#"{"time":"2026-03-02T08:15:00Z","resourceId":"/X","metricName":"TotalRequests","timeGrain":"PT1M","total":1}"#, "Azure metrics");
    is(br#"{"records":[{"time":"2026-03-02T08:15:00Z","category":"NetworkSecurityGroupFlowEvent","properties":{"flows":[]}}]}"#, "a network flow log");
}
