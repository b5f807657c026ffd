//! Reading: one worker and all of them, beside `JSON.parse` of the same lines in the same browser.

use super::spread;
use crate::{data::cloudtrail::Trail, outcome::Outcome, page::LONG, world::World};

/// Times a load is repeated.
const TIMES: usize = 3;

pub(super) async fn run(world: &mut World) -> Outcome {
    let lines = world.files.large_lines()?;
    let records = world.files.large_records()?;
    let parse = json_parse(world).await?;
    println!("load: JSON.parse of CloudTrail lines, one thread: {parse:.0} MB/s");
    for (what, file, query) in [
        ("lines, one worker", &lines, "shards=1"),
        ("lines, two workers", &lines, "shards=2"),
        ("one line of Records, one worker", &records, "shards=1"),
    ] {
        let bytes = file.metadata()?.len();
        let megabytes = bytes as f64 / 1e6;
        let (mut loads, mut first_rows, mut memory) = (Vec::new(), Vec::new(), 0);
        for _ in 0..TIMES {
            world.begin("load").await?;
            world.open(query).await?;
            world.page.load(std::slice::from_ref(file), LONG).await?;
            let measures = world.page.measures("chartroom:ingest").await?;
            loads.push(measures.iter().map(|(millis, _)| millis).sum::<f64>());
            first_rows.extend(
                world.page.measures("chartroom:first-rows").await?.first().map(|(millis, _)| *millis),
            );
            memory = world.page.memory().await?;
        }
        let ((best, middle, _), (_, first, _)) = (spread(&loads), spread(&first_rows));
        let rate = |millis: f64| megabytes / millis * 1e3;
        println!(
            "load: {megabytes:.0} MB of CloudTrail {what}: {:.0} MB/s (best of {TIMES}; middle {:.0}), {:.2} × JSON.parse",
            rate(best),
            rate(middle),
            rate(best) / parse
        );
        println!(
            "load:   first rows after {first:.0} ms ({:.1} % of the time), memory {:.2} × the input",
            first / middle * 100.0,
            memory as f64 / bytes as f64
        );
    }
    Ok(())
}

/// MB/s of `JSON.parse`, line by line, over lines that are in memory already; the best of five.
async fn json_parse(world: &World) -> Outcome<f64> {
    // In parts: the driver ends the session over a message of 80 MB.
    const PARTS: u64 = 20;
    const LINES: u64 = 1_000;
    let mut bytes = 0;
    world.page.driver().client().goto("about:blank").await?;
    for part in 0..PARTS {
        let text = Trail::PLAIN.lines(part * LINES..(part + 1) * LINES);
        bytes += text.len();
        let script = "window.lines = (window.lines ?? []).concat(arguments[0].split('\\n').filter(Boolean)); return true";
        world.page.run(script, vec![String::from_utf8_lossy(&text).into_owned().into()]).await?;
    }
    let script = "let best = Infinity, n = 0;
        for (let i = 0; i < 5; i++) { const start = performance.now();
            for (const line of window.lines) n += JSON.parse(line).eventName.length;
            best = Math.min(best, performance.now() - start); }
        return best + n * 0";
    let millis = world.page.run(script, Vec::new()).await?;
    Ok(bytes as f64 / 1e6 / millis.as_f64().unwrap_or(f64::NAN) * 1e3)
}
