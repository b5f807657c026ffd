//! A load cancelled midway: it ends at once, keeps what is in, and more can be dropped.

use crate::{
    outcome::{Outcome, ensure, same},
    page::SHORT,
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    let (large, small) = (world.files.large_lines()?, world.files.trail("after-cancel.jsonl", 500)?);
    world.open("shards=1").await?;
    let page = &world.page;
    page.drop_files(&[large]).await?;
    page.until_rows_while_reading().await?;
    page.click("button", "Stop reading").await?;
    page.settle(SHORT).await?;
    let events = page.events().await?;
    ensure!(events > 0 && events < world.files.large_count(), "{events} records are in");
    same("status", page.ledger_file("300-mb.jsonl").await?.status.as_str(), "partial")?;
    same("Events", page.count("Events | count").await?, events)?;

    page.load(&[small], SHORT).await?;
    same("records stored", page.events().await?, events + 500)
}
