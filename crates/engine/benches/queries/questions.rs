//! What both are asked: its name, ours, theirs. `TURN` becomes another number each time, so that no rows kept from the last time answer.

pub(crate) type Question = (&'static str, &'static str, &'static str);

pub(crate) const CLOUDTRAIL: &[Question] = &[
    (
        "filter by equality",
        "AWSCloudTrail | where EventName == \"GetObject\" and EventName != \"TURN\" | count",
        "select count(*) from t where eventName = 'GetObject'",
    ),
    (
        "filter by has",
        "AWSCloudTrail | where UserIdentityArn has \"NURSE7\" and UserIdentityArn != \"TURN\" | count",
        "select count(*) from t where userIdentity.arn ilike '%nurse7%'",
    ),
    (
        "has in unlike texts",
        "AWSCloudTrail | where AwsEventId has \"0000beef\" and AwsEventId != \"TURN\" | count",
        "select count(*) from t where eventID ilike '%0000beef%'",
    ),
    (
        "summarize by one key",
        "AWSCloudTrail | summarize count() by EventName",
        "select eventName, count(*) from t group by 1",
    ),
    (
        "summarize by three keys",
        "AWSCloudTrail | summarize count() by EventName, SourceIpAddress, AWSRegion",
        "select eventName, sourceIPAddress, awsRegion, count(*) from t group by 1, 2, 3",
    ),
    (
        "summarize by a million",
        "AWSCloudTrail | summarize count() by AwsEventId",
        "select eventID, count(*) from t group by 1",
    ),
    (
        "hours by a key",
        "AWSCloudTrail | summarize count() by bin(TimeGenerated, 1h), AWSRegion",
        "select time_bucket(interval 1 hour, eventTime::timestamp), awsRegion, count(*) from t group by 1, 2",
    ),
    (
        "top 100 by time",
        "AWSCloudTrail | where EventName != \"TURN\" | top 100 by TimeGenerated asc | project TimeGenerated, EventName",
        "select eventTime::timestamp, eventName from t order by eventTime limit 100",
    ),
    (
        "top 100 by a text",
        "AWSCloudTrail | where EventName != \"TURN\" | top 100 by AwsRequestId_ asc | project TimeGenerated, AwsRequestId_",
        "select eventTime::timestamp, requestID from t order by requestID limit 100",
    ),
    (
        "distinct count",
        "AWSCloudTrail | summarize dcount(SourceIpAddress)",
        "select count(distinct sourceIPAddress) from t",
    ),
    (
        "distinct count of a million",
        "AWSCloudTrail | summarize dcount(AwsEventId)",
        "select count(distinct eventID) from t",
    ),
    (
        "distinct count by a key",
        "AWSCloudTrail | summarize dcount(SourceIpAddress) by EventName",
        "select eventName, count(distinct sourceIPAddress) from t group by 1",
    ),
    (
        "regex",
        "AWSCloudTrail | where UserAgent matches regex \"aws-sdk-[a-z]+/2\\\\.25\\\\.1\" and UserAgent != \"TURN\" | count",
        "select count(*) from t where regexp_matches(userAgent, 'aws-sdk-[a-z]+/2\\.25\\.1')",
    ),
    (
        "regex in unlike texts",
        "AWSCloudTrail | where AwsEventId matches regex \"beef[0-9]+-\" and AwsEventId != \"TURN\" | count",
        "select count(*) from t where regexp_matches(eventID, 'beef[0-9]+-')",
    ),
    (
        "count by a nested path",
        "AWSCloudTrail | summarize count() by tostring(parse_json(RequestParameters).resourceType)",
        "select requestParameters.resourceType, count(*) from t group by 1",
    ),
    (
        "two time bounds",
        "AWSCloudTrail | where TimeGenerated between (datetime(2026-03-05) .. datetime(2026-03-06 00:00:0TURN)) | count",
        "select count(*) from t where eventTime::timestamp between '2026-03-05' and '2026-03-06'",
    ),
];

pub(crate) const FHIR: &[Question] = &[
    (
        "filter by equality",
        "MicrosoftHealthcareApisAuditLogs | where ResultType == \"Failed\" and ResultType != \"TURN\" | count",
        "select count(*) from t where resultType = 'Failed'",
    ),
    (
        "summarize by one key",
        "MicrosoftHealthcareApisAuditLogs | summarize count(), avg(OperationDuration), max(OperationDuration) by FhirResourceType",
        "select properties.fhirResourceType, count(*), avg(durationMs), max(durationMs) from t group by 1",
    ),
    (
        "percentiles",
        "MicrosoftHealthcareApisAuditLogs | summarize percentiles(OperationDuration, 50, 95, 99)",
        "select quantile_disc(durationMs, [0.5, 0.95, 0.99]) from t",
    ),
    (
        "percentiles by a key",
        "MicrosoftHealthcareApisAuditLogs | summarize percentiles(OperationDuration, 50, 95, 99) by OperationName",
        "select operationName, quantile_disc(durationMs, [0.5, 0.95, 0.99]) from t group by 1",
    ),
    (
        "join on correlation id",
        "MicrosoftHealthcareApisAuditLogs | where ResultType == \"Started\" | join kind=inner (MicrosoftHealthcareApisAuditLogs | where ResultType == \"Failed\" | project CorrelationId, StatusCode, OperationDuration) on CorrelationId | summarize count(), sum(OperationDuration1) by FhirResourceType",
        "select a.properties.fhirResourceType, count(*), sum(b.durationMs) from t a join t b using (correlationId) where a.resultType = 'Started' and b.resultType = 'Failed' group by 1",
    ),
    (
        "join of all pairs",
        "MicrosoftHealthcareApisAuditLogs | where ResultType == \"Started\" | join kind=inner (MicrosoftHealthcareApisAuditLogs | where ResultType != \"Started\" | project CorrelationId, OperationDuration) on CorrelationId | summarize count(), sum(OperationDuration1) by FhirResourceType",
        "select a.properties.fhirResourceType, count(*), sum(b.durationMs) from t a join t b using (correlationId) where a.resultType = 'Started' and b.resultType <> 'Started' group by 1",
    ),
    (
        "count by a nested path",
        "MicrosoftHealthcareApisAuditLogs | summarize count() by tostring(CallerIdentity.claims.oid)",
        "select identity.claims.oid, count(*) from t group by 1",
    ),
    (
        "computed columns",
        "MicrosoftHealthcareApisAuditLogs | extend Slow = OperationDuration > 1000, Day = startofday(TimeGenerated), Who = toupper(CallerIdentityObjectId) | summarize count(), sum(OperationDuration) by Slow, Day, Who",
        "select durationMs > 1000, date_trunc('day', time::timestamp), upper(identity.claims.oid), count(*), sum(durationMs) from t group by 1, 2, 3",
    ),
];
