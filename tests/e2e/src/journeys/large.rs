//! One file above the size that a shard reads alone, cut among shards: the answers do not depend on how many.

use crate::{
    data::cloudtrail::{self, NEEDLE},
    outcome::{Outcome, ensure, same},
    page::{LONG, LedgerFile},
    world::World,
};
use std::path::{Path, PathBuf};

pub(super) async fn lines(world: &mut World) -> Outcome {
    let file = world.files.large_lines()?;
    by_one_and_two(world, &file).await
}

pub(super) async fn records(world: &mut World) -> Outcome {
    let file = world.files.large_records()?;
    by_one_and_two(world, &file).await
}

/// What a person sees of it.
#[derive(Debug, PartialEq)]
struct Answers {
    ledger: Vec<LedgerFile>,
    counts: Vec<(String, u64)>,
    first_rows: Vec<(u64, Vec<String>)>,
    last_rows: Vec<(u64, Vec<String>)>,
}

async fn by_one_and_two(world: &mut World, file: &Path) -> Outcome {
    let total = world.files.large_count();
    let one = answers(world, "shards=1", file.to_owned()).await?;
    let two = answers(world, "shards=2", file.to_owned()).await?;
    ensure!(one == two, "one shard and two differ:\n{one:#?}\n{two:#?}");

    let by =
        |is_counted: &dyn Fn(u64) -> bool| (0..total).filter(|&number| is_counted(number)).count() as u64;
    let expected = [
        total,
        by(&|number| cloudtrail::event(number).1 == "Decrypt"),
        by(&cloudtrail::is_error),
        by(&|number| number.is_multiple_of(cloudtrail::NEEDLE_EVERY)),
    ];
    for ((query, found), expected) in one.counts.iter().zip(expected) {
        same(query, *found, expected)?;
    }
    same("last row", one.last_rows.last().map(|row| row.0), Some(total + 1))
}

async fn answers(world: &World, query: &str, file: PathBuf) -> Outcome<Answers> {
    let total = world.files.large_count();
    world.open(query).await?;
    let page = &world.page;
    page.drop_files(&[file]).await?;
    page.until_rows_while_reading().await?;
    page.settle(LONG).await?;
    same("records stored", page.events().await?, total)?;
    same("the ledger", page.ledger_totals().await?, (1, total, 0))?;

    let first_rows = page.rows().await?;
    page.scroll_to_end().await?;
    let last_rows = page.rows().await?;
    let mut counts = Vec::new();
    for query in [
        "AWSCloudTrail | count".to_owned(),
        "AWSCloudTrail | where EventName == \"Decrypt\" | count".to_owned(),
        "AWSCloudTrail | where ErrorCode == \"AccessDenied\" | count".to_owned(),
        format!("AWSCloudTrail | where * has \"{NEEDLE}\" | count"),
    ] {
        let count = page.count(&query).await?;
        counts.push((query, count));
    }
    let mut ledger = page.ledger().await?;
    // Its words may tell how long it took.
    ledger.iter_mut().for_each(|file| file.text.clear());
    Ok(Answers { ledger, counts, first_rows, last_rows })
}
