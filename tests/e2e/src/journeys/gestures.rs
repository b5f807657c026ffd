//! What hands do besides clicking: copy, paste, leave, take a new version, open the folder from the disk.

use crate::{
    data::cloudtrail::Trail,
    outcome::{Outcome, ensure, same, wrong},
    page::{Page, SHORT},
    world::World,
};
use fantoccini::Locator;
use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
};
use serde_json::json;

/// Copies with the keys what is shown, and pastes it as logs with the keys.
pub(super) async fn clipboard(world: &mut World) -> Outcome {
    let file = world.files.trail("copied.jsonl", 200)?;
    world.open("").await?;
    let page = &world.page;
    let origin = world.server.address().trim_end_matches('/').to_owned();
    let rights =
        json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    page.driver().cdp("Browser.grantPermissions", rights).await?;
    page.load(&[file], SHORT).await?;

    // A real click: only such a one moves the focus.
    let cell = Locator::Css("[data-testid=result-table] [role=gridcell]");
    page.driver().client().find(cell).await?.click().await?;
    page.until("the record", SHORT, "return !!document.querySelector('[data-testid=record] dd')").await?;
    let cell = "return document.querySelector('[data-testid=result-table] [role=gridcell][tabindex=\"0\"]')";
    page.until("a cell to have the focus", SHORT, &format!("{cell} === document.activeElement")).await?;
    let value = page.run(&format!("{cell}.dataset.value"), Vec::new()).await?;
    chord(page, 'c').await?;
    same("a copied cell", clipboard_text(page).await?, value.as_str().unwrap_or_default().to_owned())?;

    page.click("button", "Copy all fields").await?;
    page.until(
        "the word",
        SHORT,
        "return document.querySelector('.cr-drawer__head .cr-copy__said')?.textContent === 'Copied'",
    )
    .await?;
    let copied = clipboard_text(page).await?;
    ensure!(copied.contains("EventName\t") && copied.lines().count() > 10, "all fields: {copied}");

    let query = "AWSCloudTrail\n| where EventName == \"Décrypt\"";
    page.fill("[data-testid=query-input]", query).await?;
    chord(page, 'a').await?;
    chord(page, 'c').await?;
    same("a copied query", clipboard_text(page).await?, query.to_owned())?;

    // Pasted where nothing is typed into: logs.
    let text = String::from_utf8_lossy(&Trail::PLAIN.lines(0..7)).into_owned();
    let write =
        "const done = arguments[1]; navigator.clipboard.writeText(arguments[0]).then(() => done(true), done)";
    page.driver().client().execute_async(write, vec![text.into()]).await?;
    page.run("document.activeElement.blur()", Vec::new()).await?;
    chord(page, 'v').await?;
    page.until_events(207).await?;
    page.settle(SHORT).await
}

/// Leaving asks while there is data, and only then.
pub(super) async fn leaving(world: &mut World) -> Outcome {
    let file = world.files.trail("left.jsonl", 50)?;
    world.open("").await?;
    let page = &world.page;
    let asks = "const e = new Event('beforeunload', { cancelable: true }); dispatchEvent(e); return e.defaultPrevented";
    same("before a drop", page.run(asks, Vec::new()).await?, json!(false))?;
    page.load(&[file], SHORT).await?;
    same("with data", page.run(asks, Vec::new()).await?, json!(true))?;
    page.click("button", "Show more about each file").await?;
    page.click("button", "Close all files").await?;
    page.until("the first screen", SHORT, "return !!document.querySelector('h1')").await?;
    same("after closing", page.run(asks, Vec::new()).await?, json!(false))
}

/// A new version is offered while the old one works on; taken, it is there.
pub(super) async fn update(world: &mut World) -> Outcome {
    let file = world.files.trail("kept.jsonl", 300)?;
    let (server, folder) = world.pwa_copy("update")?;
    let page = &world.page;
    page.open(&server.address()).await?;
    let tick = "return document.querySelector('[data-testid=safety]')?.textContent.includes('works offline')";
    page.until("every file to be kept", SHORT, tick).await?;
    page.load(&[file], SHORT).await?;

    let script = folder.join("sw.js");
    let text = std::fs::read_to_string(&script)?;
    let at = text.find("const VERSION = \"").ok_or_else(|| wrong!("sw.js names no version"))? + 17;
    std::fs::write(&script, format!("{}next-{}", &text[..at], &text[at..]))?;
    page.run("navigator.serviceWorker.getRegistration().then((r) => r.update())", Vec::new()).await?;
    let offer = "return [...document.querySelectorAll('button')].some((e) => e.textContent.includes('Take the new version'))";
    page.until("the offer", SHORT, offer).await?;
    same("records, while it is offered", page.events().await?, 300)?;
    same("the old one answers", page.count("AWSCloudTrail | count").await?, 300)?;

    page.click("button", "Take the new version").await?;
    page.until("the page anew", SHORT, "return !!document.querySelector('h1')").await?;
    page.wait_until_up().await?;
    let version = "const done = arguments[0], c = new MessageChannel(); c.port1.onmessage = (e) => done(e.data.version);
        navigator.serviceWorker.ready.then((r) => r.active.postMessage('status', [c.port2]))";
    let version = page.driver().client().execute_async(version, Vec::new()).await?;
    ensure!(version.as_str().is_some_and(|version| version.starts_with("next-")), "the version is {version}");
    page.until("no offer", SHORT, &offer.replace("return ", "return !")).await
}

/// From the disk a folder cannot start, and says what to do.
pub(super) async fn from_disk(world: &mut World) -> Outcome {
    let page = &world.page;
    page.driver().client().goto(&format!("file://{}", world.dist().join("index.html").display())).await?;
    page.until_text("opened from the disk as a folder").await
}

/// Presses a key with Control held.
async fn chord(page: &Page, key: char) -> Outcome {
    let control: char = Key::Control.into();
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: control })
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key })
        .then(KeyAction::Up { value: control });
    Ok(page.driver().client().perform_actions(keys).await?)
}

async fn clipboard_text(page: &Page) -> Outcome<String> {
    let read =
        "const done = arguments[0]; navigator.clipboard.readText().then(done, (e) => done('refused: ' + e))";
    let text = page.driver().client().execute_async(read, Vec::new()).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
