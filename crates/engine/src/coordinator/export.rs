//! The ledger as a file to keep: CSV, and JSON as the command line prints it.

use chartroom_base::json::Json;
use chartroom_protocol::{
    ledger::{DigestCheck, EarlierReading, LedgerFile, Recognised},
    request::LedgerFormat,
};

use std::fmt::Write as _;

/// The ledger as text. Files in the order given.
pub(crate) fn write(files: &[LedgerFile], format: LedgerFormat) -> String {
    match format {
        LedgerFormat::Json => {
            let mut text = String::new();
            object([("files", list(files, |file| entry(file, files)))]).write_pretty(&mut text, 0);
            text.push('\n');
            text
        }
        LedgerFormat::Csv => csv(files),
    }
}

fn entry(file: &LedgerFile, files: &[LedgerFile]) -> Json {
    let time =
        |time: Option<chartroom_base::ticks::Ticks>| maybe(time.map(|time| time.to_string()).as_deref());
    let first = file.same_as.and_then(|first| files.iter().find(|file| file.file == first));
    object([
        ("name", text(&file.path)),
        ("status", text(file.status.word())),
        (
            "source",
            object([
                ("name", text(&file.source.name)),
                ("bytes", number(file.source.bytes)),
                ("sha256", maybe(file.source.sha256.as_deref())),
            ]),
        ),
        (
            "containers",
            list(&file.containers, |container| {
                object([("kind", text(&container.kind)), ("name", text(&container.name))])
            }),
        ),
        ("bytes", number(file.bytes)),
        ("sha256", maybe(file.sha256.as_deref())),
        ("format", text(&file.format)),
        ("why", text(&file.why)),
        ("table", text(&file.table)),
        (
            "tables",
            Json::Object(file.tables.iter().map(|(name, rows)| (name.clone(), number(rows))).collect()),
        ),
        ("records", number(file.records)),
        ("stored", number(file.stored)),
        ("rejected", number(file.rejected)),
        ("repaired", number(file.repaired)),
        ("duplicates", number(file.duplicates)),
        ("bytes_records", number(file.bytes_records)),
        ("bytes_rejected", number(file.bytes_rejected)),
        ("bytes_between", number(file.bytes_between)),
        ("first_time", time(file.first_time)),
        ("last_time", time(file.last_time)),
        ("same_as", maybe(first.map(|first| first.path.as_str()))),
        ("digest", file.digest.as_ref().map_or(Json::Null, digest)),
        ("recognised", recognised(&file.recognised)),
        ("earlier", list(&file.earlier, earlier)),
        (
            "problems",
            list(&file.problems, |problem| {
                object([
                    ("offset", number(problem.offset)),
                    ("line", problem.line.map_or(Json::Null, number)),
                    ("reason", text(&problem.reason)),
                ])
            }),
        ),
    ])
}

fn digest(check: &DigestCheck) -> Json {
    object([
        ("listed", number(check.listed)),
        ("found", number(check.found)),
        ("matching", number(check.matching)),
        ("altered", number(check.altered)),
        ("missing", number(check.missing)),
        ("altered_files", list(&check.altered_files, |name| text(name))),
        ("missing_files", list(&check.missing_files, |name| text(name))),
    ])
}

fn recognised(told: &Recognised) -> Json {
    object([
        ("encoding", text(&told.encoding)),
        ("delimiter", text(&told.delimiter)),
        ("zone", text(&told.zone)),
        ("is_zone_assumed", Json::Bool(told.is_zone_assumed)),
        ("zone_wanted", text(&told.zone_wanted)),
        ("day_order", text(&told.day_order)),
        ("is_order_guessed", Json::Bool(told.is_order_guessed)),
        ("told", list(&told.told, |hint| text(hint))),
    ])
}

fn earlier(reading: &EarlierReading) -> Json {
    object([
        ("format", text(&reading.format)),
        ("table", text(&reading.table)),
        ("why", text(&reading.why)),
        ("stored", number(reading.stored)),
        ("rejected", number(reading.rejected)),
        ("recognised", recognised(&reading.recognised)),
    ])
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Json) -> Json {
    Json::List(items.iter().map(write).collect())
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn maybe(found: Option<&str>) -> Json {
    found.map_or(Json::Null, text)
}

fn number(number: impl ToString) -> Json {
    Json::Number(number.to_string())
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
