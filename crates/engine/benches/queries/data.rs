//! Made lines of both kinds; what each holds follows from its number.

use std::io::Write;

/// A number that looks like chance but follows from its input.
pub(crate) const fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn pick<'a>(list: &[&'a str], number: u64) -> &'a str {
    list.get((number % list.len().max(1) as u64) as usize).copied().unwrap_or_default()
}

/// Day, hour, minute and second of March 2026; a second in two records.
fn time(number: u64) -> (u64, u64, u64, u64) {
    let second = number * 2;
    (1 + second / 86_400 % 28, second / 3_600 % 24, second / 60 % 60, second % 60)
}

/// A line of CloudTrail.
pub(crate) fn cloudtrail(number: u64, out: &mut impl Write) -> std::io::Result<()> {
    const NAMES: [&str; 6] =
        ["GetObject", "ReadResource", "SearchWithGet", "Decrypt", "AssumeRole", "CreateResource"];
    const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1"];
    const SOURCES: [&str; 3] = ["healthlake.amazonaws.com", "s3.amazonaws.com", "kms.amazonaws.com"];
    let dice = mix(number);
    let (day, hour, minute, second) = time(number);
    let user = dice % 41;
    writeln!(
        out,
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE:nurse{user}","arn":"arn:aws:sts::012345678901:assumed-role/Clinic/nurse{user}","accountId":"012345678901","accessKeyId":"ASIAEXAMPLE{user:04}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::012345678901:role/Clinic","accountId":"012345678901","userName":"Clinic"}},"attributes":{{"creationDate":"2026-03-02T07:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}Z","eventSource":"{source}","eventName":"{name}","awsRegion":"{region}","sourceIPAddress":"192.0.{}.{}","userAgent":"aws-sdk-java/2.25.{} Linux/5.10","requestParameters":{{"datastoreId":"0123456789abcdef0123456789abcdef","resourceType":"{kind}","id":"{}"}},"responseElements":null,"requestID":"{dice:016x}","eventID":"{number:08x}-{dice:016x}","readOnly":true,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"012345678901","eventCategory":"Data"}}"#,
        (dice >> 20) % 256,
        (dice >> 30) % 200,
        (dice >> 40) % 12,
        (dice >> 8) % 9_973,
        source = pick(&SOURCES, dice >> 12),
        name = pick(&NAMES, dice >> 16),
        region = pick(&REGIONS, dice >> 24),
        kind = pick(&["Patient", "Observation", "Encounter"], dice >> 28),
    )
}

/// A line of a FHIR service's audit log. Two of them, a start and an end, share a correlation id.
pub(crate) fn fhir(number: u64, out: &mut impl Write) -> std::io::Result<()> {
    const INTERACTIONS: [&str; 5] = ["read", "search-type", "create", "update", "history-instance"];
    const TYPES: [&str; 4] = ["Patient", "Observation", "Encounter", "DiagnosticReport"];
    let dice = mix(number / 2);
    let (day, hour, minute, second) = time(number);
    let kind = pick(&TYPES, dice >> 8);
    let (result, status) = match (number % 2, dice >> 56) {
        (0, _) => ("Started", 0),
        (_, ..16) => ("Failed", 403),
        _ => ("Succeeded", 200),
    };
    writeln!(
        out,
        r#"{{"time":"2026-03-{day:02} {hour:02}:{minute:02}:{second:02}Z","resourceId":"/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000042/RESOURCEGROUPS/WARD/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/WORKSPACES/NORTH/FHIRSERVICES/MAIN","operationName":"Microsoft.HealthcareApis/services/fhir-R4/{}","category":"AuditLogs","resultType":"{result}","resultSignature":{status},"durationMs":{},"callerIpAddress":"::ffff:203.0.113.{}","correlationId":"{dice:016x}{:016x}","identity":{{"claims":{{"iss":"https://sts.windows.net/tenant/","oid":"nurse-{}"}}}},"level":"Informational","location":"West Europe","uri":"https://north-main.fhir.azurehealthcareapis.com:443/{kind}/{}","properties":{{"fhirResourceType":"{kind}"}}}}"#,
        pick(&INTERACTIONS, dice),
        if number.is_multiple_of(2) { 0 } else { dice >> 16 & 0x3fff },
        dice >> 32 & 0x7f,
        number / 2,
        dice >> 40 & 63,
        (dice >> 20) % 50_000,
    )
}
