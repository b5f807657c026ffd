//! Why an answer has no rows: at which stage the last ones went, and what the data has instead.
//!
//! An [`Explainer`] asks questions, as queries, and is told the answers: first how many rows there are behind each stage (by halving), then
//! which of its conditions no row meets, then which values or times there are instead. Whoever has the data runs them, one after the other;
//! there are at most a few dozen, each over rows that are there.
//!
//! **Invariant:** it says only what an answer showed; what cannot be known is not said.

use crate::catalog::Catalog;
use chartroom_base::diagnostic::{Diagnostic, Severity, Span};
use chartroom_kql_syntax::{
    ast::{BinaryOperator, Expr, ExprKind, InOperator, Literal, OperatorKind, SourceKind, StatementKind},
    keyword::nearest,
    parse,
};

/// The most conditions of a stage that are looked at one by one.
const MAX_CONDITIONS: usize = 8;

/// An answer: cells as exported, row by row.
type Rows = [Vec<Option<String>>];

/// Finds out why a query has no rows.
#[derive(Debug)]
pub struct Explainer {
    text: String,
    /// Where the rows come from.
    source: Span,
    /// The table's name, when the source is no more than that.
    table: Option<String>,
    stages: Vec<Stage>,
    /// The most stages after which rows are known to be there, with how many.
    some: Option<(usize, u64)>,
    /// The least stages after which none are.
    none: usize,
    question: Question,
    reasons: Vec<Diagnostic>,
}

/// A stage of the pipe.
#[derive(Debug)]
struct Stage {
    span: Span,
    word: String,
    conditions: Vec<Condition>,
}

/// One of the conditions of a `where`.
#[derive(Debug)]
struct Condition {
    span: Span,
    /// What is compared, as it is written.
    operand: Option<Span>,
    is_equality: bool,
    is_order: bool,
    /// The texts it is compared with.
    texts: Vec<String>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// How many rows are there after so many stages.
    Count(usize),
    /// How many rows meet that condition of the stage.
    Condition(usize),
    /// Is the value there in another case.
    Fold(usize),
    /// Which values are there.
    Values(usize),
    /// From when to when are they.
    Range(usize),
    /// All is known that can be.
    Nothing,
}

impl Explainer {
    /// For a query without rows; `None` when nothing can be said of such a text.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let parsed = parse(text);
        let query = parsed.statements.iter().rev().find_map(|statement| match &statement.kind {
            StatementKind::Query(query) => Some(query),
            _ => None,
        })?;
        let source = query.source.as_ref()?;
        let stages: Vec<Stage> = query
            .operators
            .iter()
            .filter(|operator| !matches!(operator.kind, OperatorKind::Render { .. }))
            .map(|operator| Stage {
                span: operator.span,
                word: operator.kind.word().to_owned(),
                conditions: match &operator.kind {
                    OperatorKind::Where(Expr { kind: ExprKind::And(all), .. }) => {
                        all.iter().map(Condition::new).collect()
                    }
                    OperatorKind::Where(one) => vec![Condition::new(one)],
                    _ => Vec::new(),
                },
            })
            .collect();
        let table = match &source.kind {
            SourceKind::Table(name) => Some(name.text.clone()),
            _ => None,
        };
        let none = stages.len();
        Some(Self {
            text: text.to_owned(),
            source: source.span,
            table,
            stages,
            some: None,
            none,
            question: if none == 0 { Question::Nothing } else { Question::Count(0) },
            reasons: Vec::new(),
        })
    }

    /// The next query to run; `None`: all is known.
    #[must_use]
    pub fn ask(&self) -> Option<String> {
        match self.question {
            Question::Count(stages) => Some(format!("{}\n| count as Number", self.before(stages))),
            Question::Condition(at) => {
                let condition = self.slice(self.condition(at)?.span);
                Some(format!("{}\n| where {condition}\n| count as Number", self.rows()))
            }
            Question::Fold(at) => {
                let condition = self.condition(at)?;
                let operand = self.slice(condition.operand?);
                let texts: Vec<String> = condition.texts.iter().map(|text| format!("{text:?}")).collect();
                Some(format!(
                    "{}\n| where {operand} in~ ({})\n| summarize Number = count() by Value = tostring({operand})\n| top 1 by Number",
                    self.rows(),
                    texts.join(", ")
                ))
            }
            Question::Values(at) => {
                let operand = self.slice(self.condition(at)?.operand?);
                Some(format!(
                    "{}\n| summarize Number = count() by Value = tostring({operand})\n| top 500 by Number",
                    self.rows()
                ))
            }
            Question::Range(at) => {
                let operand = self.slice(self.condition(at)?.operand?);
                Some(format!("{}\n| summarize First = min({operand}), Last = max({operand})", self.rows()))
            }
            Question::Nothing => None,
        }
    }

    /// Takes the answer to the last question.
    pub fn tell(&mut self, rows: &Rows) {
        let number = |row: usize, column: usize| {
            let cell = rows.get(row).and_then(|row| row.get(column)).cloned().flatten();
            cell.and_then(|cell| cell.parse::<u64>().ok()).unwrap_or(0)
        };
        match self.question {
            Question::Count(stages) => {
                match number(0, 0) {
                    0 => self.none = stages,
                    count => self.some = Some((stages, count)),
                }
                self.halve();
            }
            Question::Condition(at) => {
                if number(0, 0) == 0 {
                    self.question = self.look(at);
                } else {
                    self.next_condition(at);
                }
            }
            Question::Fold(at) => match rows.first().and_then(|row| row.first()).cloned().flatten() {
                Some(value) => {
                    let count = number(0, 1);
                    let help = "Case counts here: write `=~` or `in~` for any case";
                    self.reason(
                        at,
                        format!("`{value}` occurs {count} times, in another case"),
                        Some(help.to_owned()),
                    );
                    self.next_condition(at);
                }
                None => self.question = Question::Values(at),
            },
            Question::Values(at) => {
                self.say_values(at, rows);
                self.next_condition(at);
            }
            Question::Range(at) => {
                let cell = |column: usize| rows.first().and_then(|row| row.get(column)).cloned().flatten();
                if let (Some(first), Some(last)) = (cell(0), cell(1)) {
                    let operand = self.condition(at).and_then(|condition| condition.operand);
                    let operand = operand.map(|span| self.slice(span).to_owned()).unwrap_or_default();
                    self.reason(
                        at,
                        format!("`{operand}` runs from {first} to {last} here: no row meets the condition"),
                        None,
                    );
                }
                self.next_condition(at);
            }
            Question::Nothing => {}
        }
    }

    /// What is known, in the order of the text; also when a question could not be answered.
    #[must_use]
    pub fn finish(mut self, catalog: &Catalog) -> Vec<Diagnostic> {
        match (self.some, self.none) {
            (_, 0) => {
                let loaded: Vec<&str> = catalog
                    .tables
                    .iter()
                    .filter(|table| table.is_loaded)
                    .map(|table| table.name.as_str())
                    .filter(|name| *name != "Events" && *name != "Requests")
                    .collect();
                if loaded.is_empty() && self.table.is_some() {
                    // Nobody wonders before anything is loaded.
                    return Vec::new();
                }
                let (message, near) = match &self.table {
                    Some(table) => {
                        (format!("`{table}` has no records"), nearest(table, loaded.iter().copied()))
                    }
                    None => ("There are no rows to begin with".to_owned(), None),
                };
                let mut reason = note("KQL0200", self.source, message);
                let names =
                    loaded.iter().take(8).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                reason.help = match (near, names.is_empty()) {
                    (Some(near), _) => Some(format!("Did you mean `{near}`? Loaded are {names}")),
                    (None, false) => Some(format!("Loaded are {names}")),
                    (None, true) => Some("No records are loaded yet".to_owned()),
                };
                vec![reason]
            }
            (Some((stages, count)), none) if none == stages.saturating_add(1) => {
                let Some(stage) = self.stages.get(stages) else { return Vec::new() };
                let message = format!("{count} rows come to this `{}`, none goes on", stage.word);
                let mut reasons = vec![note("KQL0201", stage.span, message)];
                let met = stage.conditions.len();
                if self.reasons.is_empty()
                    && met > 1
                    && met <= MAX_CONDITIONS
                    && self.question == Question::Nothing
                {
                    let message = "Some rows meet each of the conditions, but none meets all of them";
                    reasons.push(note("KQL0202", stage.span, message));
                }
                reasons.append(&mut self.reasons);
                reasons
            }
            _ => Vec::new(),
        }
    }

    /// The next number of stages to count behind.
    fn halve(&mut self) {
        self.question = match self.some {
            None => Question::Nothing,
            Some((some, _)) if some.saturating_add(1) >= self.none => self.first_condition(),
            Some((some, _)) => Question::Count(some.midpoint(self.none)),
        };
    }

    fn first_condition(&self) -> Question {
        match self.stage().map(|stage| stage.conditions.len()) {
            // The count has shown it already.
            Some(1) => self.look(0),
            Some(count) if (2..=MAX_CONDITIONS).contains(&count) => Question::Condition(0),
            _ => Question::Nothing,
        }
    }

    fn next_condition(&mut self, at: usize) {
        let next = at.saturating_add(1);
        let count = self.stage().map_or(0, |stage| stage.conditions.len());
        self.question = if next < count { Question::Condition(next) } else { Question::Nothing };
    }

    /// What is asked of a condition that no row meets.
    fn look(&self, at: usize) -> Question {
        match self.condition(at) {
            Some(condition) if condition.is_equality && !condition.texts.is_empty() => Question::Fold(at),
            Some(condition) if condition.is_order && condition.operand.is_some() => Question::Range(at),
            Some(condition) if condition.operand.is_some() => Question::Values(at),
            _ => Question::Nothing,
        }
    }

    fn say_values(&mut self, at: usize, rows: &Rows) {
        let value = |row: &Vec<Option<String>>| row.first().cloned().flatten().unwrap_or_default();
        let count = |row: &Vec<Option<String>>| row.get(1).cloned().flatten().unwrap_or_default();
        let values: Vec<String> = rows.iter().map(value).collect();
        let Some(condition) = self.condition(at) else { return };
        let operand = condition.operand.map(|span| self.slice(span).to_owned()).unwrap_or_default();
        let texts = condition.texts.clone();
        let near = texts.iter().find_map(|text| nearest(text, values.iter().map(String::as_str)));
        let near = near.map(|near| format!("Did you mean `{near}`?"));
        let shown: Vec<String> = rows
            .iter()
            .take(5)
            .map(|row| match value(row) {
                value if value.is_empty() => format!("empty ({})", count(row)),
                value => format!("`{}` ({})", value.chars().take(60).collect::<String>(), count(row)),
            })
            .collect();
        let message = if texts.is_empty() {
            format!("`{operand}` has no such value")
        } else {
            let texts: Vec<String> = texts.iter().take(5).map(|text| format!("`{text}`")).collect();
            format!("`{operand}` has no value for {}", texts.join(", "))
        };
        let most = format!("Its most frequent are {}", shown.join(", "));
        let help = match near {
            Some(near) => format!("{near} {most}"),
            None => most,
        };
        self.reason(at, message, (!shown.is_empty()).then_some(help));
    }

    fn reason(&mut self, at: usize, message: String, help: Option<String>) {
        let Some(span) = self.condition(at).map(|condition| condition.span) else { return };
        self.reasons.push(Diagnostic { help, ..note("KQL0203", span, message) });
    }

    fn stage(&self) -> Option<&Stage> {
        self.stages.get(self.some?.0)
    }

    fn condition(&self, at: usize) -> Option<&Condition> {
        self.stage()?.conditions.get(at)
    }

    /// The rows that come to the stage at which they go.
    fn rows(&self) -> String {
        self.before(self.some.map_or(0, |(stages, _)| stages))
    }

    /// The text up to and with so many stages.
    fn before(&self, stages: usize) -> String {
        let last = stages.checked_sub(1).and_then(|last| self.stages.get(last));
        let end = last.map_or(self.source.end, |stage| stage.span.end);
        self.text.get(..usize::try_from(end).unwrap_or(usize::MAX)).unwrap_or(&self.text).to_owned()
    }

    fn slice(&self, span: Span) -> &str {
        let at = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX);
        self.text.get(at(span.start)..at(span.end)).unwrap_or_default()
    }
}

impl Condition {
    fn new(expression: &Expr) -> Self {
        let text = |value: &Expr| match &value.kind {
            ExprKind::Literal(Literal::String(text)) => Some(text.clone()),
            _ => None,
        };
        let is_operand = |value: &Expr| {
            matches!(
                value.kind,
                ExprKind::Name(_) | ExprKind::Path { .. } | ExprKind::Element { .. } | ExprKind::Call { .. }
            )
        };
        let mut condition = Self {
            span: expression.span,
            operand: None,
            is_equality: false,
            is_order: false,
            texts: Vec::new(),
        };
        match &expression.kind {
            ExprKind::Binary { operator, left, right, .. } => {
                use BinaryOperator as Operator;
                condition.operand = is_operand(left).then_some(left.span);
                match operator {
                    Operator::Equal => {
                        condition.is_equality = true;
                        condition.texts.extend(text(right));
                    }
                    Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                        condition.is_order = true;
                    }
                    // What must not be there says nothing about what is.
                    other if other.positive().1 || *other == Operator::NotEqual => condition.operand = None,
                    _ => condition.texts.extend(text(right)),
                }
            }
            ExprKind::Between { is_negated: false, value, .. } => {
                condition.operand = is_operand(value).then_some(value.span);
                condition.is_order = true;
            }
            ExprKind::In { operator: InOperator::In | InOperator::InFold, left, list, .. } => {
                condition.operand = is_operand(left).then_some(left.span);
                condition.is_equality = true;
                condition.texts.extend(list.iter().filter_map(text));
            }
            _ => {}
        }
        condition
    }
}

fn note(code: &str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, span, message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fuel, Limits, local};
    use chartroom_base::ticks::Ticks;

    /// What is said of a query over rows that stand in it.
    fn said(query: &str) -> Vec<String> {
        let rows = "let T = datatable(Name: string, At: datetime, N: long) ['CreateUser', datetime(2021-08-02), 1, \
                    'CreateUser', datetime(2021-08-03), 2, 'DeleteUser', datetime(2021-08-04), 3];";
        let text = format!("{rows}\n{query}");
        let mut explainer = Explainer::new(&text).unwrap();
        let catalog = Catalog::default();
        for _ in 0..32 {
            let Some(question) = explainer.ask() else { break };
            let (_, answer) =
                local::ask(&question, &catalog, Ticks(0), &[], Fuel::UNBOUNDED, Limits::default()).unwrap();
            let rows: Vec<_> = (0..answer.row_count()).map(|row| answer.cells(row)).collect();
            explainer.tell(&rows);
        }
        let shown = |reason: Diagnostic| {
            format!("{}{}", reason.message, reason.help.map(|help| format!(". {help}")).unwrap_or_default())
        };
        explainer.finish(&catalog).into_iter().map(shown).collect()
    }

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        assert_eq!(said(query), expected);
    }

    #[test]
    fn the_stage_and_the_reason_are_told() {
        let stage = "3 rows come to this `where`, none goes on";
        check(
            "T | where N > 0 | where Name == 'createuser' | project N",
            &[
                stage,
                "`CreateUser` occurs 2 times, in another case. Case counts here: write `=~` or `in~` for any case",
            ],
        );
        check(
            "T | where Name == 'CreateUsr'",
            &[
                stage,
                "`Name` has no value for `CreateUsr`. Did you mean `CreateUser`? Its most frequent are `CreateUser` (2), `DeleteUser` (1)",
            ],
        );
        check(
            "T | where N > 0 | where At > datetime(2023-01-01) and N == 1 | summarize count() by Name",
            &[
                stage,
                "`At` runs from 2021-08-02T00:00:00.0000000Z to 2021-08-04T00:00:00.0000000Z here: no row meets the condition",
            ],
        );
        check(
            "T | where N == 1 and Name == 'DeleteUser'",
            &[stage, "Some rows meet each of the conditions, but none meets all of them"],
        );
        check("T | take 0", &["3 rows come to this `take`, none goes on"]);
        check(
            "datatable(a: long) [] | where a == 1",
            &["There are no rows to begin with. No records are loaded yet"],
        );
    }
}
