//! Reading: one worker and all of them, beside `JSON.parse` of the same lines in the same browser.
//!
//! Two peers: `JSON.parse` alone, over lines that are strings in memory already; and what a page without an engine would do with the
//! same file in one worker, which is like for like: read it, decode it, cut it at its newlines, parse each line, keep nothing.

use super::spread;
use crate::{data::cloudtrail::Trail, outcome::Outcome, page::LONG, world::World};
use fantoccini::Locator;
use std::path::Path;

/// Times a load is repeated.
const TIMES: usize = 3;

pub(super) async fn run(world: &mut World) -> Outcome {
    let lines = world.files.large_lines()?;
    let records = world.files.large_records()?;
    let parse = json_parse(world).await?;
    println!("load: JSON.parse of CloudTrail lines in memory, one thread: {parse:.0} MB/s");
    let from_file = json_parse_of_file(world, &lines).await?;
    println!("load: JSON.parse of the lines of the file, one worker: {from_file:.0} MB/s");
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
            "load: {megabytes:.0} MB of CloudTrail {what}: {:.0} MB/s (best of {TIMES}; middle {:.0}), {:.2} × JSON.parse of the file, {:.2} × of lines in memory",
            rate(best),
            rate(middle),
            rate(best) / from_file,
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

/// MB/s of a worker that reads a file in slices, two under way, and parses each of its lines; the best of three.
async fn json_parse_of_file(world: &World, file: &Path) -> Outcome<f64> {
    const WORKER: &str = "onmessage = async ({ data: file }) => {
        const start = performance.now(), size = 8 << 20, decoder = new TextDecoder(), ahead = [];
        let at = 0, rest = '', n = 0;
        const read = () => { if (at < file.size) { ahead.push(file.slice(at, at + size).arrayBuffer()); at += size; } };
        read(); read();
        while (ahead.length) {
            const bytes = await ahead.shift(); read();
            const lines = (rest + decoder.decode(bytes, { stream: true })).split('\\n'); rest = lines.pop();
            for (const line of lines) if (line) n += JSON.parse(line).eventName.length;
        }
        if (rest) n += JSON.parse(rest).eventName.length;
        postMessage([performance.now() - start, n]);
    }";
    let client = world.page.driver().client();
    client.goto("about:blank").await?;
    let set_up = "document.body.innerHTML = '<input type=file id=peer>'; return true";
    world.page.run(set_up, Vec::new()).await?;
    client.find(Locator::Id("peer")).await?.send_keys(&file.to_string_lossy()).await?;
    let script = "const [code] = arguments, worker = new Worker(URL.createObjectURL(new Blob([code])));
        const once = () => new Promise(done => { worker.onmessage = ({ data }) => done(data[0]);
            worker.postMessage(document.getElementById('peer').files[0]); });
        window.peer = null;
        (async () => { let best = Infinity; for (let i = 0; i < 3; i++) best = Math.min(best, await once());
            worker.terminate(); window.peer = best; })(); return true";
    world.page.run(script, vec![WORKER.into()]).await?;
    world.page.until("the peer has parsed the file", LONG, "return window.peer !== null").await?;
    let millis = world.page.run("return window.peer", Vec::new()).await?;
    Ok(file.metadata()?.len() as f64 / 1e6 / millis.as_f64().unwrap_or(f64::NAN) * 1e3)
}
