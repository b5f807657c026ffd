//! A coordinator that answers from figures: any number of rows, none of them stored.

use chartroom::bridge::{Bridge, BridgeEvent};
use chartroom_base::{
    diagnostic::{Diagnostic, Span},
    ticks::{PER_SECOND, Ticks},
};
use chartroom_protocol::{
    Envelope, Event, FileNo, Reply, Request, ResultId, RowId, ToPage,
    edit::{Call, EditAnswer, EditAsk, Proposal, WordHelp},
    event::{LoadProgress, Status, TableInfo},
    ledger::{ContainerInfo, FileStatus, LedgerFile, LedgerGroup, LedgerOutcome, Problem, SourceFile},
    reply::RawText,
    result::{
        ColumnInfo, ColumnMark, FieldOrigin, PageRow, RecordField, RecordView, ResultInfo, TimelineData,
        TimelineSeries,
    },
};
use chartroom_schema::kind::Kind;
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use yew::Callback;

/// What the fake pretends to have.
#[derive(Clone)]
pub struct Fake {
    /// Rows of every result.
    pub rows: u64,
    /// Files in the ledger.
    pub files: u32,
    /// All that was asked, in order.
    pub asked: Rc<RefCell<Vec<Request>>>,
}

impl Fake {
    pub fn new(rows: u64, files: u32) -> Self {
        Self { rows, files, asked: Rc::default() }
    }

    /// What `App` takes to start with.
    pub fn start(&self) -> Callback<Callback<BridgeEvent>, Bridge> {
        let fake = self.clone();
        Callback::from(move |on_event: Callback<BridgeEvent>| fake.bridge(on_event))
    }

    /// A bridge to it.
    pub fn bridge(&self, on_event: Callback<BridgeEvent>) -> Bridge {
        let itself = Rc::new(RefCell::new(None::<Bridge>));
        let fake = self.clone();
        let on_request = Callback::from({
            let itself = itself.clone();
            move |envelope: Envelope| {
                let (fake, itself) = (fake.clone(), itself.clone());
                // Never within the call that asks, as with workers.
                wasm_bindgen_futures::spawn_local(async move {
                    let bridge = itself.borrow().clone();
                    if let Some(bridge) = bridge {
                        fake.answer(&bridge, envelope);
                    }
                });
            }
        });
        let bridge = Bridge::for_test(on_request, on_event);
        *itself.borrow_mut() = Some(bridge.clone());
        bridge
    }

    fn answer(&self, bridge: &Bridge, Envelope { id, request }: Envelope) {
        self.asked.borrow_mut().push(request.clone());
        let reply = match request {
            Request::DropComplete { .. } => {
                bridge.receive(ToPage::Event { event: Event::Status { status: Box::new(self.status()) } });
                Reply::Done
            }
            Request::Query { text, .. } if text.contains("nonsense") => Reply::Failed {
                diagnostics: vec![
                    Diagnostic::error("KQL0105", Span::new(9, 17), "`nonsense` is no operator")
                        .with_help("After `|` comes an operator such as `where`, `take` or `count`"),
                ],
            },
            Request::Query { .. } => Reply::Result { info: self.info(1, self.rows) },
            Request::Rows { start, count, .. } => Reply::Rows {
                generation: 1,
                start,
                rows: (start..(start + u64::from(count)).min(self.rows)).map(row).collect(),
            },
            Request::Write { start, count, .. } => {
                let rows = (start..(start + u64::from(count)).min(self.rows)).count() as u32;
                Reply::Written { generation: 1, rows, bytes: b"row\n".repeat(rows as usize) }
            }
            Request::Position { row, .. } => Reply::Position { row, index: Some(row.offset / 1_000) },
            Request::Timeline { buckets, .. } => Reply::Timeline { data: timeline(buckets.min(96)) },
            Request::Record { row } => Reply::Record { record: Box::new(record(row)) },
            Request::Raw { offset, len, .. } => Reply::Raw {
                raw: RawText {
                    text: Some(
                        "{\"time\": \"2021-08-02 16:01:29Z\", \"resourceId\": \"/SUBSCRIPTIONS/…".repeat(4),
                    ),
                    unavailable: None,
                    offset,
                    line: Some(883),
                    len,
                    lossy: false,
                },
            },
            Request::Ledger { start, count, filter } => {
                let files: Vec<_> =
                    (0..self.files).map(ledger_file).filter(|file| file.path.contains(&filter)).collect();
                let total = files.len() as u32;
                let groups = groups(&files);
                let files = files.into_iter().skip(start as usize).take(count as usize).collect();
                Reply::Ledger { total, start, files, groups }
            }
            Request::Edit { ask: EditAsk::Check, text, .. } => {
                let errors =
                    text.contains("oops").then(|| Diagnostic::error("KQL0001", Span::new(9, 13), "odd"));
                let answer =
                    EditAnswer { diagnostics: errors.into_iter().collect(), ..EditAnswer::default() };
                Reply::Edit { answer: Box::new(answer) }
            }
            Request::Edit { ask: EditAsk::Layout, text, .. } => {
                let answer = EditAnswer { text: Some(text.replace(" | ", "\n| ")), ..EditAnswer::default() };
                Reply::Edit { answer: Box::new(answer) }
            }
            Request::Edit { text, at, .. } => Reply::Edit { answer: Box::new(edit_answer(&text, at)) },
            Request::ExportLedger { .. } => Reply::Text { text: "path\n".to_owned() },
            _ => Reply::Done,
        };
        bridge.receive(ToPage::Reply { id, reply });
    }

    /// How everything stands once all is read.
    pub fn status(&self) -> Status {
        let (first, last) = (time(0), time(self.rows.saturating_sub(1)));
        Status {
            load: None,
            files: self.files,
            records: self.rows,
            rejected: 2,
            duplicates: u64::from(self.rows > DUPLICATE),
            zones_assumed: 0,
            troubled: 2,
            times: (self.rows > 0).then_some((last, first)),
            tables: vec![
                TableInfo { name: "MicrosoftHealthcareApisAuditLogs".into(), rows: self.rows / 2 },
                TableInfo { name: "AWSCloudTrail".into(), rows: self.rows / 3 },
                TableInfo { name: "ACSRoomsIncomingOperations".into(), rows: self.rows / 9 },
                TableInfo { name: "Other".into(), rows: 14 },
            ],
            memory: vec![12_000_000, 48_000_000, 51_000_000],
            budget: 2 << 30,
            ledger_version: 7,
            hashing: 0,
        }
    }

    /// A status in the middle of a load.
    pub fn loading(&self) -> Status {
        Status {
            load: Some(LoadProgress {
                files_done: 5,
                files: self.files,
                bytes_done: 412_000_000,
                bytes: 1_030_000_000,
                millis: 2_400,
                current: vec![
                    ("insights-logs-auditlogs/y=2021/m=08/d=02/h=16/m=00/PT1H.json".into(), 0.4),
                    ("AWSLogs/123456789012_CloudTrail_us-east-1_20260302T0820Z.json.gz".into(), 0.83),
                ],
                is_walking: false,
                is_waiting: false,
            }),
            ..self.status()
        }
    }

    /// The shape of a result.
    pub fn info(&self, generation: u32, rows: u64) -> ResultInfo {
        let column = |name: &str, kind, rank, is_empty| ColumnInfo {
            name: name.to_owned(),
            kind,
            about: format!("What {name} means"),
            rank,
            is_empty,
            unit: if name == "DurationMs" { "ms".to_owned() } else { String::new() },
            mark: if name == "StatusCode" { ColumnMark::Widened } else { ColumnMark::Plain },
        };
        ResultInfo {
            result: ResultId(1),
            generation,
            columns: vec![
                column("TimeGenerated", Kind::DateTime, 1, false),
                column("EventType", Kind::String, 2, false),
                column("Object", Kind::String, 3, false),
                column("Outcome", Kind::String, 4, false),
                column("StatusCode", Kind::Int, 5, false),
                column("Actor", Kind::String, 6, false),
                column("SrcIpAddr", Kind::String, 7, false),
                column("DurationMs", Kind::Real, 8, false),
                column("CorrelationId", Kind::String, 0, false),
                column("Region", Kind::String, 0, true),
            ],
            rows,
            is_partial: false,
            share: 1.0,
            is_stored: true,
            chart: None,
            diagnostics: Vec::new(),
            took_us: 31_000,
        }
    }
}

fn time(index: u64) -> Ticks {
    let newest = Ticks::from_civil((2021, 8, 9), (23, 58, 12), 0).unwrap();
    let back =
        i64::try_from(index).unwrap() * 37 * PER_SECOND / 10 + i64::try_from(index % 7).unwrap() * 1_510_000;
    Ticks((newest.0 - back).max(0))
}

fn id(index: u64) -> RowId {
    RowId { file: FileNo(0), offset: index * 1_000, number: 0 }
}

/// The row that another one is shown for: that before it.
pub const DUPLICATE: u64 = 5;

/// The row at `index`: the same whenever it is asked for.
pub fn row(index: u64) -> PageRow {
    let of = |values: &[&str], salt: u64| {
        values[(index.wrapping_mul(2_654_435_761).wrapping_add(salt * 97) >> 7) as usize % values.len()]
            .to_owned()
    };
    let outcome = of(&["Succeeded", "Succeeded", "Succeeded", "Failed", "Pending", "Succeeded"], 3);
    let kind = of(&["Patient", "Observation", "Encounter", "DiagnosticReport", "Patient"], 5);
    let status = match outcome.as_str() {
        "Failed" => Some(of(&["403", "429", "404"], 2)),
        "Pending" => None,
        _ => Some("200".to_owned()),
    };
    PageRow {
        id: Some(id(index)),
        cells: vec![
            Some(time(index).to_string()),
            Some(of(&["read", "create", "search-type", "update", "history-instance"], 1)),
            Some(format!("{kind}/{:08x}", index.wrapping_mul(40_503) % 0xffff_ffff)),
            Some(outcome),
            status.clone(),
            Some(of(
                &["5d04211aaf172d43b83d9eb500464ec5", "9f31c0aa-0000-4000-8000-00000000be21", "app-ehr-sync"],
                7,
            )),
            Some(format!("73.164.{}.{}", index % 60, index % 251)),
            status.map(|_| (20 + index * 31 % 900).to_string()),
            Some(format!("5d04211aaf172d43b83d9eb5{:08x}", index / 2)),
            None,
        ],
        is_duplicate: index == DUPLICATE,
    }
}

fn timeline(buckets: u32) -> TimelineData {
    let from = Ticks::from_civil((2021, 8, 2), (0, 0, 0), 0).unwrap();
    let counts = |share: u32, salt: u32| {
        (0..buckets)
            .map(|at| (at * 7_919 + salt * 131) % 97 * share / 100 + u32::from(at % 9 == salt % 9) * 30)
            .collect()
    };
    TimelineData {
        from,
        step: 7_200 * PER_SECOND,
        buckets,
        series: vec![
            TimelineSeries { outcome: "Succeeded".into(), counts: counts(100, 1) },
            TimelineSeries { outcome: "Pending".into(), counts: counts(12, 4) },
            TimelineSeries { outcome: "Failed".into(), counts: counts(20, 7) },
        ],
        without_time: 3,
    }
}

fn record(row_id: RowId) -> RecordView {
    let index = row_id.offset / 1_000;
    let row = row(index);
    let field = |name: &str, kind, value: &str, origin, personal: &str| RecordField {
        name: name.to_owned(),
        kind,
        value: value.to_owned(),
        origin,
        personal: personal.to_owned(),
    };
    let cell = |at: usize| row.cells[at].clone().unwrap_or_default();
    let text = format!(
        r#"{{"time":"{}","resourceId":"/SUBSCRIPTIONS/0000/RESOURCEGROUPS/CLINIC","operationName":"Microsoft.HealthcareApis/services/fhir-R4/{}","resultType":"{}","resultSignature":{},"callerIpAddress":"{}","correlationId":"{}","identity":{{"claims":{{"iss":"https://sts.windows.net/0000/","oid":"9f31c0aa-0000-4000-8000-00000000be21"}}}},"big":12345678901234567890123,"properties":{{"fhirResourceType":"Patient","list":[1,2,[],{{}}]}}}}"#,
        cell(0),
        cell(1),
        cell(3),
        row.cells[4].clone().unwrap_or_else(|| "null".into()),
        cell(6),
        cell(8),
    );
    use FieldOrigin::{Documented, Hidden, Shared};
    let kept = (index == DUPLICATE).then(|| id(index - 1));
    let duplicate = kept.map(|kept| format!("exports/log.csv@{}", kept.offset));
    let duplicate = duplicate.map(|shown| field("_DuplicateOf", Kind::String, &shown, Hidden, ""));
    let mut record = RecordView {
        row: row_id,
        kept,
        table: "MicrosoftHealthcareApisAuditLogs".into(),
        format: "fhir_audit".into(),
        why: "category AuditLogs of a FHIR service".into(),
        path: "insights-logs-auditlogs/y=2021/m=08/d=02/h=16/m=00/PT1H.json".into(),
        fields: vec![
            field("TimeGenerated", Kind::DateTime, &cell(0), Documented, ""),
            field(
                "OperationName",
                Kind::String,
                "Microsoft.HealthcareApis/services/fhir-R4/search-type",
                Documented,
                "",
            ),
            field("ResultType", Kind::String, &cell(3), Documented, ""),
            field("StatusCode", Kind::Int, &cell(4), Documented, ""),
            field("CallerIPAddress", Kind::String, &cell(6), Documented, "address"),
            field("CorrelationId", Kind::String, &cell(8), Documented, ""),
            field(
                "CallerIdentity",
                Kind::Dynamic,
                r#"{"iss":"https://sts.windows.net/0000/","oid":"9f31c0aa"}"#,
                Documented,
                "id",
            ),
            field("operationVersion", Kind::String, "R4", Hidden, ""),
            field("Outcome", Kind::String, &cell(3), Shared, ""),
            field("Object", Kind::String, &cell(2), Shared, "id"),
        ],
        raw: RawText {
            len: text.len() as u64,
            text: Some(text),
            unavailable: None,
            offset: 1_204_118,
            line: Some(883),
            lossy: false,
        },
    };
    record.fields.extend(duplicate);
    record
}

/// One group per outcome, in the order of the files.
fn groups(files: &[LedgerFile]) -> Vec<LedgerGroup> {
    let mut groups: Vec<LedgerGroup> = Vec::new();
    for file in files {
        let outcome = LedgerOutcome::of(file.status, file.rejected);
        match groups.last_mut().filter(|group| group.outcome == outcome) {
            Some(group) => group.files += 1,
            None => groups.push(LedgerGroup {
                outcome,
                folder: if groups.is_empty() {
                    "export/".to_owned()
                } else {
                    format!("export/{}/", groups.len())
                },
                files: 1,
                stored: file.stored,
                rejected: file.rejected,
            }),
        }
    }
    groups
}

/// The file at a place of the ledger.
pub fn ledger_file(place: u32) -> LedgerFile {
    let (status, stored, rejected, format, why, name) = match place {
        0 => (
            FileStatus::Failed,
            0,
            0,
            "",
            "it ends in the middle of a gzip member",
            "broken.json.gz".to_owned(),
        ),
        1 => (
            FileStatus::Partial,
            3_102,
            2,
            "dicom_audit",
            "columns of the DICOM audit log",
            "dicom-audit.json".to_owned(),
        ),
        2 => (FileStatus::Reading, 10, 0, "fhir_audit", "category AuditLogs", "PT1H-now.json".to_owned()),
        place if place % 13 == 12 => (
            FileStatus::Skipped,
            0,
            0,
            "",
            "a CloudTrail digest: hashes of log files, no events",
            format!("digest-{place}.json.gz"),
        ),
        place => (
            FileStatus::Done,
            12_431 - u64::from(place),
            0,
            "fhir_audit",
            "category AuditLogs of a FHIR service",
            format!("h={:02}/m=00/PT1H.json", place % 24),
        ),
    };
    let problems = if rejected > 0 || place == 0 {
        vec![Problem {
            offset: 771,
            len: 120,
            line: Some(12),
            reason: "no value after the colon".into(),
            is_loss: true,
        }]
    } else {
        Vec::new()
    };
    let folder = if place < 3 { String::new() } else { format!("y=2021/m=08/d={:02}/", 1 + place / 24) };
    LedgerFile {
        file: FileNo(place),
        path: format!("export/insights-logs-auditlogs/{folder}{name}"),
        status,
        source: SourceFile { name: name.clone(), bytes: 1_204_118, sha256: Some("ab".repeat(32)) },
        containers: if name.ends_with(".gz") {
            vec![ContainerInfo { kind: "gzip".into(), name: String::new() }]
        } else {
            vec![]
        },
        bytes: 9_204_118,
        sha256: Some("cd".repeat(32)),
        format: format.to_owned(),
        why: why.to_owned(),
        table: if stored > 0 { "MicrosoftHealthcareApisAuditLogs".into() } else { String::new() },
        tables: if stored > 0 {
            BTreeMap::from([("MicrosoftHealthcareApisAuditLogs".to_owned(), stored)])
        } else {
            BTreeMap::new()
        },
        records: stored + rejected,
        stored,
        rejected,
        repaired: u64::from(place == 4),
        duplicates: 0,
        same_as: None,
        digest: None,
        bytes_records: 9_000_000,
        bytes_rejected: 4_000,
        bytes_between: 200_118,
        first_time: (stored > 0).then(|| time(40_000)),
        last_time: (stored > 0).then(|| time(0)),
        problem_count: problems.len() as u64,
        problems,
        share: if status == FileStatus::Reading { 0.4 } else { 1.0 },
        recognised: chartroom_protocol::ledger::Recognised::default(),
        earlier: Vec::new(),
        own_format: None,
    }
}

/// Two proposals for the word that ends at `at`, a call, a word.
fn edit_answer(text: &str, at: u32) -> EditAnswer {
    let before = text.get(..at as usize).unwrap_or("");
    let start = before.rfind(|char: char| !char.is_alphanumeric()).map_or(0, |end| end + 1);
    let proposal = |label: &str| Proposal {
        label: label.to_owned(),
        sort: "operator".to_owned(),
        insert: label.to_owned(),
        caret: label.len() as u32,
        detail: String::new(),
        about: format!("What {label} does"),
    };
    EditAnswer {
        word: Span::new(start as u32, at),
        proposals: vec![proposal("where"), proposal("whole()")],
        call: before.ends_with('(').then(|| Call {
            name: "bin".to_owned(),
            parameters: vec!["value".to_owned(), "number".to_owned()],
            active: Some(0),
            about: String::new(),
        }),
        word_help: Some(WordHelp {
            title: "Events: table".to_owned(),
            about: "All records".to_owned(),
            example: String::new(),
        }),
        ..EditAnswer::default()
    }
}
