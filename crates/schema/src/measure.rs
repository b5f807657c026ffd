//! What the numbers of a documented column count, where that is the same for all records: shown in its head.
//!
//! Names that end in it (`DurationMs`) say it themselves.
//!
//! **Invariant:** said of documented columns only; a column of the same name in somebody's own table may count anything.
//! To add one: the ending that its names share, or the whole name, and the unit.

/// Endings of names, or whole names, and the unit; the first that fits.
const UNITS: &[(&str, &str)] = &[
    ("OperationDuration", "ms"),
    ("JitterAvg", "ms"),
    ("JitterMax", "ms"),
    ("JitterBufferSizeAvg", "ms"),
    ("JitterBufferSizeMax", "ms"),
    ("RoundTripTimeAvg", "ms"),
    ("RoundTripTimeMax", "ms"),
    ("CallDuration", "s"),
    ("ParticipantDuration", "s"),
    ("RecordingLength", "s"),
    ("RoomLifespan", "min"),
    ("MessageLength", "characters"),
];

/// Names that say too little by themselves: the table, the column and its unit.
const IN_TABLES: &[(&str, &str, &str)] = &[
    ("ACSCallClosedCaptionsSummary", "Duration", "s"),
    ("ACSEmailSendMailOperational", "Size", "MB"),
    ("ACSBillingUsage", "Quantity", "in UnitType"),
    ("ACSCallingMetrics", "MetricValueAvg", "in Unit"),
];

/// The unit of a table's documented column; empty when it has none.
#[must_use]
pub fn unit_of(table: &str, column: &str) -> &'static str {
    let of_table =
        IN_TABLES.iter().find(|(of, name, _)| (*of, *name) == (table, column)).map(|(.., unit)| *unit);
    of_table
        .or_else(|| UNITS.iter().find(|(ending, _)| column.ends_with(ending)).map(|(_, unit)| *unit))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::unit_of;

    #[test]
    fn lifespans_lengths_and_quantities_have_a_unit() {
        #[track_caller]
        fn check(table: &str, column: &str, expected: &str) {
            assert_eq!(unit_of(table, column), expected);
        }
        check("ACSRoomsIncomingOperations", "RoomLifespan", "min");
        check("ACSSMSIncomingOperations", "OutgoingMessageLength", "characters");
        check("ACSCallSummary", "CallDuration", "s");
        check("ACSBillingUsage", "Quantity", "in UnitType");
        check("AWSS3ServerAccess", "Size", "");
        check("ACSRoomsIncomingOperations", "RoomId", "");
    }
}
