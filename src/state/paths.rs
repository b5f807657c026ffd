//! Paths shortened to what differs among them.

/// The folder that all `paths` share, with its last `/`; empty when they share none.
#[must_use]
pub fn common_folder<'a>(paths: impl IntoIterator<Item = &'a str>) -> String {
    let mut paths = paths.into_iter();
    let Some(first) = paths.next() else { return String::new() };
    let mut common = folder(first);
    for path in paths {
        let same = common.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        // Cut to the last whole folder; `/` is one byte, so this stays on a character boundary.
        let end =
            common.as_bytes().get(..same).and_then(|bytes| bytes.iter().rposition(|&byte| byte == b'/'));
        common = common.get(..end.map_or(0, |end| end + 1)).unwrap_or("");
        if common.is_empty() {
            break;
        }
    }
    common.to_owned()
}

fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or("")
}

/// The name and what is left of the folders before it once `common` is taken off.
///
/// A path that is an archive's member (`a.zip!/b/c.json`) keeps the member's own name.
#[must_use]
pub fn split<'a>(path: &'a str, common: &str) -> (&'a str, &'a str) {
    let rest = path.strip_prefix(common).unwrap_or(path);
    match rest.rfind('/') {
        Some(end) => (rest.get(..end).unwrap_or(""), rest.get(end + 1..).unwrap_or(rest)),
        None => ("", rest),
    }
}
