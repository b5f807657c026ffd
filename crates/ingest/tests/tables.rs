//! Tables as text become rows: of the types they are of, or of a table called after their file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chartroom_ingest::framing::Limits;
use common::{Read, SMALL, gzip, read_framed, read_whole};

/// All rows, one a line, with the report's figures; and the same however the file is cut or packed.
#[track_caller]
fn check(text: &str) -> String {
    let bytes = text.as_bytes();
    let whole = read_whole(bytes, Limits::default());
    whole.conserves(text, bytes.len() as u64);
    for slice_bytes in [1, 7, 64] {
        same(&whole, &read_whole(bytes, Limits { slice_bytes, ..SMALL }), slice_bytes);
    }
    for cut_bytes in [1, 20, 100] {
        same(&whole, &read_framed(bytes, Limits { cut_bytes, ..SMALL }), cut_bytes);
        same(&whole, &read_framed(&gzip(bytes), Limits { cut_bytes, ..SMALL }), cut_bytes);
    }
    in_other_encodings(text, &whole);
    let rows: Vec<&str> = whole.rows.iter().map(|(_, row)| row.as_str()).collect();
    let problems =
        whole.report.problems.iter().map(|problem| format!("{}: {}", problem.offset, problem.reason));
    let lines: Vec<String> = rows.into_iter().map(str::to_owned).chain(problems).collect();
    lines.join("\n")
}

/// Rows without offsets and lengths, which are of the file as it is written.
fn values(read: &Read) -> Vec<String> {
    let value = |row: &String| {
        let (table, rest) = row.split_once(' ').unwrap();
        format!("{table} {}", rest.split_once("} ").unwrap().1)
    };
    read.rows.iter().map(|(_, row)| value(row)).collect()
}

/// The same text in UTF-16, with and without a mark, packed and cut, is the same rows.
#[track_caller]
fn in_other_encodings(text: &str, expected: &Read) {
    let bare = text.trim_start_matches('\u{feff}');
    let marked = format!("\u{feff}{bare}");
    for (text, is_big) in [(bare, false), (bare, true), (&marked, false), (&marked, true)] {
        let units = text.encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        let whole = read_whole(&bytes, Limits::default());
        whole.conserves(text, bytes.len() as u64);
        assert_eq!(values(&whole), values(expected), "UTF-16, big: {is_big}");
        same(&whole, &read_whole(&bytes, Limits { slice_bytes: 7, ..SMALL }), 7);
        for cut_bytes in [1, 150] {
            let limits = Limits { cut_bytes, slice_bytes: 51, ..SMALL };
            same(&whole, &read_framed(&bytes, limits), cut_bytes);
            same(&whole, &read_framed(&gzip(&bytes), limits), cut_bytes);
        }
    }
}

#[track_caller]
fn same(expected: &Read, found: &Read, how: usize) {
    assert_eq!(expected.rows, found.rows, "rows by {how}");
    assert_eq!(expected.figures, found.figures, "figures by {how}");
}

#[test]
fn a_table_of_no_known_type_is_called_after_its_file() {
    insta::assert_snapshot!(check(
        "\u{feff}id,name,born,rate,is_on,more\r\n1,\"Ada, \"\"A\"\"\",10/12/1815,1.50,TRUE,\"{\"\"a\"\": [1]}\"\r\n2,\"two\r\nlines\",27/11/1852,2,false,\r\n\r\n007,é,,x,,{\r\n"
    ));
}

#[test]
fn a_portal_export_is_of_its_type() {
    insta::assert_snapshot!(check(
        "\u{feff}\"TimeGenerated [UTC]\",OperationName,RoomId,ResultType,ResultSignature,RoomParticipantsCount,\"_ResourceId\"\n\"3/2/2026, 8:15:30.000 AM\",GetRoom,99466898241024408,Succeeded,200,3,\"/subscriptions/x/y\"\n\"13/2/2026, 8:15:31.000 AM\",ListRooms,,Failed,404,,\"/subscriptions/x/y\"\n"
    ));
}

#[test]
fn ragged_rows_are_kept_and_noted() {
    insta::assert_snapshot!(check("a;b;c\n1;x;y\n2;x\n3;x;y;z;\n4;\"open;y\n5;x;y\n6;x;y\na;b;c\n7;x;y"));
}

#[test]
fn records_in_utf_16_are_the_same_records() {
    const A: &str = r#"{"eventVersion":"1.08","eventTime":"2021-08-02T16:01:29Z","eventSource":"s3.amazonaws.com","eventName":"é日😀","eventID":"a"}"#;
    const B: &str = r#"{"level":"info","message":"none of \\ these"}"#;
    for text in [
        format!("{A}\r\n{B}\n"),
        format!("{{\"Records\":[{A},\n{A}]}}"),
        format!("[{A},{},{B},{A}]", &B[..B.len() - 1]),
        format!("{A}\nwhat é is this\n{B}\n"),
    ] {
        let whole = read_whole(text.as_bytes(), Limits::default());
        assert!(whole.report.stored >= 2);
        in_other_encodings(&text, &whole);
    }
}

#[test]
fn halves_of_characters_are_replaced_and_counted() {
    let mut bytes: Vec<u8> =
        "{\"level\":\"x\"}\n{\"level\":\"y\"}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes[20..22].copy_from_slice(&[0, 0xD8]);
    bytes.push(b'{');
    let whole = read_whole(&bytes, Limits::default());
    whole.conserves("halves", bytes.len() as u64);
    assert_eq!((whole.report.stored, whole.report.repaired, whole.report.rejected), (2, 1, 1));
    assert!(whole.rows[0].1.contains("\u{fffd}"), "{}", whole.rows[0].1);
    assert_eq!(whole.rows[1].0, 28);
}

/// A row: values as texts, none for null.
type Row = Vec<Option<String>>;

/// Ten Rooms events: columns with their kinds, and their values as a workspace has them, `None` for null.
fn events() -> (Vec<(&'static str, &'static str)>, Vec<Row>) {
    let columns = vec![
        ("TimeGenerated", "datetime"),
        ("OperationName", "string"),
        ("RoomId", "string"),
        ("ResultType", "string"),
        ("ResultSignature", "string"),
        ("RoomParticipantsCount", "int"),
        ("PstnDialOutEnabled", "bool"),
        ("CorrelationId", "string"),
        ("Extra", "dynamic"),
        ("_ResourceId", "string"),
    ];
    let rows = (0..10_u32).map(|n| {
        vec![
            Some(format!("2026-03-02T08:15:{:02}.1230000Z", n * 5)),
            Some(["GetRoom", "CreateRoom", "ListRooms"][n as usize % 3].to_owned()),
            (n % 3 < 2).then(|| format!("9946689824102440{n}")),
            Some("Succeeded".to_owned()),
            Some("200".to_owned()),
            (n % 3 == 1).then(|| n.to_string()),
            (n % 3 == 1).then(|| (n % 2 == 0).to_string()),
            Some(format!("aB3d/Ef+\\{n}")),
            (n % 4 == 0).then(|| format!("{{\"note\":\"a, \\\"b\\\"\\nc\",\"n\":[{n}]}}")),
            Some("/subscriptions/x/resourcegroups/rg".to_owned()),
        ]
    });
    (columns, rows.collect())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A value as JSON; objects as they are or as texts.
fn json(kind: &str, value: Option<&String>, is_text: bool) -> String {
    match (kind, value) {
        (_, None) => "null".to_owned(),
        ("int" | "bool", Some(value)) => value.clone(),
        ("dynamic", Some(value)) if !is_text => value.clone(),
        (_, Some(value)) => quoted(value),
    }
}

#[test]
fn the_same_ten_events_in_every_form_are_the_same_rows() {
    let (columns, rows) = events();
    let row = |row: &Row, is_text: bool| {
        let values: Vec<String> =
            columns.iter().zip(row).map(|((_, kind), value)| json(kind, value.as_ref(), is_text)).collect();
        format!("[{}]", values.join(","))
    };
    let arrays = |is_text: bool| rows.iter().map(|r| row(r, is_text)).collect::<Vec<_>>().join(",\n");
    let named = |name: &str, kind: &str| {
        let all: Vec<String> = columns
            .iter()
            .map(|(column, of)| format!("{{\"{name}\":\"{column}\",\"{kind}\":\"{of}\"}}"))
            .collect();
        all.join(",")
    };
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let members: Vec<String> = columns
                .iter()
                .zip(row)
                .filter(|(_, value)| value.is_some())
                .map(|((name, kind), value)| format!("\"{name}\":{}", json(kind, value.as_ref(), false)))
                .collect();
            format!("{{{}}}", members.join(","))
        })
        .collect();
    let cell = |(kind, value): (&str, &Option<String>)| match value {
        None => String::new(),
        Some(value) if kind == "datetime" => {
            format!("\"3/2/2026, 8:15:{}.123 AM\"", &value[17..19])
        }
        Some(value) => format!("\"{}\"", value.replace('"', "\"\"")),
    };
    let csv: Vec<String> = rows
        .iter()
        .map(|row| columns.iter().map(|(_, kind)| *kind).zip(row).map(cell).collect::<Vec<_>>().join(","))
        .collect();
    let header: Vec<String> = columns
        .iter()
        .map(
            |(name, kind)| if *kind == "datetime" { format!("\"{name} [UTC]\"") } else { (*name).to_owned() },
        )
        .collect();
    let expected = read_whole(lines.join("\n").as_bytes(), Limits::default());
    assert_eq!(expected.report.tables.get("ACSRoomsIncomingOperations"), Some(&10));
    let status = r#"{"TableName":"Table_1","Columns":[{"ColumnName":"Timestamp"},{"ColumnName":"Severity"},{"ColumnName":"SeverityName"}],"Rows":[["2026-03-02T08:15:30Z",4,"Info"]]}"#;
    for (form, text) in [
        ("portal CSV", format!("\u{feff}{}\r\n{}\r\n", header.join(","), csv.join("\r\n"))),
        (
            "REST",
            format!(
                "{{\"tables\":[{{\"name\":\"PrimaryResult\",\"columns\":[{}],\"rows\":[{}]}}]}}\n",
                named("name", "type"),
                arrays(true)
            ),
        ),
        (
            "ADX v1",
            format!(
                "{{\"Tables\":[{{\"TableName\":\"Table_0\",\"Columns\":[{}],\"Rows\":[{}]}},{status}]}}",
                named("ColumnName", "ColumnType"),
                arrays(false)
            ),
        ),
        (
            "ADX v2",
            format!(
                "[{{\"FrameType\":\"DataSetHeader\",\"IsProgressive\":false,\"Version\":\"v2.0\"}},\n{{\"FrameType\":\"DataTable\",\"TableId\":0,\"TableKind\":\"QueryProperties\",\"Columns\":[{{\"ColumnName\":\"Value\"}}],\"Rows\":[[\"x\"]]}},\n{{\"FrameType\":\"DataTable\",\"TableId\":1,\"TableKind\":\"PrimaryResult\",\"Columns\":[{}],\"Rows\":[\n{}\n]}},\n{{\"FrameType\":\"DataSetCompletion\",\"HasErrors\":false}}]",
                named("ColumnName", "ColumnType"),
                arrays(false)
            ),
        ),
        (
            "columns and rows",
            format!(
                "{{\"columns\":[{}],\"rows\":[{}]}}",
                columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(","),
                arrays(false)
            ),
        ),
    ] {
        let found = read_whole(text.as_bytes(), Limits::default());
        assert_eq!(values(&found), values(&expected), "{form}");
        assert_eq!(found.report.problem_count, 0, "{form}: {:?}", found.report.problems);
        check(&text);
    }
}

#[test]
fn results_of_no_known_type_are_tables_of_their_own() {
    insta::assert_snapshot!(check(
        r#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"when","type":"datetime"},{"name":"n","type":"long"},{"name":"bag","type":"dynamic"},{"name":"s","type":"string"}],"rows":[["2026-03-02T08:15:30Z",1,"{\"a\": 1}","12"],["2026-03-02T08:15:31Z",null,null,"x",7],[1],{"Errors":[]},"y",["2026-03-02T08:15:32Z",3,"no tree",""]]}]}"#
    ));
}

#[test]
fn damaged_results_keep_what_can_be_read() {
    insta::assert_snapshot!(check("{\"columns\":[\"a\",\"b\"],\"rows\":[[1,2],[3 4],[5,6],[7,"));
}

#[test]
fn lines_of_a_log_are_records() {
    insta::assert_snapshot!(check(
        "\u{feff}2026-03-02 08:15:30,123 INFO started\r\n\r\n2026-03-02 08:15:31,000 ERROR failed\r\n  at one\r\n\tat two\r\nno time here é\r\n2026-03-02 08:15:32,000 INFO done"
    ));
}

#[test]
fn pairs_of_logfmt_are_columns() {
    insta::assert_snapshot!(check(
        "ts=2026-03-02T08:15:30Z level=info msg=\"a \\\"b\\\"\" n=3\nlevel=warn n=x took=1.5ms\nplain words\nlevel=info msg=\"open n=4\n"
    ));
}

#[test]
fn fields_may_change_midway() {
    insta::assert_snapshot!(check(
        "#Version: 1.0\n#Fields: date time cs-method sc-status\n2026-03-02 08:15:30 GET 200\n#Date: x\n2026-03-02 08:15:31 - 404\n#Fields: time date c-ip\n08:15:32 2026-03-02 192.0.2.7\n08:15:33 2026-03-02 192.0.2.8\n"
    ));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_accounted_for(
        head in "(a,b\n|a;b;c\n|ts=1 x=2\n|2026-03-02 08:15:30 x\n|#Fields: a b\n|\\{\"columns\":\\[\"a\"\\],\"rows\":\\[|\u{feff})",
        bytes in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::strategy::Just(b','), proptest::strategy::Just(b';'), proptest::strategy::Just(b'"'),
                proptest::strategy::Just(b'\n'), proptest::strategy::Just(b' '), proptest::strategy::Just(b'['),
                proptest::strategy::Just(b']'), proptest::strategy::Just(b'='), proptest::strategy::Just(b'#'),
                proptest::strategy::Just(b'{'), proptest::strategy::Just(b'}'), proptest::arbitrary::any::<u8>(),
            ],
            0..120,
        ),
        cut_bytes in 1_usize..60,
        slice_bytes in 1_usize..60,
    ) {
        let bytes = [head.as_bytes(), &bytes].concat();
        let whole = read_whole(&bytes, Limits::default());
        whole.conserves("any bytes", bytes.len() as u64);
        same(&whole, &read_whole(&bytes, Limits { slice_bytes, ..SMALL }), slice_bytes);
        let is_table = common::layout(&bytes).is_some_and(|layout| !layout.is_json());
        if is_table {
            let framed = read_framed(&bytes, Limits { cut_bytes, slice_bytes, ..SMALL });
            framed.conserves("any bytes, framed", bytes.len() as u64);
            same(&whole, &framed, cut_bytes);
        }
    }
}

/// What all of a table shows that its head does not, however it is cut: the same.
#[track_caller]
fn check_settled(text: &str, expected: &[&str]) {
    let settled = |read: &Read| {
        let hints = chartroom_ingest::Hints::default().settled(&read.report, "folder/file.json");
        hints.map(|hints| format!("{hints:?}")).unwrap_or_default()
    };
    let bytes = text.as_bytes();
    let limits = Limits { head_bytes: 128, ..SMALL };
    let whole = read_whole(bytes, limits);
    let found = settled(&whole);
    for word in expected {
        assert!(found.contains(word), "{word} is not in {found}");
    }
    assert_eq!(found.is_empty(), expected.is_empty(), "{found}");
    for cut_bytes in [100, 250, 1_000] {
        let cut = read_framed(bytes, Limits { cut_bytes, ..limits });
        same(&whole, &cut, cut_bytes);
        assert_eq!(settled(&cut), found, "cut by {cut_bytes}");
    }
}

#[test]
fn what_all_of_a_file_shows_does_not_depend_on_how_it_was_cut() {
    let rows = |header: &str, count: u32, row: &dyn Fn(u32) -> String| {
        let rows = (1..=count).map(|at| row(at) + "\n");
        std::iter::once(format!("{header}\n")).chain(rows).collect::<String>()
    };
    let numbers = |last: &str| rows("n,name", 60, &|at| format!("{at}.50,name {at}")) + last;
    check_settled(&numbers(""), &[]);
    check_settled(&numbers("few,x\n"), &["\"n\": Text"]);
    // A word for nothing is no text in a column of numbers.
    check_settled(&numbers("-,x\nn/a,y\n"), &[]);
    let late = |late: &str| rows("id,late", 400, &|at| format!("{at},{}", if at < 390 { "" } else { late }));
    check_settled(&late("2.50"), &["\"late\": Number"]);
    check_settled(&late("2026-03-02T08:15:30Z"), &["\"late\": Time"]);
    check_settled(&late("{\"a\":1}"), &["\"late\": Json"]);
    check_settled(&late("7"), &[]);
    check_settled(&late("words"), &[]);
    check_settled(&(late("7") + "90,word\n"), &["\"late\": Text"]);
    // Days: above 12 behind the head; in order by one reading; by another column; not at all.
    let days = |day: &dyn Fn(u32) -> String| rows("when,n", 240, &|at| format!("{},{at}", day(at)));
    check_settled(&days(&|at| format!("{}/4/2026 10:00:{:02}", 1 + at / 12, at % 12)), &["\"when\": true"]);
    check_settled(&days(&|at| format!("4/{}/2026 10:00:{:02}", 1 + at / 12, at % 12)), &["\"when\": false"]);
    let sorted = |at: u32| format!("{}/{}/2026 10:00:00", 1 + at / 2 % 12, 1 + at / 24);
    check_settled(&days(&sorted), &["\"when\": true"]);
    check_settled(&days(&|at| format!("3/4/2026 10:00:{:02}", at / 4)), &[]);
    check_settled(
        &rows("when,at", 60, &|at| format!("3/4/2026 10:00:{at:02},2026-04-03T10:00:{at:02}Z")),
        &["\"when\": true"],
    );
}
