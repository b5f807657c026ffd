//! How fast tables are read: a generated portal export and a table of no known type, one thread, MB/s of the best of several
//! passes, beside the `csv` crate taking the same rows apart (without keeping anything of them).
//!
//! `cargo run --release -p chartroom_ingest --example table_bench [-- rows]`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::disallowed_types, reason = "a native program may look at the clock")]

use chartroom_ingest::job::Job;
use chartroom_ingest::{Reader, Step, Task, formats};
use chartroom_store::Store;
use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

/// Rows as the portal exports them: quotes wherever something is not a letter or digit.
fn portal(rows: u64) -> String {
    let mut out = String::from(
        "\u{feff}\"TimeGenerated [UTC]\",OperationName,RoomId,ResultType,ResultSignature,RoomParticipantsCount,CorrelationId,CallerIpAddress,\"_ResourceId\"\r\n",
    );
    for row in 0..rows {
        let name = ["GetRoom", "CreateRoom", "PatchRoom", "AddParticipants"][(row % 4) as usize];
        write!(
            out,
            "\"3/{}/2026, {}:{:02}:{:02}.{:03} AM\",{name},{},Succeeded,200,{},\"aB3d/Ef+{:016x}\",\"192.0.2.{}\",\"/subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/rg/providers/microsoft.communication/communicationservices/acs{}\"\r\n",
            1 + row / 86_400 % 28, 1 + row / 3_600 % 11, row / 60 % 60, row % 60, row % 1_000,
            99_466_898_241_024_000 + row % 5_000, row % 9, row.wrapping_mul(0x9E37_79B9_7F4A_7C15), row % 250, row % 7,
        )
        .unwrap_or_default();
    }
    out
}

/// Bare cells: numbers, words, times.
fn staff(rows: u64) -> String {
    let mut out = String::from("id,name,joined,rate,team,is_on,note\n");
    for row in 0..rows {
        writeln!(
            out,
            "{row},user {},2026-03-{:02}T08:00:{:02}Z,{}.25,team{},{},a note of some length that says nothing {}",
            row % 5_000, 1 + row % 28, row % 60, row % 300, row % 40, row % 3 == 0, row % 1_000
        )
        .unwrap_or_default();
    }
    out
}

/// Reads all of it into columns; rows stored.
fn read(bytes: &[u8], path: &str) -> u64 {
    let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
    let size = bytes.len() as u64;
    let mut job = Job::new(Task { path: path.to_owned(), size, ..Task::default() });
    loop {
        while let Some(range) = job.wants() {
            let slice = bytes.get(range.start as usize..range.end as usize).unwrap_or_default();
            job.deliver(range.start, Ok(slice.to_vec()));
        }
        match job.step(&mut store, &mut reader, 512 << 10) {
            Step::Done(report) => return report.stored,
            Step::Working => {}
            step => {
                println!("{step:?}");
                return 0;
            }
        }
    }
}

/// Takes all of it apart with the `csv` crate; cells.
fn split(bytes: &[u8]) -> u64 {
    let mut reader = csv::Reader::from_reader(bytes);
    let mut record = csv::StringRecord::new();
    let mut cells = 0;
    while reader.read_record(&mut record).unwrap_or(false) {
        cells += black_box(&record).len() as u64;
    }
    cells
}

fn best(bytes: usize, mut pass: impl FnMut() -> u64) -> f64 {
    let once = |_| {
        let begin = Instant::now();
        black_box(pass());
        bytes as f64 / 1e6 / begin.elapsed().as_secs_f64()
    };
    (0..5).map(once).fold(0.0, f64::max)
}

fn main() {
    let rows = std::env::args().nth(1).and_then(|rows| rows.parse().ok()).unwrap_or(100_000);
    for (name, text) in [("query_data.csv", portal(rows)), ("staff.csv", staff(rows))] {
        let bytes = text.as_bytes();
        println!("{name}: {} rows stored of {:.0} MB", read(bytes, name), bytes.len() as f64 / 1e6);
        println!("  into columns       {:6.0} MB/s", best(bytes.len(), || read(bytes, name)));
        println!("  csv crate, cells   {:6.0} MB/s", best(bytes.len(), || split(bytes)));
    }
}
