//! Checks that must hold for any bytes whatever: the bodies of the fuzz targets, also run as properties on stable Rust.
//!
//! **Invariant:** a check panics when its law is broken and returns otherwise. To add one: write it here, call it from
//! a property below and from a target under `fuzz/`.

pub mod tar;
pub mod zip;

use chartroom_ingest::{
    formats::formats,
    job::{Job, Part, Step, Task},
    place::Place,
    reader::Reader,
    report::{PartReport, Verdict},
};
use chartroom_store::Store;

/// Any bytes are read to an end, without panic, and every byte is accounted for.
///
/// # Panics
/// When the ledger's figures do not add up, or reading does not end.
pub fn bytes_are_accounted_for(bytes: &[u8]) {
    let (report, rows) = read_whole(bytes);
    let lengths: u64 = report.pieces.iter().map(|piece| piece.end - piece.start).sum();
    assert_eq!(
        report.bytes_records + report.bytes_rejected + report.bytes_between,
        lengths,
        "bytes: {report:?}"
    );
    assert_eq!(report.records, report.stored + report.rejected, "records: {report:?}");
    assert_eq!(report.tables.values().sum::<u64>(), report.stored, "tables: {report:?}");
    assert_eq!(rows, report.stored, "rows in the store: {report:?}");
    if report.verdict == Verdict::Events && report.containers.is_empty() && !report.is_partial {
        assert_eq!(lengths, bytes.len() as u64, "pieces: {report:?}");
    }
}

/// Any text has tokens that give it back and a tree; printed or laid out, a sound one reads as a tree that prints alike.
///
/// # Panics
/// When it is not so.
pub fn text_has_tokens_and_a_tree(text: &str) {
    let mut end = 0;
    for token in chartroom_kql_syntax::tokens(text) {
        assert_eq!(token.span.start, end, "a gap before a token of {text:?}");
        end = token.span.end;
    }
    assert_eq!(end as usize, text.len(), "the tokens end before {text:?} does");
    let parsed = chartroom_kql_syntax::parse(text);
    for diagnostic in &parsed.diagnostics {
        let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
        assert!(text.get(start..end).is_some(), "{diagnostic:?} does not lie in {text:?}");
    }
    let laid_out = chartroom_kql_syntax::parse(&chartroom_kql_syntax::format(text));
    if parsed.diagnostics.is_empty() {
        let printed = chartroom_kql_syntax::print(&parsed.statements);
        assert_eq!(chartroom_kql_syntax::print(&laid_out.statements), printed, "laid out from {text:?}");
        let again = chartroom_kql_syntax::parse(&printed);
        assert!(again.diagnostics.is_empty(), "{text:?} became {printed:?}: {:?}", again.diagnostics);
        assert_eq!(chartroom_kql_syntax::print(&again.statements), printed, "printed from {text:?}");
    }
    let (kql, _) = chartroom_kql_syntax::search_to_kql(text, "Events");
    let again = chartroom_kql_syntax::parse(&kql);
    assert!(again.diagnostics.is_empty(), "the search {text:?} became {kql:?}: {:?}", again.diagnostics);
}

/// Reads `bytes` as one file, whole; gives the report and the rows there are.
fn read_whole(bytes: &[u8]) -> (PartReport, u64) {
    let mut store = Store::default();
    let mut reader = Reader::new(formats());
    let size = bytes.len() as u64;
    let mut job = Job::new(Task { path: "any.json".to_owned(), size, ..Task::default() });
    // A step works or waits; waiting twice in a row without a wish would never end.
    for _ in 0..1_000_000 {
        while let Some(range) = job.wants() {
            let slice = usize::try_from(range.start)
                .ok()
                .zip(usize::try_from(range.end).ok())
                .and_then(|(start, end)| bytes.get(start..end.min(bytes.len())))
                .unwrap_or_default();
            job.deliver(range.start, Ok(slice.to_vec()));
        }
        match job.step(&mut store, &mut reader, 64 << 10) {
            Step::Done(report) => return (*report, store.live_rows()),
            // Listed, its members passed by.
            Step::Archive { plain, is_listed: false } => {
                let place = plain.map_or_else(Place::default, |(plain, _)| Place::default().at(plain));
                let part = Part::Members { lies: plain.map(|(_, lies)| lies) };
                let task = Task { size, place, part, ..Task::default() };
                job = Job::new(task);
            }
            _ => {}
        }
    }
    panic!("reading {} bytes does not end", bytes.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of the texts that logs are made of, so that random joins of them come near to real damage.
    fn fragment() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(r#"{"Records":["#.to_owned()),
            Just(
                r#"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject"}"#
                    .to_owned()
            ),
            Just(r#"{"time":"2026-03-02 08:15:30Z","category":"AuditLogs","#.to_owned()),
            Just(r#""properties":{"fhirResourceType":"Patient"}}"#.to_owned()),
            "[\\{\\}\\[\\],:\"\\\\ \n\t]{1,8}",
            Just("\r\n".to_owned()),
            Just("\u{feff}".to_owned()),
            "[a-z0-9.]{0,12}",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            bytes_are_accounted_for(&bytes);
        }

        #[test]
        fn any_joined_fragments(parts in prop::collection::vec(fragment(), 0..24)) {
            bytes_are_accounted_for(parts.concat().as_bytes());
        }

        #[test]
        fn any_query(text in any::<String>()) {
            text_has_tokens_and_a_tree(&text);
        }

        #[test]
        fn any_joined_words(words in prop::collection::vec(prop_oneof![
            Just("Events"), Just("|"), Just("where"), Just("take"), Just("=="), Just("has"), Just("\"x"), Just("'"),
            Just("("), Just(")"), Just("["), Just("*"), Just("-5d"), Just("and"), Just("not"), Just("/"), Just("datetime("),
        ], 0..30)) {
            text_has_tokens_and_a_tree(&words.join(" "));
        }
    }
}
