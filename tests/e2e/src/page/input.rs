//! What a person does: drops, clicks, types.

use super::{Page, SHORT};
use crate::outcome::{Outcome, wrong};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::json;
use std::{path::PathBuf, time::Duration};

/// Finds what carries a role and an accessible name that begins with (or is) the words, any case; visible ones only.
const BY_LABEL: &str = "
    const [role, label] = [arguments[0], arguments[1].toLowerCase()];
    const implied = { button: 'button', link: 'a[href]', textbox: 'input:not([type=file]),textarea', dialog: 'dialog[open]',
        checkbox: 'input[type=checkbox]', combobox: 'select', radio: 'input[type=radio]' }[role];
    const name = (e) => (e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
        .map((id) => document.getElementById(id)?.textContent || '').join(' ') || (e.labels && e.labels[0]?.textContent) ||
        e.textContent || e.title || '').trim().replace(/\\s+/g, ' ').toLowerCase();
    const all = [...document.querySelectorAll(`[role=${role}]` + (implied ? ',' + implied : ''))]
        .filter((e) => !e.disabled && e.getClientRects().length > 0);
    const found = all.find((e) => name(e) === label) || all.find((e) => name(e).startsWith(label));
    if (!found) return null;
";

/// Counts drops as they arrive, before the page handles them; gives the middle of the window.
const COUNT_DROPS: &str = "
    if (window.dropsSeen === undefined) addEventListener('drop', () => { window.dropsSeen += 1 }, { capture: true });
    window.dropsSeen = 0;
    return [innerWidth / 2, innerHeight / 2]";

const DROP_TRIES: u32 = 3;
const DROP_WAIT: Duration = Duration::from_secs(3);

impl Page {
    /// Drops files and folders on the middle of the window, as from the system's file manager.
    pub(crate) async fn drop_files(&self, paths: &[PathBuf]) -> Outcome {
        let files: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
        let middle = self.run(COUNT_DROPS, Vec::new()).await?;
        // Chromium loses a drop now and then when it comes from here (the page never hears of it): it is tried again.
        for _ in 0..DROP_TRIES {
            for kind in ["dragEnter", "dragOver", "dragOver", "drop"] {
                let event = json!({ "type": kind, "x": middle[0], "y": middle[1], "data": data });
                self.driver().cdp("Input.dispatchDragEvent", event).await?;
            }
            if self.until("the drop to arrive", DROP_WAIT, "return window.dropsSeen > 0").await.is_ok() {
                return Ok(());
            }
            self.driver()
                .cdp("Input.dispatchDragEvent", json!({ "type": "dragCancel", "x": 0, "y": 0, "data": data }))
                .await?;
        }
        Err(wrong!("{DROP_TRIES} drops did not arrive"))
    }

    /// Drops, and waits until everything is read and drawn.
    pub(crate) async fn load(&self, paths: &[PathBuf], limit: Duration) -> Outcome {
        self.drop_files(paths).await?;
        self.settle(limit).await
    }

    /// Clicks what carries a role and a name (whole, or its beginning); waits for it to be there.
    pub(crate) async fn click(&self, role: &str, label: &str) -> Outcome {
        let script =
            format!("{BY_LABEL} found.scrollIntoView({{ block: 'nearest' }}); found.click(); return true");
        let what = format!("a {role} named “{label}”");
        self.until_with(&what, SHORT, &script, vec![role.into(), label.into()]).await.map(drop)
    }

    /// Clicks the first element of a selector; waits for it to be there.
    pub(crate) async fn click_on(&self, selector: &str) -> Outcome {
        let script =
            "const e = document.querySelector(arguments[0]); if (!e) return false; e.click(); return true";
        self.until_with(selector, SHORT, script, vec![selector.into()]).await.map(drop)
    }

    /// Closes a file of the ledger, whose name ends so.
    pub(crate) async fn close_file(&self, ending: &str) -> Outcome {
        let row = format!("[data-testid=ledger-file][data-name$='{ending}']");
        self.click_on(&format!("{row} button")).await?;
        self.click("button", "Close this file").await?;
        // Closing is nothing that one waits for: the page need not be busy. The row goes when the rows are out.
        self.until(
            "the closed file to be gone",
            SHORT,
            &format!("return !document.querySelector(\"{row}\")"),
        )
        .await?;
        self.settle(SHORT).await
    }

    /// Puts a text into a field as typing would, and says so to the page.
    pub(crate) async fn fill(&self, selector: &str, text: &str) -> Outcome {
        let script = "const e = document.querySelector(arguments[0]); if (!e) return false; e.focus();
            const proto = e instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
            Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(e, arguments[1]);
            e.dispatchEvent(new InputEvent('input', { bubbles: true })); return true";
        self.until_with(selector, SHORT, script, vec![selector.into(), text.into()]).await.map(drop)
    }

    /// Runs a query and waits for its first page; gives the message when it was refused.
    pub(crate) async fn query(&self, text: &str) -> Outcome<Option<String>> {
        self.fill("[data-testid=query-input]", text).await?;
        self.click_on("[data-testid=run-query]").await?;
        self.settle(SHORT).await?;
        self.find_text("query-error").await
    }

    /// Types keys where the focus is; a named key is one `char` of [`Key`].
    pub(crate) async fn press(&self, keys: &[char]) -> Outcome {
        for &key in keys {
            let stroke = KeyActions::new("keyboard".to_owned())
                .then(KeyAction::Down { value: key })
                .then(KeyAction::Up { value: key });
            self.driver().client().perform_actions(stroke).await?;
        }
        Ok(())
    }
}
