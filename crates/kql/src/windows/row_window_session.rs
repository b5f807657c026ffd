//! `row_window_session(time, longest, gap, [restart])`.
use super::{Parameter, WindowFunction};
use crate::value::Value;
use chartroom_schema::kind::Kind;

pub(super) const FUNCTION: WindowFunction = WindowFunction {
    name: "row_window_session",
    about: "When the row's session began: a new one begins too long after its first row, after too long a gap, or where the last argument is true.",
    parameters: &[Parameter::DateTime, Parameter::TimeSpan, Parameter::TimeSpan, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call: |call, row, carried| {
        let Some(time) = call.value(0, row).long() else { return Value::Null };
        let limit = |at: usize| call.value(at, row).long().unwrap_or(i64::MAX);
        let began = match carried.session {
            Some((began, last))
                if !call.restarts(3, row) && time - began <= limit(1) && time - last <= limit(2) =>
            {
                began
            }
            _ => time,
        };
        carried.session = Some((began, time));
        Value::Long(began)
    },
    examples: &[(
        "datetime(2024-04-11 10:16); datetime(2024-04-11 10:18); datetime(2024-04-11 13:30)",
        "x; 1h; 5m",
        "2024-04-11T10:16:00.0000000Z; 2024-04-11T10:16:00.0000000Z; 2024-04-11T13:30:00.0000000Z",
    )],
};
