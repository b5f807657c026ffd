//! More than the memory allows: said first, with ways out, and where reading stopped.

use crate::{
    outcome::{Outcome, ensure, same},
    page::{LONG, SHORT},
    world::World,
};

const BUDGET: u64 = 256 << 20;

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.over_budget()?;
    world.open("budget=256&shards=2").await?;
    let page = &world.page;
    page.drop_files(&[file]).await?;
    page.until("the choice", SHORT, "return !!document.querySelector('dialog[open]')").await?;
    world.pictures("over-budget").await?;
    let page = &world.page;
    page.click("button", "Read as far as it fits").await?;
    page.settle(LONG).await?;

    let file = page.ledger_file("cloudtrail-1-gb.jsonl").await?;
    same("status", file.status.as_str(), "partial")?;
    let events = page.events().await?;
    ensure!(events > 50_000, "only {events} records are in");
    let memory = page.memory().await?;
    // The coordinator and the bare workers come on top of what rows may take.
    ensure!(memory < BUDGET + (64 << 20), "{memory} B of memory, {BUDGET} B allowed");
    same("Events", page.count("Events | count").await?, events)
}
