//! Files that are not as they should be: nothing is lost in silence.

use crate::{
    data::cloudtrail::Trail,
    files::gzip,
    outcome::{Outcome, ensure, same},
    page::SHORT,
    world::World,
};

pub(super) async fn no_log(world: &mut World) -> Outcome {
    let text = "Minutes of the ward meeting\n\nWe talked about lunch.\nNobody took notes.\n".repeat(20);
    let path = world.files.small("minutes.txt", text.as_bytes())?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[path], SHORT).await?;
    let file = page.ledger_file("minutes.txt").await?;
    ensure!(["skipped", "failed", "done"].contains(&file.status.as_str()), "{file:?}");
    // Told or kept: either a reason, or a row for what was found.
    ensure!(file.status != "done" || file.events > 0, "done, but nothing is in: {file:?}");
    ensure!(file.text.len() > "minutes.txt".len() + file.status.len(), "no reason is given: {file:?}");
    same("files", page.ledger_totals().await?.0, 1)
}

pub(super) async fn empty(world: &mut World) -> Outcome {
    let path = world.files.small("empty.json", b"")?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[path], SHORT).await?;
    let file = page.ledger_file("empty.json").await?;
    same("status", file.status.as_str(), "skipped")?;
    ensure!(file.text.to_lowercase().contains("empty"), "the reason is not told: {file:?}");
    same("the ledger", page.ledger_totals().await?, (1, 0, 0))
}

pub(super) async fn truncated_gz(world: &mut World) -> Outcome {
    let whole = gzip(&Trail::PLAIN.lines(0..5_000))?;
    let half = whole.get(..whole.len() / 2).unwrap_or_default();
    let path = world.files.small("cut.jsonl.gz", half)?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[path], SHORT).await?;
    let files = page.ledger().await?;
    let [file] = files.as_slice() else { return Err(crate::outcome::wrong!("not one file: {files:?}")) };
    same("status", file.status.as_str(), "partial")?;
    ensure!(file.events > 1_000 && file.events < 5_000, "not about half is in: {file:?}");
    same("Events", page.count("Events | count").await?, file.events)
}

pub(super) async fn changed(world: &mut World) -> Outcome {
    let path = world.files.small("changes.jsonl", &Trail::PLAIN.lines(0..50))?;
    world.open("").await?;
    let page = &world.page;
    page.load(std::slice::from_ref(&path), SHORT).await?;
    same("records stored", page.events().await?, 50)?;
    // Another length and time: the browser refuses to read it again.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    std::fs::write(&path, Trail::PLAIN.lines(100..120))?;

    page.click_on("[data-testid=result-table] [role=gridcell]").await?;
    page.press(&[fantoccini::key::Key::Enter.into()]).await?;
    page.click("tab", "Original").await?;
    page.until_text("cannot be read any more").await?;
    page.click("button", "Show more about each file").await?;
    let script = "return [...document.querySelectorAll('[data-testid=ledger-file]')].some((e) => /changed|cannot be read/i.test(e.textContent))";
    page.until("the ledger to say that the file cannot be read any more", SHORT, script).await?;
    page.click("button", "Show the records").await?;
    // What is in stays.
    same("Events", page.count("Events | count").await?, 50)
}
