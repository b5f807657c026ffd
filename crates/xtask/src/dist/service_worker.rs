//! Fills the service worker's text with the list of `dist/`.

use super::hash::{integrity, short};
use serde_json::{Map, Value};

/// The service worker for these files (path in `dist/` and content). The page itself is listed as `""`.
///
/// # Errors
/// When the text lacks a place to fill, or there is no `index.html`.
pub fn fill(template: &str, files: &[(String, Vec<u8>)]) -> Result<String, String> {
    if !files.iter().any(|(path, _)| path == "index.html") {
        return Err("dist/ has no index.html".to_owned());
    }
    let list: Map<String, Value> = files
        .iter()
        .map(|(path, bytes)| {
            let path = if path == "index.html" { "" } else { path.as_str() };
            (path.to_owned(), Value::String(integrity(bytes)))
        })
        .collect();
    let list = Value::Object(list).to_string();
    let version = short(list.as_bytes());
    for place in ["\"@VERSION@\"", "\"@FILES@\""] {
        if !template.contains(place) {
            return Err(format!("the service worker's text has no {place}"));
        }
    }
    Ok(template.replace("\"@VERSION@\"", &format!("\"{version}\"")).replace("\"@FILES@\"", &list))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "const VERSION = \"@VERSION@\";\nconst FILES = \"@FILES@\";";

    fn filled(page: &str) -> String {
        let files = [("b.css".to_owned(), b"x".to_vec()), ("index.html".to_owned(), page.into())];
        fill(TEMPLATE, &files).unwrap()
    }

    #[test]
    fn the_page_is_listed_by_its_folder() {
        let text = filled("one");
        assert!(text.contains(&format!("\"\":\"{}\"", integrity(b"one"))), "{text}");
        assert!(text.contains("\"b.css\":\"sha256-"), "{text}");
        assert!(!text.contains("index.html"), "{text}");
    }

    #[test]
    fn the_version_changes_with_the_content_and_only_with_it() {
        let version = |text: &str| text.lines().next().map(str::to_owned);
        assert_eq!(version(&filled("one")), version(&filled("one")));
        assert_ne!(version(&filled("one")), version(&filled("two")));
    }

    #[test]
    fn a_dist_without_a_page_is_refused() {
        assert!(fill(TEMPLATE, &[]).is_err());
    }
}
