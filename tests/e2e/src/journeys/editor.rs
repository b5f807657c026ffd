//! The editor: what fits is proposed and taken, what is wrong is said, a text is laid out; all rows are saved as they are.

use crate::{
    outcome::{Outcome, ensure, same},
    page::SHORT,
    world::World,
};
use fantoccini::key::Key;

const FIELD: &str = "document.querySelector('[data-testid=query-input]')";

pub(super) async fn run(world: &mut World) -> Outcome {
    const RECORDS: u64 = 1_200;
    let file = world.files.trail("editor.jsonl", RECORDS)?;
    world.open("").await?;
    let page = &world.page;
    page.load(&[file], SHORT).await?;
    page.fill("[data-testid=query-input]", "AWSCloudTrail | ").await?;
    page.run(&format!("{FIELD}.focus(); {FIELD}.setSelectionRange(99, 99)"), Vec::new()).await?;
    let typed: Vec<char> = "whe".chars().collect();
    page.press(&typed).await?;
    page.until("proposals", SHORT, "return !!document.querySelector('[role=option]')").await?;
    page.press(&[Key::Tab.into()]).await?;
    let told = |value: &str| format!("return {FIELD}.value === {value:?}");
    page.until("the operator", SHORT, &told("AWSCloudTrail | where ")).await?;
    let typed: Vec<char> = "EventNam == 'x'".chars().collect();
    page.press(&typed).await?;
    page.until(
        "what is wrong",
        SHORT,
        "return document.querySelector('.cr-kql-wrong')?.textContent === 'EventNam'",
    )
    .await?;
    page.click_on("[data-testid=format-query]").await?;
    page.until("the layout", SHORT, &told("AWSCloudTrail\n| where EventNam == 'x'")).await?;

    page.query("AWSCloudTrail | project TimeGenerated, EventName, RequestParameters").await?;
    let hook = "const old = URL.createObjectURL; URL.createObjectURL = (blob) => {
        blob.text().then((text) => { window.saved = text; }); return old.call(URL, blob); }";
    page.run(hook, Vec::new()).await?;
    page.click_on("[data-testid=save-csv]").await?;
    page.until("the file", SHORT, "return !!window.saved").await?;
    let lines = page.run("return window.saved.split('\\n').length - 1", Vec::new()).await?;
    same("lines", lines.as_u64(), Some(RECORDS + 1))?;
    let script = "const cells = [...document.querySelectorAll('[data-row=\"0\"] [role=gridcell]')].map((cell) => cell.dataset.value);
        const quoted = (text) => /[\",\\n\\r]/.test(text) ? '\"' + text.replaceAll('\"', '\"\"') + '\"' : text;
        const found = cells.length ? cells : [...document.querySelectorAll('[role=gridcell][data-row=\"0\"]')].map((cell) => cell.dataset.value);
        return found.length === 3 && window.saved.split('\\n')[1] === found.map(quoted).join(',')";
    let is_exact = page.run(script, Vec::new()).await?;
    ensure!(is_exact.as_bool() == Some(true), "the first row saved is not the first row shown");
    Ok(())
}
