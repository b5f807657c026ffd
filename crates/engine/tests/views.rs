//! Names that store nothing: records that answer under a second name, values that are worked out, rows made of several records.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

use chartroom_protocol::{Event, Reply, Request, result::FieldOrigin};
use world::World;

/// A raw export of a DICOM service, made up: six requests, each begun and ended.
const DICOM: &str = include_str!("samples/dicom_audit.jsonl");
const FHIR: &str = concat!(
    r#"{"time":"2026-03-02T08:00:00Z","resourceId":"/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/F1","category":"AuditLogs","operationName":"Microsoft.HealthcareApis/services/fhir-R4/read","resultType":"Succeeded","resultSignature":200,"correlationId":"f-1","uri":"https://f1.azurehealthcareapis.com/Patient/p-17"}"#,
    "\n"
);
/// A row of a workspace's table, which is not raw.
const ROW: &str = concat!(
    r#"{"TenantId":"w1","TimeGenerated":"2026-03-02T07:00:00Z","OperationName":"retrieve","Uri":"https://d1/v1/studies/1.2.3","ResultType":"Succeeded","StatusCode":200,"CorrelationId":"r-1","Type":"AHDSDicomAuditLogs","_ResourceId":"/subscriptions/s/dicomservices/d1"}"#,
    "\n"
);

fn load(files: &[(&str, &str)], shards: u32) -> World {
    let mut world = World::new(shards, 5);
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect();
    world.drop_files(&files);
    world.settle();
    world
}

/// The cells of a query's rows in these columns, a line per row.
#[track_caller]
fn cells(world: &mut World, query: &str, columns: &[&str]) -> Vec<String> {
    let info = world.query(query);
    let at = |name: &&str| info.columns.iter().position(|column| column.name == **name).unwrap();
    let at: Vec<usize> = columns.iter().map(at).collect();
    let (_, rows) = world.rows(info.result, 0, 500);
    let cell = |cells: &[Option<String>], at: &usize| cells[*at].clone().unwrap_or_else(|| "null".to_owned());
    rows.iter().map(|row| at.iter().map(|at| cell(&row.cells, at)).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_queries_of_the_dicom_documentation_answer_unchanged() {
    for shards in [1, 3] {
        let mut world = load(&[("audit.json", DICOM)], shards);
        let all = cells(&mut world, "MicrosoftHealthcareApisAuditLogs | limit 100", &["TimeGenerated"]);
        assert_eq!(all.len(), 12);
        assert!(all.is_sorted_by(|a, b| a > b), "newest first: {all:?}");
        let query = "MicrosoftHealthcareApisAuditLogs | summarize count() by DICOMResourceType";
        let mut groups = cells(&mut world, query, &["DICOMResourceType", "count_"]);
        groups.sort();
        assert_eq!(groups, ["instance 2", "metadata 2", "series 4", "study 4"]);
        let query = "MicrosoftHealthcareApisAuditLogs | where ResultType == \"Failed\"";
        let failed =
            cells(&mut world, query, &["TimeGenerated", "OperationName", "StatusCode", "CorrelationId"]);
        assert_eq!(
            failed,
            [
                "2026-03-02T08:19:30.0080000Z retrieve 406 c-0005",
                "2026-03-02T08:18:30.0070000Z retrieve 404 c-0004"
            ]
        );
    }
}

#[test]
fn raw_dicom_records_answer_under_two_names_and_count_once() {
    let mut world = load(&[("audit.json", DICOM), ("fhir.json", FHIR), ("rows.json", ROW)], 2);
    for (query, count) in [
        ("AHDSDicomAuditLogs | count", 13),
        ("MicrosoftHealthcareApisAuditLogs | count", 13),
        ("MicrosoftHealthcareApisAuditLogs | where FhirResourceType == '' and StatusCode == 404 | count", 1),
        ("Events | count", 14),
        ("union * | count", 14),
        ("union Microsoft* | count", 13),
        ("union MicrosoftHealthcareApisAuditLogs, AHDSDicomAuditLogs | count", 14),
        ("union withsource=T MicrosoftHealthcareApisAuditLogs, AHDSDicomAuditLogs | count", 14),
        ("union withsource=T * | count", 14),
        ("search \"c-0005\" | count", 2),
        ("search in (MicrosoftHealthcareApisAuditLogs) \"c-0005\" | count", 2),
        ("union MicrosoftHealthcareApisAuditLogs, (print x = 1) | count", 14),
        (
            "MicrosoftHealthcareApisAuditLogs | join kind=inner (AHDSDicomAuditLogs | where ResultType == 'Failed') on CorrelationId | count",
            4,
        ),
    ] {
        assert_eq!(cells(&mut world, query, &["Count"]), [count.to_string()], "{query}");
    }
    let query = "MicrosoftHealthcareApisAuditLogs | where CorrelationId == 'c-0004' and ResultType == 'Failed' | project Type, RequestUri, Level, Location, OperationDuration";
    assert_eq!(
        cells(&mut world, query, &["Type", "RequestUri", "Level", "Location", "OperationDuration"]),
        [
            "MicrosoftHealthcareApisAuditLogs https://ws1-d1.dicom.azurehealthcareapis.com/v1/studies/1.2.3/series/1.2.9 Error westeurope null"
        ]
    );
}

/// What is told beside an answer.
#[track_caller]
fn remarks(world: &mut World, query: &str) -> Vec<String> {
    world.query(query).diagnostics.into_iter().map(|remark| remark.message).collect()
}

#[test]
fn an_answer_says_how_many_records_of_another_service_it_includes() {
    let mut world = load(&[("audit.json", DICOM), ("fhir.json", FHIR), ("rows.json", ROW)], 2);
    let what = "raw records of DICOM services, which early editions of the service put into this table";
    for (query, count) in [
        ("MicrosoftHealthcareApisAuditLogs", 12),
        ("MicrosoftHealthcareApisAuditLogs | where ResultType == 'Failed'", 2),
        ("MicrosoftHealthcareApisAuditLogs | where ResultType == 'Failed' | count", 2),
        ("MicrosoftHealthcareApisAuditLogs | summarize count() by DICOMResourceType", 12),
        (
            "let t = MicrosoftHealthcareApisAuditLogs | where StatusCode == 406; t | summarize x = max(toscalar(t | count))",
            1,
        ),
    ] {
        assert_eq!(remarks(&mut world, query), [format!("Includes {count} {what}")], "{query}");
    }
    for query in [
        "AHDSDicomAuditLogs",
        "Events",
        "MicrosoftHealthcareApisAuditLogs | where FhirResourceType == 'Patient'",
    ] {
        assert!(!remarks(&mut world, query).iter().any(|told| told.contains(what)), "{query}");
    }
}

/// A search by POST, whose body no log has.
const POSTED: &str = concat!(
    r#"{"time":"2026-03-03T08:00:00Z","resourceId":"/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/F1","category":"AuditLogs","operationName":"Microsoft.HealthcareApis/services/fhir-R4/search-type","resultType":"Succeeded","resultSignature":200,"correlationId":"f-2","uri":"https://f1.azurehealthcareapis.com/Patient/_search"}"#,
    "\n"
);

#[test]
fn requests_whose_target_is_not_logged_are_counted_beside_answers_about_a_patient() {
    let mut world = load(&[("audit.json", DICOM), ("fhir.json", FHIR), ("posted.json", POSTED)], 3);
    let text = "1 more records may be about what is asked for: their service does not log the target (POST search, bundle)";
    for query in [
        "Events | where Object == 'Patient/p-17'",
        "Events | where tostring(PatientIds) has 'p-17' | summarize count() by Operation",
        "Events | where EventVendor == 'Microsoft' and PatientIds has 'p-17' | count",
    ] {
        assert_eq!(remarks(&mut world, query), [text], "{query}");
    }
    // Those outside of what else was asked for are none of these, and other questions are not about a patient.
    for query in [
        "Events | where Object == 'Patient/p-17' and TimeGenerated < datetime(2026-03-03)",
        "Events | where EventVendor == 'Microsoft'",
        "Events | summarize count() by Object",
    ] {
        assert_eq!(remarks(&mut world, query), [""; 0], "{query}");
    }
}

#[test]
fn numbers_of_several_units_are_not_added_in_silence() {
    let usage = chartroom_ingest::formats::samples().get("acs_usage").unwrap();
    let lines: String =
        usage.iter().filter(|sample| !sample.reject).map(|s| format!("{}\n", s.line)).collect();
    let mut world = load(&[("usage.json", &lines)], 2);
    let warned = remarks(&mut world, "ACSBillingUsage | summarize sum(Quantity)");
    assert!(
        matches!(&warned[..], [one] if one.starts_with("Values of different units are added up here: ")),
        "{warned:?}"
    );
    assert_eq!(remarks(&mut world, "Events | summarize avg(Quantity * 2) by Type").len(), 1);
    for query in [
        "ACSBillingUsage | summarize sum(Quantity) by UnitType",
        "Events | summarize sum(Quantity) by tolower(Unit)",
        "Events | summarize count(), max(DurationMs)",
    ] {
        assert_eq!(remarks(&mut world, query), [""; 0], "{query}");
    }
}

fn fhir(time: &str, result: &str, correlation: &str, path: &str) -> String {
    let head = r#"","resourceId":"/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/F1","category":"AuditLogs","operationName":"Microsoft.HealthcareApis/services/fhir-R4/read","resultType":""#;
    format!(
        "{{\"time\":\"2026-03-02T{time}Z{head}{result}\",\"correlationId\":\"{correlation}\",\"uri\":\"https://f1.azurehealthcareapis.com{path}\"}}\n"
    )
}

const TRAIL: &str = concat!(
    r#"{"eventVersion":"1.11","eventTime":"2026-03-02T07:00:00Z","eventSource":"healthlake.amazonaws.com","eventName":"ReadResource","eventID":"e1","eventType":"AwsApiCall","requestParameters":{"datastoreId":"d1"}}"#,
    "\n"
);

/// Requests whose records lie apart: what began in one file, what ended in another.
fn requests(shards: u32) -> World {
    let begun = [
        ("08:00:00", "f-1", "/Patient/p-17"),
        ("08:00:01", "f-2", "/Patient/p-18"),
        ("08:05:00", "f-5", "/Patient/p-5"),
        ("08:05:01", "f-5", "/Patient/p-5"),
        ("08:09:59", "f-3", "/Patient/_search"),
    ];
    let ended = [
        ("08:00:02", "Succeeded", "f-1", "/Patient/p-17"),
        ("08:05:02", "Succeeded", "f-5", "/Patient/p-5"),
        ("08:10:00", "Failed", "f-4", "/Patient/p-17"),
    ];
    let begun: String = begun.iter().map(|(time, id, path)| fhir(time, "Started", id, path)).collect();
    let ended: String = ended.iter().map(|(time, result, id, path)| fhir(time, result, id, path)).collect();
    load(&[("a.json", &begun), ("b.json", &ended), ("trail.json", TRAIL)], shards)
}

#[test]
fn a_request_is_one_row_wherever_its_records_lie() {
    for shards in [1, 2, 3, 8] {
        let mut world = requests(shards);
        let columns = ["TimeGenerated", "EndTime", "EventResult", "DurationMs", "CorrelationId"];
        let rows = cells(&mut world, "Requests", &columns);
        assert_eq!(
            rows,
            [
                "2026-03-02T08:10:00.0000000Z 2026-03-02T08:10:00.0000000Z Failure null f-4",
                "2026-03-02T08:09:59.0000000Z null Pending null f-3",
                "2026-03-02T08:05:02.0000000Z 2026-03-02T08:05:02.0000000Z Success null f-5",
                "2026-03-02T08:05:01.0000000Z null Unfinished null f-5",
                "2026-03-02T08:00:01.0000000Z null Unfinished null f-2",
                "2026-03-02T08:00:00.0000000Z 2026-03-02T08:00:02.0000000Z Success 2000.0 f-1",
                "2026-03-02T07:00:00.0000000Z null Success null ",
            ],
            "{shards} shards"
        );
        for (query, expected) in [
            ("Requests | count", "7"),
            ("Requests | where EventResult == 'Unfinished' | count", "2"),
            ("Requests | summarize Count = countif(EventProduct == 'fhir')", "6"),
            ("Requests | join kind=inner (Requests | where EventResult == 'Failure') on Object | count", "2"),
            (
                "Requests | join kind=inner (Events | where EventPhase == 'Started') on CorrelationId | count",
                "7",
            ),
            ("let R = Requests; R | where DurationMs > 1000 | count", "1"),
            ("Requests | top 1 by TimeGenerated asc | project Count = strcat(Operation, '')", "ReadResource"),
            ("Requests | take 2 | where EventResult == 'Pending' | count", "1"),
            // A view stores nothing: these see each record once.
            ("union * | count", "9"),
            ("union Requests, (print x = 1) | count", "8"),
            ("search 'f-1' | count", "2"),
        ] {
            assert_eq!(cells(&mut world, query, &["Count"]), [expected], "{query}: {shards} shards");
        }
    }
    let mut world = load(&[("audit.json", DICOM)], 2);
    assert_eq!(
        cells(
            &mut world,
            "Requests | summarize Count = count(), Longest = max(DurationMs)",
            &["Count", "Longest"]
        ),
        ["6 8.0"]
    );
}

#[test]
fn a_view_says_what_is_known_of_its_columns() {
    let mut world = requests(2);
    let about = "1 more records may be about what is asked for: their service does not log the target (POST search, bundle)";
    assert_eq!(
        remarks(&mut world, "Requests | where Object == 'Patient/p-17' | summarize count() by Operation"),
        [about]
    );
    assert_eq!(
        remarks(&mut world, "Requests | where Object == 'Patient/p-17' and EventResult == 'Success'"),
        [""; 0]
    );
    let info = world.query("Requests");
    let first: Vec<&str> = info.columns.iter().take(2).map(|column| column.name.as_str()).collect();
    assert_eq!(first, ["TimeGenerated", "EndTime"]);
    assert!(info.columns.iter().all(|column| !column.about.is_empty()));
}

#[test]
fn a_record_says_what_is_derived_and_what_its_service_does_not_log() {
    let mut world = load(&[("audit.json", DICOM)], 2);
    let info = world.query("AHDSDicomAuditLogs | where CorrelationId == 'c-0006'");
    let (_, rows) = world.rows(info.result, 0, 1);
    let row = rows[0].id.unwrap();
    let Reply::Record { record } = world.request(Request::Record { row }) else { panic!() };
    let of = |origin: FieldOrigin| -> Vec<String> {
        let fields = record.fields.iter().filter(|field| field.origin == origin);
        fields.map(|field| format!("{}={}", field.name, field.value)).collect()
    };
    assert_eq!(of(FieldOrigin::Derived), ["DICOMResourceType=metadata"]);
    let unlogged = of(FieldOrigin::Unlogged);
    assert!(unlogged.contains(&"ActorUsername=".to_owned()), "{unlogged:?}");
    assert!(!unlogged.contains(&"SrcIpAddr=".to_owned()), "the address is logged where it is public");
}

#[test]
fn what_is_told_beside_an_answer_is_told_again_at_the_end_of_a_load() {
    for seed in 1..12 {
        let mut world = World::new(3, seed);
        let drop = world.begin_drop();
        world.name_files(drop, &[("audit.json", DICOM.as_bytes().to_vec()), ("fhir.json", FHIR.into())]);
        for _ in 0..seed * 4 {
            world.turn();
        }
        let info = world.query("MicrosoftHealthcareApisAuditLogs | summarize count() by ResultType");
        world.end_drop(drop);
        world.settle();
        let told = world.events.iter().rev().find_map(|event| match event {
            Event::Noted { result, diagnostics } if *result == info.result => Some(diagnostics.clone()),
            _ => None,
        });
        let told = told.unwrap_or(info.diagnostics);
        assert!(told.iter().any(|note| note.message.starts_with("Includes 12 raw")), "seed {seed}: {told:?}");
    }
}
