//! Names that store nothing: records that answer under a second name, values that are worked out, rows made of several records.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

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
        ("MicrosoftHealthcareApisAuditLogs | join kind=inner (AHDSDicomAuditLogs | where ResultType == 'Failed') on CorrelationId | count", 4),
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
