//! The page as a person or a script meets it: through the handles that the design keeps stable.
//!
//! Nothing here waits for a length of time; it waits until something holds, at most so long.

mod input;
mod look;
mod read;

pub(crate) use look::Theme;
pub(crate) use read::LedgerFile;

use crate::{
    driver::Driver,
    outcome::{Outcome, wrong},
};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Between two looks at a condition.
const PAUSE: Duration = Duration::from_millis(30);

/// Long enough for anything that takes no reading of large files, on two busy cores.
pub(crate) const SHORT: Duration = Duration::from_secs(20);

/// Long enough to read the largest of our files.
pub(crate) const LONG: Duration = Duration::from_secs(180);

/// The one page of the browser.
#[derive(Debug)]
pub(crate) struct Page {
    driver: Driver,
}

impl Page {
    pub(crate) const fn new(driver: Driver) -> Self {
        Self { driver }
    }

    pub(crate) const fn driver(&self) -> &Driver {
        &self.driver
    }

    pub(crate) fn into_driver(self) -> Driver {
        self.driver
    }

    /// Opens an address and waits until the page is up.
    pub(crate) async fn open(&self, address: &str) -> Outcome {
        self.driver.client().goto("about:blank").await?;
        self.driver.client().goto(address).await?;
        self.wait_until_up().await
    }

    /// Waits until the page answers: it says that it is not busy.
    pub(crate) async fn wait_until_up(&self) -> Outcome {
        // What stands in index.html is not busy either: the program has drawn its own.
        let script =
            "return document.documentElement.dataset.busy === 'false' && !!document.querySelector('.cr-app')";
        self.until("the page to be up", SHORT, script).await
    }

    /// Runs a script in the page; `args` are its `arguments`.
    pub(crate) async fn run(&self, script: &str, args: Vec<Value>) -> Outcome<Value> {
        Ok(self.driver.client().execute(script, args).await?)
    }

    /// Waits until the script returns something true.
    pub(crate) async fn until(&self, what: &str, limit: Duration, script: &str) -> Outcome {
        self.until_with(what, limit, script, Vec::new()).await.map(drop)
    }

    /// Waits until the script returns something true, and gives it.
    pub(crate) async fn until_with(
        &self,
        what: &str,
        limit: Duration,
        script: &str,
        args: Vec<Value>,
    ) -> Outcome<Value> {
        let start = Instant::now();
        loop {
            let value = self.run(script, args.clone()).await?;
            if is_true(&value) {
                return Ok(value);
            }
            if start.elapsed() > limit {
                return Err(wrong!("waited {} s for {what}", limit.as_secs()));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until everything asked for is drawn.
    pub(crate) async fn settle(&self, limit: Duration) -> Outcome {
        self.until("the page to be done", limit, "return document.documentElement.dataset.busy === 'false'")
            .await
    }

    /// Waits until what the window shows is drawn; a question to the person is drawn though the work waits for it.
    pub(crate) async fn until_drawn(&self) -> Outcome {
        let script = "return document.documentElement.dataset.busy === 'false' || !!document.querySelector('dialog[open]')";
        self.until("the page to be drawn", SHORT, script).await
    }

    /// Waits until the first rows are drawn, which must be before the load is done.
    pub(crate) async fn until_rows_while_reading(&self) -> Outcome {
        let script =
            "const rows = document.querySelectorAll('[data-testid=result-table] [role=gridcell]').length;
            return rows > 0 && [document.documentElement.dataset.busy]";
        let busy = self.until_with("the first rows", SHORT, script, Vec::new()).await?;
        if busy[0] == "true" { Ok(()) } else { Err(wrong!("no rows were shown before the load was done")) }
    }

    /// Waits until the page holds a text, any case.
    pub(crate) async fn until_text(&self, text: &str) -> Outcome {
        let script = "return document.body.innerText.toLowerCase().includes(arguments[0].toLowerCase())";
        self.until_with(&format!("the text “{text}”"), SHORT, script, vec![text.into()]).await.map(drop)
    }

    /// Scrolls the result table to its end and waits for the last row.
    pub(crate) async fn scroll_to_end(&self) -> Outcome {
        let script = "const grid = document.querySelector('[data-testid=result-table]');
            const all = [grid, ...grid.querySelectorAll('*')];
            for (let e = grid.parentElement; e; e = e.parentElement) all.push(e);
            const scroller = all.find((e) => e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(e).overflowY));
            if (scroller) scroller.scrollTop = scroller.scrollHeight;
            const last = grid.querySelector(`[role=row][aria-rowindex='${grid.getAttribute('aria-rowcount')}'] [role=gridcell]`);
            return document.documentElement.dataset.busy === 'false' && grid.getAttribute('aria-busy') !== 'true' &&
                !!last && last.dataset.value !== undefined && last.dataset.value !== ''";
        self.until("the last row", SHORT, script).await
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
