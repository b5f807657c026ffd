//! The search box: words anywhere in values, case aside, not in names.

use crate::{
    data::cloudtrail::{NEEDLE, NEEDLE_EVERY},
    outcome::{Outcome, same},
    page::{Page, SHORT},
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    const RECORDS: u64 = 40_000;
    let file = world.files.trail("search.jsonl", RECORDS)?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[file], SHORT).await?;
    let needles = RECORDS.div_ceil(NEEDLE_EVERY);
    hits(page, NEEDLE, needles).await?;
    hits(page, &NEEDLE.to_uppercase(), needles).await?;
    hits(page, "lantern harbour", needles).await?;
    hits(page, "\"harbour-lantern/\"", needles).await?;
    hits(page, "\"lantern harbour\"", 0).await?;
    hits(page, &format!("ward -{NEEDLE}"), RECORDS - needles).await?;
    hits(page, "/harbour-l.ntern/", needles).await?;
    // A key of every record, and a value of none.
    hits(page, "sourceIPAddress", 0).await?;
    hits(page, "", RECORDS).await
}

async fn hits(page: &Page, text: &str, expected: u64) -> Outcome {
    page.fill("[data-testid=search-input]", text).await?;
    page.settle(SHORT).await?;
    same(&format!("hits of {text}"), page.row_count().await?, expected)
}
