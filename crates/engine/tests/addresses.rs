//! Where a request came from: a clean address and its port, and the address as the record spells it.

mod world;

use world::World;

/// As it is given; the address, and the port if there is one.
const ADDRESSES: [(&str, &str, Option<&str>); 18] = [
    ("192.0.2.7", "192.0.2.7", None),
    ("::ffff:192.0.2.7", "192.0.2.7", None),
    ("::FFFF:192.0.2.7", "192.0.2.7", None),
    ("192.0.2.7:50123", "192.0.2.7", Some("50123")),
    ("::ffff:192.0.2.7:443", "192.0.2.7", Some("443")),
    ("2001:db8::10", "2001:db8::10", None),
    ("2001:db8:0:0:0:0:0:10", "2001:db8:0:0:0:0:0:10", None),
    ("::1", "::1", None),
    ("[2001:db8::10]:8443", "2001:db8::10", Some("8443")),
    ("[2001:db8::10]", "2001:db8::10", None),
    ("192.0.2.7, 198.51.100.9", "192.0.2.7", None),
    ("192.0.2.7:1024,198.51.100.9", "192.0.2.7", Some("1024")),
    ("fe80::1%eth0", "", None),
    ("XX:2a02:db8::1", "", None),
    ("30.*.0.210", "", None),
    ("192.0.2.x", "", None),
    ("0.0.0.0", "", None),
    ("AWS Internal/3", "", None),
];

#[test]
fn addresses_are_clean_and_kept_as_they_were() {
    let lines: Vec<String> = ADDRESSES
        .iter()
        .enumerate()
        .map(|(number, (given, ..))| {
            let head = r#"{"time":"2026-03-02T08:15:"#;
            let body = r#"Z","resourceId":"/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/F1","category":"AuditLogs","operationName":"Microsoft.HealthcareApis/services/fhir-R4/read","resultType":"Succeeded","resultSignature":200,"callerIpAddress":""#;
            format!("{head}{number:02}{body}{given}\",\"uri\":\"https://f1.azurehealthcareapis.com/Patient/p1\"}}\n")
        })
        .collect();
    let mut world = World::new(2, 33);
    world.drop_files(&[("fhir.json", lines.concat().into_bytes())]);
    world.settle();
    let info = world.query(
        "Events | project TimeGenerated, SrcIpAddr, SrcPortNumber, SrcAddress | sort by TimeGenerated asc",
    );
    let (_, rows) = world.rows(info.result, 0, 100);
    let found: Vec<_> = rows.iter().map(|row| row.cells[1..].to_vec()).collect();
    let expected: Vec<_> = ADDRESSES
        .iter()
        .map(|(given, address, port)| {
            vec![Some((*address).to_owned()), port.map(str::to_owned), Some((*given).to_owned())]
        })
        .collect();
    assert_eq!(found, expected);
}
