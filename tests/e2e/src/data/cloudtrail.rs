//! CloudTrail management and data events, about 1.3 kB each, as JSON without blanks.

use super::{day_and_time, mix, pick};
use std::{io::Write as _, ops::Range};

const EVENTS: &[(&str, &str)] = &[
    ("s3.amazonaws.com", "GetObject"),
    ("s3.amazonaws.com", "PutObject"),
    ("sts.amazonaws.com", "AssumeRole"),
    ("ec2.amazonaws.com", "DescribeInstances"),
    ("kms.amazonaws.com", "Decrypt"),
    ("healthlake.amazonaws.com", "ReadResource"),
    ("healthlake.amazonaws.com", "SearchWithGet"),
    ("iam.amazonaws.com", "ListRoles"),
];
const REGIONS: &[&str] = &["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"];
const USERS: &[&str] =
    &["amara", "bjorn", "chidi", "daria", "emre", "farah", "goran", "hana", "ines", "jonas"];
const AGENTS: &[&str] = &[
    "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7",
    "Boto3/1.40.41 md/Botocore#1.40.41 ua/2.1 os/linux#6.1.0 md/arch#aarch64 lang/python#3.12.3",
    "console.amazonaws.com",
    "aws-sdk-java/2.33.9 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10 lang/java#21.0.8",
];

/// Every so many records, one carries [`NEEDLE`] in the key of its object.
pub(crate) const NEEDLE_EVERY: u64 = 10_007;
/// What a search looks for; nothing else holds it.
pub(crate) const NEEDLE: &str = "harbour-lantern";

/// A kind of made-up trail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trail {
    /// Characters per record that never repeat, beside its ids.
    noise: usize,
    /// Bytes of a record with its separator, on average.
    bytes: u64,
}

impl Trail {
    /// As real ones are.
    pub(crate) const PLAIN: Self = Self { noise: 0, bytes: 1_333 };
    /// With values that hardly repeat.
    pub(crate) const DENSE: Self = Self { noise: 700, bytes: 2_037 };

    /// Records that take about so many bytes.
    pub(crate) const fn count_for(self, bytes: u64) -> u64 {
        bytes / self.bytes
    }

    /// `{"Records":[…]}` on one line.
    pub(crate) fn records(self, numbers: Range<u64>) -> Vec<u8> {
        let mut out = b"{\"Records\":[".to_vec();
        for number in numbers.clone() {
            if number > numbers.start {
                out.push(b',');
            }
            self.write(number, &mut out);
        }
        out.extend_from_slice(b"]}");
        out
    }

    /// One record a line.
    pub(crate) fn lines(self, numbers: Range<u64>) -> Vec<u8> {
        let mut out = Vec::new();
        for number in numbers {
            self.write(number, &mut out);
            out.push(b'\n');
        }
        out
    }

    /// One record. Record `n` happened `n` seconds after the start of March 2026.
    pub(crate) fn write(self, number: u64, out: &mut Vec<u8>) {
        let (dice, more) = (mix(number), mix(!number));
        let (day, time) = day_and_time(number);
        let (source, name) = event(number);
        let (region, user) = (pick(REGIONS, dice >> 8), user(number));
        let key = if number.is_multiple_of(NEEDLE_EVERY) { NEEDLE } else { "bundle" };
        let error = if is_error(number) {
            r#""errorCode":"AccessDenied","errorMessage":"not authorized to perform this operation","#
        } else {
            ""
        };
        let noise: String =
            (0..self.noise).step_by(16).map(|i| format!("{:016x}", mix(more ^ i as u64))).collect();
        let text = format!(
            concat!(
                r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROA{role:012X}:{user}","#,
                r#""arn":"arn:aws:sts::111122223333:assumed-role/clinic-{role_name}/{user}","accountId":"111122223333","#,
                r#""accessKeyId":"ASIA{access:012X}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{role:012X}","#,
                r#""arn":"arn:aws:iam::111122223333:role/clinic-{role_name}","accountId":"111122223333","userName":"clinic-{role_name}"}},"#,
                r#""attributes":{{"creationDate":"{day}T00:00:00Z","mfaAuthenticated":"{mfa}"}}}}}},"eventTime":"{day}T{time}Z","#,
                r#""eventSource":"{source}","eventName":"{name}","awsRegion":"{region}","sourceIPAddress":"198.51.100.{ip}","#,
                r#""userAgent":"[{agent}]",{error}"requestParameters":{{"bucketName":"ward-{ward}","key":"{key}/{number:09}.json","noise":"{noise}"}},"#,
                r#""responseElements":null,"additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","#,
                r#""bytesTransferredOut":{bytes}}},"requestID":"{id_a:08x}-{id_b:04x}-4000-8000-{id_c:012x}","#,
                r#""eventID":"{id_c:08x}-{id_b:04x}-4000-9000-{number:012x}","readOnly":{read_only},"eventType":"AwsApiCall","#,
                r#""managementEvent":{management},"recipientAccountId":"111122223333","eventCategory":"{category}","#,
                r#""tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{source}"}}}}"#,
            ),
            role = dice >> 16 & 7,
            role_name = pick(&["reader", "writer", "auditor"], dice >> 16),
            user = user,
            access = more >> 40,
            day = day,
            time = time,
            mfa = dice & 1 == 0,
            source = source,
            name = name,
            region = region,
            ip = dice >> 24 & 127,
            agent = pick(AGENTS, dice >> 32),
            error = error,
            ward = dice >> 40 & 31,
            key = key,
            number = number,
            noise = noise,
            bytes = more & 0xffff,
            id_a = more & 0xffff_ffff,
            id_b = more >> 32 & 0xffff,
            id_c = more >> 16 & 0xffff_ffff_ffff,
            read_only = name != "PutObject",
            management = source != "s3.amazonaws.com",
            category = if source == "s3.amazonaws.com" { "Data" } else { "Management" },
        );
        // A vector takes all that it is given.
        out.write_all(text.as_bytes()).ok();
    }
}

/// Source and name of an event.
pub(crate) fn event(number: u64) -> (&'static str, &'static str) {
    let at = usize::try_from(mix(number) % EVENTS.len() as u64).unwrap_or(0);
    EVENTS.get(at).copied().unwrap_or(("", ""))
}

/// Who did it.
pub(crate) fn user(number: u64) -> &'static str {
    pick(USERS, mix(number) >> 48)
}

/// Whether it was refused.
pub(crate) const fn is_error(number: u64) -> bool {
    mix(number) >> 56 < 16
}

/// Where a trail puts its file `number`, below `AWSLogs`.
pub(crate) fn path_in_bucket(number: u64) -> String {
    let region = pick(REGIONS, number);
    let (day, hour) = (number / 120 + 1, number / 5 % 24);
    format!(
        "111122223333/CloudTrail/{region}/2026/03/{day:02}/\
         111122223333_CloudTrail_{region}_202603{day:02}T{hour:02}05Z_{:016x}.json.gz",
        mix(number)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_json_of_about_the_size_promised() {
        for trail in [Trail::PLAIN, Trail::DENSE] {
            let lines = trail.lines(0..1_000);
            let text = String::from_utf8(lines).unwrap();
            for line in text.lines() {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(record["eventTime"].as_str().unwrap().starts_with("2026-03-01T00:"));
            }
            let bytes = text.len() as u64 / 1_000;
            assert!(bytes.abs_diff(trail.bytes) < 40, "{bytes} B, not {}", trail.bytes);
        }
    }

    #[test]
    fn every_small_file_has_a_path_of_its_own() {
        let paths: std::collections::BTreeSet<String> = (0..3_000).map(path_in_bucket).collect();
        assert_eq!(paths.len(), 3_000);
        assert!(paths.iter().all(|path| path.contains("/2026/03/")));
    }
}
