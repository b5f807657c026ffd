//! Published queries and conformance queries, where they lie beside the repository: each parses without an error, and what is
//! printed of its tree reads as the same tree.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, reason = "a test")]

use chartroom_kql_syntax::{ast::Statement, format, parse, print};
use std::{fs, path::Path};

/// The `query` of every line of the files in `folder`; `None` when they are not there.
fn queries(folder: &str) -> Option<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    let mut queries = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // The diagnostics are about broken queries.
        if !name.ends_with(".jsonl") || name == "diagnostics.jsonl" {
            continue;
        }
        for line in fs::read_to_string(path).unwrap().lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            queries.push((
                value["id"].as_str().unwrap().to_owned(),
                value["query"].as_str().unwrap().to_owned(),
            ));
        }
    }
    Some(queries)
}

/// Operators that are refused by name.
fn is_refused(code: &str) -> bool {
    code == "KQL0020"
}

/// The tree without its places.
fn shape(statements: &[Statement]) -> String {
    let shown = format!("{statements:?}");
    let mut pieces = shown.split("Span { start: ");
    let mut shape = pieces.next().unwrap().to_owned();
    for piece in pieces {
        shape.push_str(&piece[piece.find('}').unwrap()..]);
    }
    shape
}

#[track_caller]
fn check_folder(folder: &str, least: usize) {
    let Some(queries) = queries(folder) else {
        println!("skipped: 0 queries, {folder} is not beside the repository");
        return;
    };
    assert!(queries.len() >= least, "only {} queries in {folder}", queries.len());
    let mut failures = Vec::new();
    for (id, query) in &queries {
        let parsed = parse(query);
        for diagnostic in parsed.diagnostics.iter().filter(|diagnostic| !is_refused(&diagnostic.code)) {
            let from = diagnostic.span.start as usize;
            let near: String = query[from..].chars().take(40).collect();
            failures.push(format!("{id}: {} {} at `{near}`", diagnostic.code, diagnostic.message));
        }
        let formatted = format(query);
        if format(&formatted) != formatted {
            failures.push(format!("{id}: laid out otherwise the second time: {formatted}"));
        }
        if shape(&parse(&formatted).statements) != shape(&parsed.statements) {
            failures.push(format!("{id}: laid out as another tree: {formatted}"));
        }
        if parsed.diagnostics.is_empty() {
            let printed = print(&parsed.statements);
            let again = parse(&printed);
            if !again.diagnostics.is_empty() || shape(&again.statements) != shape(&parsed.statements) {
                let (before, after) = (shape(&parsed.statements), shape(&again.statements));
                let same = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
                let near =
                    |text: &str| text.chars().skip(same.saturating_sub(60)).take(120).collect::<String>();
                let (before, after) = (near(&before), near(&after));
                failures.push(format!("{id}: {:?}\nread {before}\nthen {after}", again.diagnostics));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), queries.len(), failures.join("\n"));
    println!("{} queries of {folder} parse", queries.len());
}

#[test]
fn published_queries_parse() {
    check_folder("kql-queries", 100);
}

#[test]
fn conformance_queries_parse() {
    check_folder("kql-conformance", 1000);
}
