//! A whole query in one go over stores at hand: tests, and the conformance harness.
//!
//! Runs the same fragments, stages and answers that shards and coordinator run, a little fuel at a time.

use super::{
    Context, Fuel,
    answer::Answer,
    fragment::{Batch, FragmentRun, RowBatch},
    stage::{Size, StageRun, Way},
};
use crate::{
    bind::{Shape, compile_plain, compile_with},
    catalog::Catalog,
    graph::Limits,
    operators::{Body, Refusal, leaf::Leaf, map::Map, sort::Sort, sort::SortKey, take::Take},
    plan::{Node, NodeId, Op, OutputColumn, Plan},
    relation::{Column, Gives, Made, Relation, Step},
};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};

/// Answers a plan over shards; `fuel` is what a step may burn.
///
/// # Errors
/// When it needs more memory than it may have.
pub fn answer(plan: &Plan, shards: &[Context<'_>], fuel: Fuel, limits: Limits) -> Result<Answer, Refusal> {
    let mut made = plan.made.as_deref().cloned().unwrap_or_else(|| stored(plan));
    let mut step = 0;
    loop {
        let Some(mut answer) = Answer::new(&made, step, plan.now, limits, shards.len()) else {
            return Err(Refusal::Value("the plan has no last step".to_owned()));
        };
        exchange(&mut answer, shards, fuel, limits)?;
        while !answer.step(&mut fuel.clone())? {}
        if matches!(answer.gives(), Gives::Rows | Gives::Shape) {
            return Ok(answer);
        }
        made.settle(u32::try_from(step).unwrap_or(u32::MAX), &answer.parameter());
        step += 1;
    }
}

/// Runs all that shards run, and delivers it.
fn exchange(answer: &mut Answer, shards: &[Context<'_>], fuel: Fuel, limits: Limits) -> Result<(), Refusal> {
    let (fragments, stages) = (answer.fragments().to_vec(), answer.stages().to_vec());
    // Per fragment and shard what it gives.
    let mut given: Vec<Vec<Vec<RowBatch>>> = Vec::new();
    for fragment in &fragments {
        let mut of_shards = Vec::new();
        for shard in shards {
            let mut run = FragmentRun::new(fragment, limits);
            of_shards.push(all(|| run.step(*shard, &mut fuel.clone()))?);
        }
        given.push(of_shards);
    }
    for (number, stage) in stages.iter().enumerate() {
        let mut inputs: Vec<(usize, usize)> = fragments
            .iter()
            .enumerate()
            .filter_map(|(at, fragment)| {
                fragment.goes.as_ref().filter(|goes| goes.stage == number).map(|goes| (goes.input, at))
            })
            .collect();
        inputs.sort_unstable();
        let sizes: Vec<(Size, Size)> = inputs
            .iter()
            .map(|(_, at)| {
                let of_shards = given.get(*at).into_iter().flatten().map(|batches| {
                    let size = |batch: &RowBatch| Size { rows: batch.size(), bytes: batch.memory() };
                    batches.iter().map(size).fold(Size::default(), Size::plus)
                });
                of_shards.fold((Size::default(), Size::default()), |(most, all), size| {
                    let most = Size { rows: most.rows.max(size.rows), bytes: most.bytes.max(size.bytes) };
                    (most, all.plus(size))
                })
            })
            .collect();
        let way = stage.way(&sizes, limits);
        answer.settle(number, way);
        if way == Way::Gather {
            continue;
        }
        let mut runs: Vec<StageRun> = shards.iter().map(|_| StageRun::new(stage, limits)).collect();
        for (input, at) in inputs {
            let keys =
                fragments.get(at).and_then(|fragment| fragment.goes.as_ref()).map(|goes| goes.keys.clone());
            let of_shards = given.get_mut(at).map(std::mem::take).unwrap_or_default();
            for (from, batch) in of_shards
                .into_iter()
                .enumerate()
                .flat_map(|(from, batches)| batches.into_iter().map(move |b| (from, b)))
            {
                let is_first = input == 0;
                for (place, part) in
                    batch.divide(&keys.clone().unwrap_or_default(), runs.len()).into_iter().enumerate()
                {
                    let Some(run) = runs.get_mut(place) else { continue };
                    match way {
                        Way::Broadcast if !is_first => run.push(input, batch.clone()),
                        Way::Broadcast if place == from => run.push(input, batch.clone()),
                        Way::Broadcast | Way::Gather => {}
                        Way::Hash => run.deliver(input, &part.encode())?,
                    }
                }
            }
            runs.iter_mut().for_each(|run| run.end(input));
        }
        let stream = fragments.len() + number;
        for (shard, run) in runs.iter_mut().enumerate() {
            for batch in all(|| run.step(&mut fuel.clone()))? {
                answer.deliver(stream, shard, &batch.encode())?;
            }
            answer.end_of(stream, shard);
        }
        answer.end(stream);
    }
    for (stream, of_shards) in given.into_iter().enumerate() {
        for (shard, batches) in of_shards.into_iter().enumerate() {
            for batch in batches {
                answer.deliver(stream, shard, &batch.encode())?;
            }
            answer.end_of(stream, shard);
        }
        answer.end(stream);
    }
    Ok(())
}

/// All batches that steps give.
fn all(mut step: impl FnMut() -> Result<Batch, Refusal>) -> Result<Vec<RowBatch>, Refusal> {
    let mut batches = Vec::new();
    loop {
        match step()? {
            Batch::Rows(rows) => batches.push(rows),
            Batch::Pending => {}
            Batch::Done => return Ok(batches),
        }
    }
}

/// Why a text gave no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// It is wrong.
    Diagnostics(Vec<Diagnostic>),
    /// It cannot be worked out.
    Refusal(Refusal),
}

/// Compiles and answers a text over shards, asking the data for columns that only it can tell.
///
/// # Errors
/// What is wrong with the text, or why it cannot be worked out.
pub fn ask(
    text: &str,
    catalog: &Catalog,
    now: Ticks,
    shards: &[Context<'_>],
    fuel: Fuel,
    limits: Limits,
) -> Result<(Plan, Answer), NoAnswer> {
    asked(|shapes| compile_with(text, catalog, now, shapes), shards, fuel, limits)
}

/// The same with a plan that nothing was done to, to be fast ([`compile_plain`]).
///
/// # Errors
/// As [`ask`].
pub fn ask_plain(
    text: &str,
    catalog: &Catalog,
    now: Ticks,
    shards: &[Context<'_>],
    fuel: Fuel,
    limits: Limits,
) -> Result<(Plan, Answer), NoAnswer> {
    asked(|shapes| compile_plain(text, catalog, now, shapes), shards, fuel, limits)
}

fn asked(
    compile: impl Fn(&[Shape]) -> Result<Plan, Vec<Diagnostic>>,
    shards: &[Context<'_>],
    fuel: Fuel,
    limits: Limits,
) -> Result<(Plan, Answer), NoAnswer> {
    let mut shapes = Vec::new();
    loop {
        let plan = compile(&shapes).map_err(NoAnswer::Diagnostics)?;
        let answer = answer(&plan, shards, fuel, limits).map_err(NoAnswer::Refusal)?;
        if !plan.asks_shape() {
            return Ok((plan, answer));
        }
        shapes.push(answer.shape());
    }
}

/// Stored rows as if they were made: sorted, cut, counted.
fn stored(plan: &Plan) -> Made {
    let mut leaf = plan.clone();
    let mut made = Made::default();
    let column = |shown: &OutputColumn| Column { shown: shown.clone(), is_hidden: false, is_stored: true };
    let mut columns: Vec<Column> =
        if plan.is_count { Vec::new() } else { plan.columns.iter().map(column).collect() };
    let shown = columns.len();
    for (number, key) in plan.order.iter().enumerate() {
        columns.push(Column::new(format!("{number}"), key.kind));
    }
    for source in &mut leaf.sources {
        let order = source.order.clone();
        source.columns.extend(order);
    }
    leaf.columns = columns.iter().map(|column| column.shown.clone()).collect();
    let body = Body::Leaf(Leaf { plan: Box::new(leaf) });
    let mut last = made.add(Relation { body, inputs: Vec::new(), columns: columns.clone() });
    if plan.is_default_order {
        if let Some(count) = plan.take {
            let body = Body::Take(Take { count });
            last = made.add(Relation { body, inputs: vec![last], columns: columns.clone() });
        }
    } else {
        let keys = plan.order.iter().enumerate().map(|(number, key)| SortKey {
            column: shown + number,
            is_ascending: key.is_ascending,
            nulls_first: key.nulls_first,
        });
        let body = Body::Sort(Sort { keys: keys.collect(), limit: plan.take });
        last = made.add(Relation { body, inputs: vec![last], columns: columns.clone() });
    }
    if plan.is_count {
        let body = Body::Count(crate::operators::count::Count::default());
        let columns = plan.columns.iter().map(column).collect();
        last = made.add(Relation { body, inputs: vec![last], columns });
    } else {
        columns.truncate(shown);
        let nodes: Vec<Node> = (0_u32..)
            .zip(&columns)
            .map(|(at, column)| Node { kind: column.kind(), op: Op::Input(at) })
            .collect();
        let ids = (0_u32..).zip(&columns).map(|(at, _)| NodeId(at)).collect();
        let body = Body::Map(Map { nodes: nodes.into(), filters: Vec::new(), columns: ids });
        last = made.add(Relation { body, inputs: vec![last], columns });
    }
    made.steps.push(Step { relation: last, gives: Gives::Rows });
    made
}
