//! Tables as text become rows: of the types they are of, or of a table called after their file.

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
    let rows: Vec<&str> = whole.rows.iter().map(|(_, row)| row.as_str()).collect();
    let problems =
        whole.report.problems.iter().map(|problem| format!("{}: {}", problem.offset, problem.reason));
    let lines: Vec<String> = rows.into_iter().map(str::to_owned).chain(problems).collect();
    lines.join("\n")
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
    insta::assert_snapshot!(check("a;b;c\n1;x;y\n2;x\n3;x;y;z;\n4;\"open;y\n5;x;y\n6;x;y\na;b;c\n7;x;y\n"));
}
