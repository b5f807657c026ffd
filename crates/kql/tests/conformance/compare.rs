//! A pair, and whether an answer is the one expected.

use chartroom_kql::{Answer, Plan, value::Value, value::push_export};
use chartroom_schema::kind::Kind;
use serde_json::Value as Json;

/// A query and what it is known to answer.
pub(crate) struct Pair {
    pub(crate) id: String,
    pub(crate) query: String,
    pub(crate) area: String,
    /// Names, and types where they are known.
    columns: Vec<(String, Option<String>)>,
    rows: Option<Vec<Vec<Json>>>,
    is_ordered: bool,
    is_approximate: bool,
}

impl Pair {
    pub(crate) fn read(line: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(line).ok()?;
        let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let columns = json.get("columns")?.as_array()?.iter().map(|column| {
            let text = |name: &str| column.get(name).and_then(Json::as_str).map(str::to_owned);
            (text("name").unwrap_or_default(), text("type"))
        });
        let rows = json
            .get("rows")
            .and_then(Json::as_array)
            .map(|rows| rows.iter().map(|row| row.as_array().cloned().unwrap_or_default()).collect());
        let truth = |name: &str| json.get(name).and_then(Json::as_bool).unwrap_or(false);
        Some(Self {
            id: text("id"),
            query: text("query"),
            area: text("area"),
            columns: columns.collect(),
            rows: if truth("names_only") { None } else { rows },
            is_ordered: truth("ordered"),
            is_approximate: truth("approx"),
        })
    }

    /// # Errors
    /// How the answer differs.
    pub(crate) fn check(&self, plan: &Plan, answer: &Answer) -> Result<(), String> {
        let names: Vec<&str> = plan.columns.iter().map(|column| column.name.as_str()).collect();
        let expected: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        if names != expected {
            return Err(format!("columns {names:?}, expected {expected:?}"));
        }
        let Some(rows) = &self.rows else { return Ok(()) };
        for (column, (name, kind)) in plan.columns.iter().zip(&self.columns) {
            if let Some(kind) = kind
                && kind != column.kind.name()
            {
                return Err(format!("column {name} is {}, expected {kind}", column.kind.name()));
            }
        }
        let kinds: Vec<Kind> = plan.columns.iter().map(|column| column.kind).collect();
        let given: Vec<Vec<Json>> = (0..answer.row_count())
            .filter_map(|row| answer.values(row))
            .map(|row| row.iter().zip(&kinds).map(|(value, kind)| json(value, *kind)).collect())
            .collect();
        if given.len() != rows.len() {
            return Err(format!("{} rows, expected {}: {}", given.len(), rows.len(), shown(&given)));
        }
        let mut left: Vec<&Vec<Json>> = given.iter().collect();
        for (at, row) in rows.iter().enumerate() {
            let found = if self.is_ordered {
                left.first().filter(|given| self.same_row(given, row)).map(|_| 0)
            } else {
                left.iter().position(|given| self.same_row(given, row))
            };
            match found {
                Some(found) => drop(left.remove(found)),
                None => {
                    return Err(format!(
                        "no row {} ({at}) in {}",
                        Json::from(row.clone()),
                        left.first().map_or_else(String::new, |row| Json::from((*row).clone()).to_string())
                    ));
                }
            }
        }
        Ok(())
    }

    fn same_row(&self, given: &[Json], expected: &[Json]) -> bool {
        given.len() == expected.len()
            && given.iter().zip(expected).all(|(given, expected)| self.same(given, expected))
    }

    fn same(&self, given: &Json, expected: &Json) -> bool {
        match (given, expected) {
            (Json::Number(a), Json::Number(b)) => {
                if a == b {
                    return true;
                }
                let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
                let tolerance = if self.is_approximate { 0.05 } else { 1e-6 };
                a == b || (a - b).abs() <= tolerance * a.abs().max(b.abs()) || (a - b).abs() < 1e-12
            }
            (Json::Array(a), Json::Array(b)) => {
                if a.len() != b.len() {
                    return false;
                }
                if a.iter().zip(b).all(|(a, b)| self.same(a, b)) {
                    return true;
                }
                let is_set = self.query.contains("make_set")
                    || self.query.contains("makeset")
                    || self.query.contains("set_");
                is_set && a.iter().all(|a| b.iter().any(|b| self.same(a, b)))
            }
            (Json::Object(a), Json::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| self.same(a, b)))
            }
            (a, b) => a == b,
        }
    }
}

fn shown(rows: &[Vec<Json>]) -> String {
    let text =
        Json::from(rows.iter().take(5).map(|row| Json::from(row.clone())).collect::<Vec<_>>()).to_string();
    text.chars().take(300).collect()
}

fn json(value: &Value<'_>, kind: Kind) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::from(*truth),
        Value::Long(long) if matches!(kind, Kind::Int | Kind::Long) => Json::from(*long),
        Value::Text(text) if kind == Kind::Decimal => Json::from(text.parse::<f64>().ok()),
        Value::Real(real) if real.is_finite() => Json::from(*real),
        Value::Text(text) if kind == Kind::Dynamic => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::from(format!("no JSON: {text}")))
        }
        other => {
            let mut text = String::new();
            push_export(&mut text, other, kind);
            Json::from(text)
        }
    }
}
