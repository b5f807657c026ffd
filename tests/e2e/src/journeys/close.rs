//! Closed sources give their memory back, though a worker's memory never shrinks.

use crate::{
    outcome::{Outcome, ensure, same},
    page::{LONG, SHORT},
    world::World,
};

pub(super) async fn one(world: &mut World) -> Outcome {
    let (small, large) = (world.files.trail("stays.jsonl", 3_000)?, world.files.large_lines()?);
    world.open("shards=2").await?;
    let page = &world.page;
    page.load(&[small], SHORT).await?;
    let before = page.memory().await?;
    page.load(&[large], LONG).await?;
    let with_both = page.memory().await?;
    let added = with_both.saturating_sub(before);
    ensure!(added > 10 << 20, "the large file added only {added} B");

    page.close_file("cloudtrail-300-mb.jsonl").await?;
    page.until_events(3_000).await?;
    same("records left", page.count("Events | count").await?, 3_000)?;
    let limit = with_both.saturating_sub(added / 2);
    page.until(
        &format!("memory to fall below {limit} B"),
        SHORT,
        &format!("return Number(document.querySelector('[data-testid=memory]').dataset.value) <= {limit}"),
    )
    .await?;
    same("the ledger", page.ledger_totals().await?, (1, 3_000, 0))
}

pub(super) async fn twenty_times(world: &mut World) -> Outcome {
    const RECORDS: u64 = 30_000;
    let file = world.files.trail("again.jsonl", RECORDS)?;
    world.open("shards=1").await?;
    let page = &world.page;
    let mut memory = Vec::new();
    for _ in 0..20 {
        page.load(std::slice::from_ref(&file), SHORT).await?;
        same("records stored", page.events().await?, RECORDS)?;
        memory.push(page.memory().await?);
        page.close_file("again.jsonl").await?;
        page.until_events(0).await?;
    }
    // One turn's rows take about half of it, and it goes up and down by what is being moved when it is read. Were they
    // kept, the later turns would stand at many times the earlier ones.
    let middle = |mut figures: Vec<u64>| {
        figures.sort_unstable();
        figures.get(figures.len() / 2).copied().unwrap_or(0)
    };
    let (early, late) = (
        middle(memory.iter().take(10).copied().collect()),
        middle(memory.iter().skip(10).copied().collect()),
    );
    ensure!(late <= early + early / 2, "memory grew from {early} to {late} B: {memory:?}");
    Ok(())
}
