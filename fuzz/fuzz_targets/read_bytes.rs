//! Any bytes are read to an end and accounted for.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chartroom_testkit::bytes_are_accounted_for(bytes));
