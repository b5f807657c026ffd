//! `format_bytes(number, [digits], [unit])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "format_bytes",
    about: "A number of bytes with the unit that fits it, or with the given one.",
    parameters: &[Parameter::Number, Parameter::Whole, Parameter::Text],
    optional: 2,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("format_bytes(1024)", "1 KB"), ("format_bytes(1536, 1)", "1.5 KB"), (r#"format_bytes(10000000, 2, "MB")"#, "9.54 MB"), ("format_bytes(564)", "564 Bytes")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    const UNITS: [&str; 6] = ["Bytes", "KB", "MB", "GB", "TB", "PB"];
    let Some(bytes) = call.real(0) else { return Value::EMPTY };
    let digits = call.long(1).and_then(|digits| usize::try_from(digits).ok()).unwrap_or(0).min(15);
    let mut scaled = bytes;
    let mut unit = 0;
    if call.has(2) && !call.text(2).is_empty() {
        let Some(at) = UNITS.iter().position(|name| *name == call.text(2)) else { return Value::EMPTY };
        for _ in 0..at {
            scaled /= 1024.0;
        }
        unit = at;
    } else {
        while scaled.abs() >= 1024.0 && unit + 1 < UNITS.len() {
            scaled /= 1024.0;
            unit += 1;
        }
    }
    let text = format!("{scaled:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    Value::owned(format!("{text} {}", UNITS.get(unit).copied().unwrap_or_default()))
}
