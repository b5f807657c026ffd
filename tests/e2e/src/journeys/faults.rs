//! A worker dies in the middle of a load: another takes its place, the others' rows stay, the ledger says it.

use crate::{
    outcome::{Outcome, ensure, same},
    page::LONG,
    world::World,
};

pub(super) async fn trap(world: &mut World) -> Outcome {
    with_fault(world, "trap").await
}

pub(super) async fn leak(world: &mut World) -> Outcome {
    with_fault(world, "leak").await
}

pub(super) async fn hang(world: &mut World) -> Outcome {
    with_fault(world, "hang").await
}

async fn with_fault(world: &mut World, fault: &str) -> Outcome {
    let file = world.files.large_lines()?;
    let total = world.files.large_count();
    world.open(&format!("shards=2&fault={fault}")).await?;
    let page = &world.page;
    page.load(&[file], LONG).await?;

    let events = page.events().await?;
    ensure!(events > total / 2 && events < total, "{events} of {total} records are in");
    let file = page.ledger_file("300-mb.jsonl").await?;
    same("status", file.status.as_str(), "partial")?;
    same("Events", page.count("Events | count").await?, events)
}
