//! How keys compare when the exact spelling is not known.

/// A key without what producers vary: letter case, blanks, and the time zone that exports put behind (`TimeGenerated [UTC]`).
///
/// Underscores stay: `ResourceId` and `_ResourceId` are two columns. Keys that no column is called as are then compared without them too
/// ([`is_loosely`]).
pub(crate) fn fold_key(key: &str) -> String {
    let key = key.trim();
    let key = match key.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
        Some((before, _zone)) => before,
        None => key,
    };
    key.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Whether two folded keys are the same but for underscores. One in front sets the columns apart that a workspace adds to every table.
pub(crate) fn is_loosely(a: &str, b: &str) -> bool {
    a.starts_with('_') == b.starts_with('_')
        && (a.contains('_') || b.contains('_'))
        && a.chars().filter(|&c| c != '_').eq(b.chars().filter(|&c| c != '_'))
}

/// The one of `known` that the folded `key` is but for underscores; `None` where it is none of them, or could be two.
pub(crate) fn loosely<'k, T>(
    key: &str,
    known: impl Iterator<Item = (&'k str, T)>,
    is_same: impl Fn(&T, &T) -> bool,
) -> Option<T> {
    let mut found: Option<(&str, T)> = None;
    for (name, what) in known.filter(|(name, _)| is_loosely(name, key)) {
        found = match found {
            Some((_, first)) if !is_same(&first, &what) => return None,
            // Whichever way they are kept, the same one is found.
            Some((first, kept)) if first < name => Some((first, kept)),
            _ => Some((name, what)),
        };
    }
    found.map(|(_, what)| what)
}

#[cfg(test)]
mod tests {
    use super::{fold_key, is_loosely, loosely};

    #[test]
    fn what_differs_in_underscores_alone_is_the_same_if_it_is_one() {
        assert!(is_loosely("request_uri", "requesturi") && is_loosely("_resourceid", "_resource_id"));
        assert!(!is_loosely("_resourceid", "resource_id"));
        assert!(!is_loosely("requesturi", "requesturi") && !is_loosely("a_b", "a_c"));
        let find =
            |key, known: &[&'static str]| loosely(key, known.iter().map(|&name| (name, name)), |_, _| false);
        assert_eq!(find("room_id", &["roomid", "x"]), Some("roomid"));
        assert_eq!(find("resource_id", &["resourceid", "_resourceid"]), Some("resourceid"));
        assert_eq!(find("request_id", &["requestid", "requestid_"]), None);
        assert_eq!(find("room", &["roomid"]), None);
    }

    #[test]
    fn case_blanks_and_zone_tags_do_not_count_but_underscores_do() {
        for same in
            ["CorrelationId", "Correlation ID", "correlationid", " correlationID ", "CorrelationId [UTC]"]
        {
            assert_eq!(fold_key(same), "correlationid");
        }
        assert_ne!(fold_key("_ResourceId"), fold_key("ResourceId"));
        assert_eq!(fold_key("[x]"), "[x]");
    }
}
