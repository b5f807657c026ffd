//! The ledger as a file to keep: CSV, and JSON as the command line prints it.

use chartroom_protocol::{ledger::LedgerFile, request::LedgerFormat};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The ledger as text. Files in the order given.
pub(crate) fn write(files: &[LedgerFile], format: LedgerFormat) -> String {
    match format {
        LedgerFormat::Json => {
            let files: Vec<Value> = files.iter().map(|file| entry(file, files)).collect();
            let mut text = serde_json::to_string_pretty(&json!({ "files": files })).unwrap_or_default();
            text.push('\n');
            text
        }
        LedgerFormat::Csv => csv(files),
    }
}

fn entry(file: &LedgerFile, files: &[LedgerFile]) -> Value {
    json!({
        "name": file.path,
        "status": file.status.word(),
        "source": { "name": file.source.name, "bytes": file.source.bytes, "sha256": file.source.sha256 },
        "containers": file.containers.iter()
            .map(|container| json!({ "kind": container.kind, "name": container.name }))
            .collect::<Vec<_>>(),
        "bytes": file.bytes,
        "sha256": file.sha256,
        "format": file.format,
        "why": file.why,
        "table": file.table,
        "tables": file.tables,
        "records": file.records,
        "stored": file.stored,
        "rejected": file.rejected,
        "repaired": file.repaired,
        "duplicates": file.duplicates,
        "bytes_records": file.bytes_records,
        "bytes_rejected": file.bytes_rejected,
        "bytes_between": file.bytes_between,
        "first_time": file.first_time.map(|time| time.to_string()),
        "last_time": file.last_time.map(|time| time.to_string()),
        "same_as": file.same_as.and_then(|first| files.iter().find(|file| file.file == first)).map(|first| &first.path),
        "digest": file.digest,
        "recognised": file.recognised,
        "earlier": file.earlier,
        "problems": file.problems.iter()
            .map(|problem| json!({ "offset": problem.offset, "line": problem.line, "reason": problem.reason }))
            .collect::<Vec<_>>(),
    })
}

const HEAD: &str = "name,status,source,source_bytes,source_sha256,containers,bytes,sha256,format,why,table,tables,records,\
stored,rejected,repaired,duplicates,bytes_records,bytes_rejected,bytes_between,first_time,last_time,problems,\
first_problem";

fn csv(files: &[LedgerFile]) -> String {
    let mut text = String::from(HEAD);
    text.push_str("\r\n");
    for file in files {
        let containers: Vec<&str> = file.containers.iter().map(|container| container.kind.as_str()).collect();
        let tables: Vec<String> = file.tables.iter().map(|(name, rows)| format!("{name}={rows}")).collect();
        let problem = file
            .problems
            .first()
            .map_or_else(String::new, |first| format!("byte {}: {}", first.offset, first.reason));
        let time = |time: Option<chartroom_base::ticks::Ticks>| {
            time.map_or_else(String::new, |time| time.to_string())
        };
        let cells = [
            file.path.clone(),
            file.status.word().to_owned(),
            file.source.name.clone(),
            file.source.bytes.to_string(),
            file.source.sha256.clone().unwrap_or_default(),
            containers.join(" "),
            file.bytes.to_string(),
            file.sha256.clone().unwrap_or_default(),
            file.format.clone(),
            file.why.clone(),
            file.table.clone(),
            tables.join(" "),
            file.records.to_string(),
            file.stored.to_string(),
            file.rejected.to_string(),
            file.repaired.to_string(),
            file.duplicates.to_string(),
            file.bytes_records.to_string(),
            file.bytes_rejected.to_string(),
            file.bytes_between.to_string(),
            time(file.first_time),
            time(file.last_time),
            file.problem_count.to_string(),
            problem,
        ];
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push_str("\r\n");
    }
    text
}

/// Quoted where it must be; a text that a spreadsheet would take for a formula gets a quote mark before it, for file
/// names come from strangers.
fn push_cell(text: &mut String, cell: &str) {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
    if guard.is_empty() && !cell.contains(['"', ',', '\n', '\r']) {
        text.push_str(cell);
    } else {
        // Writing to a String cannot fail.
        write!(text, "\"{guard}{}\"", cell.replace('"', "\"\"")).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        let mut text = String::new();
        for cell in ["plain", "a,b", "say \"x\"", "=1+1"] {
            push_cell(&mut text, cell);
            text.push('|');
        }
        assert_eq!(text, "plain|\"a,b\"|\"say \"\"x\"\"\"|\"'=1+1\"|");
    }
}
