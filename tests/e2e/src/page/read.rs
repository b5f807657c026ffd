//! What the page says of itself, by its handles.

use super::{Page, SHORT};
use crate::outcome::{Outcome, wrong};
use serde_json::Value;

/// A file of the ledger as the document lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerFile {
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) format: String,
    pub(crate) table: String,
    pub(crate) events: u64,
    pub(crate) rejected: u64,
    /// All that is written in its row.
    pub(crate) text: String,
}

impl Page {
    /// The text of the first element with that test id; `None` when there is none.
    pub(crate) async fn find_text(&self, id: &str) -> Outcome<Option<String>> {
        let script = "return document.querySelector(`[data-testid='${arguments[0]}']`)?.textContent ?? null";
        Ok(self.run(script, vec![id.into()]).await?.as_str().map(str::to_owned))
    }

    /// An attribute of the first element with that test id.
    pub(crate) async fn attribute(&self, id: &str, name: &str) -> Outcome<String> {
        let script = "return document.querySelector(`[data-testid='${arguments[0]}']`)?.getAttribute(arguments[1]) ?? null";
        let value = self.run(script, vec![id.into(), name.into()]).await?;
        value.as_str().map(str::to_owned).ok_or_else(|| wrong!("there is no {id} with {name}"))
    }

    /// A figure: an attribute that is a whole number.
    pub(crate) async fn figure(&self, id: &str, name: &str) -> Outcome<u64> {
        let text = self.attribute(id, name).await?;
        text.parse().map_err(|error| wrong!("{id} has {name}={text:?}: {error}"))
    }

    /// Records stored.
    pub(crate) async fn events(&self) -> Outcome<u64> {
        self.figure("event-count", "data-value").await
    }

    /// Waits for so many records: the count follows the work by a tenth of a second where nobody waits for it.
    pub(crate) async fn until_events(&self, count: u64) -> Outcome {
        let script = format!(
            "return document.querySelector('[data-testid=event-count]')?.dataset.value === '{count}'"
        );
        self.until(&format!("{count} records"), SHORT, &script).await
    }

    /// Rows of the result.
    pub(crate) async fn row_count(&self) -> Outcome<u64> {
        self.figure("row-count", "data-value").await
    }

    /// Bytes of all workers' memories.
    pub(crate) async fn memory(&self) -> Outcome<u64> {
        self.figure("memory", "data-value").await
    }

    /// The ledger's totals: files, events, rejected.
    pub(crate) async fn ledger_totals(&self) -> Outcome<(u64, u64, u64)> {
        Ok((
            self.figure("ledger", "data-files").await?,
            self.figure("ledger", "data-events").await?,
            self.figure("ledger", "data-rejected").await?,
        ))
    }

    /// The files of the ledger that are in the document, by name.
    pub(crate) async fn ledger(&self) -> Outcome<Vec<LedgerFile>> {
        let script = "return [...document.querySelectorAll('[data-testid=ledger-file]')].map((e) =>
            [e.dataset.name, e.dataset.status, e.dataset.format, e.dataset.table, e.dataset.events, e.dataset.rejected, e.textContent])";
        let rows = self.run(script, Vec::new()).await?;
        let mut files: Vec<LedgerFile> = rows
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|row| {
                let text = |i: usize| row[i].as_str().unwrap_or_default().to_owned();
                let number = |i: usize| text(i).parse().unwrap_or(0);
                LedgerFile {
                    name: text(0),
                    status: text(1),
                    format: text(2),
                    table: text(3),
                    events: number(4),
                    rejected: number(5),
                    text: text(6),
                }
            })
            .collect();
        files.sort();
        Ok(files)
    }

    /// The one file of the ledger whose name ends so.
    pub(crate) async fn ledger_file(&self, ending: &str) -> Outcome<LedgerFile> {
        let files = self.ledger().await?;
        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        files
            .into_iter()
            .find(|file| file.name.ends_with(ending))
            .ok_or_else(|| wrong!("the ledger has no {ending}, only {}", names.join(", ")))
    }

    /// The columns of the result table: name and type.
    pub(crate) async fn columns(&self) -> Outcome<Vec<(String, String)>> {
        let script = "return [...document.querySelectorAll('[data-testid=result-table] [role=columnheader]')]
            .map((e) => [e.dataset.name, e.dataset.type])";
        Ok(pairs(&self.run(script, Vec::new()).await?))
    }

    /// The rows of the result table that are in the document: each cell's exact value, by column.
    ///
    /// Sorted by position, with `aria-rowindex` first in each.
    pub(crate) async fn rows(&self) -> Outcome<Vec<(u64, Vec<String>)>> {
        let script =
            "return [...document.querySelectorAll('[data-testid=result-table] [role=row][aria-rowindex]')]
            .map((row) => [row.getAttribute('aria-rowindex'),
                [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.dataset.value ?? '')])
            .filter((row) => row[1].length > 0)";
        let value = self.run(script, Vec::new()).await?;
        let mut rows: Vec<(u64, Vec<String>)> = value
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|row| (row[0].as_str().and_then(|n| n.parse().ok()).unwrap_or(0), texts(&row[1])))
            .collect();
        rows.sort();
        Ok(rows)
    }

    /// The values of one column in the rows that are in the document.
    pub(crate) async fn column(&self, name: &str) -> Outcome<Vec<String>> {
        let columns = self.columns().await?;
        let Some(at) = columns.iter().position(|(column, _)| column == name) else {
            return Err(wrong!("the table has no column {name}, only {columns:?}"));
        };
        let rows = self.rows().await?;
        Ok(rows.into_iter().map(|(_, cells)| cells.get(at).cloned().unwrap_or_default()).collect())
    }

    /// Runs a query that gives one number.
    pub(crate) async fn count(&self, query: &str) -> Outcome<u64> {
        if let Some(error) = self.query(query).await? {
            return Err(wrong!("{query}: {error}"));
        }
        let rows = self.rows().await?;
        match rows.as_slice() {
            [(_, cells)] => match cells.as_slice() {
                [cell] => cell.parse().map_err(|error| wrong!("{query}: {cell:?} is no number: {error}")),
                _ => Err(wrong!("{query}: {} columns", cells.len())),
            },
            _ => Err(wrong!("{query}: {} rows, not one", rows.len())),
        }
    }

    /// What the page measured: duration in milliseconds and `detail` of each measure of that name.
    pub(crate) async fn measures(&self, name: &str) -> Outcome<Vec<(f64, Value)>> {
        let script = "return performance.getEntriesByName(arguments[0], 'measure').map((m) => [m.duration, m.detail ?? null])";
        let value = self.run(script, vec![name.into()]).await?;
        let list = value.as_array().cloned().unwrap_or_default();
        Ok(list.into_iter().map(|m| (m[0].as_f64().unwrap_or(0.0), m[1].clone())).collect())
    }
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(texts).map(|mut pair| (pair.remove(0), pair.pop().unwrap_or_default())).collect()
}
