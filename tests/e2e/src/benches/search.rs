//! Searching and counting in 300 MB that are in, one worker.

use super::spread;
use crate::{data::cloudtrail::NEEDLE, outcome::Outcome, page::LONG, world::World};

const TIMES: usize = 5;

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.large_lines()?;
    let megabytes = file.metadata()?.len() as f64 / 1e6;
    world.begin("search").await?;
    world.open("shards=1").await?;
    let page = &world.page;
    page.load(&[file], LONG).await?;
    for (what, query) in [
        ("a word that is rare", format!("AWSCloudTrail | where * has \"{NEEDLE}\" | count")),
        ("a word that is nowhere", "AWSCloudTrail | where * has \"nowhere-at-all\" | count".to_owned()),
        ("equality in a column", "AWSCloudTrail | where EventName == \"Decrypt\" | count".to_owned()),
        ("a bare count", "AWSCloudTrail | count".to_owned()),
    ] {
        let mut times = Vec::new();
        for turn in 0..TIMES {
            let before = page.measures("chartroom:query").await?.len();
            // Another text each time, so that no answer is taken from the last one.
            page.count(&format!("{query} // {turn}")).await?;
            times.extend(
                page.measures("chartroom:query").await?.iter().skip(before).map(|(millis, _)| *millis),
            );
        }
        let (best, middle, worst) = spread(&times);
        println!(
            "search: {what}: {middle:.1} ms (best {best:.1}, worst {worst:.1}), {:.2} GB/s of raw text",
            megabytes / middle
        );
    }
    Ok(())
}
