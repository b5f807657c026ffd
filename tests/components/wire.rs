//! The wire in a real browser: every kind of message survives, integers keep all their bits.

use chartroom_base::{
    diagnostic::{Diagnostic, Span},
    ticks::{END, Ticks},
};
use chartroom_protocol::{
    DropNo, Envelope, Event, FileNo, Reply, Request, RequestId, ResultId, RowId, ToPage,
    edit::{Call, EditAnswer, EditAsk, Proposal, WordHelp},
    event::{LoadProgress, Status, TableInfo},
    host::{FromWorker, Peer, ToWorker},
    ledger::{ContainerInfo, FileStatus, LedgerFile, LedgerGroup, Problem, SourceFile},
    reply::RawText,
    request::{FileInfo, LedgerFormat, LoadChoice, RowFormat},
    result::{
        ChartWish, ColumnInfo, ColumnMark, FieldOrigin, PageRow, RecordField, RecordView, ResultInfo,
        TimelineData, TimelineSeries,
    },
    start::{Fault, Role, Start},
};
use chartroom_schema::kind::Kind;
use chartroom_wire::{decode, encode, pack, unpack};
use js_sys::{Function, Reflect};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Debug};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// What `postMessage` makes of a value.
fn posted(value: &JsValue) -> JsValue {
    let clone = Reflect::get(&js_sys::global(), &JsValue::from_str("structuredClone")).unwrap();
    clone.unchecked_into::<Function>().call1(&JsValue::NULL, value).unwrap()
}

#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: T) {
    let arrived: T = decode(posted(&encode(&message).unwrap())).unwrap();
    assert_eq!(arrived, message);
}

#[track_caller]
fn survives_packed<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T) {
    let arrived: T = unpack(&posted(&pack(message).unwrap())).unwrap();
    assert_eq!(arrived, *message);
}

const ROW: RowId = RowId { file: FileNo(u32::MAX), offset: u64::MAX, number: 7 };

#[wasm_bindgen_test]
fn integers_keep_all_their_bits() {
    for number in [0, 1, -1, (1 << 53) + 1, -(1 << 53) - 1, i64::MAX, i64::MIN] {
        survives(number);
        survives_packed(&Request::Query { text: String::new(), now: Ticks(number) });
    }
    for number in [0, (1 << 53) + 1, u64::MAX] {
        survives(number);
        survives_packed(&Reply::Position { row: ROW, index: Some(number) });
    }
}

#[wasm_bindgen_test]
fn every_request_survives() {
    let file = FileInfo { file: FileNo(3), path: "a/b c.json".to_owned(), size: 1 << 54, modified: -1 };
    let requests = [
        Request::Files { drop: DropNo(1), files: vec![file] },
        Request::DropComplete { drop: DropNo(1), unreadable: vec![("a".to_owned(), "why".to_owned())] },
        Request::Choose { choice: LoadChoice::UpToBudget },
        Request::Choose { choice: LoadChoice::EveryNth { n: 3 } },
        Request::Choose { choice: LoadChoice::TimeSpan { from: Ticks(1), to: Ticks(END - 1) } },
        Request::Choose { choice: LoadChoice::Nothing },
        Request::CancelLoad,
        Request::Close { files: vec![FileNo(0), FileNo(u32::MAX)] },
        Request::Query { text: "T | where a == \"ü\u{1f600}\"".to_owned(), now: Ticks(END - 1) },
        Request::Rows { result: ResultId(1), start: u64::MAX, count: 500 },
        Request::Write { result: ResultId(1), start: 500, count: 500, format: RowFormat::Ndjson },
        Request::Position { result: ResultId(1), row: ROW },
        Request::Timeline { result: ResultId(1), buckets: 500 },
        Request::Record { row: ROW },
        Request::Raw { file: FileNo(1), offset: 1 << 60, len: 4 },
        Request::Ledger { start: 0, count: 1_000, filter: "x".to_owned() },
        Request::ExportLedger { format: LedgerFormat::Csv },
        Request::ExportLedger { format: LedgerFormat::Json },
        Request::Cancel { target: RequestId(9) },
        Request::SetBudget { bytes: 3 << 30 },
        Request::ShardRestarted { shard: 1, reason: Some("out of memory".to_owned()), part: Some(7) },
        Request::ShardRestarted { shard: 1, reason: None, part: None },
        Request::ShardsReady { count: 8 },
        Request::Edit { ask: EditAsk::Complete, text: "T | ".to_owned(), at: 4, now: Ticks(1) },
        Request::Resume,
    ];
    for request in requests {
        survives_packed(&Envelope { id: RequestId(u32::MAX), request });
    }
}

fn edit_answer() -> EditAnswer {
    EditAnswer {
        word: Span::new(1, 2),
        proposals: vec![Proposal {
            label: "count()".to_owned(),
            sort: "aggregate".to_owned(),
            insert: "count()".to_owned(),
            caret: 6,
            detail: String::new(),
            about: "How many".to_owned(),
        }],
        call: Some(Call {
            name: "bin".to_owned(),
            parameters: vec!["value".to_owned()],
            active: Some(0),
            about: String::new(),
        }),
        word_help: Some(WordHelp {
            title: "a: long".to_owned(),
            about: String::new(),
            example: String::new(),
        }),
        text: None,
        diagnostics: vec![diagnostic()],
    }
}

#[wasm_bindgen_test]
fn every_reply_survives() {
    let info = ResultInfo {
        result: ResultId(1),
        generation: 2,
        columns: vec![ColumnInfo {
            name: "TimeGenerated".to_owned(),
            kind: Kind::DateTime,
            about: "when".to_owned(),
            rank: 1,
            is_empty: false,
            unit: "ms".to_owned(),
            mark: ColumnMark::Widened,
        }],
        rows: (1 << 53) + 1,
        is_partial: true,
        share: 0.25,
        is_stored: true,
        chart: Some(ChartWish {
            chart: "piechart".to_owned(),
            properties: vec![("title".to_owned(), vec!["a".to_owned()])],
        }),
        diagnostics: vec![diagnostic()],
        took_us: 31,
    };
    let rows = vec![
        PageRow {
            id: Some(ROW),
            cells: vec![Some("a".to_owned()), None, Some(String::new())],
            is_duplicate: true,
        },
        PageRow { id: None, cells: Vec::new(), is_duplicate: false },
    ];
    let series = vec![TimelineSeries { outcome: "Failed".to_owned(), counts: vec![0, u32::MAX] }];
    let data =
        TimelineData { from: Ticks(END - 1), step: i64::MAX, buckets: 2, series, without_time: 1 << 60 };
    let replies = [
        Reply::Progress { fraction: 0.5 },
        Reply::Done,
        Reply::Result { info },
        Reply::Rows { generation: 2, start: 1 << 55, rows },
        Reply::Written { generation: 2, rows: 1, bytes: vec![0, 255] },
        Reply::Position { row: ROW, index: None },
        Reply::Timeline { data },
        Reply::Record { record: Box::new(record()) },
        Reply::Raw { raw: raw() },
        Reply::Ledger {
            total: 2,
            start: 0,
            files: vec![ledger_file()],
            groups: vec![LedgerGroup::default()],
        },
        Reply::Text { text: "a,b\r\n".to_owned() },
        Reply::Edit { answer: Box::new(edit_answer()) },
        Reply::Cancelled,
        Reply::Failed { diagnostics: vec![diagnostic()] },
    ];
    for reply in replies {
        survives_packed(&ToPage::Reply { id: RequestId(1), reply });
    }
}

#[wasm_bindgen_test]
fn every_event_survives() {
    let load = LoadProgress {
        files_done: 1,
        files: 2,
        bytes_done: 1 << 54,
        bytes: u64::MAX,
        millis: 3,
        current: vec![("a.gz".to_owned(), 0.5)],
        is_walking: true,
        is_waiting: false,
    };
    let status = Status {
        load: Some(load),
        records: u64::MAX,
        times: Some((Ticks(0), Ticks(END - 1))),
        tables: vec![TableInfo { name: "AWSCloudTrail".to_owned(), rows: 1 << 53 }],
        memory: vec![1 << 32, 0],
        ..Status::default()
    };
    let events = [
        Event::Ready { version: 1 },
        Event::Status { status: Box::new(status) },
        Event::Status { status: Box::default() },
        Event::WantShards { count: 8 },
        Event::RestartShard { shard: 3 },
        Event::Grown { result: ResultId(1), generation: 2, rows: u64::MAX, is_partial: false },
        Event::OverBudget {
            estimate: u64::MAX,
            budget: 1,
            files: 3,
            hours: Some((Ticks(1), Ticks(2))),
            every_nth: 4,
        },
        Event::StoppedAtBudget {
            file: FileNo(1),
            path: "a".to_owned(),
            byte: u64::MAX,
            time: None,
            files_left: 5,
        },
        Event::Notice { text: "…".to_owned() },
    ];
    for event in events {
        survives_packed(&ToPage::Event { event });
    }
}

#[wasm_bindgen_test]
fn what_hosts_say_survives() {
    for role in [Role::Coordinator, Role::Shard { index: 7 }] {
        for fault in [None, Some(Fault::Trap), Some(Fault::Leak), Some(Fault::Hang)] {
            let start = Start { role, version: 1, budget: u64::MAX, shards: 8, fault };
            survives(ToWorker::Start { start, peers: vec![Peer::Coordinator, Peer::Shard(1)] });
        }
    }
    survives(ToWorker::Port { peer: Peer::Shard(2), channel: 3 });
    survives(ToWorker::Ping { nonce: 4 });
    survives(FromWorker::Up { version: 1 });
    survives(FromWorker::PortTaken { channel: 3 });
    survives(FromWorker::Pong { nonce: 4 });
    survives(FromWorker::Died { reason: "unreachable".to_owned(), part: None });
}

#[wasm_bindgen_test]
fn what_is_not_ours_is_an_error_and_no_panic() {
    for odd in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        JsValue::from_str("x"),
        JsValue::from_f64(1.5),
        js_sys::Array::new().into(),
    ] {
        assert!(decode::<FromWorker>(odd.clone()).is_err());
        assert!(unpack::<Vec<u64>>(&odd).is_err());
    }
    let cut = pack(&vec![u64::MAX; 3]).unwrap();
    let cut = cut.subarray(0, cut.length() - 1);
    assert!(unpack::<Vec<u64>>(&cut).is_err());
    // A length far beyond what is there must not be believed.
    let huge = js_sys::Uint8Array::from([0xff, 0xff, 0xff, 0xff, 0x0f, 1].as_slice());
    assert!(unpack::<Vec<u64>>(&huge).is_err());
    assert!(unpack::<String>(&huge).is_err());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Packed {
    Unit,
    Numbers { signed: i64, unsigned: u64, real: f64 },
    Bytes(Vec<u8>),
    Texts(BTreeMap<String, Option<String>>),
}

#[wasm_bindgen_test]
fn packed_messages_survive_in_a_buffer_of_their_own() {
    let messages = vec![
        Packed::Unit,
        Packed::Numbers { signed: i64::MIN, unsigned: u64::MAX, real: 0.1 },
        Packed::Bytes((0..=255).collect()),
        Packed::Texts(BTreeMap::from([("a".to_owned(), None), ("ü".to_owned(), Some(String::new()))])),
    ];
    let packed = pack(&messages).unwrap();
    // The whole buffer may be transferred: nothing else lives in it.
    assert_eq!(packed.byte_offset(), 0);
    assert_eq!(packed.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length(), packed.length());
    assert_eq!(unpack::<Vec<Packed>>(&posted(&packed)).unwrap(), messages);
}

#[wasm_bindgen_test]
fn this_build_has_vector_instructions() {
    let has_simd = std::hint::black_box(cfg!(target_feature = "simd128"));
    assert!(has_simd, "a scan would run at a tenth of its speed");
}

fn diagnostic() -> Diagnostic {
    Diagnostic::error("KQL0001", Span::new(1, u32::MAX), "no such column").with_help("did you mean `A`?")
}

fn raw() -> RawText {
    RawText {
        text: None,
        unavailable: Some("the file changed".to_owned()),
        offset: u64::MAX,
        line: Some(1 << 54),
        len: 1,
        lossy: true,
    }
}

fn record() -> RecordView {
    let field = |origin| RecordField {
        name: "a".to_owned(),
        kind: Kind::Dynamic,
        value: "{}".to_owned(),
        origin,
        personal: String::new(),
    };
    RecordView {
        row: ROW,
        table: "AWSCloudTrail".to_owned(),
        format: "aws_cloudtrail".to_owned(),
        why: "its keys".to_owned(),
        path: "a.gz".to_owned(),
        fields: [FieldOrigin::Documented, FieldOrigin::Hidden, FieldOrigin::Shared].map(field).to_vec(),
        raw: raw(),
        kept: Some(ROW),
    }
}

fn ledger_file() -> LedgerFile {
    let problem =
        Problem { offset: u64::MAX, len: 1, line: None, reason: "cut short".to_owned(), is_loss: true };
    LedgerFile {
        file: FileNo(1),
        path: "a.zip!/b".to_owned(),
        status: FileStatus::Partial,
        source: SourceFile { name: "a.zip".to_owned(), bytes: 1 << 54, sha256: Some("ab".to_owned()) },
        containers: vec![ContainerInfo { kind: "gzip".to_owned(), name: String::new() }],
        bytes: u64::MAX,
        sha256: None,
        format: "x".to_owned(),
        why: "y".to_owned(),
        table: "T".to_owned(),
        tables: BTreeMap::from([("T".to_owned(), (1 << 53) + 1), ("Other".to_owned(), 0)]),
        records: 3,
        stored: 2,
        rejected: 1,
        repaired: 0,
        duplicates: 0,
        same_as: None,
        digest: None,
        bytes_records: 1,
        bytes_rejected: 2,
        bytes_between: 3,
        first_time: Some(Ticks(1)),
        last_time: None,
        problems: vec![problem],
        problem_count: 1,
        share: 1.0,
        recognised: chartroom_protocol::ledger::Recognised::default(),
        earlier: Vec::new(),
        own_format: None,
    }
}
