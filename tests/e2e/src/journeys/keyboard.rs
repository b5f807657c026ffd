//! No mouse: sample data, the table, a record, the search box, the query.

use crate::{
    outcome::{Outcome, ensure, wrong},
    page::{Page, SHORT},
    world::World,
};
use fantoccini::key::Key;

pub(super) async fn run(world: &mut World) -> Outcome {
    world.open("").await?;
    let page = &world.page;
    tab_to(page, "sample data").await?;
    page.press(&[Key::Enter.into()]).await?;
    page.until("samples to be read", SHORT, "return !!document.querySelector('[data-testid=ledger-file]')")
        .await?;
    page.settle(SHORT).await?;

    tab_into(page, "[data-testid=result-table]").await?;
    let first = active_cell(page).await?;
    page.press(&[Key::Down.into(), Key::Right.into()]).await?;
    page.until("another cell", SHORT, &format!("{ACTIVE_CELL} return cell && at(cell) !== '{first}'"))
        .await?;
    page.press(&[Key::Enter.into()]).await?;
    page.until("the record", SHORT, "return !!document.querySelector('[data-testid=record]')").await?;
    page.press(&[Key::Escape.into()]).await?;
    page.until("the record to close", SHORT, "return !document.querySelector('[data-testid=record]')")
        .await?;
    page.until("the focus back in the table", SHORT, &format!("{ACTIVE_CELL} return !!cell")).await?;

    page.press(&['/']).await?;
    page.until(
        "the search box",
        SHORT,
        "return document.activeElement?.matches('[data-testid=search-input]')",
    )
    .await?;
    page.press(&['x', 'y', 'z', 'z', 'y']).await?;
    page.until(
        "no hits",
        SHORT,
        "return document.documentElement.dataset.busy === 'false' &&
            document.querySelector('[data-testid=row-count]')?.dataset.value === '0'",
    )
    .await
}

/// The cell that has the focus, in itself or by `aria-activedescendant`, and where it is.
const ACTIVE_CELL: &str = "const focused = document.activeElement;
    const cell = focused?.closest('[role=gridcell]') || document.getElementById(focused?.getAttribute('aria-activedescendant') || '');
    const at = (cell) => cell.closest('[role=row]').getAttribute('aria-rowindex') + ':' +
        (cell.getAttribute('aria-colindex') || [...cell.parentElement.children].indexOf(cell));";

async fn active_cell(page: &Page) -> Outcome<String> {
    let script = format!("{ACTIVE_CELL} return cell ? at(cell) : 'none'");
    Ok(page.run(&script, Vec::new()).await?.as_str().unwrap_or_default().to_owned())
}

/// Presses Tab until the focus is on something whose name holds the words.
async fn tab_to(page: &Page, name: &str) -> Outcome {
    let script = "const e = document.activeElement;
        return ((e.getAttribute('aria-label') || e.textContent || '').toLowerCase()).includes(arguments[0])
            && e !== document.body";
    for _ in 0..60 {
        page.press(&[Key::Tab.into()]).await?;
        if page.run(script, vec![name.into()]).await? == true {
            return Ok(());
        }
    }
    Err(wrong!("60 × Tab do not reach “{name}”"))
}

/// Presses Tab until the focus is in an element, and is to be seen.
async fn tab_into(page: &Page, selector: &str) -> Outcome {
    let script = "return !!document.activeElement?.closest(arguments[0])";
    for _ in 0..60 {
        page.press(&[Key::Tab.into()]).await?;
        let is_seen = page.run("return document.activeElement.matches(':focus-visible')", Vec::new()).await?;
        ensure!(is_seen == true, "the focus is not to be seen");
        if page.run(script, vec![selector.into()]).await? == true {
            return Ok(());
        }
    }
    Err(wrong!("60 × Tab do not reach {selector}"))
}
