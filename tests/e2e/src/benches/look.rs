//! The main thread: a scroll step and a keystroke, from the event to the next frame.

use super::spread;
use crate::{outcome::Outcome, page::LONG, world::World};
use serde_json::Value;

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.large_lines()?;
    world.begin("look").await?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[file], LONG).await?;

    // What the thread does between the step and the frame after it: a task posted behind the frame tells when it was free.
    const TAKE: &str = "const done = arguments[arguments.length - 1], times = []; let turn = 0;
        const free = (then) => { const c = new MessageChannel(); c.port1.onmessage = then; c.port2.postMessage(0); };
        const next = () => { if (turn++ === 60) return done(times); const start = performance.now(); step(turn);
            requestAnimationFrame(() => free(() => { times.push(performance.now() - start); next(); })); };";
    let scroll = format!(
        "{TAKE} const grid = document.querySelector('[data-testid=result-table]');
        const list = [grid, ...grid.querySelectorAll('*')].find((e) => e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(e).overflowY));
        const step = (turn) => {{ list.scrollTop += turn % 10 === 0 ? list.scrollHeight / 7 % 100000 : 260; }}; next()"
    );
    tell("a scroll step", &page.driver().client().execute_async(&scroll, Vec::new()).await?);
    let keys = format!(
        "{TAKE} const text = document.querySelector('[data-testid=query-input]');
        const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
        const step = (turn) => {{ set.call(text, 'AWSCloudTrail | where EventName == \"' + 'x'.repeat(turn));
            text.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); }}; next()"
    );
    tell("a keystroke in the query", &page.driver().client().execute_async(&keys, Vec::new()).await?);
    Ok(())
}

fn tell(what: &str, times: &Value) {
    let times: Vec<f64> =
        times.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_f64).collect();
    let (_, middle, worst) = spread(&times);
    println!(
        "look: {what}: {middle:.1} ms to a free main thread, the frame's wait included (worst {worst:.1}, {} steps)",
        times.len()
    );
}
