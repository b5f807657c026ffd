//! Cancelling, closing, dying, running out of memory: what is in stays right.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{
    DropNo, Event, FileNo, Reply, Request,
    ledger::{FileStatus, LedgerFile},
    request::LoadChoice,
    result::PageRow,
    start::Fault,
};
use world::{OnWhere, SMALL, World};

/// All rows, by what tells them apart: every column of every row takes long without optimisation.
const ROWS: &str = "Events | project TimeGenerated, Operation, _File, _Offset";

fn load(shards: u32, seed: u64) -> World {
    let mut world = World::new(shards, seed);
    world.drop_files(&samples::mixed());
    world.settle();
    world
}

fn check_conservation(world: &mut World) {
    let files = world.ledger_files();
    for file in files.values() {
        assert_eq!(
            file.bytes,
            file.bytes_records + file.bytes_rejected + file.bytes_between,
            "{}",
            file.path
        );
        assert_eq!(file.records, file.stored + file.rejected, "{}", file.path);
    }
    let stored: u64 = files.values().map(|file| file.stored).sum();
    assert_eq!(world.count("Events | count"), stored);
}

#[test]
fn cancelling_keeps_what_is_in_and_says_what_is_not() {
    for seed in 1..12 {
        let mut world = World::new(2, seed);
        world.drop_files(&samples::mixed());
        for _ in 0..seed * 40 {
            world.turn();
        }
        assert_eq!(world.request(Request::CancelLoad), Reply::Done);
        world.settle();
        check_conservation(&mut world);
        let files = world.ledger_files();
        assert!(files.values().all(|file| file.status != FileStatus::Reading), "seed {seed}");
        for file in files.values().filter(|file| file.status == FileStatus::Partial) {
            assert!(file.problem_count > 0, "{}", file.path);
        }
        // More can be dropped.
        world.drop_files(&[("later.jsonl", samples::lines(5_000..5_010))]);
        world.settle();
        assert_eq!(world.ledger_files()["later.jsonl"].stored, 10);
        check_conservation(&mut world);
    }
}

#[test]
fn a_second_drop_stands_behind_the_first() {
    let mut world = load(3, 21);
    let before = world.all(ROWS);
    world.drop_files(&[("a/earlier-by-path.jsonl", samples::lines(100..160))]);
    world.settle();
    let after = world.all(ROWS);
    assert_eq!(after.len(), before.len() + 60);
    // The same times again: rows of the first drop come first.
    let at = after.iter().position(|row| row.id.unwrap().file.0 >= 12).unwrap();
    assert_eq!(after[at - 1].cells[0], after[at].cells[0]);
    check_conservation(&mut world);
}

#[test]
fn closing_a_file_takes_its_rows_out_of_everything() {
    let mut world = load(3, 31);
    let info = world.query("Events");
    let files = world.ledger_files();
    let (gone, rows) = (files["b/large.jsonl"].file, files["b/large.jsonl"].stored);
    assert_eq!(world.request(Request::Close { files: vec![gone] }), Reply::Done);
    let (generation, page) = world.rows(info.result, 0, 500);
    assert!(generation > info.generation);
    assert!(page.iter().all(|row| row.id.unwrap().file != gone));
    world.settle();
    assert_eq!(world.all(ROWS).len() as u64, info.rows - rows);
    assert_eq!(world.ledger_files().len(), 11);
    check_conservation(&mut world);
    let row = chartroom_protocol::RowId { file: gone, offset: 0, number: 0 };
    assert!(matches!(world.request(Request::Record { row }), Reply::Failed { .. }));
}

#[test]
fn memory_of_closed_files_comes_back_and_the_others_keep_their_rows() {
    for shards in [1, 3] {
        let mut world = World::new(shards, 41);
        world.drop_files(&[
            ("keep.jsonl", samples::lines(0..60)),
            ("large.jsonl", samples::lines(1_000..1_300)),
        ]);
        world.settle();
        let keep: Vec<PageRow> = world
            .all("Events | where _File == 'keep.jsonl' | project TimeGenerated, Operation, _File, _Offset");
        assert_eq!(keep.len(), 60);
        world.request(Request::Close { files: vec![FileNo(1)] });
        world.settle();
        assert!(world.restarts > 0, "{shards} shards");
        assert_eq!(
            world.all(
                "Events | where _File == 'keep.jsonl' | project TimeGenerated, Operation, _File, _Offset"
            ),
            keep
        );
        assert_eq!(world.status.tables.iter().map(|table| table.rows).sum::<u64>(), 60);
        for round in 0..5 {
            world.drop_files(&[("again.jsonl", samples::lines(1_000..1_300))]);
            world.settle();
            assert_eq!(world.all(ROWS).len(), 360, "round {round}");
            world.request(Request::Close {
                files: vec![FileNo(
                    world.files.keys().copied().filter(|&file| file < 1 << 30).max().unwrap(),
                )],
            });
            world.settle();
            assert_eq!(world.all(ROWS), keep, "round {round}");
        }
        world.request(Request::Close { files: Vec::new() });
        world.settle();
        assert_eq!(world.all(ROWS), []);
        assert!(world.status.memory.iter().sum::<u64>() < 4_096, "{:?}", world.status.memory);
    }
}

#[test]
fn a_shard_that_hangs_is_ended_after_five_seconds() {
    let mut world = World::new(2, 51);
    world.drop_files(&samples::mixed());
    for _ in 0..60 {
        world.turn();
    }
    world.hang(0);
    let before = world.now();
    while world.restarts == 0 {
        world.turn();
    }
    assert!(world.now() - before < 8_000.0);
    world.settle();
    check_conservation(&mut world);
}

#[test]
fn a_shard_that_hangs_after_it_answered_once_is_ended() {
    let mut world = load(1, 53);
    let text = "Events | summarize count() by Operation".to_owned();
    let id = world.post(Request::Query { text, now: chartroom_base::ticks::Ticks(0) });
    world.hang_in_all_it_was_told(0);
    let began = world.now();
    while world.now() - began < 3_000.0 {
        world.turn();
    }
    assert_eq!(world.restarts, 0);
    // In the midst of its work it says that it lives, and nothing after that.
    world.wake(0);
    while !world.is_silent(0) {
        world.turn();
    }
    world.hang(0);
    let answered = world.now();
    while world.restarts == 0 {
        world.turn();
        assert!(world.now() - answered < 8_000.0, "it is not watched any more");
    }
    let reply = world.wait(id);
    assert!(matches!(reply, Reply::Result { .. }), "{reply:?}");
}

#[test]
fn a_fault_in_the_first_large_part_is_survived() {
    let mut world = World::with(2, 61, SMALL, 1 << 40, Some(Fault::Hang));
    // A hang within a step cannot be played on one thread; that a fault is committed once, is.
    world.drop_files(&[("small.jsonl", samples::lines(0..3))]);
    world.settle();
    assert_eq!(world.restarts, 0);
}

#[test]
fn what_does_not_fit_is_said_first() {
    let names: Vec<String> =
        (0..24).map(|hour| format!("y=2023/m=07/d=10/h={hour:02}/m=00/PT1H.json")).collect();
    let files: Vec<(&str, Vec<u8>)> =
        (0..).zip(&names).map(|(hour, name)| (name.as_str(), samples::lines(hour..hour + 200))).collect();
    let inside: u64 = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let open = |budget: u64| {
        let mut world = World::with(2, 71, SMALL, budget, None);
        world.drop_files(&files);
        world.settle();
        world
    };
    let mut world = open(inside / 4);
    let asked = world.events.iter().find_map(|event| match event {
        Event::OverBudget { hours, every_nth, files, .. } => Some((*hours, *every_nth, *files)),
        _ => None,
    });
    let (hours, every_nth, waiting) = asked.unwrap();
    let (from, to) = hours.unwrap();
    assert!(to.0 - from.0 <= 24 * 36_000_000_000 && to > from);
    assert!(every_nth >= 2, "{every_nth}");
    let choice = LoadChoice::TimeSpan { from, to: chartroom_base::ticks::Ticks(from.0 + 2 * 36_000_000_000) };
    assert_eq!(world.request(Request::Choose { choice }), Reply::Done);
    world.settle();
    let files = world.ledger_files();
    let left_out =
        files.values().filter(|file| file.status == FileStatus::Partial && file.stored == 0).count();
    // Files whose head was being looked at when it was asked are chosen from, too.
    assert!(left_out as u32 >= waiting - 2, "{left_out} of {waiting}");
    check_conservation(&mut world);
    assert!(world.status.load.is_none());
}

#[test]
fn one_large_file_that_does_not_fit_is_said_before_it_is_read() {
    for bytes in [samples::lines(0..4_000), samples::records(0..4_000)] {
        let mut world = World::with(2, 75, SMALL, 300_000, None);
        world.drop_files(&[("big.json", bytes)]);
        world.settle();
        assert!(world.is_waiting());
        assert!(world.events.iter().any(|event| matches!(event, Event::OverBudget { files: 1, .. })));
        assert_eq!(world.status.records, 0);
        world.request(Request::Choose { choice: LoadChoice::UpToBudget });
        world.settle();
        let file = &world.ledger_files()["big.json"];
        assert_eq!(file.status, FileStatus::Partial);
        assert!(file.stored > 0 && file.stored < 4_000, "{}", file.stored);
        let stopped = world.events.iter().find_map(|event| match event {
            Event::StoppedAtBudget { byte, time, .. } => Some((*byte, *time)),
            _ => None,
        });
        assert!(stopped.is_some_and(|(byte, time)| byte > 0 && time.is_some()));
        check_conservation(&mut world);
    }
}

/// What the last stop at the budget said: file, byte, hour.
fn stopped(world: &World) -> Option<(FileNo, u64, Option<chartroom_base::ticks::Ticks>)> {
    world.events.iter().rev().find_map(|event| match event {
        Event::StoppedAtBudget { file, byte, time, .. } => Some((*file, *byte, *time)),
        _ => None,
    })
}

#[test]
fn reading_goes_on_when_the_budget_is_raised() {
    for (seed, bytes) in
        [(1, samples::lines(0..4_000)), (2, samples::records(0..4_000)), (3, samples::array(0..4_000))]
    {
        let packed = samples::gzip(&samples::records(4_000..6_000));
        let files =
            [("a/big.json", bytes), ("b/packed.json.gz", packed), ("c/small.jsonl", samples::lines(0..9))];
        let expected = {
            let mut world = World::with(2, seed, SMALL, 1 << 40, None);
            world.drop_files(&files);
            world.settle();
            (world.ledger(), world.all(ROWS))
        };
        let mut world = World::with(2, seed, SMALL, 300_000, None);
        world.drop_files(&files);
        world.settle();
        if world.is_waiting() {
            world.request(Request::Choose { choice: LoadChoice::UpToBudget });
            world.settle();
        }
        let before = world.status.records;
        let (file, byte, time) = stopped(&world).unwrap();
        assert!(byte > 0 && time.is_some(), "{byte} {time:?}");
        // All before that byte is in, or in the ledger.
        assert_eq!(file, FileNo(0));
        let rows = world.all("Events | where _File == 'a/big.json' | project TimeGenerated, _Offset");
        assert!(rows.iter().any(|row| row.id.unwrap().offset < byte));
        check_conservation(&mut world);
        for budget in [500_000, 1 << 40] {
            assert_eq!(world.request(Request::SetBudget { bytes: budget }), Reply::Done);
            world.settle();
            check_conservation(&mut world);
            assert!(world.status.records >= before);
        }
        assert_eq!(world.ledger(), expected.0);
        assert_eq!(world.all(ROWS), expected.1);
    }
}

#[test]
fn a_budget_raised_while_it_is_asked_for_answers_the_question() {
    let mut world = World::with(2, 77, SMALL, 300_000, None);
    world.drop_files(&[("big.json", samples::lines(0..4_000))]);
    world.settle();
    assert!(world.is_waiting());
    world.request(Request::SetBudget { bytes: 1 << 40 });
    world.settle();
    assert!(!world.is_waiting());
    assert_eq!(world.ledger_files()["big.json"].stored, 4_000);
}

#[test]
fn at_the_budget_reading_stops_and_says_where() {
    let files: Vec<(String, Vec<u8>)> =
        (0..40).map(|at| (format!("{at:02}.jsonl"), samples::lines(at * 300..at * 300 + 300))).collect();
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let mut world = World::with(2, 81, SMALL, 700_000, None);
    world.drop_files(&files);
    world.settle();
    if world.is_waiting() {
        world.request(Request::Choose { choice: LoadChoice::UpToBudget });
        world.settle();
    }
    let stopped = world
        .events
        .iter()
        .any(|event| matches!(event, Event::StoppedAtBudget { files_left, .. } if *files_left > 0));
    assert!(stopped, "{:?}", world.status);
    check_conservation(&mut world);
}

#[test]
fn results_grow_while_files_come_and_end_in_order() {
    let mut world = World::new(3, 91);
    let drop = world.begin_drop();
    let info = world.query(ROWS);
    assert_eq!((info.rows, info.is_partial), (0, false));
    let files = samples::mixed();
    let mut last = 0;
    for file in &files {
        world.name_files(drop, std::slice::from_ref(file));
        for _ in 0..150 {
            world.turn();
        }
        let seen: Vec<u64> = world
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Grown { result, rows, .. } if *result == info.result => Some(*rows),
                _ => None,
            })
            .collect();
        if let Some(&rows) = seen.last() {
            assert!(rows >= last, "{seen:?}");
            last = rows;
            let (_, page) = world.rows(info.result, rows.saturating_sub(3), 3);
            assert_eq!(page.len() as u64, rows.min(3));
        }
    }
    assert!(last > 0);
    world.end_drop(drop);
    world.settle();
    let (generation, first) = world.rows(info.result, 0, 50);
    assert!(generation > info.generation);
    let fresh = world.all(ROWS);
    assert_eq!(first[..], fresh[..50]);
}

#[test]
fn a_query_is_answered_during_a_load() {
    let mut world = World::new(2, 95);
    world.drop_files(&samples::mixed());
    for _ in 0..100 {
        world.turn();
    }
    let before = world.actions;
    let info = world.query("Events | where * has 'u1'");
    assert!(world.actions - before < 400, "{}", world.actions - before);
    assert!(info.is_partial && info.share < 1.0);
    world.settle();
}

#[test]
fn a_file_that_went_away_keeps_its_rows_and_says_so() {
    let mut world = load(2, 97);
    let row = world.all("Events | where _File == 'c/array.json'")[3].id.unwrap();
    world.broken.insert(row.file.0, "the file changed".to_owned());
    let Reply::Record { record } = world.request(Request::Record { row }) else { panic!() };
    assert_eq!(record.raw.text, None);
    assert!(record.raw.unavailable.unwrap().contains("the file changed"));
    assert_eq!(record.raw.line, None, "what was not read was not counted");
    assert!(!record.fields.is_empty());
    // One that goes while it is read.
    let drop = DropNo(9);
    let file = FileNo(world.files.len() as u32);
    world.broken.insert(file.0, "it is gone".to_owned());
    world.name_files(drop, &[("gone.jsonl", samples::lines(0..50))]);
    world.end_drop(drop);
    world.settle();
    let gone = &world.ledger_files()["gone.jsonl"];
    assert_eq!(gone.status, FileStatus::Failed, "{gone:?}");
    assert!(
        gone.problems.iter().any(|problem| problem.reason.contains("it is gone"))
            || gone.why.contains("it is gone")
    );
}

/// A file that changed after it was read: its ledger row says so once, and all else stays.
#[track_caller]
fn check_gone(world: &mut World, before: &LedgerFile, version: u64) {
    world.settle();
    let file = world.ledger_files()[&before.path].clone();
    let said: Vec<&str> = file
        .problems
        .iter()
        .map(|problem| problem.reason.as_str())
        .filter(|reason| reason.contains("cannot be read any more: it changed"))
        .collect();
    assert_eq!(said.len(), 1, "{file:?}");
    assert!(file.why.starts_with(&before.why) && file.why.contains(said[0]), "{}", file.why);
    assert_eq!((file.status, file.stored), (FileStatus::Done, before.stored));
    assert_eq!(file.problem_count, before.problem_count + 1);
    assert!(world.status.ledger_version > version);
}

#[test]
fn a_file_that_changed_is_noted_in_its_ledger_row_once() {
    for path in ["b/large.jsonl", "d/packed.json.gz", "i/small.json"] {
        let mut world = load(2, 103);
        let before = world.ledger_files()[path].clone();
        let version = world.status.ledger_version;
        world.broken.insert(before.file.0, "it changed".to_owned());
        let raw = Request::Raw { file: before.file, offset: 300, len: 10 };
        let Reply::Raw { raw: found } = world.request(raw.clone()) else { panic!() };
        assert_eq!((found.text, found.line), (None, None));
        check_gone(&mut world, &before, version);
        world.request(raw);
        check_gone(&mut world, &before, version);
        check_conservation(&mut world);
    }
}

#[test]
fn a_file_that_changed_before_it_was_hashed_is_noted_too() {
    let mut world = World::new(1, 105);
    world.drop_files(&[("a.jsonl", samples::lines(0..30))]);
    // The status comes with the hash still wanted.
    while world.ledger_files()["a.jsonl"].status == FileStatus::Reading {
        world.turn();
    }
    let before = world.ledger_files()["a.jsonl"].clone();
    assert_eq!(before.sha256, None);
    world.broken.insert(0, "it changed".to_owned());
    check_gone(&mut world, &before, 0);
}

#[test]
fn a_query_that_ends_its_reader_each_time_fails() {
    for (shards, on_where) in [(1, OnWhere::Die), (3, OnWhere::Die), (2, OnWhere::Hang)] {
        let mut world = load(shards, 107);
        let (rows, kept) = (world.all(ROWS), world.query(ROWS));
        let restarts = world.restarts;
        world.on_where = on_where;
        let text = "Events | where * has 'u3'".to_owned();
        let reply = world.request(Request::Query { text, now: chartroom_base::ticks::Ticks(0) });
        let Reply::Failed { diagnostics } = reply else { panic!("{reply:?}") };
        let reason = if on_where == OnWhere::Die { "it trapped" } else { "did not answer" };
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.message.contains(reason)), "{diagnostics:?}");
        world.settle();
        assert!(world.restarts <= restarts + 2 * shards, "{} restarts", world.restarts - restarts);
        // The readers read again what they had, and the rest goes on.
        assert_eq!(world.rows(kept.result, 0, 3).1[..], rows[..3]);
        assert_eq!(world.all(ROWS), rows);
    }
}

#[test]
fn a_question_that_ends_its_reader_each_time_fails() {
    let mut world = load(2, 113);
    let (rows, info) = (world.all(ROWS), world.query(ROWS));
    let row = rows[0].id.unwrap();
    let restarts = world.restarts;
    world.dies_of_asks = true;
    for request in [
        Request::Rows { result: info.result, start: 0, count: 3 },
        Request::Position { result: info.result, row },
        Request::Timeline { result: info.result, buckets: 10 },
        Request::Record { row },
    ] {
        // Whoever answers without those that died may do so; nobody is asked for ever.
        let is_page = matches!(request, Request::Rows { .. });
        match world.request(request) {
            Reply::Failed { diagnostics } => assert!(!diagnostics[0].message.is_empty()),
            other => assert!(!is_page, "{other:?}"),
        }
        world.settle();
    }
    assert!(world.restarts <= restarts + 4 * 2 * 2, "{} restarts", world.restarts - restarts);
    world.dies_of_asks = false;
    assert_eq!(world.rows(info.result, 0, 3).1[..], rows[..3]);
    assert_eq!(world.all(ROWS), rows);
}

#[test]
fn a_query_during_which_a_reader_ended_once_is_answered() {
    let mut world = load(2, 109);
    let expected = world.all("Events | where * has 'u3' | project TimeGenerated, _File, _Offset");
    world.on_where = OnWhere::DieOnce;
    let before = world.now();
    let info = world.query("AWSCloudTrail | where UserAgent == 'test' | project TimeGenerated");
    assert!(world.now() - before < 4_000.0, "the fresh reader was greeted at once");
    assert!(info.rows > 0 || info.is_partial);
    world.settle();
    assert_eq!(world.all("Events | where * has 'u3' | project TimeGenerated, _File, _Offset"), expected);
}
