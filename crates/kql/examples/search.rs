//! How fast a shard searches, filters and sorts: `cargo run --release -p chartroom_kql --example search`.
//!
//! Rows are made up to look like CloudTrail: about 1.1 kB of JSON a record, of which columns keep some 22 %. GB/s are of that
//! JSON.
#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::disallowed_types, reason = "a bench on the native host reads the clock")]

use chartroom_base::ticks::Ticks;
use chartroom_kql::{
    Catalog, Context, Filter, Fuel, NumberedFiles, Plan, Selection, Sorter,
    catalog::{CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody},
    compile,
};
use chartroom_schema::kind::Kind;
use chartroom_store::{RowAt, Store};
use std::{rc::Rc, time::Instant};

const COLUMNS: &[(&str, Kind)] = &[
    ("TimeGenerated", Kind::DateTime),
    ("EventName", Kind::String),
    ("EventSource", Kind::String),
    ("AwsRegion", Kind::String),
    ("SourceIpAddress", Kind::String),
    ("UserAgent", Kind::String),
    ("AwsRequestId", Kind::String),
    ("RequestParameters", Kind::Dynamic),
    ("ErrorCode", Kind::String),
    ("ReadOnly", Kind::Bool),
];
const RAW_BYTES: usize = 1_100;
const ROWS: u32 = 1_000_000;

fn store() -> Store {
    let mut store = Store::new();
    let table = store.table_mut("Trail");
    let ids: Vec<_> = COLUMNS.iter().map(|(name, kind)| table.add_column(name, *kind, false)).collect();
    let mut seed = 88_172_645_463_325_252_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for row in 0..ROWS {
        table.begin_row();
        let n = random();
        let texts = [
            format!(
                "{}{}",
                ["Create", "Delete", "Describe", "List", "Get"][(n % 5) as usize],
                ["User", "Bucket", "Object", "Role"][(n / 5 % 4) as usize]
            ),
            format!("{}.amazonaws.com", ["iam", "s3", "ec2", "sts"][(n / 20 % 4) as usize]),
            format!("eu-central-{}", n / 80 % 3),
            format!("10.{}.{}.{}", n / 240 % 4, n / 960 % 16, n / 9_600 % 250),
            format!("aws-cli/2.{} Python/3.11 Linux/5.10 exe/x86_64", n % 40),
            format!(
                "{:08x}-{:04x}-{:04x}-{:012x}",
                random() as u32,
                random() as u16,
                random() as u16,
                random() & 0xffff_ffff_ffff
            ),
            format!(
                "{{\"bucketName\":\"logs-{}\",\"key\":\"prod/{:x}/part-{}.gz\"}}",
                n % 50,
                random() as u32,
                n % 7
            ),
            if n % 20 == 0 { "AccessDenied".to_owned() } else { String::new() },
        ];
        for (id, text) in ids.iter().skip(1).zip(&texts) {
            table.push_text(*id, text);
        }
        if let (Some(time), Some(read_only)) = (ids.first(), ids.last()) {
            table.push_long(
                *time,
                637_634_592_000_000_000 + i64::from(row) * 3_000_000 + (n % 50_000_000) as i64,
            );
            table.push_bool(*read_only, n % 3 == 0);
        }
        table.commit_row(RowAt {
            file: row / 10_000,
            offset: u64::from(row % 10_000) * RAW_BYTES as u64,
            len: RAW_BYTES as u32,
            number: 0,
        });
    }
    store
}

fn catalog() -> Catalog {
    let column = |(name, kind): &(&str, Kind)| CatalogColumn {
        name: (*name).to_owned(),
        kind: *kind,
        is_hidden: false,
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    };
    let table = CatalogTable {
        name: "Trail".to_owned(),
        about: String::new(),
        is_loaded: true,
        columns: COLUMNS.iter().map(column).collect(),
        body: TableBody::Home { time: "TimeGenerated".to_owned(), outcome: String::new() },
    };
    Catalog { tables: vec![table], ..Catalog::default() }
}

fn select(context: Context<'_>, plan: &Rc<Plan>) -> (Selection, f64) {
    let mut filter = Filter::new(Rc::clone(plan), plan.where_count());
    let mut longest = 0.0_f64;
    loop {
        let start = Instant::now();
        let is_done = filter.step(context, &mut Fuel(1));
        longest = longest.max(start.elapsed().as_secs_f64());
        if is_done {
            return (filter.finish(), longest);
        }
    }
}

fn main() {
    let start = Instant::now();
    let store = store();
    let raw = f64::from(ROWS) * RAW_BYTES as f64;
    println!(
        "{ROWS} rows made in {:.1} s; {:.0} MB of columns for {:.0} MB of JSON",
        start.elapsed().as_secs_f64(),
        store.memory() as f64 / 1e6,
        raw / 1e6
    );
    let context = Context { store: &store, files: &NumberedFiles };
    let queries = [
        "Trail",
        "Trail | where EventName == 'CreateUser'",
        "Trail | where UserAgent has 'python'",
        "Trail | where TimeGenerated > datetime(2021-08-03)",
        "Trail | where * contains 'accessdenied'",
        "Trail | where * contains 'zzzz-nowhere'",
        "Trail | where * contains 'part-3'",
        "Trail | where * contains '4711'",
        "Trail | where * has 'logs-17'",
        "Trail | where * matches regex '(?i)denied|nowhere'",
        "Trail | where AwsRequestId contains 'abcd'",
        "Trail | where AwsRequestId startswith 'abc'",
        "Trail | where RequestParameters.bucketName == 'logs-7'",
        "Trail | where strlen(EventName) > 10 and EventName != AwsRegion",
        "Trail | sort by AwsRequestId",
        "Trail | sort by SourceIpAddress asc, TimeGenerated",
        "Trail | take 100",
    ];
    for query in queries {
        let Ok(plan) = compile(query, &catalog(), Ticks(0)) else { continue };
        let plan = Rc::new(plan);
        let mut best = f64::MAX;
        let mut found = (Selection::default(), 0.0);
        for _ in 0..3 {
            let start = Instant::now();
            found = select(context, &plan);
            best = best.min(start.elapsed().as_secs_f64());
        }
        let (selection, longest) = found;
        println!(
            "{:>8.1} ms  {:>6.2} GB/s  step {:>5.1} ms  {:>8} rows  {query}",
            best * 1e3,
            raw / best / 1e9,
            longest * 1e3,
            selection.count()
        );
        if plan.where_count() == 0 {
            let start = Instant::now();
            let mut sorter = Sorter::new(Rc::clone(&plan), selection, plan.take);
            let mut longest = 0.0_f64;
            loop {
                let step = Instant::now();
                let is_done = sorter.step(context, &mut Fuel(1));
                longest = longest.max(step.elapsed().as_secs_f64());
                if is_done {
                    break;
                }
            }
            println!(
                "{:>8.1} ms  sorted, longest step {:.1} ms, {} rows",
                start.elapsed().as_secs_f64() * 1e3,
                longest * 1e3,
                sorter.finish().len()
            );
        }
    }
}
