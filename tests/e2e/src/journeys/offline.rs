//! The second visit needs no server.

use crate::{
    outcome::{Outcome, same},
    page::SHORT,
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.trail("offline.jsonl", 1_000)?;
    let server = world.pwa_server()?;
    let address = server.address();
    let page = &world.page;
    page.open(&address).await?;
    page.until(
        "every file to be kept",
        SHORT,
        "return document.querySelector('[data-testid=safety]')?.textContent.includes('works offline')",
    )
    .await?;
    drop(server);

    page.open(&address).await?;
    page.load(&[file], SHORT).await?;
    same("records stored", page.events().await?, 1_000)?;
    same("AWSCloudTrail", page.count("AWSCloudTrail | count").await?, 1_000)
}
