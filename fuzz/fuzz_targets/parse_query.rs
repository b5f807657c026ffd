//! Any text has tokens and a tree.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| chartroom_testkit::text_has_tokens_and_a_tree(text));
