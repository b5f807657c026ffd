//! What the browser measures: the figures of the budgets, each beside its peer of the same run.
//!
//! A figure is printed, never judged. A new one: a function here, one line in [`run`].

use crate::{outcome::Outcome, page::LONG, world::World};

/// Times a load is repeated; the best and the middle one are printed.
const TIMES: usize = 3;

/// All figures whose name holds one of the words; none: all.
pub(crate) async fn run(world: &mut World, words: &[&str]) -> Outcome {
    let is_chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    if is_chosen("load") {
        load(world).await?;
    }
    Ok(())
}

/// One worker reads 300 MB of CloudTrail, beside `JSON.parse` of the same lines in a worker's stead: the same thread count.
async fn load(world: &mut World) -> Outcome {
    let file = world.files.large_lines()?;
    let bytes = file.metadata()?.len();
    let mut loads = Vec::new();
    let mut memory = 0;
    for _ in 0..TIMES {
        world.begin("load").await?;
        world.open("shards=1").await?;
        world.page.load(std::slice::from_ref(&file), LONG).await?;
        let measures = world.page.measures("chartroom:ingest").await?;
        loads.push(measures.iter().map(|(millis, _)| millis).sum::<f64>());
        memory = world.page.memory().await?;
    }
    let megabytes = bytes as f64 / 1e6;
    let ours = best(&loads);
    println!(
        "load: {megabytes:.0} MB of CloudTrail lines, one worker: {:.0} MB/s (best of {TIMES}: {ours:.0} ms)",
        megabytes / ours * 1e3
    );
    let parse = json_parse(world, 60_000).await?;
    println!(
        "load: JSON.parse of such lines in the same browser: {parse:.0} MB/s; {:.2} × that",
        megabytes / ours * 1e3 / parse
    );
    println!("load: memory of all workers afterwards: {:.2} × the input", memory as f64 / bytes as f64);
    Ok(())
}

/// MB/s of `JSON.parse`, line by line, over lines that are in memory already.
async fn json_parse(world: &World, records: u64) -> Outcome<f64> {
    let text = crate::data::cloudtrail::Trail::PLAIN.lines(0..records);
    let megabytes = text.len() as f64 / 1e6;
    let script = "const lines = arguments[0].split('\\n'); let best = Infinity, n = 0;
        for (let i = 0; i < 5; i++) { const start = performance.now();
            for (const line of lines) if (line) n += JSON.parse(line).eventName.length;
            best = Math.min(best, performance.now() - start); }
        return best + n * 0";
    world.page.driver().client().goto("about:blank").await?;
    let millis = world.page.run(script, vec![String::from_utf8_lossy(&text).into_owned().into()]).await?;
    Ok(megabytes / millis.as_f64().unwrap_or(f64::NAN) * 1e3)
}

fn best(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}
