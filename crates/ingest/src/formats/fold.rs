//! How keys compare when the exact spelling is not known.

/// A key without what producers vary: letter case, blanks, and the time zone that exports put behind (`TimeGenerated [UTC]`).
///
/// Underscores stay: `ResourceId` and `_ResourceId` are two columns.
pub(crate) fn fold_key(key: &str) -> String {
    let key = key.trim();
    let key = match key.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
        Some((before, _zone)) => before,
        None => key,
    };
    key.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::fold_key;

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
