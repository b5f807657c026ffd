//! Numbers, sizes and lengths of time as a person reads them.

/// `count` with its thousands grouped: `48,210`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `count` and the word for it: `1 file`, `2 files`.
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A size in the largest unit that leaves at least one whole: `512 B`, `1.4 MB`, `3.0 GB` (powers of 1,000).
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or("B");
    if unit == 0 { format!("{bytes} {name}") } else { format!("{value:.1} {name}") }
}

/// A length of time, rounded to what matters: `31 ms`, `4.2 s`, `3 min 5 s`, `1 h 2 min`.
#[must_use]
pub fn duration(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..10_000 => format!("{:.1} s", millis as f64 / 1_000.0),
        10_000..60_000 => format!("{} s", millis / 1_000),
        60_000..3_600_000 => format!("{} min {} s", millis / 60_000, millis / 1_000 % 60),
        _ => format!("{} h {} min", millis / 3_600_000, millis / 60_000 % 60),
    }
}

/// How long a query took: `< 1 ms` rather than zero.
#[must_use]
pub fn took(micros: u64) -> String {
    if micros < 1_000 { "< 1 ms".to_owned() } else { duration(micros / 1_000) }
}

/// A share as a whole per cent; neither 0 % nor 100 % unless it is all or nothing.
#[must_use]
pub fn percent(share: f64) -> String {
    let whole = if share <= 0.0 {
        0.0
    } else if share >= 1.0 {
        100.0
    } else {
        (share * 100.0).round().clamp(1.0, 99.0)
    };
    format!("{whole:.0} %")
}

/// The words a name is written together from, where a line may be broken: `CallerIPAddress` is `Caller`, `IP`, `Address`.
///
/// Put together again they are the name.
pub fn humps(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let chars = || rest.char_indices().zip(rest.chars().skip(1));
        // The characters before and after each place but the first, and whether a small letter follows them.
        let after = rest.chars().skip(2).map(char::is_lowercase).chain(std::iter::once(false));
        let end = chars().zip(after).find_map(|(((at, before), next), is_small_after)| {
            let is_hump = next.is_uppercase() && (!before.is_uppercase() || is_small_after);
            let is_joint = matches!(before, '_' | '.' | '-') && next.is_alphanumeric();
            (is_hump || is_joint).then_some(at + before.len_utf8())
        });
        let (hump, tail) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = tail;
        (!hump.is_empty()).then_some(hump)
    })
}

/// The first and the last characters of `text` around `…`, when it is longer than `most` characters.
#[must_use]
pub fn shortened_middle(text: &str, most: usize) -> Option<String> {
    let count = text.chars().count();
    if count <= most || most < 3 {
        return None;
    }
    let tail = (most - 1) * 2 / 5;
    let head = most - 1 - tail;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    Some(format!("{start}…{end}"))
}

/// Values as one line that a spreadsheet takes; tabs and breaks within a value become blanks.
#[must_use]
pub fn tab_separated<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.map(|value| value.replace(['\t', '\r', '\n'], " ")).collect::<Vec<_>>().join("\t")
}
