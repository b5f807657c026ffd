//! The command as a person or a script runs it, over made-up files.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// What a run gave: exit code, standard output, standard error.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Runs the command in a folder, so that paths in its words are the same everywhere.
fn chartroom(folder: &Path, args: &[&str]) -> Ran {
    let output =
        Command::new(env!("CARGO_BIN_EXE_chartroom")).current_dir(folder).args(args).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder that goes with its test; what a failed test leaves is there to be looked at.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("chartroom-cli-{name}-{}", std::process::id()));
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(folder.join("logs/deep")).unwrap();
        Self(folder)
    }
}

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }
}

fn event(number: u32, name: &str, error: &str) -> String {
    let error = if error.is_empty() { String::new() } else { format!(r#""errorCode":"{error}","#) };
    format!(
        concat!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","userName":"amara"}},"#,
            r#""eventTime":"2026-03-02T08:00:{number:02}Z","eventSource":"s3.amazonaws.com","eventName":"{name}","#,
            r#""awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"cli",{error}"#,
            r#""eventID":"00000000-0000-4000-8000-{number:012}","readOnly":true,"eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#,
        ),
        number = number,
        name = name,
        error = error,
    )
}

/// Three files in folders, one of them gzip: four GetObject, two PutObject, one of them refused.
fn logs(name: &str) -> Folder {
    let folder = Folder::new(name);
    let lines = [event(1, "GetObject", ""), event(2, "PutObject", "AccessDenied"), event(3, "GetObject", "")];
    std::fs::write(folder.join("logs/a.jsonl"), lines.join("\n")).unwrap();
    let records = format!("{{\"Records\":[{},{}]}}", event(4, "GetObject", ""), event(5, "PutObject", ""));
    std::fs::write(folder.join("logs/b.json"), records).unwrap();
    let mut gz = flate2::write::GzEncoder::new(
        std::fs::File::create(folder.join("logs/deep/c.json.gz")).unwrap(),
        flate2::Compression::fast(),
    );
    write!(gz, "{{\"Records\":[{}]}}", event(6, "GetObject", "")).unwrap();
    gz.finish().unwrap();
    folder
}

#[test]
fn wrong_usage_is_2_and_says_how() {
    let here = std::env::temp_dir();
    for args in [&[][..], &["explode"], &["inspect"], &["query"], &["query", "print 1", "--format", "xml"]] {
        let ran = chartroom(&here, args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains("usage: chartroom inspect"), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
}

#[test]
fn help_and_version_are_no_faults() {
    let here = std::env::temp_dir();
    let help = chartroom(&here, &["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("exit codes"));
    assert_eq!(chartroom(&here, &["-V"]).out, format!("chartroom {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_count_comes_in_each_format() {
    let folder = logs("count");
    let query = "AWSCloudTrail | where EventName == \"GetObject\" | count";
    for (format, expected) in [
        ("json", "{\"columns\":[{\"name\":\"Count\",\"type\":\"long\"}],\"rows\":[[4]]}\n"),
        ("csv", "Count\n4\n"),
        ("ndjson", "{\"Count\":4}\n"),
        ("table", "Count\n-----\n    4\n"),
    ] {
        let ran = chartroom(&folder, &["query", query, "logs", "--format", format]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, expected, ""), "{format}");
    }
}

#[test]
fn rows_come_newest_first_whatever_the_number_of_shards() {
    let folder = logs("rows");
    let of = |shards: &str| {
        let ran = chartroom(
            &folder,
            &["query", "AWSCloudTrail | take 3", "logs", "-f", "ndjson", "--shards", shards],
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let one = of("1");
    assert_eq!(one, of("3"));
    let times: Vec<&str> =
        one.lines().filter_map(|line| line.split("\"TimeGenerated\":\"").nth(1)?.split('"').next()).collect();
    let expected =
        ["2026-03-02T08:00:06.0000000Z", "2026-03-02T08:00:05.0000000Z", "2026-03-02T08:00:04.0000000Z"];
    assert_eq!(times, expected);
}

#[test]
fn now_is_the_newest_record_of_old_files() {
    let folder = logs("now");
    let count = |more: &[&str]| {
        let query = ["query", "AWSCloudTrail | where TimeGenerated > ago(2s) | count", "logs", "-f", "csv"];
        chartroom(&folder, &[&query[..], more].concat())
    };
    let ran = count(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "Count\n2\n"), "{}", ran.err);
    assert!(ran.err.contains("note: now() is 2026-03-02T08:00:06.0000000Z"), "{}", ran.err);
    let ran = count(&["--now", "clock"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "Count\n0\n", ""));
    // What has not come to pass yet is no measure of the past.
    let late = event(7, "GetObject", "").replace("2026-03", "9026-03");
    std::fs::write(folder.join("logs/late.jsonl"), late).unwrap();
    let ran = count(&[]);
    assert!(ran.err.contains("note: now() is 2026-03-02T08:00:06.0000000Z"), "{}", ran.err);
}

#[test]
fn a_wrong_query_is_1_with_its_place() {
    let folder = logs("wrong");
    for (query, place) in [("AWSCloudTrail\n| wherever x", "2:3"), ("NoSuchTable | count", "1:1")] {
        let ran = chartroom(&folder, &["query", query, "logs"]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{query}: {}", ran.err);
        assert!(ran.err.contains(&format!("error: {place}: ")), "{query}: {}", ran.err);
    }
}

#[test]
fn a_file_that_is_not_there_is_1_and_the_others_are_read() {
    let folder = logs("missing");
    let ran = chartroom(&folder, &["query", "AWSCloudTrail | count", "logs", "gone.json", "-f", "csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, "Count\n6\n"), "{}", ran.err);
    assert!(ran.err.contains("gone.json"), "{}", ran.err);
}

#[test]
fn the_ledger_keeps_the_conservation_law() {
    let folder = logs("inspect");
    std::fs::write(
        folder.join("logs/odd.jsonl"),
        format!("{}\n{{broken\n{}\n", event(7, "A", ""), event(8, "B", "")),
    )
    .unwrap();
    let ran = chartroom(&folder, &["inspect", "logs", "--format", "json"]);
    let ledger: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let files = ledger["files"].as_array().unwrap();
    assert_eq!(files.len(), 4, "{}", ran.out);
    for file in files {
        let figure = |name: &str| file[name].as_u64().unwrap_or_else(|| panic!("{name} of {file}"));
        assert_eq!(
            figure("bytes_records") + figure("bytes_rejected") + figure("bytes_between"),
            figure("bytes"),
            "{file}"
        );
        assert_eq!(figure("stored") + figure("rejected"), figure("records"), "{file}");
        assert_eq!(file["sha256"].as_str().map(str::len), Some(64), "{file}");
        assert_eq!(file["source"]["sha256"].as_str().map(str::len), Some(64), "{file}");
        assert_eq!(file["table"], "AWSCloudTrail", "{file}");
    }
    let odd = files
        .iter()
        .find(|file| file["name"].as_str().is_some_and(|name| name.ends_with("odd.jsonl")))
        .unwrap();
    assert_eq!((odd["stored"].as_u64(), odd["rejected"].as_u64()), (Some(2), Some(1)), "{odd}");
    assert_eq!(odd["problems"][0]["line"], 2, "{odd}");
    assert!(ran.err.contains("odd.jsonl:2: 1 records rejected"), "{}", ran.err);
    assert_eq!(ran.code, 0);
}

#[test]
fn the_ledger_comes_as_a_table_too() {
    let folder = logs("table");
    let ran = chartroom(&folder, &["inspect", "logs", "-f", "csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines.first(),
        Some(&"File,Status,Format,Table,Records,Stored,Rejected,Repaired,Bytes,From,To,Why")
    );
    assert_eq!(lines.len(), 4, "{}", ran.out);
    assert!(
        lines.iter().skip(1).all(|line| line.contains(",done,") && line.contains(",AWSCloudTrail,")),
        "{}",
        ran.out
    );
}

#[test]
fn members_of_archives_are_files_of_their_own() {
    let folder = Folder::new("archives");
    let log = [event(1, "GetObject", ""), event(2, "PutObject", "")].join("\n");
    let zip = chartroom_testkit::zip::zip(&[("in/a.jsonl", log.as_bytes()), ("in/", b"")]);
    std::fs::write(folder.join("logs/x.zip"), zip).unwrap();
    let ran = chartroom(&folder, &["query", "AWSCloudTrail | count", "logs", "-f", "csv"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "Count\n2\n", ""));
    let ran = chartroom(&folder, &["inspect", "logs", "-f", "json"]);
    let ledger: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let names: Vec<&str> =
        ledger["files"].as_array().unwrap().iter().filter_map(|file| file["name"].as_str()).collect();
    assert_eq!(names, ["logs/x.zip!/in/", "logs/x.zip!/in/a.jsonl"]);
    assert_eq!(ledger["files"][1]["containers"][0]["kind"], "zip");
    assert_eq!(ledger["files"][1]["source"]["name"], "logs/x.zip");
}

#[test]
fn a_password_comes_from_a_file() {
    let folder = Folder::new("password");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/tests/samples/containers");
    std::fs::copy(samples.join("aes256.zip"), folder.join("logs/x.zip")).unwrap();
    std::fs::write(folder.join("right"), "secret\n").unwrap();
    std::fs::write(folder.join("wrong"), "public\n").unwrap();
    let count = ["query", "AWSCloudTrail | count", "logs", "-f", "csv"];
    let with = |file: &str| chartroom(&folder, &[&count[..], &["--password-file", file]].concat());
    let ran = with("right");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "Count\n6\n", ""));
    let ran = with("wrong");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("is not the one"), "{}", ran.err);
    let ran = chartroom(&folder, &count);
    assert!(ran.err.contains("--password-file"), "{}", ran.err);
    assert!(with("none").err.contains("cannot be read"));
}

#[test]
fn what_an_answer_includes_is_told_on_standard_error() {
    let folder = Folder::new("includes");
    let audit = include_str!("../../engine/tests/samples/dicom_audit.jsonl");
    std::fs::write(folder.join("logs/audit.json"), audit).unwrap();
    let ran = chartroom(&folder, &["query", "MicrosoftHealthcareApisAuditLogs | count", "logs"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("12"), "{}", ran.out);
    assert!(ran.err.contains("note: 1:1: KQL0191: Includes 12 raw records of DICOM services"), "{}", ran.err);
}

const DOORS: &str = "id = \"ward_doors\"\n[map]\nTimeGenerated = \"at\"\nBadge = \"badge\"\n[[rule]]\nall = [{ key = \"badge\" }]\n";

#[test]
fn a_type_of_ones_own_shows_each_column_read() {
    let folder = Folder::new("own");
    std::fs::write(folder.join("doors.toml"), DOORS).unwrap();
    std::fs::write(folder.join("doors.log"), "{\"at\":\"2026-03-02T08:15:30Z\",\"badge\":\"b1\",\"x\":2}\n")
        .unwrap();
    let ran = chartroom(&folder, &["inspect", "--format", "doors.toml", "--format", "csv", "doors.log"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("ward_doors,TimeGenerated,datetime,1,2026-03-02T08:15:30.0000000Z"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("ward_doors,Badge,string,1,b1"), "{}", ran.out);
    assert!(ran.out.contains("ward_doors,AdditionalFields,dynamic,1,\"{\"\"x\"\":2}\""), "{}", ran.out);
    std::fs::write(folder.join("doors.toml"), DOORS.replace("map", "mpa")).unwrap();
    let ran = chartroom(&folder, &["inspect", "--format", "doors.toml", "doors.log"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("doors.toml: line 2, column 2: there is no setting `mpa` here"), "{}", ran.err);
}

#[test]
fn what_was_recognized_is_overruled() {
    let folder = Folder::new("overrule");
    std::fs::write(folder.join("a.csv"), "when,n\n3/4/2026 10:00,1\n5/4/2026 11:00,2\n").unwrap();
    let words = [
        "query",
        "--format",
        "csv",
        "a | project when",
        "--day-order",
        "day-first",
        "--zone",
        "Jerusalem",
        "a.csv",
    ];
    let ran = chartroom(&folder, &words);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out.lines().collect::<Vec<_>>(),
        ["when", "2026-04-05T08:00:00.0000000Z", "2026-04-03T07:00:00.0000000Z"]
    );
    let ran = chartroom(&folder, &["inspect", "--as", "nope", "a.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("there is no log type \"nope\""), "{}", ran.err);
}

#[test]
fn a_type_begun_from_a_sample_reads_it() {
    let folder = Folder::new("begin");
    let line = "{\"at\":\"2026-03-02T08:15:30Z\",\"door\":{\"ward\":\"3 West\"},\"ms\":4200}\n";
    std::fs::write(folder.join("doors.log"), line).unwrap();
    let begun = chartroom(&folder, &["inspect", "--begin-format", "ward_doors", "doors.log"]);
    assert_eq!(begun.code, 0, "{}", begun.err);
    std::fs::write(folder.join("ward_doors.toml"), &begun.out).unwrap();
    let ran = chartroom(&folder, &["inspect", "--format", "ward_doors.toml", "--format", "csv", "doors.log"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.err, begun.out);
    assert!(
        ran.out.contains("ward_doors,TimeGenerated,datetime,1,2026-03-02T08:15:30.0000000Z"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("ward_doors,door_ward,string,1,3 West"), "{}", ran.out);
    assert!(ran.out.contains("ward_doors,ms,long,1,4200"), "{}", ran.out);
}
