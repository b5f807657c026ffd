//! Windows above the page: where the focus goes and comes back to, what Escape does, what a wrong answer does.

use crate::{
    outcome::{Outcome, ensure, same},
    page::{Page, SHORT},
    world::World,
};
use fantoccini::key::Key;
use serde_json::json;

/// A zip whose member is encrypted; the password is `secret`.
const LOCKED: &[u8] = include_bytes!("../../../../crates/engine/tests/samples/containers/aes256.zip");

const FOCUS: &str = "const e = document.activeElement; return e?.dataset.testid || e?.textContent || ''";
const IS_OPEN: &str = "return !!document.querySelector('dialog[open]')";

async fn escape(page: &Page) -> Outcome {
    page.press(&[Key::Escape.into()]).await?;
    page.until("the dialog to go", SHORT, "return !document.querySelector('dialog')").await
}

/// A wrong password is told and asked for again; the right one opens the archive.
pub(super) async fn password(world: &mut World) -> Outcome {
    let locked = world.files.small("locked.zip", LOCKED)?;
    world.open("").await?;
    let page = &world.page;
    page.drop_files(&[locked]).await?;
    page.until("the question", SHORT, IS_OPEN).await?;
    same("the focus", page.run(FOCUS, Vec::new()).await?, json!("password-input"))?;
    page.press(&['n', 'o', Key::Enter.into()]).await?;
    page.until_text("That password does not open it").await?;
    page.until(
        "the field again",
        SHORT,
        "return document.activeElement?.dataset.testid === 'password-input'",
    )
    .await?;
    page.press(&['s', 'e', 'c', 'r', 'e', 't', Key::Enter.into()]).await?;
    page.until(
        "its records",
        SHORT,
        "return Number(document.querySelector('[data-testid=event-count]').dataset.value) > 0",
    )
    .await?;
    page.settle(SHORT).await?;
    ensure!(page.run(IS_OPEN, Vec::new()).await? == false, "the question is still there");
    Ok(())
}

/// Each window takes the focus, goes by Escape, and gives the focus back to what opened it.
pub(super) async fn focus(world: &mut World) -> Outcome {
    let file = world.files.trail("focus.jsonl", 30)?;
    world.open("").await?;
    let page = &world.page;
    for (button, inside) in [("Paste text", "textarea"), ("How do I get these logs?", "dialog *")] {
        page.run(
            "[...document.querySelectorAll('button')].find((e) => e.textContent === arguments[0]).focus()",
            vec![button.into()],
        )
        .await?;
        page.press(&[Key::Enter.into()]).await?;
        let script = format!("return !!document.activeElement?.matches('{inside}')");
        page.until("the focus in the dialog", SHORT, &script).await?;
        escape(page).await?;
        same("the focus after it", page.run(FOCUS, Vec::new()).await?, json!(button))?;
    }
    page.load(&[file], SHORT).await?;
    page.run("document.querySelector('[data-testid=memory]').focus()", Vec::new()).await?;
    page.press(&[Key::Enter.into()]).await?;
    page.until(
        "the focus in the field",
        SHORT,
        "return document.activeElement?.dataset.testid === 'budget-input'",
    )
    .await?;
    escape(page).await?;
    same("the focus after it", page.run(FOCUS, Vec::new()).await?, json!("memory"))
}
