//! The rules of the page's state: no element in sight.

use crate::fake::{Fake, ledger_file, row};
use chartroom::{
    platform::zone::Zone,
    state::{
        busy::Work,
        cell::{Outcome, Shown, shown},
        chart::table,
        columns::{drawn_columns, shown_columns, widths},
        format::{counted, duration, grouped, humps, percent, shortened_middle, size, took},
        grid_keys::{CellAt, Extent, moved},
        json::{Sort, children, pretty, sort_of},
        ledger::{gist, troubles},
        ledger_outline::{Folded, Line, Outline},
        marks::Needles,
        notices::{Notices, NoticesAction},
        pages::{Order, Pages, PagesAction},
        paths::{common_folder, split},
        prose::{Block, Inline, blocks},
        query::{Query, QueryAction, WITHOUT_DUPLICATES, column_name, event_query},
        sample,
        scroll::{Geometry, Place, TALLEST},
        sources::{Sources, SourcesAction, pace},
        squiggles::{caret_byte, caret_unit, pieces},
        zone::{minute_text, offset_text, parse_exported, parse_hour_field, time_parts},
    },
    tasks::Answer,
};
use chartroom_base::{
    diagnostic::Span,
    json::is_json,
    ticks::{PER_SECOND, Ticks},
};
use chartroom_chart::data::{Holds, Value};
use chartroom_protocol::{
    Event, FileNo, ResultId,
    ledger::{DigestCheck, LedgerFile, LedgerGroup, LedgerOutcome},
    result::{ColumnInfo, ColumnMark, PageRow},
};
use chartroom_schema::kind::Kind;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Reducible;

#[wasm_bindgen_test]
fn numbers_are_grouped_and_sizes_have_units() {
    assert_eq!(grouped(0), "0");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(48_210), "48,210");
    assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    assert_eq!(counted(1, "file", "files"), "1 file");
    assert_eq!(size(512), "512 B");
    assert_eq!(size(999_999), "1.0 MB");
    assert_eq!(size(3_000_000_000), "3.0 GB");
    assert_eq!(duration(31), "31 ms");
    assert_eq!(duration(185_000), "3 min 5 s");
    assert_eq!(took(400), "< 1 ms");
}

#[wasm_bindgen_test]
fn a_share_is_all_or_nothing_only_when_it_is() {
    assert_eq!(percent(0.0), "0 %");
    assert_eq!(percent(0.0001), "1 %");
    assert_eq!(percent(0.9999), "99 %");
    assert_eq!(percent(1.0), "100 %");
}

#[wasm_bindgen_test]
fn identifiers_shorten_in_the_middle() {
    assert_eq!(shortened_middle("5d04211aaf172d43b83d9eb500464ec5", 14).unwrap(), "5d04211a…64ec5");
    assert_eq!(shortened_middle("short", 14), None);
    assert_eq!(shortened_middle("äöüäöüäöüäöüäöü", 7).unwrap(), "äöüä…öü");
}

#[wasm_bindgen_test]
fn times_show_in_their_zone_with_summer_time() {
    let chicago =
        Zone::find(&chartroom::platform::zone::ZoneChoice::Named("America/Chicago".into())).unwrap();
    let offset = |time| i64::from(chicago.offset_seconds(time)) * PER_SECOND;
    let summer = parse_exported("2021-08-02T16:01:29.1510000Z").unwrap();
    let parts = time_parts(summer, offset(summer));
    assert_eq!(
        (parts.date.as_str(), parts.time.as_str(), parts.fraction.as_str()),
        ("2021-08-02", "11:01:29", ".151")
    );
    let winter = parse_exported("2021-12-02T16:01:29.1234567Z").unwrap();
    let parts = time_parts(winter, offset(winter));
    assert_eq!((parts.time.as_str(), parts.fraction.as_str()), ("10:01:29", ".1234567"));
    assert_eq!(minute_text(summer, 0), "2021-08-02 16:01");
    assert_eq!(offset_text(offset(winter)), "−06:00");
}

#[wasm_bindgen_test]
fn only_exported_times_are_times() {
    assert_eq!(parse_exported("2021-08-02T16:01:29Z"), Ticks::from_civil((2021, 8, 2), (16, 1, 29), 0));
    for wrong in [
        "",
        "2021-08-02",
        "2021-13-02T16:01:29.0000000Z",
        "2021-08-02T16:01:29.12Z",
        "ä021-08-02T16:01:29.0000000Z",
    ] {
        assert_eq!(parse_exported(wrong), None, "{wrong}");
    }
    assert_eq!(parse_hour_field("2021-08-02T16:00"), Ticks::from_civil((2021, 8, 2), (16, 0, 0), 0));
}

#[track_caller]
fn check_cell(name: &str, kind: Kind, value: &str, expected: Shown) {
    let column = ColumnInfo {
        name: name.into(),
        kind,
        about: String::new(),
        rank: 0,
        is_empty: false,
        unit: String::new(),
        mark: ColumnMark::Plain,
    };
    assert_eq!(shown(&column, Some(value), &|_| 0), expected);
}

#[wasm_bindgen_test]
fn a_cell_shows_what_its_value_is() {
    check_cell("Outcome", Kind::String, "", Shown::Nothing);
    check_cell("ResultType", Kind::String, "Success", Shown::Outcome(Outcome::Succeeded, "Success".into()));
    check_cell("ResultType", Kind::String, "Weird", Shown::Text("Weird".into()));
    check_cell("Message", Kind::String, "failed", Shown::Text("failed".into()));
    check_cell("StatusCode", Kind::Int, "403", Shown::Number("403".into()));
    check_cell("DurationMs", Kind::Real, "891.0", Shown::Number("891".into()));
    check_cell("DurationMs", Kind::Real, "-3.0", Shown::Number("-3".into()));
    check_cell("DurationMs", Kind::Real, "891.05", Shown::Number("891.05".into()));
    check_cell("Version", Kind::String, "1.0", Shown::Text("1.0".into()));
    check_cell(
        "Id",
        Kind::String,
        "9f31c0aa-0000-4000-8000-00000000be21",
        Shown::Id("9f31c0aa…0be21".into()),
    );
    check_cell("Text", Kind::String, "two\nlines", Shown::Text("two lines".into()));
}

#[wasm_bindgen_test]
fn ranked_columns_come_first_and_empty_ones_are_folded() {
    let columns = Fake::new(1, 1).info(1, 1).columns;
    let names = |has_all, is_narrow| -> Vec<String> {
        shown_columns(&columns, has_all, is_narrow).into_iter().map(|at| columns[at].name.clone()).collect()
    };
    assert_eq!(names(false, false).len(), 8);
    assert_eq!(names(false, true), ["TimeGenerated", "EventType", "Outcome"]);
    assert_eq!(names(true, false).last().unwrap(), "Region");
    let unranked: Vec<_> = columns.iter().cloned().map(|column| ColumnInfo { rank: 0, ..column }).collect();
    assert_eq!(shown_columns(&unranked, false, false).len(), 9);
    // Few columns were asked for as they are.
    assert_eq!(shown_columns(&columns[7..], false, false), [0, 1, 2]);
    // A time alone is no choice of columns.
    let found = unranked.into_iter().enumerate();
    let found: Vec<_> = found.map(|(at, column)| ColumnInfo { rank: u32::from(at == 3), ..column }).collect();
    assert_eq!(shown_columns(&found, false, false), [3, 0, 1, 2, 4, 5, 6, 7]);
}

#[wasm_bindgen_test]
fn columns_fill_the_room_and_only_those_seen_are_drawn() {
    let columns = Fake::new(1, 1).info(1, 1).columns;
    let indices = shown_columns(&columns, false, false);
    let rows = [row(0), row(1)];
    let rows: Vec<_> = rows.iter().collect();
    let wide = widths(&columns, &indices, &rows, 7.5, (3_000.0, false), 3, &|_| 0);
    assert!((wide.iter().sum::<f64>() - 3_000.0).abs() < indices.len() as f64);
    let own: f64 = widths(&columns, &indices, &rows, 7.5, (0.0, false), 3, &|_| 0).iter().sum();
    let cut = widths(&columns, &indices, &rows, 7.5, (own - 60.0, false), 3, &|_| 0);
    assert!(cut.iter().sum::<f64>() <= own - 60.0, "texts are cut so that all columns fit");
    let narrow = widths(&columns, &indices, &rows, 7.5, (100.0, true), 3, &|_| 0);
    assert!(narrow.iter().sum::<f64>() > 100.0);
    assert_eq!(drawn_columns(&[100.0; 50], 1_000.0, 300.0), 9..14);
    assert_eq!(drawn_columns(&[100.0; 3], 0.0, 1_000.0), 0..3);
}

#[wasm_bindgen_test]
fn ten_million_rows_scroll_to_the_very_last() {
    let list = Geometry { rows: 10_000_000, row_height: 25.0, viewport: 600.0 };
    assert!(list.is_mapped());
    assert_eq!(list.spacer(), TALLEST);
    let end = list.scrolled(Place::default(), TALLEST - 600.0);
    assert_eq!(list.seen(end).end, 10_000_000);
    assert_eq!(list.seen(list.revealed(Place::default(), 9_999_999)).end, 10_000_000);
    // A wheel near the middle moves by pixels, whatever the measure of the scrollbar.
    let middle = list.place_at(100_000_000.0);
    assert_eq!(list.scrolled(middle, middle.scroll + 50.0).top, 100_000_050.0);
    // A drag of the scrollbar goes by proportion.
    let dragged = list.scrolled(Place::default(), TALLEST / 2.0);
    assert!((dragged.top / list.total() - 0.5).abs() < 0.001);
    assert_eq!(list.scrolled(middle, 0.0).top, 0.0);
}

#[wasm_bindgen_test]
fn every_row_can_be_reached_and_stands_within_the_element() {
    let list = Geometry { rows: 10_000_000, row_height: 25.0, viewport: 610.0 };
    for row in [0, 1, 24, 25, 4_999_999, 9_999_975, 9_999_998, 9_999_999] {
        let place = list.revealed(list.place_at(77_000_000.0), row);
        assert!(list.seen(place).contains(&row), "{row}");
        let y = row as f64 * 25.0 + place.offset();
        assert!((0.0..=TALLEST - 25.0 + 0.5).contains(&y), "{row} at {y}");
    }
}

#[wasm_bindgen_test]
fn a_short_list_is_scrolled_by_the_browser_alone() {
    let list = Geometry { rows: 1_000, row_height: 25.0, viewport: 600.0 };
    let place = list.scrolled(Place::default(), 777.0);
    assert_eq!((place.top, place.offset()), (777.0, 0.0));
    assert_eq!(list.drawn(place), 25..62);
}

#[wasm_bindgen_test]
fn keys_move_the_focus_and_stop_at_the_edges() {
    let extent = Extent { rows: 100, columns: 5, page: 20 };
    let at = CellAt { row: Some(10), column: 2 };
    let to = |key, ctrl| moved(at, key, ctrl, extent).unwrap();
    assert_eq!(to("ArrowDown", false), CellAt { row: Some(11), column: 2 });
    assert_eq!(to("PageDown", false), CellAt { row: Some(30), column: 2 });
    assert_eq!(to("End", false), CellAt { row: Some(10), column: 4 });
    assert_eq!(to("End", true), CellAt { row: Some(99), column: 4 });
    assert_eq!(to("Home", true), CellAt { row: Some(0), column: 0 });
    assert_eq!(moved(CellAt { row: Some(0), column: 0 }, "ArrowUp", false, extent).unwrap().row, None);
    assert_eq!(moved(CellAt { row: None, column: 0 }, "ArrowDown", false, extent).unwrap().row, Some(0));
    assert_eq!(moved(at, "x", false, extent), None);
    let empty = Extent { rows: 0, ..extent };
    assert_eq!(moved(CellAt { row: None, column: 0 }, "End", true, empty).unwrap().row, None);
}

#[wasm_bindgen_test]
fn pages_know_what_is_missing_and_forget_what_is_far() {
    let order = Order { result: ResultId(1), generation: 1 };
    let mut pages = Rc::new(Pages::default()).reduce(PagesAction::Reset {
        epoch: 1,
        order,
        rows: 10_050,
        fetched: Vec::new(),
    });
    assert_eq!(pages.missing(&(0..40)), Some((0, 100)));
    assert_eq!(pages.missing(&(90..130)), Some((0, 200)));
    pages = pages.reduce(PagesAction::Put { order, start: 0, rows: (0..100).map(row).collect() });
    assert_eq!(pages.missing(&(0..40)), None);
    assert_eq!(pages.missing(&(90..130)), Some((100, 100)));
    // The last page is short and whole.
    pages = pages.reduce(PagesAction::Put { order, start: 10_000, rows: (0..50).map(row).collect() });
    assert_eq!(pages.missing(&(10_020..10_090)), None);
    pages = pages.reduce(PagesAction::Grown { order, rows: 10_060 });
    assert_eq!(pages.missing(&(10_020..10_090)), Some((10_000, 100)));
    for page in 1..60 {
        pages =
            pages.reduce(PagesAction::Put { order, start: page * 100, rows: (0..100).map(row).collect() });
    }
    assert!(pages.row(0).is_none() && pages.row(5_950).is_some());
}

#[wasm_bindgen_test]
fn a_new_order_takes_over_at_once_and_says_where_the_row_went() {
    let order = Order { result: ResultId(1), generation: 1 };
    let next = Order { generation: 2, ..order };
    let fetched = (0..100).map(row).collect();
    let pages = Rc::new(Pages::default()).reduce(PagesAction::Reset { epoch: 1, order, rows: 500, fetched });
    let stale = pages.clone().reduce(PagesAction::Put { order: next, start: 0, rows: vec![row(9)] });
    assert_eq!(stale.row(0).unwrap().id, row(0).id, "rows of another order are not mixed in");
    let fetched = (200..300).map(row).collect();
    let turned = pages.reduce(PagesAction::Switch {
        order: next,
        rows: 900,
        start: 200,
        fetched,
        moved: Some((10, 210)),
    });
    assert_eq!((turned.shift.count, turned.shift.from, turned.shift.to), (1, 10, 210));
    assert_eq!(turned.row(210).unwrap().id, row(210).id);
    assert!(turned.row(10).is_none());
}

#[wasm_bindgen_test]
fn search_and_order_are_kql_that_can_be_seen() {
    let query = Rc::new(Query::default()).reduce(QueryAction::Searched("patient -\"a b\"".into()));
    assert_eq!(query.text(), "Events\n| where * contains \"patient\" and not(* contains \"a b\")");
    let query = query.reduce(QueryAction::Sorted("Time Stamp".into()));
    assert!(query.text().ends_with("\n| sort by ['Time Stamp'] asc"));
    let query = query.reduce(QueryAction::Sorted("Time Stamp".into()));
    assert!(query.text().ends_with("desc"));
    let query = query.reduce(QueryAction::Sorted("Time Stamp".into()));
    assert!(query.sort.is_none());
    let query = query.reduce(QueryAction::Edited("AWSCloudTrail | count".into())).reduce(QueryAction::Run);
    assert_eq!((query.text().as_str(), query.search.as_str()), ("AWSCloudTrail | count", ""));
    assert_eq!(query.table(), "AWSCloudTrail");
    assert_eq!(column_name("a'b"), "['a\\'b']");
}

#[wasm_bindgen_test]
fn the_answer_to_an_older_asking_is_not_heard() {
    let info = Fake::new(5, 1).info(1, 5);
    let query = Rc::new(Query::default()).reduce(QueryAction::Run).reduce(QueryAction::Run);
    let late = query.clone().reduce(QueryAction::Answered(1, Box::new(Answer::Done(info.clone()))));
    assert!(late.info.is_none() && late.is_running());
    let done = query.reduce(QueryAction::Answered(2, Box::new(Answer::Done(info))));
    assert!(!done.is_running() && done.epoch == 1);
    // A refresh keeps the place in the table.
    let info = Fake::new(9, 1).info(2, 9);
    let fresh =
        done.reduce(QueryAction::Refresh).reduce(QueryAction::Answered(3, Box::new(Answer::Done(info))));
    assert_eq!((fresh.epoch, fresh.info.as_ref().unwrap().rows), (1, 9));
    let grown =
        fresh.reduce(QueryAction::Grown { result: ResultId(1), generation: 2, rows: 12, is_partial: true });
    assert_eq!(grown.info.as_ref().unwrap().rows, 12);
}

#[wasm_bindgen_test]
fn a_drop_is_loading_until_the_coordinator_has_spoken_of_all_of_it() {
    let fake = Fake::new(10, 3);
    let event = |status| Box::new(Event::Status { status: Box::new(status) });
    let sources = Rc::new(Sources::default()).reduce(SourcesAction::Dropped);
    assert!(sources.is_loading() && sources.is_open);
    // A word from before the drop: it knows two files of five.
    let early = sources.clone().reduce(SourcesAction::Event(event(fake.status()), 5));
    assert!(early.is_loading());
    let during = sources.reduce(SourcesAction::Event(event(fake.loading()), 3));
    assert!(during.is_loading() && !during.is_opening);
    let after = during.reduce(SourcesAction::Event(event(fake.status()), 3));
    assert!(!after.is_loading());
    assert_eq!(pace(50, 100, 1_000), Some((50, 1_000)));
    assert_eq!(pace(0, 100, 1_000), None);
}

#[wasm_bindgen_test]
fn any_work_left_is_busy() {
    assert!(!Work::default().is_left());
    assert!(Work { is_ledger_behind: true, ..Work::default() }.is_left());
}

#[wasm_bindgen_test]
fn a_notice_is_told_once_and_can_be_put_away() {
    let tell = |text: &str| NoticesAction::Tell { text: text.into(), is_warning: false };
    let notices = Rc::new(Notices::default()).reduce(tell("a")).reduce(tell("a")).reduce(tell("b"));
    assert_eq!(notices.list.len(), 2);
    let id = notices.list[0].id;
    assert_eq!(notices.reduce(NoticesAction::Dismiss(id)).list[0].text, "b");
}

#[wasm_bindgen_test]
fn json_is_looked_at_level_by_level_and_keeps_its_digits() {
    let text = r#" {"a": 12345678901234567890, "b" : {"c":"x,}\""}, "d":[1,[2],"z"], "e":null } "#;
    let (found, has_more) = children(text, 10);
    let seen: Vec<_> = found.iter().map(|child| (child.key.as_deref().unwrap(), child.value)).collect();
    assert_eq!(
        seen,
        [("a", "12345678901234567890"), ("b", r#"{"c":"x,}\""}"#), ("d", r#"[1,[2],"z"]"#), ("e", "null")]
    );
    assert!(!has_more);
    assert_eq!(children("[1,2,3]", 2).0.len(), 2);
    assert!(children("[1,2,3]", 2).1);
    assert_eq!(sort_of("  [1"), Sort::Array);
    for broken in ["", "{", "[", r#"{"a"#, r#"{"a":"#, "{,,,}", "[}", "]]", r#"{"a":1}}}"#, "{:::}", "[\"\\"]
    {
        assert!(children(broken, 5).0.len() <= 5 && pretty(broken, 100).len() <= 300, "{broken}");
    }
    let deep = "[".repeat(100_000);
    assert!(children(&deep, 5).0.len() <= 5 && pretty(&deep, 5_000).len() < 20_000);
    assert_eq!(pretty(r#"{"a":[1,2],"b":{}}"#, 100), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

#[wasm_bindgen_test]
fn matches_are_marked_in_any_case() {
    let marked = |text: &'static str, search: &str| -> String {
        let needles = Needles::of_search(search);
        let pieces = needles.pieces(text).into_iter();
        pieces.map(|(piece, is)| if is { format!("[{piece}]") } else { piece.into() }).collect()
    };
    assert_eq!(marked("Patient/patient", "PATIENT"), "[Patient]/[patient]");
    assert_eq!(marked("abcabc", "bc ca"), "a[bcabc]");
    assert_eq!(marked("Größe İ x", "GRÖSSE ö x"), "Gr[ö]ße İ [x]");
    assert_eq!(marked("abc", "-abc"), "abc");
    assert_eq!(marked("10.0.0.12, 10.0.0.7", "/10[.]0[.]0[.]\\d\\b/"), "10.0.0.12, [10.0.0.7]");
    assert_eq!(marked("GetObject", "/getO/ ject"), "[GetO]b[ject]");
    // Wrong, empty, or too large for the page: nothing is marked, nothing is held up.
    for pattern in ["/(a/", "/x*/", "/(a{1000}){1000}/"] {
        assert_eq!(marked("aaa", pattern), "aaa");
    }
    let long: String = "a".repeat(100_000);
    assert!(Needles::of_search("/(a+)+$/").pieces(&long).len() <= 2);
}

#[wasm_bindgen_test]
fn groups_of_the_ledger_have_heads_and_fold() {
    let group = |outcome, folder: &str, files| LedgerGroup {
        outcome,
        folder: folder.to_owned(),
        files,
        ..LedgerGroup::default()
    };
    let groups = [
        group(LedgerOutcome::Failed, "b/", 1),
        group(LedgerOutcome::Done, "a/", 3),
        group(LedgerOutcome::Skipped, "a/", 2),
    ];
    let told = |folded: &Folded| -> String {
        let outline = Outline::new(6, &groups, folded);
        let line = |at| match outline.line(at).unwrap() {
            Line::Head { group, is_folded } => format!("{}{group}", if is_folded { '+' } else { '-' }),
            Line::File { file, group } => format!("{file}@{}", group.unwrap()),
        };
        assert_eq!(outline.line(outline.lines()), None);
        (0..outline.lines()).map(line).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(&Folded::new()), "-0 0@0 -1 1@1 2@1 3@1 -2 4@2 5@2");
    let folded = Folded::from([(LedgerOutcome::Done, "a/".to_owned())]);
    assert_eq!(told(&folded), "-0 0@0 +1 -2 4@2 5@2");
    // Heads that save no reading are left out.
    let plain = Outline::new(2, &groups[..2], &Folded::new());
    assert_eq!((plain.lines(), plain.line(1)), (2, Some(Line::File { file: 1, group: None })));
}

#[wasm_bindgen_test]
fn what_is_wrong_is_underlined_whatever_it_cuts() {
    let told = |text: &str, from, to| -> String {
        let pieces = pieces(text, &[Span::new(from, to)]).into_iter();
        pieces
            .map(|(_, part, _, is_wrong)| if is_wrong { format!("[{part}]") } else { part.to_owned() })
            .collect()
    };
    assert_eq!(told("Events | tak 3", 9, 12), "Events | [tak] 3");
    assert_eq!(told("Events", 2, 4), "Ev[en]ts");
    assert_eq!(told("x == \"Größe\"", 8, 9), "x == \"Größe\"");
    assert_eq!(caret_byte("aö𝄞b", 4), 7);
    assert_eq!(caret_unit("aö𝄞b", 7), 4);
}

#[wasm_bindgen_test]
fn rows_become_figures() {
    let column = |name: &str, kind| ColumnInfo {
        name: name.into(),
        kind,
        about: String::new(),
        rank: 0,
        is_empty: false,
        unit: String::new(),
        mark: ColumnMark::Plain,
    };
    let columns = [column("t", Kind::Dynamic), column("n", Kind::Dynamic), column("d", Kind::TimeSpan)];
    let cells = [
        "[\"2021-08-02T00:00:00.0000000Z\",\"2021-08-03T00:00:00.0000000Z\"]",
        "[1,2.5]",
        "-1.00:00:01.5000000",
    ];
    let row = PageRow {
        id: None,
        cells: cells.iter().map(|cell| Some((*cell).to_owned())).collect(),
        is_duplicate: false,
    };
    let table = table(&columns, &[row]);
    let holds: Vec<_> = table.columns.iter().map(|(_, holds)| *holds).collect();
    assert_eq!(holds, [Holds::Times, Holds::Numbers, Holds::Numbers]);
    assert_eq!((table.rows.len(), &table.rows[1][1]), (2, &Value::Number(2.5)));
    assert_eq!(table.rows[0][2], Value::Number(-86_401.5));
}

#[wasm_bindgen_test]
fn paths_are_shortened_to_what_differs() {
    assert_eq!(common_folder(["a/b/c.json", "a/b/d.json", "a/bb/e.json"]), "a/");
    assert_eq!(common_folder(["a.json", "b/c.json"]), "");
    assert_eq!(common_folder([]), "");
    assert_eq!(split("a/b/c.json", "a/"), ("b", "c.json"));
    assert_eq!(split("a.json", ""), ("", "a.json"));
}

#[wasm_bindgen_test]
fn names_are_broken_between_their_words() {
    let check = |name: &str, expected: &str| assert_eq!(humps(name).collect::<Vec<_>>().join("|"), expected);
    check("RecipientAccountId", "Recipient|Account|Id");
    check("CallerIPAddress", "Caller|IP|Address");
    check("SourceIP", "Source|IP");
    check("sourceIPAddress", "source|IP|Address");
    check("user_agent.name", "user_|agent.|name");
    check("_ItemId", "_|Item|Id");
    check("ÄrgerÖl", "Ärger|Öl");
    check("plain", "plain");
    check("", "");
}

#[wasm_bindgen_test]
fn a_file_says_what_came_of_it() {
    assert_eq!(gist(&ledger_file(0)), "not read");
    assert_eq!(gist(&ledger_file(12)), "no events");
    let troubles_of = |file: &LedgerFile| -> String {
        let words = troubles(file).into_iter().map(|(weight, words)| format!("{words} ({})", weight.word()));
        words.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(troubles_of(&ledger_file(0)), "could not be read (lost)");
    assert_eq!(troubles_of(&ledger_file(1)), "2 rejected (lost), cut short (cut)");
    assert_eq!(troubles_of(&ledger_file(5)), "");
    assert_eq!(troubles_of(&LedgerFile { repaired: 6, ..ledger_file(5) }), "6 repaired (note)");
    let digest = DigestCheck { listed: 3, matching: 1, altered: 1, missing: 1, ..DigestCheck::default() };
    let digest = LedgerFile { digest: Some(digest), duplicates: 2, ..ledger_file(12) };
    assert_eq!(gist(&digest), "1 of 3 match");
    assert_eq!(troubles_of(&digest), "1 altered (lost), 1 missing (cut), 2 duplicates (note)");
    let again = LedgerFile { same_as: Some(FileNo(1)), ..ledger_file(12) };
    assert_eq!((gist(&again), troubles_of(&again)), ("again".into(), "the same file (note)".into()));
    let reading = |share| gist(&LedgerFile { stored: 0, share, ..ledger_file(2) });
    assert_eq!(reading(0.0), "waiting");
    assert_eq!(reading(0.03), "reading 3 %");
}

#[wasm_bindgen_test]
fn help_texts_are_taken_apart() {
    let found = blocks(
        "# Title\n\nSome **bold** `code`\non two lines.\n\n* one\n* two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    );
    assert_eq!(found.len(), 4);
    assert!(matches!(&found[1], Block::Paragraph(words) if words[1] == Inline::Strong("bold".into())));
    assert!(matches!(&found[2], Block::List { is_numbered: false, items } if items.len() == 2));
    assert!(matches!(&found[3], Block::Table { rows, .. } if rows.len() == 1));
    assert!(!blocks("** * ` | # 1. \n|\n#######").is_empty());
    for text in [chartroom::components::empty_page::GETTING_LOGS, chartroom::components::empty_page::CHECKING]
    {
        assert!(matches!(blocks(text)[0], Block::Heading(1, _)));
    }
}

#[wasm_bindgen_test]
fn sample_data_is_the_same_every_time_and_is_json() {
    let files = sample::files();
    assert_eq!(files, sample::files());
    let (logs, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.ends_with(".json"));
    assert_eq!((logs.len(), others.len()), (12, 1));
    for (path, text) in logs {
        assert!(is_json(text) || text.lines().all(is_json), "{path}");
        assert!(!text.contains(['<', '>']), "a place that was not filled: {path}");
    }
}

#[wasm_bindgen_test]
fn duplicates_are_left_out_right_after_the_table_and_come_back() {
    let check = |base: &str, hidden: &str| {
        let query = Rc::new(Query { base: base.to_owned(), ..Query::default() });
        let less = query.reduce(QueryAction::Duplicates);
        assert_eq!(less.base, hidden);
        assert!(less.hides_duplicates() && less.is_running());
        let again = less.reduce(QueryAction::Duplicates);
        assert!(!again.base.contains(WITHOUT_DUPLICATES), "{}", again.base);
    };
    check("Events", "Events\n| where isempty(_DuplicateOf)");
    check("AWSCloudTrail\n| count", "AWSCloudTrail\n| where isempty(_DuplicateOf)\n| count");
    check("Events | take 2", "Events\n| where isempty(_DuplicateOf)\n| take 2");
    let picked =
        Rc::new(Query::default()).reduce(QueryAction::Duplicates).reduce(QueryAction::Table("T".into()));
    assert_eq!(picked.base, "T\n| where isempty(_DuplicateOf)");
    assert_eq!(
        event_query("a\"b/c@d.csv@12#3"),
        "Events\n| where _DuplicateOf == \"a\\\"b/c@d.csv@12#3\" or (_File == \"a\\\"b/c@d.csv\" and _Offset == 12)"
    );
}
