//! Rows of a result as series over an axis: which column is the axis, which are values, which name the series.
//!
//! Follows Kusto: the axis is `xcolumn`, else the first time for a `timechart`, else the first column; values are
//! `ycolumns`, else all numbers; what is left of texts (or `series`) names the series.

use crate::spec::{Kind, Spec};
use chartroom_base::{sort, ticks::Ticks};
use std::collections::BTreeMap;

/// Most series that are drawn; those with the largest sums.
pub const MOST_SERIES: usize = 24;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: not drawn.
    Null,
    /// A number; of a time span, its seconds.
    Number(f64),
    /// A time.
    Time(Ticks),
    /// Anything else, as it is exported.
    Text(String),
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Numbers.
    Numbers,
    /// Times.
    Times,
    /// Anything else.
    Texts,
}

/// The result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Name and contents of each column.
    pub columns: Vec<(String, Holds)>,
    /// The rows; one value a column.
    pub rows: Vec<Vec<Value>>,
}

/// The places along the first axis: distinct; times and numbers ascending, names in the order of the rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Places {
    /// Times.
    Times(Vec<Ticks>),
    /// Numbers.
    Numbers(Vec<f64>),
    /// Names.
    Names(Vec<String>),
}

impl Places {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Times(times) => times.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Names(names) => names.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Values that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// Index of the place, and the value; ascending by place.
    pub points: Vec<(usize, f64)>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The first axis.
    pub places: Places,
    /// The series, in the order of their first row.
    pub series: Vec<Series>,
    /// Name of the column along the first axis.
    pub x_name: String,
    /// Name of the column of values, when it is one.
    pub y_name: String,
    /// What is left out, one sentence each.
    pub notes: Vec<String>,
}

impl Table {
    /// The figures that `spec` asks for.
    ///
    /// # Errors
    /// In words, when the columns do not make such a chart.
    pub fn figures(&self, spec: &Spec) -> Result<Figures, String> {
        let x = self.axis(spec)?;
        let named = |names: &[String]| -> Result<Vec<usize>, String> {
            names.iter().map(|name| self.find(name)).collect()
        };
        let mut series = named(&spec.series)?;
        let mut values = named(&spec.y_columns)?;
        if values.is_empty() {
            let is_value = |at: &usize| *at != x && !series.contains(at) && self.holds(*at) == Holds::Numbers;
            values = (0..self.columns.len()).filter(is_value).collect();
            if spec.kind == Kind::Pie {
                values.truncate(1);
            }
        }
        if values.is_empty() {
            return Err(format!(
                "a {} needs a column of numbers beside `{}`",
                spec.kind.name(),
                self.name(x)
            ));
        }
        if series.is_empty() && spec.kind != Kind::Pie {
            let is_series = |at: &usize| *at != x && !values.contains(at) && self.holds(*at) == Holds::Texts;
            series = (0..self.columns.len()).filter(is_series).collect();
        }
        let mut notes = Vec::new();
        let (places, index) = self.places(x, spec.kind, &mut notes);
        let mut order: Vec<String> = Vec::new();
        let mut points: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        for (row, place) in self.rows.iter().zip(index) {
            let Some(place) = place else { continue };
            let parts: Vec<String> =
                series.iter().map(|at| row.get(*at).map_or_else(String::new, words)).collect();
            for &column in &values {
                let Some(Value::Number(number)) = row.get(column).filter(|value| is_finite(value)) else {
                    continue;
                };
                let name = match (parts.is_empty(), values.len()) {
                    (true, _) => self.name(column).to_owned(),
                    (false, 1) => parts.join(", "),
                    (false, _) => format!("{}: {}", parts.join(", "), self.name(column)),
                };
                let name = if name.is_empty() { "(empty)".to_owned() } else { name };
                let list = points.entry(name.clone()).or_insert_with(|| {
                    order.push(name);
                    Vec::new()
                });
                list.push((place, *number));
            }
        }
        let mut series: Vec<Series> = order
            .into_iter()
            .filter_map(|name| points.remove(&name).map(|points| Series { name, points }))
            .collect();
        if series.len() > MOST_SERIES {
            notes.push(format!(
                "{MOST_SERIES} of {} series are drawn: those with the largest sums",
                series.len()
            ));
            largest(&mut series);
        }
        for series in &mut series {
            sort::sort_by_key(&mut series.points, |(place, _)| *place);
            if spec.is_accumulated {
                let mut sum = 0.0;
                for (_, value) in &mut series.points {
                    sum += *value;
                    *value = sum;
                }
            }
        }
        let y_name = if let [one] = values.as_slice() { self.name(*one).to_owned() } else { String::new() };
        Ok(Figures { places, series, x_name: self.name(x).to_owned(), y_name, notes })
    }

    fn axis(&self, spec: &Spec) -> Result<usize, String> {
        if let Some(name) = &spec.x_column {
            return self.find(name);
        }
        let first = |holds| (0..self.columns.len()).find(|at| self.holds(*at) == holds);
        match spec.kind {
            Kind::Time => first(Holds::Times).ok_or_else(|| "a timechart needs a column of times".to_owned()),
            // A share has a name; without a text the first column is it.
            Kind::Pie => Ok(first(Holds::Texts).unwrap_or(0)),
            _ if self.columns.is_empty() => Err("there are no columns to draw".to_owned()),
            _ => Ok(0),
        }
    }

    fn find(&self, name: &str) -> Result<usize, String> {
        let place = self.columns.iter().position(|(column, _)| column == name);
        place.ok_or_else(|| format!("the result has no column `{name}` to draw"))
    }

    fn holds(&self, at: usize) -> Holds {
        self.columns.get(at).map_or(Holds::Texts, |(_, holds)| *holds)
    }

    fn name(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", |(name, _)| name.as_str())
    }

    /// The places of column `x`, and which of them each row has.
    fn places(&self, x: usize, kind: Kind, notes: &mut Vec<String>) -> (Places, Vec<Option<usize>>) {
        let is_scale = matches!(kind, Kind::Time | Kind::Line | Kind::Area | Kind::Scatter);
        let at = |row: &Vec<Value>| row.get(x).cloned().unwrap_or(Value::Null);
        let (places, index): (Places, Vec<Option<usize>>) = match self.holds(x) {
            Holds::Times => {
                let of = |row| if let Value::Time(time) = at(row) { Some(time) } else { None };
                let mut times: Vec<Ticks> = self.rows.iter().filter_map(of).collect();
                sort::sort(&mut times);
                times.dedup();
                let index = self.rows.iter().map(|row| times.binary_search(&of(row)?).ok()).collect();
                (Places::Times(times), index)
            }
            Holds::Numbers if is_scale => {
                let of = |row| {
                    if let Value::Number(number) = at(row) {
                        Some(number).filter(|n| n.is_finite())
                    } else {
                        None
                    }
                };
                let mut numbers: Vec<f64> = self.rows.iter().filter_map(of).collect();
                sort::sort_by(&mut numbers, f64::total_cmp);
                numbers.dedup();
                let find = |number: f64| numbers.binary_search_by(|have| have.total_cmp(&number)).ok();
                let index = self.rows.iter().map(|row| find(of(row)?)).collect();
                (Places::Numbers(numbers), index)
            }
            _ => {
                let mut names: Vec<String> = Vec::new();
                let mut known: BTreeMap<String, usize> = BTreeMap::new();
                let index = self.rows.iter().map(|row| {
                    let word = words(&at(row));
                    let word = if word.is_empty() { "(empty)".to_owned() } else { word };
                    Some(*known.entry(word.clone()).or_insert_with(|| {
                        names.push(word);
                        names.len() - 1
                    }))
                });
                let index = index.collect();
                (Places::Names(names), index)
            }
        };
        let without = index.iter().filter(|place| place.is_none()).count();
        if without > 0 {
            notes.push(format!("{without} rows without a value in `{}` are not drawn", self.name(x)));
        }
        (places, index)
    }
}

/// Keeps the series with the largest sums, in their order.
fn largest(series: &mut Vec<Series>) {
    let sum = |series: &Series| series.points.iter().map(|(_, value)| value.abs()).sum::<f64>();
    let mut sums: Vec<f64> = series.iter().map(sum).collect();
    sort::sort_by(&mut sums, |a, b| b.total_cmp(a));
    let least = sums.get(MOST_SERIES - 1).copied().unwrap_or(0.0);
    series.retain(|series| sum(series) >= least);
    series.truncate(MOST_SERIES);
}

const fn is_finite(value: &Value) -> bool {
    matches!(value, Value::Number(number) if number.is_finite())
}

/// A value as a name.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Number(number) => format!("{number}"),
        Value::Time(time) => time.to_string(),
        Value::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::read;

    fn table(columns: &[(&str, Holds)], rows: &[&[Value]]) -> Table {
        Table {
            columns: columns.iter().map(|(name, holds)| ((*name).to_owned(), *holds)).collect(),
            rows: rows.iter().map(|row| row.to_vec()).collect(),
        }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn spec(chart: &str) -> Spec {
        read(chart, &[]).unwrap().unwrap().spec
    }

    #[test]
    fn a_time_a_text_and_a_count_are_lines_by_text() {
        let table = table(
            &[("Kind", Holds::Texts), ("Time", Holds::Times), ("count_", Holds::Numbers)],
            &[
                &[text("a"), Value::Time(Ticks(20)), Value::Number(2.0)],
                &[text("b"), Value::Time(Ticks(10)), Value::Number(1.0)],
                &[text("a"), Value::Time(Ticks(10)), Value::Number(3.0)],
                &[text("a"), Value::Null, Value::Number(9.0)],
            ],
        );
        let figures = table.figures(&spec("timechart")).unwrap();
        assert_eq!(figures.places, Places::Times(vec![Ticks(10), Ticks(20)]));
        let told: Vec<_> =
            figures.series.iter().map(|series| (series.name.as_str(), series.points.clone())).collect();
        assert_eq!(told, [("a", vec![(0, 3.0), (1, 2.0)]), ("b", vec![(0, 1.0)])]);
        assert_eq!(figures.notes, ["1 rows without a value in `Time` are not drawn"]);
        assert_eq!(table.figures(&spec("timechart")).unwrap().y_name, "count_");
    }

    #[test]
    fn columns_of_numbers_are_series_of_their_own() {
        let table = table(
            &[("Name", Holds::Texts), ("min", Holds::Numbers), ("max", Holds::Numbers)],
            &[
                &[text("x"), Value::Number(1.0), Value::Number(2.0)],
                &[text(""), Value::Number(f64::NAN), Value::Number(5.0)],
            ],
        );
        let figures = table.figures(&spec("columnchart")).unwrap();
        assert_eq!(figures.places, Places::Names(vec!["x".into(), "(empty)".into()]));
        let told: Vec<_> =
            figures.series.iter().map(|series| (series.name.as_str(), series.points.clone())).collect();
        assert_eq!(told, [("min", vec![(0, 1.0)]), ("max", vec![(0, 2.0), (1, 5.0)])]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let table = table(&[("Name", Holds::Texts)], &[&[text("x")]]);
        assert_eq!(table.figures(&spec("timechart")), Err("a timechart needs a column of times".to_owned()));
        assert_eq!(
            table.figures(&spec("piechart")),
            Err("a piechart needs a column of numbers beside `Name`".to_owned())
        );
        let mut with = spec("columnchart");
        with.y_columns = vec!["nope".to_owned()];
        assert_eq!(table.figures(&with), Err("the result has no column `nope` to draw".to_owned()));
    }

    #[test]
    fn of_very_many_series_the_largest_are_drawn() {
        let rows: Vec<Vec<Value>> = (0..100)
            .map(|at| vec![Value::Number(0.0), text(&format!("s{at}")), Value::Number(f64::from(at))])
            .collect();
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        let table = table(&[("x", Holds::Numbers), ("s", Holds::Texts), ("y", Holds::Numbers)], &rows);
        let figures = table.figures(&spec("linechart")).unwrap();
        assert_eq!(figures.series.len(), MOST_SERIES);
        assert_eq!(figures.series.last().unwrap().name, "s99");
        assert_eq!(figures.notes, ["24 of 100 series are drawn: those with the largest sums"]);
    }
}
