//! The first screen where something is missing: it says what, and works without what it can do without.

use crate::{outcome::Outcome, page::SHORT, world::World};
use serde_json::json;

/// Opens the page with a script of ours run before its own.
async fn open_with(world: &World, script: &str) -> Outcome<serde_json::Value> {
    let driver = world.page.driver();
    let added = driver.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
    driver.client().goto("about:blank").await?;
    driver.client().goto(&world.server.address()).await?;
    Ok(json!({ "identifier": added["identifier"] }))
}

/// A browser without WebAssembly is told so, with those that have it.
pub(super) async fn missing(world: &mut World) -> Outcome {
    let added = open_with(world, "delete window.WebAssembly").await?;
    let told = world.page.until_text("lacks what Chartroom needs: WebAssembly").await;
    let named = world.page.until_text("Firefox from 89").await;
    world.page.driver().cdp("Page.removeScriptToEvaluateOnNewDocument", added).await?;
    told.and(named)
}

/// Where storage is refused, a line says so and all else works.
pub(super) async fn no_storage(world: &mut World) -> Outcome {
    let file = world.files.trail("unkept.jsonl", 40)?;
    let script = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError') } })";
    let added = open_with(world, script).await?;
    let page = &world.page;
    let told = page.until_text("This browser keeps nothing for this page").await;
    page.driver().cdp("Page.removeScriptToEvaluateOnNewDocument", added).await?;
    told?;
    page.load(&[file], SHORT).await?;
    page.until_events(40).await
}

/// A file that is chosen before the program is up is read once it is.
pub(super) async fn early(world: &mut World) -> Outcome {
    let script = "document.addEventListener('DOMContentLoaded', () => {
        const input = document.querySelector('[data-testid=file-input]');
        const chosen = new DataTransfer();
        chosen.items.add(new File(['{\"time\":\"2026-03-02T08:00:00Z\",\"a\":1}\\n'], 'early.json'));
        input.files = chosen.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
        window.wasUp = !!document.querySelector('.cr-app');
    })";
    let added = open_with(world, script).await?;
    let page = &world.page;
    let read = page.until_events(1).await;
    page.driver().cdp("Page.removeScriptToEvaluateOnNewDocument", added).await?;
    read?;
    crate::outcome::same(
        "up when it was chosen",
        page.run("return window.wasUp", Vec::new()).await?,
        json!(false),
    )
}
