//! Queries and cancelling while a million records load: each is to be heard within 100 ms.

use super::spread;
use crate::{
    outcome::{Outcome, ensure},
    page::SHORT,
    world::World,
};

const RECORDS: u64 = 1_000_000;
const QUERIES: usize = 10;

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.fhir("stepping.json", RECORDS)?;
    world.begin("stepping").await?;
    world.open("shards=2").await?;
    let page = &world.page;
    page.drop_files(&[file]).await?;
    page.until_rows_while_reading().await?;
    for number in 0..QUERIES {
        let done = page.measures("chartroom:query").await?.len();
        page.fill("[data-testid=query-input]", &format!("Events | count // {number}")).await?;
        page.click_on("[data-testid=run-query]").await?;
        let script =
            format!("return performance.getEntriesByName('chartroom:query', 'measure').length > {done}");
        page.until("the answer", SHORT, &script).await?;
    }
    let loading = page.run("return document.documentElement.dataset.busy", Vec::new()).await?;
    ensure!(loading == "true", "the load was over before the queries were");
    let times: Vec<f64> = page.measures("chartroom:query").await?.iter().map(|(millis, _)| *millis).collect();
    let (best, middle, worst) = spread(&times);
    println!(
        "stepping: a count during the load: {middle:.1} ms (best {best:.1}, worst {worst:.1}; {QUERIES} queries)"
    );

    // Measured in the page itself: from the click to the bar of the load being gone.
    let script = "const done = arguments[arguments.length - 1], root = document.documentElement;
        const stop = [...document.querySelectorAll('button')].find((e) => e.textContent.startsWith('Stop'));
        const start = performance.now();
        const seen = new MutationObserver(() => { if (!stop.isConnected) { seen.disconnect(); done(performance.now() - start); } });
        seen.observe(document.body, { childList: true, subtree: true });
        stop.click()";
    let millis = page.driver().client().execute_async(script, Vec::new()).await?;
    println!(
        "stepping: cancelling: {:.1} ms from the click to the end of the load, {} records in",
        millis.as_f64().unwrap_or(f64::NAN),
        page.events().await?
    );
    Ok(())
}
