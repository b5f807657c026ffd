//! A folder as a trail's bucket has it.

use crate::{
    data::{cloudtrail, day_and_time},
    files::{RECORDS_PER_SMALL_FILE, SMALL_FILES},
    outcome::{Outcome, ensure, same},
    page::LONG,
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    let folder = world.files.many_small()?;
    let records = SMALL_FILES * RECORDS_PER_SMALL_FILE;
    world.open("").await?;
    let page = &world.page;
    page.drop_files(&[folder]).await?;
    page.until_rows_while_reading().await?;
    page.settle(LONG).await?;

    same("records stored", page.events().await?, records)?;
    same("the ledger", page.ledger_totals().await?, (SMALL_FILES, records, 0))?;
    let listed = page.ledger().await?;
    ensure!(
        !listed.is_empty() && listed.iter().all(|file| file.status == "done"),
        "not all done: {listed:?}"
    );

    // The newest event comes first.
    let (day, time) = day_and_time(records - 1);
    same(
        "first time",
        page.column("TimeGenerated").await?.first().cloned(),
        Some(format!("{day}T{time}.0000000Z")),
    )?;

    let name = "GetObject";
    let expected = (0..records).filter(|&number| cloudtrail::event(number).1 == name).count() as u64;
    let query = format!("AWSCloudTrail | where EventName == \"{name}\" | count");
    same(&query, page.count(&query).await?, expected)?;
    same("Events", page.count("Events | count").await?, records)
}
