//! What is marked: records that came twice, log types that are kept; and that nothing moves while one types.

use crate::{
    data::cloudtrail::Trail,
    outcome::{Outcome, ensure, same},
    page::SHORT,
    world::World,
};
use serde_json::json;

/// Twenty records come in two files: they are counted, hidden, marked and linked.
pub(super) async fn duplicates(world: &mut World) -> Outcome {
    let first = world.files.small("first.jsonl", &Trail::PLAIN.lines(0..50))?;
    let again = world.files.small("again.jsonl", &Trail::PLAIN.lines(30..70))?;
    world.open("shards=2").await?;
    let page = &world.page;
    page.load(&[first, again], SHORT).await?;
    page.until(
        "the count of duplicates",
        SHORT,
        "return document.querySelector('[data-testid=hide-duplicates]')?.textContent === 'Hide 20 duplicates'",
    )
    .await?;
    page.settle(SHORT).await?;
    same("all rows", page.row_count().await?, 90)?;
    page.until("marked rows", SHORT, "return document.querySelectorAll('.cr-row--duplicate').length > 0")
        .await?;
    page.click_on("[data-testid=hide-duplicates]").await?;
    page.settle(SHORT).await?;
    same("rows without duplicates", page.row_count().await?, 70)?;
    page.click_on("[data-testid=hide-duplicates]").await?;
    page.settle(SHORT).await?;
    same("all rows again", page.row_count().await?, 90)?;

    same("no error", page.query("Events | where isnotempty(_DuplicateOf)").await?, None)?;
    same("duplicates", page.row_count().await?, 20)?;
    page.click_on("[data-testid=result-table] [role=gridcell]").await?;
    page.click("button", "Open that record").await?;
    page.until_text("shown for the one before").await?;
    page.click("button", "List all records of this event").await?;
    page.until(
        "both records",
        SHORT,
        "return document.querySelector('[data-testid=row-count]').dataset.value === '2'",
    )
    .await?;
    page.settle(SHORT).await
}

const DOORS: &str = "id = \"ward_doors\"\ntitle = \"Ward doors\"\nabout = \"Who opened which door\"\nfirst = [\"TimeGenerated\", \"Ward\"]\n
[map]\nTimeGenerated = \"at\"\nWard = \"station\"\n\n[[rule]]\nall = [{ key = \"at\" }, { key = \"badge\", is = \"object\" }]\n";

/// A log type of one's own is kept over a reload, takes part then, and is forgotten.
pub(super) async fn kept(world: &mut World) -> Outcome {
    let format = world.files.small("ward_doors.toml", DOORS.as_bytes())?;
    let line = "{\"at\":\"2026-03-02T08:15:30Z\",\"badge\":{\"id\":\"b-17\"},\"station\":\"3 West\"}\n";
    let log = world.files.small("doors.log", line.as_bytes())?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[format], SHORT).await?;
    page.click_on("[data-testid=ledger-file][data-name$='ward_doors.toml'] button").await?;
    page.click("button", "Keep it in this browser").await?;
    page.until_text("is kept in this browser").await?;

    world.open("").await?;
    page.until_text("Log types of your own").await?;
    page.load(std::slice::from_ref(&log), SHORT).await?;
    same("the table", page.ledger_file("doors.log").await?.table, "ward_doors".to_owned())?;

    world.open("").await?;
    page.click("button", "Forget ward_doors.toml").await?;
    page.load(&[log], SHORT).await?;
    ensure!(
        page.ledger_file("doors.log").await?.table != "ward_doors",
        "the forgotten log type still takes part"
    );
    Ok(())
}

/// Where everything stands below the editor.
const TOPS: &str = "return ['.cr-timeline', '.cr-bench__bar', '[data-testid=result-table]'].map((of) =>
    Math.round(document.querySelector(of).getBoundingClientRect().top))";

/// Words about what is written take no room that was not theirs.
pub(super) async fn nothing_moves(world: &mut World) -> Outcome {
    let file = world.files.trail("still.jsonl", 300)?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[file], SHORT).await?;
    let before = page.run(TOPS, Vec::new()).await?;
    ensure!(before != json!([]), "nothing stands below the editor");
    page.fill("[data-testid=query-input]", "Events | extend x = bin").await?;
    page.run("document.querySelector('[data-testid=query-input]').setSelectionRange(99, 99)", Vec::new())
        .await?;
    page.press(&['(', '1']).await?;
    page.until("words about the call", SHORT, "return !!document.querySelector('[data-testid=query-call]')")
        .await?;
    same("where things stand", page.run(TOPS, Vec::new()).await?, before)
}
