//! `scan`: follows rows in their order through the steps of a pattern.
//!
//! Each step has at most one match under way, which holds the last row of each step up to it. A row is tried against the steps from the
//! last to the first: it carries the match of the step before on to this one, or else goes on with this step's own match, or else (the
//! first step) begins one. So what is held does not grow with the rows.

use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup};
use crate::{
    bind::{Binder, Cells, Given, Pipe, Told},
    convert::convert,
    frame::{BATCH_ROWS, Builder, Frame},
    plan::{Constant, Node, NodeId},
    program::{Action, Program, index},
    relation::Column,
    value::{Value, push_export},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, ExprKind, Ordered, Scan as Clause, ScanOutput};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc, sync::Arc};

/// The steps of a pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// All expressions: over the row's columns, then each step's last row and what it declared.
    pub nodes: Arc<[Node]>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Columns of the input that a row has.
    pub shown: usize,
    /// Columns that steps set: their kinds, and what stands there before.
    pub declared: Vec<(Kind, Constant)>,
    /// Whether a last column has the match's number.
    pub has_match_id: bool,
    /// Each value of these columns has matches of its own.
    pub partition_by: Vec<usize>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What a row must satisfy.
    pub condition: NodeId,
    /// Per declared column, what it is set to.
    pub set: Vec<Option<NodeId>>,
    /// Which of its rows come out.
    pub output: Output,
    /// A match may leave it out.
    pub is_optional: bool,
}

/// Which rows of a step come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// All.
    All,
    /// The last of a match.
    Last,
    /// None.
    Nothing,
}

/// What a column of a step is called while expressions are bound: no name that a text can hold.
fn state_name(step: &str, column: &str) -> String {
    format!("\u{1}{step}\u{1}{column}")
}

/// Puts the names of state columns in the place of `step.column`.
fn rewrite(expression: &mut Expr, steps: &[&str]) {
    if let ExprKind::Path { base, name } = &expression.kind
        && let ExprKind::Name(step) = &base.kind
        && steps.contains(&step.as_str())
    {
        expression.kind = ExprKind::Name(state_name(step, &name.text));
        return;
    }
    match &mut expression.kind {
        ExprKind::Call { arguments, .. } => arguments.iter_mut().for_each(|argument| rewrite(argument, steps)),
        ExprKind::Argument { value: base, .. } | ExprKind::Path { base, .. } | ExprKind::Unary { operand: base, .. } => {
            rewrite(base, steps);
        }
        ExprKind::Element { base, index } => {
            rewrite(base, steps);
            rewrite(index, steps);
        }
        ExprKind::Binary { left, right, .. } => {
            rewrite(left, steps);
            rewrite(right, steps);
        }
        ExprKind::And(operands) | ExprKind::Or(operands) => {
            operands.iter_mut().for_each(|operand| rewrite(operand, steps));
        }
        ExprKind::In { left, list, .. } => {
            rewrite(left, steps);
            list.iter_mut().for_each(|item| rewrite(item, steps));
        }
        ExprKind::Between { value, low, high, .. } => {
            rewrite(value, steps);
            rewrite(low, steps);
            rewrite(high, steps);
        }
        _ => {}
    }
}

/// `scan with_match_id=… order by … partition by … declare (…) with (step …; …)`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause, span: Span) -> Result<Pipe, Told> {
    let pipe = if clause.order.is_empty() { pipe } else { sorted(binder, pipe, &clause.order)? };
    if !pipe.is_serialized {
        let help = "Put `| sort by …` or `| serialize` before it";
        return Err(binder.error_with_help("KQL0177", span, "`scan` needs rows in an order", help));
    }
    let mut pipe = binder.rows_in_order(pipe);
    let mut result = Ok(());
    let mut keys: Vec<Given> = Vec::new();
    for key in &clause.partition_by {
        match binder.cells(&mut pipe, key) {
            Ok(cells) => keys.push(Given::new("", cells)),
            Err(told) => result = Err(told),
        }
    }
    let (input, shown) = binder.seal_with(pipe, keys);
    let all = binder.columns_of(input);
    let columns: Vec<Column> = all.iter().take(shown).cloned().collect();
    let mut declared: Vec<(Kind, Constant)> = Vec::new();
    let mut state: Vec<Column> = columns.clone();
    for declaration in &clause.declared {
        let kind = match &declaration.kind {
            Some(kind) => binder.kind_named(kind)?,
            None => Kind::Dynamic,
        };
        let default = match &declaration.default {
            Some(default) => {
                let (from, constant) = binder.constant(default)?;
                Constant::from(convert(Value::from(&constant), from, kind).or_none(kind))
            }
            None => Constant::from(Value::none(kind)),
        };
        if columns.iter().any(|column| column.shown.name == declaration.name.text) {
            let message = format!("A column named `{}` is there already", declaration.name.text);
            result = Err(binder.error("KQL0165", declaration.span, message));
        }
        declared.push((kind, default));
        state.push(Column::new(declaration.name.text.clone(), kind));
    }
    let steps: Vec<&str> = clause.steps.iter().map(|step| step.name.text.as_str()).collect();
    let mut scope = columns;
    for step in &steps {
        scope.extend(state.iter().map(|column| {
            let mut own = Column::new(state_name(step, &column.shown.name), column.kind());
            own.is_hidden = true;
            own
        }));
    }
    let mut over = binder.over(scope);
    // Per step its condition, and what it sets.
    let mut bound: Vec<(Option<Cells>, Vec<Option<Cells>>)> = Vec::new();
    for step in &clause.steps {
        let mut condition = step.condition.clone();
        rewrite(&mut condition, &steps);
        let condition = binder.cells_by(&mut over, |binder, bound| binder.predicate(bound, &condition));
        result = result.and(condition.as_ref().map(|_| ()).map_err(|told| *told));
        let mut set = vec![None; declared.len()];
        for item in &step.assignments {
            let mut value = item.value.clone();
            rewrite(&mut value, &steps);
            let place = item.name.as_ref().and_then(|name| {
                clause.declared.iter().position(|declaration| declaration.name.text == name.text)
            });
            let Some(place) = place else {
                let message = "A step sets columns that stand behind `declare`";
                result = Err(binder.error("KQL0178", item.span, message));
                continue;
            };
            let kind = declared.get(place).map_or(Kind::Dynamic, |(kind, _)| *kind);
            let cells = binder.cells(&mut over, &value);
            let cells = cells.and_then(|cells| binder.cells_as(&mut over, &cells, kind, item.span));
            match (cells, set.get_mut(place)) {
                (Ok(cells), Some(slot)) => *slot = Some(cells),
                (Err(told), _) => result = Err(told),
                (Ok(_), None) => {}
            }
        }
        bound.push((condition.ok(), set));
    }
    result?;
    let Some(part) = over.parts.first() else { return Err(Told) };
    let root = |cells: &Cells| cells.nodes.first().copied();
    let mut roots: Vec<NodeId> = Vec::new();
    for (condition, set) in &bound {
        roots.extend(condition.as_ref().and_then(root));
        roots.extend(set.iter().flatten().filter_map(root));
    }
    let (nodes, places) = part.source.bound.nodes.extract(&roots);
    let place = |cells: &Cells| root(cells).and_then(|id| places.get(&id).copied()).unwrap_or(NodeId(0));
    let steps = clause.steps.iter().zip(&bound).map(|(step, (condition, set))| Step {
        condition: condition.as_ref().map_or(NodeId(0), place),
        set: set.iter().map(|cells| cells.as_ref().map(place)).collect(),
        output: match step.output {
            ScanOutput::All => Output::All,
            ScanOutput::Last => Output::Last,
            ScanOutput::Nothing => Output::Nothing,
        },
        is_optional: step.is_optional,
    });
    let mut out = state;
    if let Some(name) = &clause.match_id {
        if out.iter().any(|column| column.shown.name == name.text) {
            let message = format!("A column named `{}` is there already", name.text);
            return Err(binder.error("KQL0165", name.span, message));
        }
        out.push(Column::new(name.text.clone(), Kind::Long));
    }
    let count = out.len();
    let scan = Scan {
        nodes: nodes.into(),
        steps: steps.collect(),
        shown,
        declared,
        has_match_id: clause.match_id.is_some(),
        partition_by: (shown..all.len()).collect(),
    };
    let relation = binder.relation(Body::Scan(scan), vec![input], out);
    Ok(Pipe { is_serialized: true, ..binder.restart(relation, count) })
}

fn sorted(binder: &mut Binder<'_>, pipe: Pipe, keys: &[Ordered]) -> Result<Pipe, Told> {
    let span = keys.first().map_or_else(Span::default, |key| key.key.span);
    let sort = super::plugins::operator(chartroom_kql_syntax::ast::OperatorKind::Sort(keys.to_vec()), span);
    binder.operators(pipe, &[sort])
}

impl Operator for Scan {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let program = Program::of_nodes(Arc::clone(&self.nodes), setup.now);
        let roots = self.steps.iter().flat_map(|step| {
            [step.condition].into_iter().chain(step.set.iter().flatten().copied()).collect::<Vec<_>>()
        });
        let needed = roots.map(|root| (root, program.needed(index(root)))).collect();
        let mut empty: Vec<Value<'static>> =
            setup.input_kinds(0).into_iter().take(self.shown).map(Value::none).collect();
        empty.extend(self.declared.iter().map(|(_, default)| Value::from(default)));
        debug_assert_eq!(empty.len(), self.shown + self.declared.len());
        Box::new(Scanning {
            scan: self.clone(),
            program,
            needed,
            empty: empty.into(),
            kinds: setup.output_kinds(),
            partitions: BTreeMap::new(),
            last: BTreeMap::new().into_values(),
            matches: 0,
            ready: Ready::default(),
            held: 0,
        })
    }
}

/// A row with what steps declared for it.
type Record = Rc<[Value<'static>]>;

/// A match that is under way.
#[derive(Clone)]
struct Match {
    id: i64,
    /// Per step its last row.
    records: Vec<Option<Record>>,
    /// The last row of the step it is at, where only that one comes out.
    last: Option<Record>,
}

struct Scanning {
    scan: Scan,
    program: Program,
    /// Per root what it needs.
    needed: BTreeMap<NodeId, Vec<usize>>,
    /// What a step has of which there is no row yet.
    empty: Record,
    kinds: Vec<Kind>,
    /// Per key and step, the match under way.
    partitions: BTreeMap<String, Vec<Option<Match>>>,
    matches: i64,
    ready: Ready,
    held: usize,
    /// Matches under way when the rows were over, until they are given.
    last: std::collections::btree_map::IntoValues<String, Vec<Option<Match>>>,
}

/// Rows that are gone through, and partitions that are closed, at a time.
const MOST_AT_ONCE: usize = BATCH_ROWS / 8;

impl Scanning {
    /// An expression over a row and the records of a match.
    fn value(&self, root: NodeId, row: &Record, records: &[Option<Record>]) -> Value<'static> {
        let width = self.scan.shown + self.scan.declared.len();
        let mut values: BTreeMap<usize, Value<'static>> = BTreeMap::new();
        for at in self.needed.get(&root).into_iter().flatten() {
            let Some(instruction) = self.program.instructions().get(*at) else { continue };
            let value = match &instruction.action {
                Action::Input(column) if *column < self.scan.shown => row.get(*column).cloned(),
                Action::Input(column) => {
                    let column = column - self.scan.shown;
                    let record = records.get(column / width.max(1)).and_then(Option::as_ref);
                    record.unwrap_or(&self.empty).get(column % width.max(1)).cloned()
                }
                _ => {
                    let operand = |at: &usize| values.get(at).map_or(Value::Null, Value::borrow);
                    let operands: Vec<Value<'_>> = instruction.operands.iter().map(operand).collect();
                    Some(instruction.apply(&operands).into_owned())
                }
            };
            values.insert(*at, value.unwrap_or(Value::Null));
        }
        values.remove(&index(root)).unwrap_or(Value::Null)
    }

    fn holds(&self, step: usize, row: &Record, records: &[Option<Record>]) -> bool {
        let condition = self.scan.steps.get(step).map(|step| step.condition);
        condition.is_some_and(|condition| self.value(condition, row, records).truth() == Some(true))
    }

    /// The row as a record of a step.
    fn record(&self, step: usize, row: &Record, records: &[Option<Record>]) -> Record {
        let mut record: Vec<Value<'static>> = row.iter().take(self.scan.shown).cloned().collect();
        let set = self.scan.steps.get(step).map(|step| step.set.as_slice()).unwrap_or_default();
        for (set, (_, default)) in set.iter().zip(&self.scan.declared) {
            record.push(match set {
                Some(root) => self.value(*root, row, records),
                None => Value::from(default),
            });
        }
        record.into()
    }

    /// One row against all steps of its partition, the last first.
    fn follow(&mut self, row: &Record, steps: &mut [Option<Match>], out: &mut Vec<(Record, i64)>) {
        for at in (0..steps.len()).rev() {
            // The match of the step before, steps that may be left out passed over.
            let before = (0..at)
                .rev()
                .scan(true, |is_open, before| {
                    let was_open = *is_open;
                    *is_open &= self.scan.steps.get(before).is_some_and(|step| step.is_optional);
                    was_open.then_some(before)
                })
                .find(|before| steps.get(*before).is_some_and(Option::is_some));
            let carried = before.and_then(|before| steps.get(before)?.as_ref().map(|found| (before, found)));
            if let Some((before, found)) = carried
                && self.holds(at, row, &found.records)
            {
                let mut found = steps.get_mut(before).and_then(Option::take).unwrap_or_else(|| self.new_match(0));
                out.extend(found.last.take().map(|last| (last, found.id)));
                if let Some(old) = steps.get_mut(at).and_then(Option::take) {
                    out.extend(old.last.map(|last| (last, old.id)));
                }
                self.keep(at, row, found, steps, out);
                continue;
            }
            if let Some(found) = steps.get(at).and_then(Option::as_ref) {
                if self.holds(at, row, &found.records) {
                    let found = steps.get_mut(at).and_then(Option::take).unwrap_or_else(|| self.new_match(0));
                    self.keep(at, row, found, steps, out);
                }
                continue;
            }
            let is_first = self.scan.steps.iter().take(at).all(|step| step.is_optional);
            let fresh = self.new_match(self.matches);
            if is_first && before.is_none() && self.holds(at, row, &fresh.records) {
                self.matches = self.matches.saturating_add(1);
                self.keep(at, row, fresh, steps, out);
            }
        }
    }

    fn new_match(&self, id: i64) -> Match {
        Match { id, records: vec![None; self.scan.steps.len()], last: None }
    }

    /// Puts a match at a step, with the row as its last.
    fn keep(
        &self,
        at: usize,
        row: &Record,
        mut found: Match,
        steps: &mut [Option<Match>],
        out: &mut Vec<(Record, i64)>,
    ) {
        let record = self.record(at, row, &found.records);
        if let Some(slot) = found.records.get_mut(at) {
            *slot = Some(Rc::clone(&record));
        }
        match self.scan.steps.get(at).map(|step| step.output) {
            Some(Output::All) => out.push((record, found.id)),
            Some(Output::Last) => found.last = Some(record),
            _ => {}
        }
        if let Some(slot) = steps.get_mut(at) {
            *slot = Some(found);
        }
    }

    fn give(&mut self, out: &[(Record, i64)]) {
        let mut builders: Vec<Builder> = self.kinds.iter().map(|kind| Builder::new(*kind)).collect();
        for (record, id) in out {
            let id = self.scan.has_match_id.then_some(Value::Long(*id));
            for (builder, value) in builders.iter_mut().zip(record.iter().chain(id.as_ref())) {
                builder.push(value);
            }
        }
        let columns = builders.into_iter().map(|builder| Rc::new(builder.finish())).collect();
        self.ready.push(Frame::new(out.len(), columns));
    }
}

impl Run for Scanning {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let kinds: Vec<Kind> = self.kinds.clone();
        let mut out = Vec::new();
        for row in 0..frame.rows() {
            let record: Record =
                frame.columns().iter().take(self.scan.shown).map(|column| column.get(row).into_owned()).collect();
            let mut key = String::new();
            for at in &self.scan.partition_by {
                let value = frame.column(*at);
                push_export(&mut key, &value.get(row), kinds.get(*at).copied().unwrap_or(Kind::String));
                key.push('\u{1}');
            }
            let mut steps = self.partitions.remove(&key).unwrap_or_else(|| {
                self.held += key.len() + self.scan.steps.len() * (64 + self.empty.len() * 24);
                vec![None; self.scan.steps.len()]
            });
            self.follow(&record, &mut steps, &mut out);
            self.partitions.insert(key, steps);
        }
        self.give(&out);
        Ok(())
    }

    fn most_rows(&self) -> usize {
        MOST_AT_ONCE
    }

    fn end(&mut self, _: usize) {
        self.last = std::mem::take(&mut self.partitions).into_values();
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        let mut out = Vec::new();
        for steps in self.last.by_ref().take(MOST_AT_ONCE) {
            out.extend(steps.into_iter().flatten().filter_map(|found| Some((found.last?, found.id))));
        }
        self.give(&out);
        Ok(match self.ready.pull() {
            Pulled::Nothing if self.last.len() > 0 => Pulled::Working,
            pulled => pulled,
        })
    }

    fn memory(&self) -> usize {
        self.ready.memory() + self.held
    }
}
