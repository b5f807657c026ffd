//! A whole query in one go over stores at hand: tests, and the conformance harness.
//!
//! Runs the same fragments and answers that shards and coordinator run, a little fuel at a time.

use super::{
    Context, Fuel,
    answer::Answer,
    fragment::{Batch, FragmentRun},
};
use crate::{
    graph::Limits,
    operators::{Body, Refusal, leaf::Leaf, map::Map, sort::Sort, sort::SortKey, take::Take},
    plan::{Node, NodeId, Op, OutputColumn, Plan},
    relation::{Column, Gives, Made, Relation, Step},
};

/// Answers a plan over shards; `fuel` is what a step may burn.
///
/// # Errors
/// When it needs more memory than it may have.
pub fn answer(plan: &Plan, shards: &[Context<'_>], fuel: Fuel, limits: Limits) -> Result<Answer, Refusal> {
    let mut made = plan.made.as_deref().cloned().unwrap_or_else(|| stored(plan));
    let mut step = 0;
    loop {
        let Some(mut answer) = Answer::new(&made, step, plan.now, limits) else {
            return Err(Refusal::Value("the plan has no last step".to_owned()));
        };
        let fragments = answer.fragments().to_vec();
        for (number, fragment) in fragments.iter().enumerate() {
            for shard in shards {
                let mut run = FragmentRun::new(fragment, limits);
                loop {
                    match run.step(*shard, &mut fuel.clone())? {
                        Batch::Rows(bytes) => answer.deliver(number, &bytes)?,
                        Batch::Pending => {}
                        Batch::Done => break,
                    }
                }
            }
            answer.end(number);
        }
        while !answer.step(&mut fuel.clone())? {}
        if answer.gives() == Gives::Rows {
            return Ok(answer);
        }
        made.settle(u32::try_from(step).unwrap_or(u32::MAX), &answer.parameter());
        step += 1;
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
