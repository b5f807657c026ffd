//! FHIR audit records as a storage account has them: JSON Lines, a blank in the time, the caller as mapped IPv6.

use super::{day_and_time, mix, pick};

const INTERACTIONS: &[&str] = &["read", "search-type", "create", "update", "history-instance"];
const TYPES: &[&str] = &["Patient", "Observation", "Encounter", "DiagnosticReport"];
const SERVICE: &str = "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000042/RESOURCEGROUPS/WARD/PROVIDERS/\
                       MICROSOFT.HEALTHCAREAPIS/WORKSPACES/NORTH/FHIRSERVICES/MAIN";

/// Type of resource that a record is about.
pub(crate) fn resource_type(number: u64) -> &'static str {
    pick(TYPES, mix(number) >> 8)
}

/// One record, with its line's end.
pub(crate) fn line(number: u64) -> String {
    let dice = mix(number);
    let (day, time) = day_and_time(number * 30);
    let (kind, status) = (resource_type(number), if dice >> 56 < 16 { 403 } else { 200 });
    format!(
        concat!(
            r#"{{"time":"{day} {time}Z","resourceId":"{service}","operationName":"Microsoft.HealthcareApis/services/fhir-R4/{interaction}","#,
            r#""category":"AuditLogs","resultType":"{result}","resultSignature":{status},"durationMs":{duration},"#,
            r#""callerIpAddress":"::ffff:203.0.113.{ip}","correlationId":"{id:032x}","#,
            r#""identity":{{"claims":{{"iss":"https://sts.windows.net/tenant/","oid":"nurse-{who}"}}}},"level":"Informational","#,
            r#""location":"West Europe","uri":"https://north-main.fhir.azurehealthcareapis.com:443/{kind}/{number}","#,
            r#""properties":{{"fhirResourceType":"{kind}"}}}}"#,
            "\n",
        ),
        day = day,
        time = time,
        service = SERVICE,
        interaction = pick(INTERACTIONS, dice),
        result = if status == 200 { "Succeeded" } else { "Failed" },
        status = status,
        duration = dice >> 16 & 0x3ff,
        ip = dice >> 32 & 0x7f,
        id = u128::from(dice) << 32 | u128::from(number),
        who = dice >> 40 & 7,
        kind = kind,
        number = number,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_json() {
        for number in 0..100 {
            let line = line(number);
            assert_eq!(line.lines().count(), 1);
            let record: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert_eq!(record["properties"]["fhirResourceType"], resource_type(number));
        }
    }
}
