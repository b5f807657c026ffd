//! The main thread: a scroll step and a keystroke.
//!
//! Two figures each. *Busy* is what the design's budget bounds: from the event to the end of the frame that answers it,
//! handlers, rendering, layout and paint, without the wait for that frame, which is idle time. *To a free thread* counts
//! the wait too. Beside them, for all steps together, what the browser itself counted as work of the main thread: that
//! holds the answers of workers as well, which come in tasks of their own.

use super::spread;
use crate::{
    outcome::Outcome,
    page::{LONG, Page},
    world::World,
};
use serde_json::json;

/// Steps measured.
const STEPS: u32 = 60;

/// Takes `step(turn)` that many times, each after the rows of the one before are drawn.
///
/// `busy` begins with the first handler of the event (a capturing listener of the window, before any of the page's) and
/// ends with a task posted from the frame: style, layout and paint lie before it.
const TAKE: &str = "const done = arguments[arguments.length - 1], times = []; let turn = 0, began = 0;
    addEventListener(event, () => { began ||= performance.now() }, { capture: true });
    const free = (then) => { const c = new MessageChannel(); c.port1.onmessage = then; c.port2.postMessage(0); };
    const whole = (then) => grid.getAttribute('aria-busy') === 'false' ? then() : setTimeout(() => whole(then), 5);
    const next = () => { if (turn++ === STEPS) return done(times);
        began = 0; let start = performance.now();
        const end = () => free(() => { const end = performance.now(); times.push([end - (began || start), end - start]); whole(next); });
        // Scroll events come at the beginning of the next frame by themselves; a key is handed over there.
        if (event === 'scroll') { step(turn); requestAnimationFrame(end); }
        else requestAnimationFrame(() => { start = performance.now(); step(turn); end(); }); };";

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.large_lines()?;
    world.begin("look").await?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[file], LONG).await?;

    let take = TAKE.replace("STEPS", &STEPS.to_string());
    let grid = "const grid = document.querySelector('[data-testid=result-table]');
        const list = [grid, ...grid.querySelectorAll('*')].find((e) => e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(e).overflowY));";
    let by_wheel = format!(
        "const event = 'scroll'; {grid} {take} const step = () => {{ list.scrollTop += 260; }}; next()"
    );
    measure(page, "a scroll step of ten rows", &by_wheel).await?;
    let by_page = format!(
        "const event = 'scroll'; {grid} {take} const step = () => {{ list.scrollTop += list.clientHeight; }}; next()"
    );
    measure(page, "a scroll step of a screen", &by_page).await?;
    let by_jump = format!(
        "const event = 'scroll'; {grid} {take}
        const step = (turn) => {{ list.scrollTop = list.scrollHeight / 67 * (turn * 29 % 67); }}; next()"
    );
    measure(page, "a jump to rows not here yet", &by_jump).await?;
    let keys = format!(
        "const event = 'input'; {grid} const text = document.querySelector('[data-testid=query-input]');
        const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set; {take}
        const step = (turn) => {{ set.call(text, 'AWSCloudTrail | where EventName == \"' + 'x'.repeat(turn));
            text.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); }}; next()"
    );
    measure(page, "a keystroke in the query", &keys).await
}

/// Runs the steps and tells their figures.
async fn measure(page: &Page, what: &str, script: &str) -> Outcome {
    // Enabled already, it would keep counting by the clock on the wall.
    page.driver().cdp("Performance.disable", json!({})).await?;
    page.driver().cdp("Performance.enable", json!({ "timeDomain": "threadTicks" })).await?;
    let before = worked(page).await?;
    let times = page.driver().client().execute_async(script, Vec::new()).await?;
    let after = worked(page).await?;
    let column = |at: usize| -> Vec<f64> {
        let rows = times.as_array().map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter_map(|row| row[at].as_f64()).collect()
    };
    let (_, busy, worst) = spread(&column(0));
    let (_, free, _) = spread(&column(1));
    let of = |at: usize| (after[at] - before[at]) * 1_000.0 / f64::from(STEPS);
    println!(
        "look: {what}: main thread busy {busy:.1} ms (worst {worst:.1}), {free:.1} ms to a free thread with the frame's wait; \
         {:.1} ms of processor time a step in all its tasks: script {:.1}, style {:.1}, layout {:.1} ({STEPS} steps)",
        of(0),
        of(1),
        of(2),
        of(3)
    );
    Ok(())
}

/// Processor seconds of the main thread so far, as the browser counts them: all tasks, and of these script, style and layout.
async fn worked(page: &Page) -> Outcome<[f64; 4]> {
    let metrics = page.driver().cdp("Performance.getMetrics", json!({})).await?;
    let list = metrics["metrics"].as_array().map(Vec::as_slice).unwrap_or_default();
    let get = |name: &str| {
        let metric = list.iter().find(|metric| metric["name"] == name);
        metric.and_then(|metric| metric["value"].as_f64()).unwrap_or(f64::NAN)
    };
    Ok(["TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration"].map(get))
}
