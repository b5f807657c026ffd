//! Who read this patient's record: every way of naming a patient is found, whatever the service.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

use std::fmt::Write as _;
use world::World;

/// FHIR requests that name the patient `p-17`, and others that do not.
const ASKED: [(&str, &str, bool); 16] = [
    ("read", "/Patient/p-17", true),
    ("vread", "/Patient/p-17/_history/2", true),
    ("everything", "/Patient/p-17/$everything", true),
    ("search-type", "/Patient/p-17/Observation?code=x", true),
    ("search-type", "/Observation?code=x&patient=p-17&_count=5", true),
    ("search-type", "/Observation?subject=Patient/p-17", true),
    ("search-type", "/Observation?subject=Patient%2Fp-17", true),
    ("search-type", "/Encounter?patient=p-1&subject=p-17", true),
    ("search-type", "/Encounter?patient=Patient/p-1,Patient/p-17", true),
    ("search-type", "/Patient?_id=p-17", true),
    ("search-type", "/Observation?subject=Group/p-17", false),
    ("search-type", "/Patient?family=p-17", false),
    ("read", "/Patient/p-170", false),
    ("read", "/Observation/p-17", false),
    ("search-type", "/Patient/_search", false),
    ("bundle-post", "/", false),
];

fn fhir() -> Vec<u8> {
    let mut lines = String::new();
    for (number, (interaction, path, _)) in ASKED.iter().enumerate() {
        let head = r#"{"time":"2026-03-02T08:15:"#;
        let body = r#"Z","resourceId":"/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/F1","category":"AuditLogs","operationName":"Microsoft.HealthcareApis/services/fhir-R4/"#;
        let end = r#"","resultType":"Succeeded","resultSignature":200,"durationMs":9,"callerIpAddress":"::ffff:192.0.2.7","uri":"https://f1.azurehealthcareapis.com:443"#;
        writeln!(lines, "{head}{number:02}{body}{interaction}{end}{path}\"}}").unwrap();
    }
    lines.into_bytes()
}

fn trail() -> Vec<u8> {
    let parameters = [
        r#"{"datastoreId":"d1","resourceType":"Patient","id":"p-17"}"#,
        r#"{"datastoreId":"d1","resourceType":"Observation","patient":"Patient/p-17"}"#,
        r#"{"datastoreId":"d1","resourceType":"Observation","id":"p-17"}"#,
    ];
    let lines = parameters.map(|parameters| {
        let head = r#"{"eventVersion":"1.11","eventTime":"2026-03-02T08:16:00Z","eventSource":"healthlake.amazonaws.com","eventName":"ReadResource","requestParameters":"#;
        format!("{head}{parameters}}}\n")
    });
    lines.concat().into_bytes()
}

#[test]
fn a_patient_is_found_in_every_way_a_request_names_one() {
    let mut world = World::new(2, 21);
    world.drop_files(&[("fhir.json", fhir()), ("trail.json", trail())]);
    world.settle();
    for (number, (interaction, path, is_named)) in ASKED.iter().enumerate() {
        let query = format!(
            "Events | where TimeGenerated == datetime(2026-03-02T08:15:{number:02}Z) | where tostring(PatientIds) contains '\"p-17\"' | count"
        );
        assert_eq!(world.count(&query), u64::from(*is_named), "{interaction} {path}");
    }
    assert_eq!(world.count("Events | where tostring(PatientIds) contains '\"p-17\"' | count"), 12);
    // What the log cannot know is counted beside each answer.
    assert_eq!(world.count("Events | where EventMessage has \"target not logged\" | count"), 2);
    assert_eq!(world.count("Events | where Object == \"Patient/p-17\" | count"), 10);
    assert_eq!(
        world.count("Events | where SrcIpAddr == \"192.0.2.7\" and isnull(SrcPortNumber) | count"),
        16
    );
    assert_eq!(
        world.count("Events | where EventResult == \"Success\" and EventVendor == \"AWS\" | count"),
        3
    );
}
