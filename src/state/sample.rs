//! Sample data to try: small, made up by us, of every log type that is known so far.
//!
//! **Invariant:** the same texts every time; addresses and numbers are those reserved for documentation, nobody's data.

use std::fmt::Write;

/// Paths and texts of the sample files.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    vec![
        (
            "sample/insights-logs-auditlogs/resourceId=/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/\
             RESOURCEGROUPS/CLINIC/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/CLINIC-FHIR/y=2026/m=03/d=02/h=08/m=00/\
             PT1H.json"
                .to_owned(),
            fhir(),
        ),
        (
            "sample/AWSLogs/123456789012/CloudTrail/us-east-1/2026/03/02/\
             123456789012_CloudTrail_us-east-1_20260302T0820Z_sampleSAMPLE0001.json"
                .to_owned(),
            cloudtrail(),
        ),
        ("sample/rooms.json".to_owned(), rooms()),
        (
            "sample/readme.txt".to_owned(),
            "This is not a log. It is here to show how the list of files treats such a thing.\n".to_owned(),
        ),
    ]
}

/// A sequence that looks irregular and is always the same.
struct Draw(u32);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 12) % limit.max(1)
    }

    fn of<'a>(&mut self, values: &[&'a str]) -> &'a str {
        let at = self.below(u32::try_from(values.len()).unwrap_or(1));
        values.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or("")
    }
}

/// Seconds after 08:00 as `08:01:29`.
fn clock(second: u32) -> String {
    format!("{:02}:{:02}:{:02}", 8 + second / 3_600, second / 60 % 60, second % 60)
}

fn fhir() -> String {
    let mut draw = Draw(7);
    let mut text = String::new();
    let mut second = 4;
    for number in 0..110_u32 {
        second += 5 + draw.below(50);
        let resource = draw.of(&["Patient", "Patient", "Observation", "Encounter", "DiagnosticReport"]);
        let (operation, id) = match draw.below(4) {
            0 => ("search-type", String::new()),
            1 => ("create", String::new()),
            _ => ("read", format!("/{:08x}", draw.below(1 << 20))),
        };
        let address = format!("::ffff:192.0.2.{}", 10 + draw.below(30));
        let correlation = format!("5d04211aaf172d43b83d9eb5{:08x}", number * 7_919);
        let caller =
            draw.of(&["9f31c0aa-0000-4000-8000-00000000be21", "5d042110-0000-4000-8000-000000064ec5"]);
        let is_refused = draw.below(9) == 0 || (40..46).contains(&number);
        let (result, status, level) =
            if is_refused { ("Failed", 403, "Error") } else { ("Succeeded", 200, "Informational") };
        let took = 20 + draw.below(900);
        for (result, status, took, level, after) in
            [("Started", 0, 0, "Informational", 0), (result, status, took, level, 1)]
        {
            // Writing into a string cannot fail.
            writeln!(
                text,
                r#"{{ "time": "2026-03-02T{}.{:03}Z", "resourceId": "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/CLINIC/PROVIDERS/MICROSOFT.HEALTHCAREAPIS/SERVICES/CLINIC-FHIR", "operationName": "Microsoft.HealthcareApis/services/fhir-R4/{operation}", "category": "AuditLogs", "resultType": "{result}", "resultSignature": {status}, "durationMs": {took}, "callerIpAddress": "{address}", "correlationId": "{correlation}", "identity": {{"claims": {{"iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000000/", "oid": "{caller}"}}}}, "level": "{level}", "location": "South Central US", "uri": "https://clinic.azurehealthcareapis.com:443/{resource}{id}", "properties": {{"fhirResourceType": "{resource}"}}}}"#,
                clock(second + after),
                draw.below(1_000),
            )
            .ok();
        }
    }
    text
}

fn cloudtrail() -> String {
    let mut draw = Draw(11);
    let mut text = String::from(r#"{"Records":["#);
    let mut second = 9;
    for number in 0..90_u32 {
        second += 10 + draw.below(60);
        let (source, name, is_read) = match draw.below(8) {
            0 => ("healthlake.amazonaws.com", "SearchWithGet", true),
            1 => ("healthlake.amazonaws.com", "CreateResource", false),
            2 => ("healthlake.amazonaws.com", "ListFHIRDatastores", true),
            3 => ("s3.amazonaws.com", "GetObject", true),
            4 => ("sts.amazonaws.com", "AssumeRole", false),
            _ => ("healthlake.amazonaws.com", "ReadResource", true),
        };
        let role = draw.of(&["clinic-app", "clinic-app", "night-batch", "auditor"]);
        let error = if draw.below(8) == 0 {
            r#","errorCode":"AccessDenied","errorMessage":"User is not authorized to perform this action""#
        } else {
            ""
        };
        let parameters = match name {
            "GetObject" => r#"{"bucketName":"clinic-exports","key":"2026/03/02/patients.ndjson"}"#.to_owned(),
            "AssumeRole" => format!(
                r#"{{"roleArn":"arn:aws:iam::123456789012:role/{role}","roleSessionName":"session"}}"#
            ),
            "ListFHIRDatastores" => "null".to_owned(),
            _ => format!(
                r#"{{"datastoreId":"eeb8005725ae22b35b4edbdc68cf2dfd","resourceType":"Patient","resourceId":"{:08x}"}}"#,
                draw.below(1 << 24),
            ),
        };
        if number > 0 {
            text.push(',');
        }
        write!(
            text,
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLEEXAMPLE000:{role}","arn":"arn:aws:sts::123456789012:assumed-role/{role}/session","accountId":"123456789012","accessKeyId":"ASIAEXAMPLEEXAMPLE00","sessionContext":{{"sessionIssuer":{{"type":"Role","arn":"arn:aws:iam::123456789012:role/{role}","userName":"{role}"}}}}}},"eventTime":"2026-03-02T{}Z","eventSource":"{source}","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.{}","userAgent":"aws-sdk-rust/1.3"{error},"requestParameters":{parameters},"responseElements":null,"requestID":"{:08x}-0000-4000-8000-000000000000","eventID":"{:08x}-0000-4000-8000-0000000000aa","readOnly":{is_read},"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"123456789012","eventCategory":"Data"}}"#,
            clock(second),
            20 + draw.below(20),
            number * 104_729 + 1,
            number * 15_485_863 + 3,
        )
        .ok();
    }
    text.push_str("]}");
    text
}

fn rooms() -> String {
    let mut draw = Draw(3);
    let mut text = String::from("[\n");
    let mut second = 30;
    for number in 0..24_u32 {
        second += 60 + draw.below(160);
        let operation = draw.of(&["CreateRoom", "GetRoom", "UpdateRoom", "ListRooms", "UpdateParticipants"]);
        let (result, status) = if draw.below(10) == 0 { ("Failed", 404) } else { ("Succeeded", 200) };
        if number > 0 {
            text.push_str(",\n");
        }
        write!(
            text,
            r#"  {{ "CorrelationId": "Y4x6ZabFE0+E8ERwMp{:04}", "Level": "Informational", "OperationName": "{operation}", "OperationVersion": "2024-04-15", "ResultType": "{result}", "ResultSignature": {status}, "RoomId": "994668982410{:05}", "RoomLifespan": 61, "AddedRoomParticipantsCount": {}, "TimeGenerated": "2026-03-02T{}.1200000Z", "category": "RoomsOperational", "PstnDialOutEnabled": false }}"#,
            number,
            draw.below(100_000),
            draw.below(6),
            clock(second),
        )
        .ok();
    }
    text.push_str("\n]\n");
    text
}
