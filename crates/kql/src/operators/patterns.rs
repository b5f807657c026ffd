//! `evaluate autocluster()`, `basket()`, `diffpatterns()`: combinations of values that many rows share.
//!
//! All rows are held as codes, a number per distinct value and column. Combinations are grown value by value, column by column, as long as
//! enough rows have them; one call looks at one column of a batch of the rows of one combination. `basket` gives all of them, `autocluster` the few that together say
//! most of the rows, `diffpatterns` those whose share differs between two groups of rows.

use chartroom_base::sort;
use super::{Body, Operator, Pulled, Refusal, Run, Setup, plugins};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{BATCH_ROWS, Builder, Frame},
    plan::Constant,
    relation::Column,
    value::{Value, push_export},
    work,
};
use chartroom_kql_syntax::ast::{Expr, ExprKind};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};

/// The most values in one combination.
const MAX_VALUES: usize = 5;
/// The most combinations that are kept.
const MAX_FOUND: usize = 20_000;
/// The most that `autocluster` gives.
const MAX_CLUSTERS: usize = 10;

/// Combinations of values of the columns; for [`Way::Differ`] the last column says which group a row is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patterns {
    /// Which of them come out.
    pub way: Way,
    /// The share of rows that a combination needs, 0 to 1.
    pub threshold: f64,
    /// What size counts beside detail, 0 to 1.
    pub size_weight: f64,
}

/// Which combinations come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// `basket`: all.
    All,
    /// `autocluster`: the few that say most.
    Few,
    /// `diffpatterns`: those that tell these two groups apart.
    Differ(String, String),
}

/// `evaluate autocluster(…)`, `basket(…)`, `diffpatterns(column, "A", "B")`.
pub(super) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &plugins::Clause<'_>) -> Result<Pipe, Told> {
    let mut patterns = Patterns { way: Way::All, threshold: 0.05, size_weight: 0.5 };
    let mut pipe = binder.rows_of(pipe);
    let mut rest: &[Expr] = clause.arguments;
    let mut group = None;
    match clause.name.text.as_str() {
        "diffpatterns" => {
            let name = plugins::column_of(binder, clause, rest.first())?;
            let mut text = |at: usize| match rest.get(at).map(|argument| binder.constant(argument)) {
                Some(Ok((Kind::String, Constant::Text(text)))) => Ok(text),
                Some(Err(told)) => Err(told),
                _ => Err(binder.error("KQL0111", clause.span, "`diffpatterns` is written `diffpatterns(column, 'A', 'B')`")),
            };
            patterns.way = Way::Differ(text(1)?, text(2)?);
            rest = rest.get(3..).unwrap_or_default();
            let own = plugins::call("tostring", vec![plugins::name(&name.text, name.span)], name.span);
            let cells = binder.cells(&mut pipe, &own)?;
            group = Some((binder.resolved(&pipe, &name)?, Given::new("", cells)));
        }
        "autocluster" => patterns.way = Way::Few,
        _ => {}
    }
    for argument in rest {
        match &argument.kind {
            ExprKind::Name(_) => {
                let message = "Weights and column names are not supported here; `project` the columns before";
                return Err(binder.error("KQL0023", argument.span, message));
            }
            _ => match binder.constant(argument)?.1 {
                Constant::Real(real) if (0.0..=1.0).contains(&real) && patterns.way == Way::Few => {
                    patterns.size_weight = real;
                }
                Constant::Real(real) if (0.0..=1.0).contains(&real) => patterns.threshold = real,
                // `'~'`: as it is without.
                Constant::Text(text) if text == "~" => {}
                _ => {
                    let message = format!("`{}` does not support this value here", clause.name.text);
                    return Err(binder.error("KQL0023", argument.span, message));
                }
            },
        }
    }
    let is_group = |given: &Given| group.as_ref().is_some_and(|(name, _)| given.column.shown.name == *name);
    let mut given: Vec<Given> =
        pipe.given().into_iter().filter(|given| !given.column.is_hidden && !is_group(given)).collect();
    let mut columns: Vec<Column> = match patterns.way {
        Way::Differ(..) => [
            ("SegmentId", Kind::Long),
            ("CountA", Kind::Long),
            ("CountB", Kind::Long),
            ("PercentA", Kind::Real),
            ("PercentB", Kind::Real),
            ("PercentDiffAB", Kind::Real),
        ]
        .iter()
        .map(|(name, kind)| Column::new(*name, *kind))
        .collect(),
        _ => [("SegmentId", Kind::Long), ("Count", Kind::Long), ("Percent", Kind::Real)]
            .iter()
            .map(|(name, kind)| Column::new(*name, *kind))
            .collect(),
    };
    columns.extend(given.iter().map(|given| Column::new(given.column.shown.name.clone(), given.column.kind())));
    given.extend(group.map(|(_, given)| given));
    let count = columns.len();
    let input = binder.seal(pipe, given);
    let relation = binder.relation(Body::Patterns(patterns), vec![input], columns);
    Ok(binder.restart(relation, count))
}

impl Operator for Patterns {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let mut kinds = setup.input_kinds(0);
        if matches!(self.way, Way::Differ(..)) {
            kinds.pop();
        }
        Box::new(Finding {
            patterns: self.clone(),
            coded: kinds.iter().map(|_| Coded::default()).collect(),
            kinds,
            output: setup.output_kinds(),
            groups: Vec::new(),
            rows: 0,
            stack: Vec::new(),
            growing: None,
            found: Vec::new(),
            is_ended: false,
            is_given: false,
        })
    }
}

/// A column as codes.
#[derive(Default)]
struct Coded {
    numbers: BTreeMap<String, u32>,
    values: Vec<Value<'static>>,
    codes: Vec<u32>,
}

/// A value of a column.
type Item = (usize, u32);

/// A combination, the rows that have it, and the column that is looked at next.
struct Candidate {
    items: Vec<Item>,
    rows: Vec<u32>,
    next: usize,
}

/// A combination that is being grown by one column.
struct Growing {
    candidate: Candidate,
    /// How many of its rows were looked at.
    looked: usize,
    /// Per value of the column its rows, and how many of them are of the first group.
    rows: BTreeMap<u32, (Vec<u32>, u32)>,
}

/// A combination with how many rows have it, of both groups where there are two.
struct Found {
    items: Vec<Item>,
    count: u32,
    counts: (u32, u32),
}

struct Finding {
    patterns: Patterns,
    coded: Vec<Coded>,
    kinds: Vec<Kind>,
    output: Vec<Kind>,
    /// Per row whether it is of the first or second group, where there are two.
    groups: Vec<bool>,
    rows: u32,
    stack: Vec<Candidate>,
    growing: Option<Growing>,
    found: Vec<Found>,
    is_ended: bool,
    is_given: bool,
}

fn share(count: u32, of: u32) -> f64 {
    f64::from(count) / f64::from(of.max(1))
}

impl Finding {
    fn totals(&self) -> (u32, u32) {
        let first = u32::try_from(self.groups.iter().filter(|is_first| **is_first).count()).unwrap_or(u32::MAX);
        (first, self.rows.saturating_sub(first))
    }

    /// Whether enough rows have a combination for it to be grown; of both groups.
    fn is_common(&self, counts: (u32, u32)) -> bool {
        if let Way::Differ(..) = self.patterns.way {
            let ((a, b), totals) = (counts, self.totals());
            return share(a, totals.0).max(share(b, totals.1)) >= self.patterns.threshold;
        }
        share(counts.0.saturating_add(counts.1), self.rows) >= self.patterns.threshold
    }

    /// A batch of the rows of one combination, by one column.
    fn grow(&mut self, mut growing: Growing) {
        let Growing { candidate, looked, rows: by_value } = &mut growing;
        let Some(column) = self.coded.get(candidate.next) else { return };
        let end = candidate.rows.len().min(looked.saturating_add(BATCH_ROWS));
        for row in candidate.rows.get(*looked..end).unwrap_or_default() {
            let code = column.codes.get(*row as usize).copied().unwrap_or(u32::MAX);
            let is_empty = column.values.get(code as usize).is_none_or(|value| value.is_null() || *value == Value::EMPTY);
            if !is_empty {
                let (rows, of_first) = by_value.entry(code).or_default();
                rows.push(*row);
                *of_first += u32::from(self.groups.get(*row as usize) == Some(&true));
            }
        }
        work::count(end - *looked);
        *looked = end;
        if end < candidate.rows.len() {
            self.growing = Some(growing);
            return;
        }
        let Growing { candidate, rows, .. } = growing;
        let at = candidate.next;
        for (code, (rows, of_first)) in rows {
            let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let counts = (of_first, count.saturating_sub(of_first));
            if !self.is_common(counts) || self.found.len() >= MAX_FOUND {
                continue;
            }
            let mut items = candidate.items.clone();
            items.push((at, code));
            self.found.push(Found { items: items.clone(), count, counts });
            if items.len() < MAX_VALUES {
                self.stack.push(Candidate { items, rows, next: at + 1 });
            }
        }
        self.stack.push(Candidate { next: at + 1, ..candidate });
    }

    /// What comes out, in order.
    fn chosen(&mut self) -> Vec<Found> {
        let mut found = std::mem::take(&mut self.found);
        let (way, totals) = (self.patterns.way.clone(), self.totals());
        match way {
            Way::All => {}
            Way::Differ(..) => {
                let gap = |found: &Found| {
                    (share(found.counts.0, totals.0) - share(found.counts.1, totals.1)).abs()
                };
                found.retain(|found| gap(found) >= self.patterns.threshold);
                sort::sort_by(&mut found, |a, b| gap(b).total_cmp(&gap(a)).then_with(|| a.items.cmp(&b.items)));
                return found;
            }
            Way::Few => return self.clusters(found),
        }
        sort::sort_by(&mut found, |a, b| b.count.cmp(&a.count).then_with(|| a.items.cmp(&b.items)));
        found
    }

    /// The combinations that say most, each of rows that none before it has.
    fn clusters(&self, found: Vec<Found>) -> Vec<Found> {
        let weight = self.patterns.size_weight;
        let width = u32::try_from(self.coded.len()).unwrap_or(u32::MAX);
        let score = |found: &Found| {
            let items = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
            weight * share(found.count, self.rows) + (1.0 - weight) * share(items, width)
        };
        let mut sorted: Vec<(f64, Found)> = found.into_iter().map(|found| (score(&found), found)).collect();
        sort::sort_by(&mut sorted, |a, b| b.0.total_cmp(&a.0).then_with(|| a.1.items.cmp(&b.1.items)));
        let mut chosen: Vec<Found> = Vec::new();
        for (_, found) in sorted {
            // What holds all values of another, or is held by it, says nothing new.
            let is_within = |a: &Found, b: &Found| a.items.iter().all(|item| b.items.contains(item));
            if chosen.iter().all(|known| !is_within(known, &found) && !is_within(&found, known)) {
                chosen.push(found);
            }
            if chosen.len() >= MAX_CLUSTERS {
                break;
            }
        }
        sort::sort_by(&mut chosen, |a, b| b.count.cmp(&a.count).then_with(|| a.items.cmp(&b.items)));
        chosen
    }

    fn frame(&mut self) -> Frame {
        let chosen = self.chosen();
        let totals = self.totals();
        let mut builders: Vec<Builder> = self.output.iter().map(|kind| Builder::new(*kind)).collect();
        let percent = |count, of| Value::Real((share(count, of) * 10_000.0).round() / 100.0);
        for (number, found) in (0_i64..).zip(&chosen) {
            let mut values = vec![Value::Long(number)];
            if let Way::Differ(..) = self.patterns.way {
                let (a, b) = found.counts;
                let gap = (share(a, totals.0) - share(b, totals.1)).abs();
                values.extend([Value::Long(i64::from(a)), Value::Long(i64::from(b))]);
                values.extend([percent(a, totals.0), percent(b, totals.1)]);
                values.push(Value::Real((gap * 10_000.0).round() / 100.0));
            } else {
                values.extend([Value::Long(i64::from(found.count)), percent(found.count, self.rows)]);
            }
            for (at, column) in self.coded.iter().enumerate() {
                let code = found.items.iter().find(|(own, _)| *own == at).map(|(_, code)| *code);
                values.push(code.and_then(|code| column.values.get(code as usize).cloned()).unwrap_or(Value::Null));
            }
            for (builder, value) in builders.iter_mut().zip(&values) {
                builder.push(value);
            }
        }
        let columns = builders.into_iter().map(|builder| Rc::new(builder.finish())).collect();
        Frame::new(chosen.len(), columns)
    }
}

impl Run for Finding {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let group = frame.column(self.kinds.len());
        for row in 0..frame.rows() {
            if let Way::Differ(a, b) = &self.patterns.way {
                let value = group.get(row);
                if value.text() != a && value.text() != b {
                    continue;
                }
                self.groups.push(value.text() == a);
            }
            for ((column, kind), coded) in frame.columns().iter().zip(&self.kinds).zip(&mut self.coded) {
                let value = column.get(row);
                let mut text = String::new();
                push_export(&mut text, &value, *kind);
                let next = u32::try_from(coded.values.len()).unwrap_or(u32::MAX);
                let code = *coded.numbers.entry(text).or_insert_with(|| {
                    coded.values.push(value.into_owned());
                    next
                });
                coded.codes.push(code);
            }
            self.rows = self.rows.saturating_add(1);
        }
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
        self.stack.push(Candidate { items: Vec::new(), rows: (0..self.rows).collect(), next: 0 });
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ended || self.is_given {
            return Ok(Pulled::Nothing);
        }
        let begin = |candidate| Growing { candidate, looked: 0, rows: BTreeMap::new() };
        if let Some(growing) = self.growing.take().or_else(|| self.stack.pop().map(begin)) {
            self.grow(growing);
            return Ok(Pulled::Working);
        }
        self.is_given = true;
        let frame = self.frame();
        Ok(if frame.rows() == 0 { Pulled::Nothing } else { Pulled::Frame(frame) })
    }

    fn memory(&self) -> usize {
        let coded = self.coded.iter().map(|column| column.codes.len() * 4 + column.values.len() * 96);
        let stack: usize = self.stack.iter().map(|candidate| candidate.rows.len() * 4 + 64).sum();
        coded.sum::<usize>() + self.groups.len() + stack + self.found.len() * 96
    }
}
