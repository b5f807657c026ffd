//! Sample data to try: small, made up by us, of every kind of service that is known.
//!
//! **Invariant:** the same texts every time; addresses and numbers are those reserved for documentation, nobody's data.
//!
//! To add a log of Azure, add a line to [`AZURE`]. FHIR and CloudTrail have code of their own: a request to the one makes two
//! records, the other wraps all in one.

use std::fmt::Write;

const GROUP: &str =
    "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/CLINIC/PROVIDERS/MICROSOFT.";
const FHIR: &str = "HEALTHCAREAPIS/SERVICES/CLINIC-FHIR";
const DICOM: &str = "HEALTHCAREAPIS/WORKSPACES/CLINIC/DICOMSERVICES/IMAGES";
const MEDTECH: &str = "HEALTHCAREAPIS/WORKSPACES/CLINIC/IOTCONNECTORS/MONITORS";
const TALK: &str = "COMMUNICATION/COMMUNICATIONSERVICES/CLINIC-TALK";

/// Logs of Azure, each a resource, a category, how many records, and what a record holds behind its category, where
/// `<a|b>` is one of both, `<#>` a number below 1,000, `<id>` eight digits in hexadecimal and `<time>` the record's time.
const AZURE: &[(&str, &str, u32, &str)] = &[
    (
        DICOM,
        "AuditLogs",
        40,
        r#""operationName":"<retrieve|retrieve|store|delete>","location":"westeurope","uri":"https://clinic-images.dicom.azurehealthcareapis.com/v1/studies/2.25.4711<#>","resultType":"<Succeeded","resultSignature":200|Succeeded","resultSignature":200|Succeeded","resultSignature":200|Failed","resultSignature":404>,"level":"Informational","correlationId":"<id>-1f0a","identity":{"claims":{"iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000000/","oid":"9f31c0aa-0000-4000-8000-00000000be21"}},"properties":{}"#,
    ),
    (
        DICOM,
        "DiagnosticLogs",
        12,
        r#""operationName":"Store/PostInstance/POST","resultDescription":"DICOM100: <(0020,4000)|(0010,0030)|(0008,0050)> - the value is not valid and was ignored","location":"westeurope","correlationId":"<id>-1f0a","level":"Warning","properties":"[{\"StudyInstanceUID\":\"2.25.4711<#>\"}]""#,
    ),
    (
        MEDTECH,
        "DiagnosticLogs",
        16,
        r#""operationName":"<HealthCheck","resultDescription":"The hub of device messages does not answer","properties":{"logType":"HealthCheckException|Normalization","resultDescription":"A message of a monitor fits no template","properties":{"logType":"NormalizationException>"}"#,
    ),
    (
        TALK,
        "Usage",
        30,
        r#""correlationId":"<id>","operationVersion":"1.0","operationName":"<SMS","properties":{"usageType":"sms","unitType":"messages","quantity":1|Chat","properties":{"usageType":"chat","unitType":"messages","quantity":1|PSTN","properties":{"usageType":"pstn","unitType":"minutes","quantity":7.5|Email","properties":{"usageType":"email","unitType":"megabytes","quantity":0.25>,"recordId":"<id>-0000-4000-8000-000000000000","userIdA":"8:acs:<anna|ben|carla>","startTime":"<time>","endTime":"<time>"}"#,
    ),
    (
        TALK,
        "ChatOperational",
        36,
        r#""operationName":"<SendChatMessage|SendChatMessage|ListChatMessages|CreateChatThread|AddChatParticipant>","correlationId":"<id>","resultType":"<Succeeded","resultSignature":"200|Succeeded","resultSignature":"201|Succeeded","resultSignature":"200|Failed","resultSignature":"403>","durationMs":<#>,"callerIpAddress":"203.0.113.<17|24|80>","level":"Informational","operationVersion":"2023-11-07","uri":"https://clinic-talk.communication.azure.com/chat/threads","properties":{"chatThreadId":"19:<ward3|ward4|desk>@thread.v2","userId":"8:acs:<anna|ben|carla>","platformType":"<web|iOS>","sdkType":"azsdk-js"}"#,
    ),
    (
        TALK,
        "SMSOperational",
        28,
        r#""operationName":"<SMSMessagesSent|SMSMessagesSent|SMSDeliveryReportsReceived|SMSMessagesReceived>","correlationId":"<id>","resultType":"<Succeeded","resultSignature":"202|Succeeded","resultSignature":"200|Succeeded","resultSignature":"202|Failed","resultSignature":"400>","durationMs":<#>,"callerIpAddress":"203.0.113.<17|24>","level":"Informational","operationVersion":"2021-03-07","properties":{"phoneNumber":"+1202555010<1|2|3|4>","country":"US","numberType":"LongCodeNumber","deliveryAttempts":<1|1|2>,"messageId":"Outgoing_<id>","outgoingMessageLength":<42|118|160>,"incomingMessageLength":0,"method":"POST","sdkType":"azsdk-js"}"#,
    ),
    (
        TALK,
        "RoomsOperational",
        24,
        r#""operationName":"<CreateRoom|GetRoom|UpdateRoom|ListRooms|UpdateParticipants>","correlationId":"<id>","operationVersion":"2024-04-15","resultType":"<Succeeded","resultSignature":200|Succeeded","resultSignature":200|Succeeded","resultSignature":200|Failed","resultSignature":404>,"level":"Informational","properties":{"roomId":"994668982410<#>","roomLifespan":61,"addedRoomParticipantsCount":<0|2|5>,"pstnDialOutEnabled":false}"#,
    ),
    (
        TALK,
        "CallSummary",
        20,
        r#""operationName":"CallSummary","operationVersion":"1.0","correlationId":"<id>","properties":{"callStartTime":"<time>","callDuration":<60|240|900>,"callType":"<P2P|Group>","identifier":"8:acs:<anna|ben|carla>","endpointType":"<VoIP|PSTN>","endpointId":"<id>","participantId":"<id>","participantStartTime":"<time>","participantDuration":<31|58>,"participantEndReason":"<0","resultCategory":"Success|0","resultCategory":"Success|487","resultCategory":"ExpectedError|408","resultCategory":"UnexpectedClientError>","osVersion":"Windows","sdkVersion":"1.20"}"#,
    ),
    (
        TALK,
        "EmailSendMailOperational",
        14,
        r#""operationName":"SendMail","location":"westeurope","correlationId":"<id>","operationVersion":"1.0","properties":{"size":0.<#>,"toRecipientsCount":1,"ccRecipientsCount":<0,"uniqueRecipientsCount":1|1,"uniqueRecipientsCount":2>,"bccRecipientsCount":0,"attachmentsCount":<0|0|1>,"trafficSource":"sdk"}"#,
    ),
    (
        TALK,
        "EmailStatusUpdateOperational",
        14,
        r#""operationName":"DeliveryStatusUpdate","location":"westeurope","correlationId":"<id>","operationVersion":"1.0","properties":{"recipientId":"<anna|ben|carla>@example.org","senderDomain":"mail.example.com","senderUsername":"donotreply","deliveryStatus":"<Delivered|Delivered","smtpStatusCode":"250|Bounced","smtpStatusCode":"550","isHardBounce":"true","failureReason":"The recipient is not known>"}"#,
    ),
];

/// Paths and texts of the sample files.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    let mut files = vec![
        (archive_path(FHIR, "AuditLogs"), fhir()),
        (
            "sample/AWSLogs/123456789012/CloudTrail/us-east-1/2026/03/02/\
             123456789012_CloudTrail_us-east-1_20260302T0820Z_sampleSAMPLE0001.json"
                .to_owned(),
            cloudtrail(),
        ),
        (
            "sample/readme.txt".to_owned(),
            "This is not a log. It is here to show how the list of files treats such a thing.\n".to_owned(),
        ),
    ];
    files.extend((3..).zip(AZURE).map(|(seed, (resource, category, count, form))| {
        (archive_path(resource, category), azure(seed, resource, category, *count, form))
    }));
    files
}

/// Where a storage account keeps an hour of a category.
fn archive_path(resource: &str, category: &str) -> String {
    let category = category.to_lowercase();
    format!(
        "sample/insights-logs-{category}/resourceId={GROUP}{resource}/y=2026/m=03/d=02/h=08/m=00/PT1H.json"
    )
}

/// A sequence that looks irregular and is always the same.
struct Draw(u32);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9);
        let mixed = (self.0 ^ self.0 >> 16).wrapping_mul(0x85eb_ca6b);
        let mixed = (mixed ^ mixed >> 13).wrapping_mul(0xc2b2_ae35);
        (mixed >> 8) % limit.max(1)
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
                r#"{{ "time": "2026-03-02T{}.{:03}Z", "resourceId": "{GROUP}{FHIR}", "operationName": "Microsoft.HealthcareApis/services/fhir-R4/{operation}", "category": "AuditLogs", "resultType": "{result}", "resultSignature": {status}, "durationMs": {took}, "callerIpAddress": "{address}", "correlationId": "{correlation}", "identity": {{"claims": {{"iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000000/", "oid": "{caller}"}}}}, "level": "{level}", "location": "South Central US", "uri": "https://clinic.azurehealthcareapis.com:443/{resource}{id}", "properties": {{"fhirResourceType": "{resource}"}}}}"#,
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

/// Records of one form, evenly over the hour.
fn azure(seed: u32, resource: &str, category: &str, count: u32, form: &str) -> String {
    let mut draw = Draw(seed);
    let mut text = String::new();
    let pace = 3_500 / count.max(1);
    for number in 0..count {
        let second = number * pace + draw.below(pace);
        let time = format!("2026-03-02T{}.{:03}Z", clock(second), draw.below(1_000));
        // Writing into a string cannot fail.
        write!(text, r#"{{"time":"{time}","resourceId":"{GROUP}{resource}","category":"{category}","#).ok();
        fill(&mut text, &mut draw, form, &time);
        text.push_str("}\n");
    }
    text
}

/// Writes `form` with something in place of all that stands in `<>`.
fn fill(text: &mut String, draw: &mut Draw, form: &str, time: &str) {
    for (place, part) in form.split(['<', '>']).enumerate() {
        match part {
            _ if place % 2 == 0 => text.push_str(part),
            "time" => text.push_str(time),
            "#" => text.push_str(&(100 + draw.below(900)).to_string()),
            "id" => text.push_str(&format!("{:08x}", draw.below(1 << 20) * 4_093)),
            choices => text.push_str(draw.of(&choices.split('|').collect::<Vec<_>>())),
        }
    }
}
