//! What a push costs: `cargo bench -p chartroom_store`.
//!
//! First single columns by the way a value takes through them, then a table shaped like CloudTrail: constants, few
//! values, thousands of values, identifiers, JSON, times. Prints nanoseconds a push and bytes of memory a row.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "a bench measures with the clock and prints"
)]

use chartroom_schema::kind::Kind;
use chartroom_store::{ColumnId, RowAt, Store, Table};
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 500_000;

/// A small generator: the same texts in every run.
struct Random(u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn identifier(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xffff,
            b >> 48,
            b & 0xffff_ffff_ffff
        )
    }
}

/// The texts of one column, end to end in the order of the rows, as a reader meets them.
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn new(random: &mut Random, distinct: u64, mut make: impl FnMut(&mut Random, u64) -> String) -> Self {
        let pool: Vec<String> = (0..distinct).map(|number| make(random, number)).collect();
        let (mut text, mut ends) = (String::new(), Vec::new());
        for row in 0..ROWS as u64 {
            // Skewed, as names in logs are.
            let skewed = random.below(distinct).min(random.below(distinct));
            text += &pool[if distinct == ROWS as u64 { row } else { skewed } as usize];
            ends.push(text.len());
        }
        Self { text, ends }
    }

    fn get(&self, row: usize) -> &str {
        &self.text[if row == 0 { 0 } else { self.ends[row - 1] }..self.ends[row]]
    }

    const fn bytes(&self) -> usize {
        self.text.len()
    }
}

fn row_at(row: usize) -> RowAt {
    RowAt { file: 1, offset: row as u64 * 900, len: 899, number: 0 }
}

fn time<T>(work: impl Fn() -> T) -> (f64, T) {
    let (mut best, mut runs) = (f64::INFINITY, 0);
    loop {
        let start = Instant::now();
        let made = black_box(work());
        best = best.min(start.elapsed().as_secs_f64());
        runs += 1;
        if runs == 5 {
            return (best, made);
        }
    }
}

fn single(name: &str, kind: Kind, push: impl Fn(&mut Table, ColumnId, usize)) {
    // `cargo bench … -- "3,000"` runs the columns whose name has that in it.
    if std::env::args().nth(1).is_some_and(|wanted| wanted != "--bench" && !name.contains(&wanted)) {
        return;
    }
    let (empty, _) = time(|| build(&[], |_, _, _| {}));
    let (seconds, table) = time(|| build(&[kind], |table, ids, row| push(table, ids[0], row)));
    println!(
        "{name:34} {:7.1} ns a push {:7.1} bytes a row",
        (seconds - empty) * 1e9 / ROWS as f64,
        table.columns()[0].memory() as f64 / ROWS as f64
    );
}

fn build(kinds: &[Kind], fill: impl Fn(&mut Table, &[ColumnId], usize)) -> Table {
    let mut table = Table::new("Bench");
    let ids: Vec<ColumnId> =
        kinds.iter().enumerate().map(|(n, &kind)| table.add_column(&format!("c{n}"), kind, false)).collect();
    for row in 0..ROWS {
        table.begin_row();
        fill(&mut table, &ids, row);
        table.commit_row(row_at(row));
    }
    table
}

fn main() {
    let random = &mut Random(0x9e37_79b9_7f4a_7c15);
    let constant = Texts::new(random, 1, |_, _| "us-east-1".to_owned());
    let few = Texts::new(random, 20, |_, n| format!("ActionName{n}"));
    let agents = Texts::new(random, 3_000, |r, n| {
        format!("aws-cli/2.{n} Python/3.{} Linux/{}", r.below(12), r.next())
    });
    let arns = Texts::new(random, 50_000, |r, n| {
        format!("arn:aws:sts::123456789012:assumed-role/app/{n}-{}", r.next())
    });
    let unique = Texts::new(random, ROWS as u64, |r, _| r.identifier());
    let bodies = Texts::new(random, ROWS as u64 / 4, |r, n| {
        format!(
            "{{\"bucketName\":\"logs-{n}\",\"key\":\"{}\",\"Host\":\"s3.amazonaws.com\",\"size\":{}}}",
            r.identifier(),
            r.next()
        )
    });

    let (empty, table) = time(|| build(&[], |_, _, _| {}));
    println!(
        "{:34} {:7.1} ns a row  {:7.1} bytes a row",
        "begin, commit",
        empty * 1e9 / ROWS as f64,
        table.memory() as f64 / ROWS as f64
    );
    for (name, texts) in [
        ("text: the same again", &constant),
        ("text: 20 values", &few),
        ("text: 3,000 values", &agents),
        ("text: 50,000 values", &arns),
        ("text: JSON, a quarter distinct", &bodies),
        ("text: identifiers, all distinct", &unique),
    ] {
        single(name, Kind::String, |table, id, row| {
            table.push_text(id, black_box(texts.get(row)));
        });
    }
    single("long: times", Kind::DateTime, |table, id, row| {
        table.push_long(id, black_box(637_000_000_000_000_000 + row as i64 * 12_345));
    });
    single("long: small, a third null", Kind::Long, |table, id, row| {
        if row % 3 != 0 {
            table.push_long(id, black_box(row as i64 % 600));
        }
    });
    single("real", Kind::Real, |table, id, row| {
        table.push_real(id, black_box(row as f64 * 0.5));
    });
    single("bool", Kind::Bool, |table, id, row| {
        table.push_bool(id, black_box(row % 7 == 0));
    });

    if std::env::args().nth(1).is_some_and(|wanted| wanted != "--bench") {
        return;
    }
    // 31 columns: 8 constant, 13 of few values, 3 of thousands, 1 of many, 1 JSON, 2 identifiers, time, long, bool.
    let columns: Vec<&Texts> = [&constant; 8]
        .into_iter()
        .chain([&few; 13])
        .chain([&agents; 3])
        .chain([&arns, &bodies, &unique, &unique])
        .collect();
    let mut kinds = vec![Kind::String; columns.len()];
    kinds.extend([Kind::DateTime, Kind::Long, Kind::Bool]);
    let (seconds, table) = time(|| {
        build(&kinds, |table, ids, row| {
            for (&id, texts) in ids.iter().zip(&columns) {
                table.push_text(id, texts.get(row));
            }
            table.push_long(ids[28], 637_000_000_000_000_000 + row as i64 * 12_345);
            table.push_long(ids[29], row as i64 % 600);
            table.push_bool(ids[30], row % 7 == 0);
        })
    });
    let bytes = columns.iter().map(|texts| texts.bytes()).sum::<usize>();
    println!(
        "{:34} {:7.1} ns a push, {:.0} k rows/s, {:.1} bytes a row ({:.0} of text)",
        "31 columns",
        seconds * 1e9 / (ROWS * 31) as f64,
        ROWS as f64 / seconds / 1e3,
        table.memory() as f64 / ROWS as f64,
        bytes as f64 / ROWS as f64
    );

    let mut store = Store::new();
    *store.table_mut("Bench") = table;
    let (seconds, blocks) = time(|| store.encode().collect::<Vec<_>>());
    let size: usize = blocks.iter().map(Vec::len).sum();
    println!(
        "{:34} {:7.0} MB/s of blocks, {:.1} bytes a row",
        "encode",
        size as f64 / seconds / 1e6,
        size as f64 / ROWS as f64
    );
    let (seconds, _) = time(|| {
        let mut store = Store::new();
        for block in &blocks {
            assert_eq!(store.decode_block(block), Ok(()));
        }
        store
    });
    println!("{:34} {:7.0} MB/s of blocks", "decode", size as f64 / seconds / 1e6);
}
