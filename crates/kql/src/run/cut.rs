//! Cuts a graph of relations in what shards do alone, what they do among themselves, and what the coordinator does.
//!
//! Above each stored leaf stands a chain of operators that look at each row for itself, perhaps up to the first part of one that does
//! not: that is a [`Fragment`]. Where groups are merged or two fragments are joined, what follows can be a [`Stage`] of all shards. Whether it is
//! is decided when its size is known, so both forms are kept: [`Cut::relations`] is the graph as it is when the coordinator gathers,
//! [`Exit`] what becomes of it otherwise.

use super::{
    fragment::{Fragment, Goes},
    stage::{Merges, Stage},
};
use crate::{
    operators::{
        Body, Setup, Site,
        gather::{Gather, Order},
        join::Side,
        summarize::{Part, Summarize},
    },
    plan::Plan,
    relation::{Column, Made, Relation, RelationId},
};
use chartroom_base::ticks::Ticks;

/// A graph that was cut.
pub(crate) struct Cut {
    /// What the coordinator does when it gathers all.
    pub(crate) relations: Vec<Relation>,
    pub(crate) fragments: Vec<Fragment>,
    /// Per fragment, where its rows go in.
    pub(crate) gathers: Vec<usize>,
    pub(crate) stages: Vec<Stage>,
    /// Per stage, where what it gives goes in.
    pub(crate) exits: Vec<Exit>,
    is_needed: Vec<bool>,
    is_plain: bool,
    shards: usize,
    /// There is one shard only: nobody has another part of its groups.
    is_alone: bool,
    now: Ticks,
}

/// Where rows leave the shards.
pub(crate) struct Exit {
    /// The relation whose rows they are.
    pub(crate) at: usize,
    /// Their columns, where they are partial.
    columns: Option<Vec<Column>>,
    order: Order,
    /// What the relation behind it does with partial ones.
    then: Option<(usize, Body)>,
}

impl Exit {
    /// The last relation of which shards do a part.
    pub(crate) fn last(&self) -> RelationId {
        let at = self.then.as_ref().map_or(self.at, |(next, _)| *next);
        RelationId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Puts the coordinator's end into a graph.
    pub(crate) fn apply(&self, relations: &mut [Relation]) {
        if let Some(relation) = relations.get_mut(self.at) {
            relation.body = Body::Gather(Gather { order: self.order.clone(), keeps_places: false });
            relation.inputs = Vec::new();
            if let Some(columns) = &self.columns {
                relation.columns.clone_from(columns);
            }
        }
        if let Some((next, body)) = &self.then
            && let Some(relation) = relations.get_mut(*next)
        {
            relation.body = body.clone();
        }
    }
}

/// What may stand in a chain besides operators that look at each row for itself.
#[derive(Clone, Copy)]
struct Allowed {
    /// Groups of groups: ties fall to who a row is, so that must be one row.
    summarize: bool,
    /// Rows of rows: they are numbered once only.
    expand: bool,
}

impl Cut {
    /// Cuts what `result` needs, for so many shards.
    pub(crate) fn new(made: &Made, result: RelationId, now: Ticks, shards: usize) -> Self {
        let relations = made.relations.clone();
        let is_needed = needed(&relations, result);
        let mut cut = Self {
            relations,
            fragments: Vec::new(),
            gathers: Vec::new(),
            stages: Vec::new(),
            exits: Vec::new(),
            is_needed,
            is_plain: made.is_plain,
            shards: shards.max(1),
            is_alone: shards == 1,
            now,
        };
        for at in 0..cut.relations.len() {
            if cut.is_needed.get(at) == Some(&true)
                && let Some(Relation { body: Body::Leaf(leaf), columns, .. }) = cut.relations.get(at)
            {
                let (leaf, columns) = (leaf.plan.as_ref().clone(), columns.clone());
                cut.cut_leaf(at, leaf, columns);
            }
        }
        for at in 0..cut.relations.len() {
            if cut.is_needed.get(at) == Some(&true) {
                cut.cut_join(at);
            }
        }
        cut
    }

    /// Who takes the rows of `at`, when there is one only.
    fn only_consumer(&self, at: usize) -> Option<(usize, &Relation)> {
        if self.is_plain {
            return None;
        }
        let takes = |relation: &Relation| relation.inputs.iter().filter(|input| input.index() == at).count();
        let mut consumers = self.relations.iter().enumerate().filter(|(consumer, relation)| {
            self.is_needed.get(*consumer) == Some(&true) && takes(relation) > 0
        });
        match (consumers.next(), consumers.next()) {
            (Some((consumer, relation)), None) if takes(relation) == 1 => Some((consumer, relation)),
            _ => None,
        }
    }

    /// Takes into a chain what may run where the rows are.
    fn walk(&self, chain: &mut Vec<Relation>, from: usize, order: Order, allowed: Allowed) -> Exit {
        let mut exit = Exit { at: from, columns: None, order, then: None };
        while let Some((next, relation)) = self.only_consumer(exit.at) {
            let Some(input) = chain.last().filter(|_| relation.inputs.len() == 1) else { break };
            match &relation.body {
                Body::Summarize(_) if !allowed.summarize => break,
                Body::MvExpand(_) if !allowed.expand => break,
                _ => {}
            }
            let setup = Setup { inputs: vec![&input.columns], output: &relation.columns, now: self.now };
            let inputs = vec![RelationId(u32::try_from(chain.len() - 1).unwrap_or(u32::MAX))];
            match relation.body.operator().site(&setup) {
                Site::Coordinator => break,
                Site::Shard => {
                    chain.push(Relation { inputs, ..relation.clone() });
                    exit.at = next;
                }
                Site::Sorted(keys) => {
                    chain.push(Relation { inputs, ..relation.clone() });
                    exit.at = next;
                    exit.order = Order::Streams { keys, count: self.shards };
                    break;
                }
                Site::Split { .. } if self.is_alone && is_whole(&relation.body) => {
                    chain.push(Relation { inputs, ..relation.clone() });
                    exit.at = next;
                    // It gives groups in their order.
                    exit.order = Order::Any;
                    break;
                }
                Site::Split { first, columns, second, is_ordered } => {
                    chain.push(Relation { body: *first, inputs, columns: columns.clone() });
                    exit.columns = Some(columns);
                    exit.order = if is_ordered { Order::Places } else { Order::Any };
                    exit.then = Some((next, *second));
                    break;
                }
            }
        }
        exit
    }

    fn cut_leaf(&mut self, leaf_at: usize, leaf: Plan, columns: Vec<Column>) {
        let mut chain = vec![input(columns, Order::Any)];
        let allowed = Allowed { summarize: true, expand: true };
        let exit = self.walk(&mut chain, leaf_at, Order::Places, allowed);
        exit.apply(&mut self.relations);
        self.gathers.push(exit.at);
        let has_expanded = chain.iter().any(|relation| matches!(relation.body, Body::MvExpand(_)));
        let mut fragment = Fragment { leaf, relations: chain, goes: None };
        if let Some((next, Body::Summarize(second))) = &exit.then
            && !second.keys.is_empty()
            && second.part == Part::Second
        {
            let keys = (0..second.keys.len()).collect();
            fragment.goes = Some(Goes { stage: self.stages.len(), input: 0, keys });
            let owned = Body::Summarize(Summarize { part: Part::Owned, ..second.clone() });
            let inputs = vec![input(exit.columns.unwrap_or_default(), Order::Any)];
            self.stage(inputs, *next, owned, Merges::Groups, !has_expanded);
        }
        self.fragments.push(fragment);
    }

    /// A join of what two fragments give.
    fn cut_join(&mut self, at: usize) {
        let Some(Relation { body: Body::Join(join), inputs, .. }) = self.relations.get(at) else { return };
        let [left, right] = inputs.as_slice() else { return };
        let (Some(left), Some(right)) = (self.fragment_of(*left), self.fragment_of(*right)) else { return };
        if left == right || join.left_keys.is_empty() {
            return;
        }
        let join = join.clone();
        let can_broadcast = !join.is_unique && matches!(join.of_right, Side::Paired | Side::Unseen);
        let stage = self.stages.len();
        let mut inputs = Vec::new();
        for (number, (fragment, keys)) in
            [(left, &join.left_keys), (right, &join.right_keys)].into_iter().enumerate()
        {
            if let Some(fragment) = self.fragments.get_mut(fragment) {
                fragment.goes = Some(Goes { stage, input: number, keys: keys.clone() });
                inputs.push(input(fragment.columns().to_vec(), Order::Any));
            }
            // Where the coordinator joins, it tells rows apart as shards do.
            if let Some(relation) = self.gathers.get(fragment).and_then(|at| self.relations.get_mut(*at)) {
                relation.body = Body::Gather(Gather { order: Order::Places, keeps_places: true });
            }
        }
        self.stage(inputs, at, Body::Join(join), Merges::Sides { can_broadcast }, true);
    }

    /// The fragment that gives this relation's rows, whole ones, to nobody but one.
    fn fragment_of(&self, relation: RelationId) -> Option<usize> {
        let at = relation.index();
        let Body::Gather(gather) = &self.relations.get(at)?.body else { return None };
        self.only_consumer(at).filter(|_| gather.order == Order::Places)?;
        let number = self.gathers.iter().position(|gather| *gather == at)?;
        self.fragments.get(number).filter(|fragment| fragment.goes.is_none())?;
        Some(number)
    }

    /// A stage that begins with the body of relation `at`.
    fn stage(&mut self, inputs: Vec<Relation>, at: usize, body: Body, merges: Merges, can_summarize: bool) {
        let count = inputs.len();
        let mut relations = inputs;
        let of = (0..u32::try_from(count).unwrap_or(u32::MAX)).map(RelationId).collect();
        let columns = self.relations.get(at).map_or_else(Vec::new, |relation| relation.columns.clone());
        relations.push(Relation { body, inputs: of, columns });
        let order = Order::Streams { keys: Vec::new(), count: self.shards };
        let exit = self.walk(&mut relations, at, order, Allowed { summarize: can_summarize, expand: false });
        // A join gives its rows as they come, which matters where they go on as rows.
        let is_stream = matches!(&exit.order, Order::Streams { keys, .. } if keys.is_empty());
        if let (Merges::Sides { .. }, true, Some(last)) = (merges, is_stream, relations.last()) {
            let columns = last.columns.clone();
            let inputs = vec![RelationId(u32::try_from(relations.len() - 1).unwrap_or(u32::MAX))];
            relations.push(Relation { inputs, ..input(columns, Order::Places) });
        }
        self.stages.push(Stage { relations, inputs: count, now: self.now, merges });
        self.exits.push(exit);
    }
}

/// Whether it makes groups of rows, from the first to the last step.
const fn is_whole(body: &Body) -> bool {
    matches!(body, Body::Summarize(Summarize { part: Part::Whole, .. }))
}

/// Where rows come into a chain.
fn input(columns: Vec<Column>, order: Order) -> Relation {
    Relation { body: Body::Gather(Gather { order, keeps_places: true }), inputs: Vec::new(), columns }
}

fn needed(relations: &[Relation], result: RelationId) -> Vec<bool> {
    let mut is_needed = vec![false; relations.len()];
    if let Some(slot) = is_needed.get_mut(result.index()) {
        *slot = true;
    }
    for at in (0..relations.len()).rev() {
        if is_needed.get(at) == Some(&true) {
            for input in relations.get(at).into_iter().flat_map(|relation| &relation.inputs) {
                if let Some(slot) = is_needed.get_mut(input.index()) {
                    *slot = true;
                }
            }
        }
    }
    is_needed
}
