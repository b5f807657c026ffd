//! Cutting a file anywhere changes no row, no order and no figure of the ledger.

mod common;

use chartroom_ingest::framing::Limits;
use common::{Read, SMALL, gzip, members, read_framed, read_lines, read_whole};
use proptest::prelude::*;

/// What is read in one go and what is read in parts must be the same.
#[track_caller]
fn same(what: &str, expected: &Read, found: &Read) {
    assert_eq!(expected.figures, found.figures, "figures: {what}");
    assert_eq!(expected.rows, found.rows, "rows: {what}");
}

fn slices(slice_bytes: usize) -> Limits {
    Limits { slice_bytes, ..Limits::default() }
}

#[track_caller]
fn check(name: &str, bytes: &[u8]) {
    let whole = read_whole(bytes, Limits::default());
    whole.conserves(name, bytes.len() as u64);
    let is_lines = read_lines(bytes, &[], SMALL).is_some();
    for slice in [1, 7, 64] {
        same(&format!("{name}, {slice} bytes at a time"), &whole, &read_whole(bytes, slices(slice)));
    }
    for cut_bytes in [1, 100, 1_000] {
        let limits = Limits { cut_bytes, slice_bytes: 50, ..Limits::default() };
        // Lines are not framed, but for compressed ones; which of both depends on the file alone.
        let framed = read_framed(bytes, limits);
        framed.conserves(name, bytes.len() as u64);
        if !is_lines {
            same(&format!("{name}, framed in cuts of {cut_bytes}"), &whole, &framed);
        }
        let packed = read_framed(&gzip(bytes), limits);
        same(&format!("{name}, gzip in cuts of {cut_bytes}"), &framed, &packed);
    }
    for at in 0..=bytes.len() {
        let Some(parts) = read_lines(bytes, &[at as u64], slices(64)) else { continue };
        same(&format!("{name}, lines cut at {at}"), &whole, &parts);
    }
    let zipped = gzip(bytes);
    let inflated = read_whole(&zipped, slices(7));
    same(&format!("{name}, gzip"), &whole, &inflated);
    let parts = members(bytes, 40);
    same(&format!("{name}, gzip of many members"), &whole, &read_whole(&parts, slices(5)));
}

const A: &str = r#"{"eventVersion":"1.08","eventTime":"2021-08-02T16:01:29Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"a","userIdentity":{"type":"AWSService"}}"#;
const B: &str = r#"{"eventVersion":"1.08","eventTime":"2021-08-02T16:01:30Z","eventSource":"s3.amazonaws.com","eventName":"Put\"{[Object","eventID":"b","resources":[{"ARN":"}"}]}"#;
const C: &str = r#"{"level":"info","message":"none of \\ these","n":12.50}"#;
const PRETTY: &str = "{\n  \"level\": \"info\",\n  \"inner\": {\n    \"n\": [1, 2]\n  }\n}";

#[test]
fn lines() {
    check("lines", format!("{A}\n{B}\n{C}\n").as_bytes());
    check("lines without the last break", format!("{A}\n{B}").as_bytes());
    check(
        "lines, CRLF, mark and blanks",
        format!("\u{feff}\r\n{A} \r\n\r\n  {B},\r\n{C}\r\n\r\n").as_bytes(),
    );
    check("two on a line", format!("{A}\n{B}{C}\n{A} x\n").as_bytes());
    check("wrapped on a line", format!("{C}\n{{\"records\":[{A},{B}]}}\n[{C}]\n").as_bytes());
}

#[test]
fn damaged_lines() {
    check("garbage", format!("{A}\nwhat is this\n{B}\n\"text\"\n{C}\n").as_bytes());
    check("garbage first", format!("when what\n{A}\n{B}\n").as_bytes());
    check("a line cut off", format!("{A}\n{}\n{B}\n", &B[..60]).as_bytes());
    check("a line cut off between tokens", format!("{A}\n{}\n{B}\n", &A[..23]).as_bytes());
    check("the last cut off", format!("{A}\n{}", &B[..90]).as_bytes());
    check("the last cut off, with a break", format!("{A}\n{}\n \n", &B[..90]).as_bytes());
    check("two run together", format!("{A}\n{}{B}\n{C}\n", &A[..60]).as_bytes());
    check("trailing commas", "{\"level\":\"a\",}\n{\"list\":[1,]}\n".as_bytes());
    check("not UTF-8", b"{\"level\":\"\xFFa\"}\n{\"level\":\"b\"}\n");
}

#[test]
fn lines_that_are_none() {
    check("pretty after a line", format!("{C}\n{PRETTY}\n{C}\n").as_bytes());
    check("a cut line before garbage", format!("{A}\n{}\nrubbish\n{B}\n", &B[..60]).as_bytes());
}

#[test]
fn framed() {
    check("pretty", format!("{PRETTY}\n{PRETTY}\n{PRETTY}").as_bytes());
    check("back to back", format!("{A}{B}{C}").as_bytes());
    check("array", format!("[{A},\n{B},{C}]\n").as_bytes());
    check("Records", format!("{{\"Records\":[{A},{B},{C}]}}").as_bytes());
    check("records, pretty", format!("{{\n  \"records\" : [\n{A},\n{PRETTY}\n  ]\n}}\n").as_bytes());
    check(
        "messages",
        format!("[{{\"P\":{{\"x\":[1]}},\"records\":[{A},{B}],\"t\":\"]}}\",\"n\":1}},{{\"P\":1,\"records\":[{C}]}},{A}]").as_bytes(),
    );
    check(
        "messages back to back",
        format!("{{\"records\":[{A}]}}{{\"records\":[]}}\n{{\"records\":[{B}]}}").as_bytes(),
    );
    check("fences", format!("```json\n{PRETTY}\n{PRETTY}\n```\n").as_bytes());
    check("single", PRETTY.as_bytes());
    check("empty array", b"[]");
    check("empty Records", b"{\"Records\":[]}");
}

#[test]
fn damaged_frames() {
    check("trailing commas", format!("{{\"Records\":[{A},{{\"level\":\"x\",}},]}}").as_bytes());
    check("a missing brace", format!("{{\"Records\":[{A},{},{B},{A},{C}]}}", &A[..A.len() - 1]).as_bytes());
    check(
        "a missing quote",
        format!("[{A},{},{B},{A}]", A.replacen("s3.amazonaws.com\"", "s3", 1)).as_bytes(),
    );
    check("the end cut off", format!("{{\"Records\":[{A},{B},{}", &B[..80]).as_bytes());
    check("the closers cut off", format!("{{\"Records\":[{A},{B}").as_bytes());
    check("the beginning cut off", format!("{},{A},{B}]}}", &B[20..]).as_bytes());
    check(
        "no records in the array",
        format!("[1, \"te\\\"xt\", [{{}}], null, {A}, -2.5e3x, {B}]").as_bytes(),
    );
    check("text between", format!("[{A}]\nsome {{text}} here\n{PRETTY}\n").as_bytes());
    check("a missing ]", format!("{{\"Records\":[{A}}}\n{{\"Records\":[{B}]}}").as_bytes());
    check("closers too many", format!("{PRETTY}]}}\n{PRETTY}").as_bytes());
    check("a missing }", format!("[{{\"records\":[{A}],{{\"records\":[{B}]}}]").as_bytes());
}

/// Stored and rejected records of a damaged file.
#[track_caller]
fn saves(text: &str, stored: u64, rejected: u64) {
    let report = read_whole(text.as_bytes(), Limits::default()).report;
    assert_eq!((report.stored, report.rejected), (stored, rejected), "{text}: {:?}", report.problems);
}

#[test]
fn damage_stays_where_it_is() {
    saves(&format!("{A}\n{}\n{B}\n", &B[..60]), 2, 1);
    saves(&format!("{A}\n{}{B}\n{C}\n", &A[..60]), 3, 1);
    saves(&format!("{{\"Records\":[{A},{},{B},{A},{C}]}}", &A[..A.len() - 1]), 4, 1);
    saves(
        &format!("{{\"Records\":[{A},{},{B},{A},{B},{A}]}}", A.replacen("s3.amazonaws.com\"", "s3", 1)),
        5,
        1,
    );
    saves(&format!("{{\"Records\":[{A},{B},{}", &B[..80]), 2, 1);
    saves(&format!("{},{A},{B}]}}", &B[20..]), 2, 1);
    saves(&format!("[{A}]\nsome {{text}} here\n{PRETTY}\n"), 2, 1);
    saves(&format!("[1, \"te\\\"xt\", [{{}}], null, {A}, -2.5e3, {B}]"), 2, 5);
}

#[test]
fn records_above_the_limit() {
    let limits = Limits { record_bytes: 300, ..SMALL };
    let long = format!("{{\"level\":\"{}\"}}", "x".repeat(1_000));
    let open = format!("{{\"level\":\"{}\",\"a\":{{}}", "x".repeat(100));
    for (name, text) in [
        ("lines", format!("{C}\n{long}\n{C}\n")),
        ("the last line", format!("{C}\n{long}")),
        ("array", format!("[{C},{long},{C}]")),
        ("open", format!("[{C},{open},{C},{C},{C},{C},{C},{C},{C},{C},{C},{C}]")),
        ("never closed", format!("[{C},{{\"level\":\"{}", "x".repeat(2_000))),
        ("wrapper", format!("{{\"P\":1,\"records\":[{C}],\"x\":{{\"y\":\"{}\"}}}}\n", "x".repeat(1_000))),
    ] {
        let whole = read_whole(text.as_bytes(), limits);
        whole.conserves(name, text.len() as u64);
        for slice_bytes in [1, 10, 100] {
            let limits = Limits { slice_bytes, ..limits };
            same(&format!("{name}, {slice_bytes} at a time"), &whole, &read_whole(text.as_bytes(), limits));
            if read_lines(text.as_bytes(), &[], limits).is_none() {
                same(&format!("{name}, framed"), &whole, &read_framed(text.as_bytes(), limits));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_conserve(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let whole = read_whole(&bytes, SMALL);
        whole.conserves("any bytes", bytes.len() as u64);
    }

    #[test]
    fn anything_like_json_is_the_same_however_it_is_cut(
        text in "(\\{\"a\":1\\}|\\{\"a\":|\\{\"Records\":\\[|\\{\"P\":1,\"records\":\\[|[\\[\\]{}\",:\\\\ \n]|x|\"a\"|1|```|\\{\\}){0,25}",
        slice_bytes in 1_usize..40,
        cut_bytes in 1_usize..40,
        record_bytes in 16_usize..60,
        at in 0_u64..200,
    ) {
        let bytes = text.as_bytes();
        let limits = Limits { record_bytes, ..Limits::default() };
        let whole = read_whole(bytes, limits);
        whole.conserves(&text, bytes.len() as u64);
        same(&text, &whole, &read_whole(bytes, Limits { slice_bytes, ..limits }));
        let limits = Limits { slice_bytes, cut_bytes, ..limits };
        let framed = read_framed(bytes, limits);
        if read_lines(bytes, &[], limits).is_none() {
            same(&text, &whole, &framed);
        }
        same(&text, &framed, &read_framed(&gzip(bytes), limits));
        same(&text, &framed, &read_framed(bytes, Limits { cut_bytes: 1_000, ..limits }));
        if let Some(parts) = read_lines(bytes, &[at.min(bytes.len() as u64)], Limits { slice_bytes, ..limits }) {
            same(&text, &whole, &parts);
        }
    }
}
