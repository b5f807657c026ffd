//! Writes the hashes of inline scripts and styles into the policy of `index.html`.
//!
//! The policy carries `'sha256-START'` where scripts and `'sha256-STYLE'` where styles are allowed. Trunk writes its
//! start script anew with every build, so its hash is only known afterwards. A policy does not see addresses or text
//! blocks: only what a browser would run.

use super::hash::integrity;

const SCRIPTS: &str = "'sha256-START'";
const STYLES: &str = "'sha256-STYLE'";

/// The page with the hashes in its policy.
///
/// # Errors
/// When there is no policy, or an inline script or style that the policy has no place for.
pub fn fill(html: &str) -> Result<String, String> {
    if !html.contains("Content-Security-Policy") {
        return Err("index.html has no content security policy".to_owned());
    }
    let scripts = inline(html, "script");
    let styles = inline(html, "style");
    for (what, found, place) in [("script", &scripts, SCRIPTS), ("style", &styles, STYLES)] {
        if !found.is_empty() && !html.contains(place) {
            return Err(format!("index.html has an inline {what}, and its policy no {place}"));
        }
    }
    Ok(html.replace(SCRIPTS, &hashes(&scripts)).replace(STYLES, &hashes(&styles)))
}

fn hashes(blocks: &[&str]) -> String {
    let mut hashes: Vec<String> =
        blocks.iter().map(|text| format!("'{}'", integrity(text.as_bytes()))).collect();
    hashes.sort();
    hashes.dedup();
    hashes.join(" ")
}

/// The texts between `<tag …>` and `</tag>` of the blocks that a browser runs from the page itself.
fn inline<'a>(html: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let mut found = Vec::new();
    let mut rest = without_comments_before(html, &open);
    while let Some(at) = rest.find(&open) {
        let after = &rest[at + open.len()..];
        let Some(head_end) = after.find('>') else { break };
        let (head, body) = (&after[..head_end], &after[head_end + 1..]);
        let Some(end) = body.find(&close) else { break };
        if head.is_empty() || head.starts_with(char::is_whitespace) {
            let is_data = ["text/plain", "application/json", "application/ld+json"]
                .iter()
                .any(|kind| head.contains(kind));
            if !head.contains("src=") && !is_data {
                found.push(&body[..end]);
            }
        }
        rest = without_comments_before(&body[end + close.len()..], &open);
    }
    found
}

/// Skips comments that stand before the next block, so that one within a comment is not taken for a block.
fn without_comments_before<'a>(mut html: &'a str, open: &str) -> &'a str {
    while let (Some(comment), block) = (html.find("<!--"), html.find(open)) {
        if block.is_some_and(|block| block < comment) {
            break;
        }
        let Some(end) = html[comment..].find("-->") else { break };
        html = &html[comment + end + 3..];
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_that_runs_from_the_page_is_named_once() {
        let html = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'sha256-START'\">\
                    <!-- <script>not me</script> --><script>a</script><script type=\"module\">b</script>\
                    <script src=\"x.js\"></script><script type=\"text/plain\">c</script><script>a</script>";
        let filled = fill(html).unwrap();
        let mut hashes = [integrity(b"a"), integrity(b"b")];
        hashes.sort();
        assert!(filled.contains(&format!("script-src '{}' '{}'\"", hashes[0], hashes[1])), "{filled}");
    }

    #[test]
    fn a_style_without_a_place_in_the_policy_is_refused() {
        let html = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'sha256-START'\"><style>x</style>";
        assert!(fill(html).unwrap_err().contains("inline style"));
    }

    #[test]
    fn a_page_without_a_policy_is_refused() {
        assert!(fill("<script>a</script>").is_err());
    }
}
