//! What is found out from the rows and told beside an answer: that it includes records which answer under a second name, that
//! others may have been about what it asks for without saying so, that it adds values of several units.
//!
//! **Invariant:** a note never changes the answer. It is found out over the rows that the query selects, by relations of their own.

use super::{
    Binder, Cells,
    made::map,
    pipe::{Part, Pipe, selecting},
};
use crate::{
    operators::{Body, count::Count, leaf::Leaf, summarize::Summarize},
    plan::{Beside, Constant, Found, NodeId, Note, Plan},
    relation::{Column, Gives, RelationId, Step},
};
use chartroom_base::diagnostic::{Diagnostic, Severity, Span};
use chartroom_schema::kind::Kind;

/// Beside answers about somebody or something.
const UNLOGGED: &str = "{} more records may be about what is asked for: their service does not log the target (POST search, bundle)";

impl Binder<'_> {
    /// What the notes so far need to be told; called before the last step is known.
    pub(super) fn beside(&mut self) -> Option<Box<Beside>> {
        let notes = std::mem::take(&mut self.notes);
        if notes.is_empty() {
            return None;
        }
        // Parameters keep their numbers: they are the first steps here, too.
        let mut made = self.made.clone();
        made.steps.extend(notes.iter().map(|(relation, _)| Step { relation: *relation, gives: Gives::List }));
        made.prune();
        Some(Box::new(Beside { made, notes: notes.into_iter().map(|(_, note)| note).collect() }))
    }

    fn note(&mut self, relation: RelationId, note: Note) {
        // The rows of an inner query are those of an outer one, or values at hand.
        if self.graph == 0 && !self.notes.iter().any(|(known, of)| *known == relation && *of == note) {
            self.notes.push((relation, note));
        }
    }

    /// Notes what a selection of stored rows calls for.
    pub(super) fn note_selection(&mut self, pipe: &mut Pipe) {
        let mut abouts: Vec<String> =
            pipe.parts.iter().filter_map(|part| part.source.known.also.clone()).collect();
        abouts.dedup();
        for about in abouts {
            let is_it = |part: &&mut Part| part.source.known.also.as_ref() == Some(&about);
            let plan = selecting(pipe.parts.iter_mut().filter(is_it), self.empty_plan());
            let text = if pipe.take.is_some() {
                format!("Among the records that it is taken from are {{}} {about}")
            } else {
                format!("Includes {{}} {about}")
            };
            self.note_leaf(plan, "KQL0191", text);
        }
        if let Some(plan) = self.unlogged(pipe) {
            self.note_leaf(plan, "KQL0192", UNLOGGED.to_owned());
        }
    }

    /// Notes what a selection of a view's rows calls for.
    pub(super) fn note_made(&mut self, part: &Part, input: RelationId) {
        let Some(unlogged) = part.source.known.unlogged else { return };
        let wheres = part.wheres.iter().flatten().copied();
        let (asked, mut others): (Vec<NodeId>, Vec<NodeId>) =
            wheres.partition(|node| is_by_target(part, *node));
        if !asked.is_empty() {
            others.push(unlogged);
            let map = map(&part.source.bound.nodes, &others, &[]);
            let rows = self.relation(Body::Map(map), vec![input], Vec::new());
            self.note_count(rows, "KQL0192", UNLOGGED.to_owned());
        }
    }

    fn note_leaf(&mut self, plan: Plan, code: &str, text: String) {
        let leaf = self.relation(Body::Leaf(Leaf { plan: Box::new(plan) }), Vec::new(), Vec::new());
        self.note_count(leaf, code, text);
    }

    fn note_count(&mut self, rows: RelationId, code: &str, text: String) {
        let columns = vec![Column::new("Count", Kind::Long)];
        let count = self.relation(Body::Count(Count::default()), vec![rows], columns);
        let told = Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, Span::default(), text) };
        self.note(count, Note { told, when: Found::Some });
    }

    /// For a selection by what rows were about: those that do not say it, all else alike.
    fn unlogged(&self, pipe: &mut Pipe) -> Option<Plan> {
        if !pipe.parts.iter().any(|part| part.wheres.iter().flatten().any(|node| is_by_target(part, *node))) {
            return None;
        }
        let mut own = Vec::new();
        for part in &mut pipe.parts {
            let others = part.wheres.iter().flatten().filter(|node| !is_by_target(part, **node));
            let wheres = others.chain(&part.source.known.unlogged).copied().collect();
            own.push(std::mem::replace(&mut part.wheres, vec![wheres]));
        }
        let parts = pipe.parts.iter_mut().filter(|part| part.source.known.unlogged.is_some());
        let plan = selecting(parts, self.empty_plan());
        for (part, own) in pipe.parts.iter_mut().zip(own) {
            part.wheres = own;
        }
        Some(plan).filter(|plan| !plan.sources.is_empty())
    }

    /// The units of what an aggregate adds up, unless each group has but one.
    pub(crate) fn units_added(pipe: &mut Pipe, added: &[Cells], keys: &[Cells]) -> Option<Cells> {
        let mut nodes = Vec::new();
        let mut is_any = false;
        for (at, part) in pipe.parts.iter_mut().enumerate() {
            let bound = &part.source.bound;
            let reaches =
                |cells: &Cells, to| cells.nodes.get(at).is_some_and(|from| bound.nodes.reaches(*from, to));
            let known = &part.source.known;
            let unit =
                known.units.iter().find(|(number, _)| added.iter().any(|cells| reaches(cells, *number)));
            let unit = unit.map(|(_, unit)| *unit).filter(|unit| !keys.iter().any(|key| reaches(key, *unit)));
            is_any |= unit.is_some();
            let none = || part.source.bound.nodes.add_constant(Kind::String, Constant::Null);
            nodes.push(unit.unwrap_or_else(none));
        }
        is_any.then_some(Cells { nodes, kind: Kind::String })
    }

    /// Notes that values of several units are added up, the units being a column of `input`.
    pub(crate) fn note_units(&mut self, input: RelationId, column: usize, span: Span) {
        let units = Summarize::distinct(vec![column]);
        let columns = vec![Column::new("Unit", Kind::String)];
        let units = self.relation(Body::Summarize(units), vec![input], columns);
        let message = "Values of different units are added up here: {}";
        let told = Diagnostic { severity: Severity::Warning, ..Diagnostic::error("KQL0193", span, message) };
        let told = told.with_help("Put the unit behind `by`, or choose one unit with `where`");
        self.note(units, Note { told, when: Found::Several });
    }
}

/// Whether a condition is about what the row names as its target.
fn is_by_target(part: &Part, node: NodeId) -> bool {
    part.source.known.targets.iter().any(|target| part.source.bound.nodes.reaches(node, *target))
}
