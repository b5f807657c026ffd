//! `summarize`, `distinct`: one row per distinct key, with aggregates.
//!
//! Groups stand in the order of their first rows. On shards the first part gives partial states, free of order; the coordinator
//! merges them, so that any number of shards answers alike.

mod firsts;

use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup, Site, flags, order::BlockOrder};
use crate::{
    bind::{Binder, Cells, Given, Names, Pipe, Told, children},
    functions::Parameter,
    aggregates::{self, Argument, Reader, RowKey, States},
    frame::{Frame, Place, Places, Vector},
    keys::KeyTable,
    plan::Constant,
    relation::Column,
    value::Value,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, ExprKind, Name, Named};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use firsts::Firsts;
use std::rc::Rc;

/// Aggregates that mean nothing over numbers of several units.
const ADDING: [&str; 4] = ["sum", "sumif", "avg", "avgif"];

/// One row per distinct key: the keys, then what the aggregates come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summarize {
    /// The keys' columns.
    pub keys: Vec<usize>,
    /// The aggregates.
    pub calls: Vec<AggregateCall>,
    /// Which part of the work.
    pub part: Part,
}

/// A call of an aggregate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AggregateCall {
    /// Its name.
    pub aggregate: String,
    /// Its arguments.
    pub arguments: Vec<CallArgument>,
    /// How many columns it gives.
    pub results: usize,
}

/// An argument of an aggregate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallArgument {
    /// Its kind.
    pub kind: Kind,
    /// Where its values are.
    pub column: usize,
    /// Its value, where it is the same in all rows.
    pub constant: Option<Constant>,
}

/// Which part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Rows in, results out.
    Whole,
    /// Rows in, partial states out.
    First,
    /// Partial states in, results out.
    Second,
    /// The same on a shard, for the keys whose hash it owns: each row bears the place of its group's first row.
    Owned,
    /// Rows in, the states of whole groups out.
    States,
    /// Partial states in, the states of whole groups out.
    Between,
}

impl Summarize {
    /// The distinct values of these columns.
    pub(crate) const fn distinct(keys: Vec<usize>) -> Self {
        Self { keys, calls: Vec::new(), part: Part::Whole }
    }
}

/// An aggregate that was found in an expression.
struct Found {
    call: AggregateCall,
    results: Vec<aggregates::ResultColumn>,
    span: Span,
}

/// Groups that a first part holds before it gives them: what comes later begins new ones, and is merged elsewhere.
const MOST_GROUPS: usize = 1 << 17;
/// Bytes that it holds before that, if it has so many groups that giving them is of use.
const MOST_BYTES: usize = 64 << 20;
const MANY_GROUPS: usize = 1 << 12;

/// What one item of `summarize` becomes.
enum Outcome {
    /// The columns of an aggregate, by the number of the aggregate.
    Columns(usize),
    /// An expression around aggregates, with the name that it gives.
    Around(Option<String>),
}

/// `summarize aggregates by keys`.
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    items: &[Named],
    by: &[Named],
) -> Result<Pipe, Told> {
    let mut pipe = binder.rows_of(pipe);
    binder.check_names(by)?;
    let all = || by.iter().chain(items);
    // Names that stand in the text keep `Column1` and so on away.
    let plain = all().filter_map(|item| match (&item.name, &item.value.kind) {
        (Some(name), _) => Some(name.text.as_str()),
        (None, ExprKind::Name(name)) => Some(name.as_str()),
        _ => None,
    });
    let mut names = Names::new(all().filter_map(|item| item.name.as_ref())).beside(plain);
    let keys = keys(binder, &mut pipe, by, &mut names, false);
    let mut given: Vec<Given> = keys.as_ref().map_or_else(|_| Vec::new(), Clone::clone);
    let mut found: Vec<Found> = Vec::new();
    let keys = match keys {
        Ok(keys) => keys,
        Err(told) => {
            // What is wrong with the aggregates is told, too.
            for item in items {
                if find_aggregates(binder, &mut pipe, &item.value, &[], &mut given, &mut found).is_err() {
                    continue;
                }
            }
            return Err(told);
        }
    };
    let mut outcomes = Vec::new();
    let mut result = Ok(());
    for item in items {
        let before = found.len();
        match find_aggregates(binder, &mut pipe, &item.value, &keys, &mut given, &mut found) {
            Ok(()) if found.len() == before + 1 && found.last().is_some_and(|last| last.span == item.value.span) => {
                outcomes.push(Outcome::Columns(before));
            }
            Ok(()) if found.len() > before => {
                outcomes.push(Outcome::Around(binder.auto_name(&pipe, &item.value)));
            }
            Ok(()) => {
                let message = "This is neither an aggregate nor made of aggregates";
                let help = "Put it behind `by`, or an aggregate around it: `take_any(…)`, `max(…)`";
                result = Err(binder.error_with_help("KQL0170", item.value.span, message, help));
            }
            Err(told) => result = Err(told),
        }
    }
    result?;
    let mut columns: Vec<Column> = keys.iter().map(|key| key.column.clone()).collect();
    for found in &found {
        columns.extend(found.results.iter().map(|result| Column::new(result.name.clone(), result.kind)));
    }
    let adds = |found: &&Found| ADDING.contains(&found.call.aggregate.as_str());
    let first = |found: &Found| Some(given.get(found.call.arguments.first()?.column)?.cells.clone());
    let added: Vec<Cells> = found.iter().filter(adds).filter_map(first).collect();
    let key_cells: Vec<Cells> = keys.iter().map(|key| key.cells.clone()).collect();
    let units = Binder::units_added(&mut pipe, &added, &key_cells);
    let unit = units.map(|units| {
        given.push(Given::new("", units));
        given.len() - 1
    });
    let input = binder.seal(pipe, given);
    if let Some(unit) = unit {
        binder.note_units(input, unit, found.iter().find(adds).map(|found| found.span).unwrap_or_default());
    }
    let calls = found.iter().map(|found| found.call.clone()).collect();
    let count = columns.len();
    let summarize = Summarize { keys: (0..keys.len()).collect(), calls, part: Part::Whole };
    let relation = binder.relation(Body::Summarize(summarize), vec![input], columns);
    let mut pipe = binder.restart(relation, count);
    show(binder, &mut pipe, items, &outcomes, (&keys, &found), names)?;
    Ok(pipe)
}

/// Leaves the keys and what the items come to.
fn show(
    binder: &mut Binder<'_>,
    pipe: &mut Pipe,
    items: &[Named],
    outcomes: &[Outcome],
    (keys, found): (&[Given], &[Found]),
    mut names: Names,
) -> Result<(), Told> {
    let all = pipe.given();
    let mut shown: Vec<Given> = all.iter().take(keys.len()).cloned().collect();
    let start = |number: usize| {
        keys.len() + found.iter().take(number).map(|found| found.results.len()).sum::<usize>()
    };
    for (item, outcome) in items.iter().zip(outcomes) {
        let given_names: Vec<&Name> = item.name.iter().chain(&item.more_names).collect();
        if let Outcome::Around(auto) = outcome {
            let places = found.iter().enumerate().filter_map(|(number, found)| {
                let node = all.get(start(number))?.cells.nodes.first()?;
                Some((found.span, *node))
            });
            let before = binder.begin_around(places.collect());
            // Behind an aggregate only the keys have one value per row.
            let columns = pipe.hide_behind(keys.len());
            let cells = binder.cells(pipe, &item.value);
            pipe.show_again(columns);
            binder.end_around(before);
            let own = given_names.first().map(|name| name.text.clone());
            let name = names.next(own.or_else(|| auto.clone()));
            shown.push(Given::new(name, cells?));
        }
        let Outcome::Columns(number) = outcome else { continue };
        let results = found.get(*number).map_or(&[][..], |found| &found.results);
        for (at, result) in results.iter().enumerate() {
            let Some(mut given) = all.get(start(*number) + at).cloned() else { continue };
            let own = if result.name.is_empty() { None } else { Some(result.name.clone()) };
            given.column.shown.name = names.next(given_names.get(at).map(|name| name.text.clone()).or(own));
            shown.push(given);
        }
        if let Some(name) = given_names.get(results.len()) {
            let message = format!("There is no value for `{}`", name.text);
            return Err(binder.error("KQL0171", name.span, message));
        }
    }
    binder.show_given(pipe, shown);
    Ok(())
}

/// `distinct a, b` and `distinct *`.
pub(crate) fn bind_distinct(binder: &mut Binder<'_>, pipe: Pipe, items: &[Named]) -> Result<Pipe, Told> {
    let mut pipe = binder.rows_of(pipe);
    let is_all = matches!(items, [Named { value: Expr { kind: ExprKind::Star, .. }, .. }]);
    let given: Vec<Given> = if is_all {
        pipe.given().into_iter().filter(|given| !given.column.is_hidden).collect()
    } else {
        let mut names = Names::new(items.iter().filter_map(|item| item.name.as_ref()));
        keys(binder, &mut pipe, items, &mut names, true)?
    };
    let columns: Vec<Column> = given.iter().map(|given| given.column.clone()).collect();
    let count = columns.len();
    let input = binder.seal(pipe, given);
    let summarize = Summarize::distinct((0..count).collect());
    let relation = binder.relation(Body::Summarize(summarize), vec![input], columns);
    Ok(binder.restart(relation, count))
}

fn keys(
    binder: &mut Binder<'_>,
    pipe: &mut Pipe,
    by: &[Named],
    names: &mut Names,
    is_distinct: bool,
) -> Result<Vec<Given>, Told> {
    let cells = binder.items(pipe, by)?;
    let mut keys = Vec::new();
    let mut result = Ok(());
    for (item, cells) in by.iter().zip(cells) {
        if cells.kind == Kind::Dynamic {
            let message = "The key is of a 'dynamic' type";
            let help = "Put `tostring(…)` or `tolong(…)` around it";
            result = Err(binder.error_with_help("KQL0164", item.value.span, message, help));
        }
        let column = match &item.value.kind {
            ExprKind::Name(name) => {
                let own = pipe.columns().iter().find(|column| {
                    column.name == *name || (column.is_stored && column.name.eq_ignore_ascii_case(name))
                });
                own.map(|own| {
                    let mut column = own.to_column();
                    column.is_hidden = false;
                    column
                })
            }
            _ => None,
        };
        let mut column = column.unwrap_or_else(|| Column::new("", cells.kind));
        let own = item.name.as_ref().map(|name| name.text.clone());
        let own = own.or_else(|| Some(column.shown.name.clone()).filter(|name| !name.is_empty()));
        let own = own.or_else(|| match &item.value.kind {
            // A `let`: its name, as that of a column; `by` gives it none.
            ExprKind::Name(name) if is_distinct => Some(name.clone()),
            other if is_distinct && is_type_name(other) => None,
            _ => binder.auto_name(pipe, &item.value),
        });
        column.shown.name = names.next(own);
        keys.push(Given { column, cells });
    }
    result.map(|()| keys)
}

/// Whether it is `gettype(…)`, perhaps with `tostring` around it: `distinct` gives that no name, unlike `project` and `by`.
fn is_type_name(expression: &ExprKind) -> bool {
    match expression {
        ExprKind::Call { name, .. } if name.text == "gettype" => true,
        ExprKind::Call { name, arguments } if name.text == "tostring" => {
            arguments.first().is_some_and(|first| is_type_name(&first.kind))
        }
        _ => false,
    }
}

/// Finds the aggregates in an expression; their arguments become columns of `given`.
fn find_aggregates(
    binder: &mut Binder<'_>,
    pipe: &mut Pipe,
    expression: &Expr,
    keys: &[Given],
    given: &mut Vec<Given>,
    found: &mut Vec<Found>,
) -> Result<(), Told> {
    if let ExprKind::Call { name, arguments } = &expression.kind
        && let Some(aggregate) = aggregates::find(&name.text)
        && !binder.is_defined(&name.text)
    {
        let aggregate = aggregate_call(binder, pipe, aggregate, name, arguments, (keys, given))?;
        found.push(Found { span: expression.span, ..aggregate });
        return Ok(());
    }
    let mut result = Ok(());
    for expression in children(expression) {
        result = result.and(find_aggregates(binder, pipe, expression, keys, given, found));
    }
    result
}

fn aggregate_call(
    binder: &mut Binder<'_>,
    pipe: &mut Pipe,
    aggregate: &'static aggregates::Aggregate,
    name: &Name,
    arguments: &[Expr],
    (keys, given): (&[Given], &mut Vec<Given>),
) -> Result<Found, Told> {
    struct Bound {
        name: Option<String>,
        cells: Cells,
        constant: Option<Constant>,
    }
    let mut bound: Vec<Bound> = Vec::new();
    let mut result = Ok(());
    for argument in arguments {
        if argument.kind == ExprKind::Star {
            // All columns that are neither keys nor named already.
            for column in pipe.given() {
                let shown = &column.column.shown.name;
                let is_key = keys.iter().any(|key| key.cells == column.cells);
                let is_named = bound.iter().any(|bound| bound.cells == column.cells);
                if !column.column.is_hidden && !is_key && !is_named {
                    bound.push(Bound { name: Some(shown.clone()), cells: column.cells, constant: None });
                }
            }
            continue;
        }
        match binder.cells(pipe, argument) {
            Ok(cells) => {
                let constant = binder.cells_constant(pipe, &cells);
                bound.push(Bound { name: binder.auto_name(pipe, argument), cells, constant });
            }
            Err(told) => result = Err(told),
        }
    }
    result?;
    let most = aggregate.parameters.len();
    let least = most.saturating_sub(aggregate.optional);
    if bound.len() < least || (bound.len() > most && !aggregate.repeats) {
        let message = format!("`{}` takes {least} to {most} arguments, not {}", name.text, bound.len());
        return Err(binder.error("KQL0111", name.span, message));
    }
    for (bound, parameter) in bound.iter_mut().zip(aggregate.parameters) {
        // A condition may be a dynamic or a number, as in `where`.
        if *parameter == Parameter::Bool && bound.cells.kind != Kind::Bool {
            bound.cells = binder.cells_as(pipe, &bound.cells, Kind::Bool, name.span)?;
        }
    }
    let inputs: Vec<aggregates::Input<'_>> = bound
        .iter()
        .map(|bound| aggregates::Input {
            name: bound.name.as_deref(),
            kind: bound.cells.kind,
            constant: bound.constant.as_ref().map(Value::from),
        })
        .collect();
    let results = match aggregate.columns(&inputs) {
        Ok(results) => results,
        Err(message) => return Err(binder.error("KQL0112", name.span, format!("`{}` {message}", name.text))),
    };
    let mut call = AggregateCall {
        aggregate: aggregate.name.to_owned(),
        arguments: Vec::new(),
        results: results.len(),
    };
    for bound in bound {
        let known = given.iter().position(|given| given.cells == bound.cells);
        let column = known.unwrap_or_else(|| {
            given.push(Given::new("", bound.cells.clone()));
            given.len() - 1
        });
        call.arguments.push(CallArgument { kind: bound.cells.kind, column, constant: bound.constant });
    }
    Ok(Found { call, results, span: name.span })
}

impl AggregateCall {
    /// The aggregate and what its states need to know; `None` when there is no such aggregate.
    fn start(&self) -> Option<(&'static aggregates::Aggregate, aggregates::Setup)> {
        let constant = |argument: &CallArgument| argument.constant.as_ref().map(Value::from);
        let setup = aggregates::Setup {
            kinds: self.arguments.iter().map(|argument| argument.kind).collect(),
            constants: self.arguments.iter().map(constant).collect(),
        };
        Some((aggregates::find(&self.aggregate)?, setup))
    }

    /// No rows yet, in no group; `None` when there is no such aggregate.
    pub(crate) fn states(&self) -> Option<Box<dyn States>> {
        self.start().map(|(aggregate, setup)| aggregate.states(&setup))
    }
}

impl Operator for Summarize {
    fn needs(&self, _: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        let arguments = self.calls.iter().flat_map(|call| &call.arguments).map(|argument| argument.column);
        vec![flags(columns, self.keys.iter().copied().chain(arguments))]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let starts = self.calls.iter().filter_map(AggregateCall::start);
        let input = setup.input_kinds(0);
        let key_kinds: Vec<Kind> = if matches!(self.part, Part::Second | Part::Owned | Part::Between) {
            setup.output_kinds().into_iter().take(self.keys.len()).collect()
        } else {
            self.keys.iter().filter_map(|at| input.get(*at).copied()).collect()
        };
        let starts: Vec<_> = starts.collect();
        Box::new(Summarizing {
            summarize: self.clone(),
            states: starts.iter().map(|(aggregate, setup)| aggregate.states(setup)).collect(),
            starts,
            is_passing: false,
            passed: Ready::default(),
            began: 0,
            key_kinds,
            kinds: setup.output_kinds(),
            table: KeyTable::default(),
            firsts: Firsts::default(),
            before: 0,
            order: None,
            keys: Vec::new(),
            is_ended: false,
        })
    }

    fn site(&self, setup: &Setup<'_>) -> Site {
        let part = |part| Box::new(Body::Summarize(Self { part, ..self.clone() }));
        let mut columns: Vec<Column> = setup.output.iter().take(self.keys.len()).cloned().collect();
        columns.push(Column::new("", Kind::Dynamic));
        let part_second = if self.part == Part::States { Part::Between } else { Part::Second };
        let mut second = Self { part: part_second, ..self.clone() };
        second.keys = (0..self.keys.len()).collect();
        let second = Box::new(Body::Summarize(second));
        Site::Split { first: part(Part::First), columns, second, is_ordered: false }
    }
}

struct Summarizing {
    summarize: Summarize,
    starts: Vec<(&'static aggregates::Aggregate, aggregates::Setup)>,
    states: Vec<Box<dyn States>>,
    /// Whether nearly every row is a group of its own, so that rows are grouped once, by whoever merges them.
    is_passing: bool,
    passed: Ready,
    /// Rows before those of the groups at hand.
    began: u64,
    key_kinds: Vec<Kind>,
    kinds: Vec<Kind>,
    table: KeyTable,
    /// Per group, who its first row is.
    firsts: Firsts,
    before: u64,
    /// Groups in the order in which they are given, once all rows are in.
    order: Option<BlockOrder<u32>>,
    keys: Vec<Rc<Vector>>,
    is_ended: bool,
}

impl Summarizing {
    /// Per row its group.
    fn groups(&mut self, frame: &Frame) -> Vec<u32> {
        let groups = self.table.add(frame, &self.summarize.keys);
        for states in &mut self.states {
            states.grow(self.table.len());
        }
        groups
    }

    fn update(&mut self, frame: &Frame) {
        let groups = self.groups(frame);
        self.firsts.add(frame, self.before, &groups);
        self.take_in(frame, &groups);
        self.before += frame.rows() as u64;
    }

    /// Has the states take the rows in.
    fn take_in(&mut self, frame: &Frame, groups: &[u32]) {
        let needs_keys = self.states.iter().any(|states| states.needs_keys());
        let key = |row| frame.place(self.before, row).key;
        let keys: Vec<RowKey> = (0..if needs_keys { frame.rows() } else { 0 }).map(key).collect();
        for (call, states) in self.summarize.calls.iter().zip(&mut self.states) {
            let columns: Vec<_> = call.arguments.iter().map(|argument| frame.column(argument.column)).collect();
            let held: Vec<Held<'_>> = columns.iter().map(|column| Held::new(column)).collect();
            let arguments: Vec<Argument<'_, '_>> = held.iter().map(Held::argument).collect();
            states.update(&aggregates::Rows { groups, arguments: &arguments, keys: &keys });
        }
    }

    /// Each row as a partial group of its own.
    fn pass(&mut self, frame: &Frame) {
        let rows = u32::try_from(frame.rows()).unwrap_or(u32::MAX);
        let mut own: Vec<_> = self.starts.iter().map(|(aggregate, setup)| aggregate.states(setup)).collect();
        own.iter_mut().for_each(|states| states.grow(frame.rows()));
        let groups: Vec<u32> = (0..rows).collect();
        std::mem::swap(&mut self.states, &mut own);
        self.take_in(frame, &groups);
        std::mem::swap(&mut self.states, &mut own);
        let before = self.before;
        self.before += u64::from(rows);
        let mut columns: Vec<Rc<Vector>> = self.summarize.keys.iter().map(|at| frame.column(*at)).collect();
        columns.push(Rc::new(Vector::from_bytes(groups, |row, bytes| {
            let place = frame.place(before, row as usize);
            bytes.extend_from_slice(&place.key.to_le_bytes());
            bytes.extend_from_slice(&place.part.to_le_bytes());
            own.iter().for_each(|states| states.encode(row as usize, bytes));
        })));
        self.passed.push(Frame::new(frame.rows(), columns));
    }

    fn merge(&mut self, frame: &Frame) -> Result<(), Refusal> {
        let groups = self.groups(frame);
        let states = frame.column(self.summarize.keys.len());
        for (row, group) in groups.iter().enumerate() {
            let bytes = states.bytes(row).ok_or(Refusal::Damaged)?;
            let (first, bytes) = bytes.split_at_checked(24).ok_or(Refusal::Damaged)?;
            let (key, part) = first.split_at_checked(16).ok_or(Refusal::Damaged)?;
            let key = key.try_into().map(RowKey::from_le_bytes).ok().ok_or(Refusal::Damaged)?;
            let part = part.try_into().map(u64::from_le_bytes).ok().ok_or(Refusal::Damaged)?;
            self.firsts.merge(*group, (key, part));
            let mut reader = Reader::new(bytes);
            for states in &mut self.states {
                states.merge(*group as usize, &mut reader).ok().ok_or(Refusal::Damaged)?;
            }
        }
        Ok(())
    }

    fn push_state(&self, group: u32, bytes: &mut Vec<u8>) {
        let (key, part) = self.firsts.get(group);
        bytes.extend_from_slice(&key.to_le_bytes());
        bytes.extend_from_slice(&part.to_le_bytes());
        for states in &self.states {
            states.encode(group as usize, bytes);
        }
    }

    fn finish(&mut self) {
        if self.is_ended && self.summarize.keys.is_empty() && self.firsts.len() == 0 {
            // Without keys there is one group, even of no rows.
            self.firsts.merge(0, (RowKey::MAX, u64::MAX));
            self.states.iter_mut().for_each(|states| states.grow(1));
        }
        let order = self.firsts.in_order().map(BlockOrder::of_sorted);
        let order = order.unwrap_or_else(|| {
            let mut order = BlockOrder::default();
            order.extend(0..u32::try_from(self.firsts.len()).unwrap_or(u32::MAX));
            order
        });
        self.keys = self.table.take(&self.key_kinds);
        self.order = Some(order);
    }

    /// Whether a first part has so many groups that it gives them away and begins anew.
    fn is_full(&self) -> bool {
        let groups = self.firsts.len();
        self.summarize.part == Part::First
            && (groups >= MOST_GROUPS || (groups >= MANY_GROUPS && self.memory() >= MOST_BYTES))
    }

    fn begin_anew(&mut self) {
        self.is_passing = self.firsts.len() as u64 * 4 > self.before.saturating_sub(self.began) * 3;
        self.began = self.before;
        self.states = self.starts.iter().map(|(aggregate, setup)| aggregate.states(setup)).collect();
        self.firsts = Firsts::default();
        self.keys = Vec::new();
        self.order = None;
    }
}

/// An argument's values in a layout that the aggregates read.
enum Held<'a> {
    Constant(Value<'a>),
    Column(&'a Vector),
    Longs(&'a [i64], Option<Vec<bool>>),
    Reals(&'a [f64], Option<Vec<bool>>),
}

impl<'a> Held<'a> {
    fn new(column: &'a Vector) -> Self {
        let valid = |nulls: &Option<chartroom_store::Bitmap>| {
            nulls.as_ref().map(|nulls| (0..nulls.len()).map(|row| !nulls.get(row)).collect::<Vec<bool>>())
        };
        match column {
            Vector::Same(value, _) => Self::Constant(value.borrow()),
            Vector::Longs { values, nulls } => Self::Longs(values, valid(nulls)),
            Vector::Reals { values, nulls } => Self::Reals(values, valid(nulls)),
            other => Self::Column(other),
        }
    }

    fn argument(&self) -> Argument<'_, '_> {
        match self {
            Self::Constant(value) => Argument::Constant(value.borrow()),
            Self::Column(column) => Argument::Column(column),
            Self::Longs(values, valid) => Argument::Longs(values, valid.as_deref()),
            Self::Reals(values, valid) => Argument::Reals(values, valid.as_deref()),
        }
    }
}

impl Run for Summarizing {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        match self.summarize.part {
            Part::First if self.is_passing => {
                self.pass(&frame);
                Ok(())
            }
            Part::Whole | Part::First | Part::States => {
                self.update(&frame);
                Ok(())
            }
            Part::Second | Part::Owned | Part::Between => self.merge(&frame),
        }
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
        self.finish();
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if let Pulled::Frame(frame) = self.passed.pull() {
            return Ok(Pulled::Frame(frame));
        }
        if self.order.is_none() && self.is_full() {
            self.finish();
        }
        let Some(order) = &mut self.order else { return Ok(Pulled::Nothing) };
        let firsts = &self.firsts;
        let place = |group: u32| {
            let (key, part) = firsts.get(group);
            Place { time: 0, key, part }
        };
        if !order.sort_some(place) {
            return Ok(Pulled::Working);
        }
        let groups = order.next(place);
        let groups = groups.as_slice();
        if groups.is_empty() {
            if !self.is_ended {
                self.begin_anew();
            }
            return Ok(Pulled::Nothing);
        }
        let mut columns: Vec<Rc<Vector>> = self.keys.iter().map(|key| Rc::new(key.take(groups))).collect();
        if matches!(self.summarize.part, Part::First | Part::States | Part::Between) {
            let state = |group: &u32, bytes: &mut Vec<u8>| self.push_state(*group, bytes);
            columns.push(Rc::new(Vector::from_bytes(groups, state)));
        } else {
            for (call, states) in self.summarize.calls.iter().zip(&self.states) {
                for result in 0..call.results {
                    let kind = self.kinds.get(columns.len()).copied().unwrap_or(Kind::Dynamic);
                    columns.push(Rc::new(states.column(groups, result, kind)));
                }
            }
        }
        let is_placed = self.summarize.part == Part::Owned;
        let places = is_placed.then(|| Rc::new(Places::Each(groups.iter().map(|group| place(*group)).collect())));
        Ok(Pulled::Frame(Frame::new(groups.len(), columns).with_places(places)))
    }

    fn memory(&self) -> usize {
        let keys: usize = self.keys.iter().map(|key| key.memory()).sum();
        let states: usize = self.states.iter().map(|states| states.memory()).sum();
        self.table.memory() + self.passed.memory() + self.firsts.memory() + keys + states
    }
}
