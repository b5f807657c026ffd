//! Tree to plan: names become columns, expressions get kinds, and the pipe becomes predicates, keys and columns.
//!
//! **Invariant:** all that is wrong is told at once, each with its place; a plan is made only when nothing is. An expression is
//! bound once per home table, because each has its own columns behind the names; kinds are the same in all of them.
//!
//! Order of the files: `nodes` (a table's expressions), `scope` (what names mean here), `environment` (`let`s and functions),
//! `source` (where rows come from), `expression` (scalar expressions), `operator` and `text` (signs and words between operands),
//! `pipe` (the operators), `recover` (what is bound behind a mistake), `columns` (`project` and kin), `spread` (functions of several columns), `naming` (names that were not
//! given), `made` (where a pipe over stored rows ends and rows are made), `notes` (what is found out and told beside the answer),
//! `build` (expressions that no text holds), `hitters` (operators that are others together). Operators that make rows are bound in
//! their own files under `operators/`.

pub(crate) mod build;
mod call;
mod columns;
mod environment;
mod expression;
mod external;
mod hitters;
mod made;
mod naming;
mod nodes;
mod notes;
mod operator;
mod pipe;
mod recover;
mod scope;
mod source;
mod spread;
mod text;

pub(crate) use expression::children;
pub(crate) use made::{Cells, Given};
pub(crate) use naming::Names;
pub(crate) use pipe::Pipe;
use recover::Recovery;
pub(crate) use source::is_like;

use crate::{
    catalog::Catalog,
    plan::{NodeId, Note, Plan},
    relation::{Gives, Made, RelationId, Step},
};
use chartroom_base::{
    diagnostic::{Diagnostic, Severity, Span},
    sort,
    ticks::Ticks,
};
use chartroom_kql_syntax::parse;
use environment::Environment;
use nodes::Nodes;
use scope::Scope;

/// Binds a query to a catalogue. `now` is what `now()` and `ago()` count from.
///
/// # Errors
/// Everything that is wrong with the text, each with its place, in the order of the text.
pub fn compile(text: &str, catalog: &Catalog, now: Ticks) -> Result<Plan, Vec<Diagnostic>> {
    compile_with(text, catalog, now, &[])
}

/// What the data said of the columns of a part of a query: texts, row by row.
pub type Shape = Vec<Vec<String>>;

/// The same for a query with columns that only the data can tell (`bag_unpack`, `pivot`): `shapes` is what was found out so far.
///
/// A plan whose last step gives a [`Gives::Shape`] asks for the next one: run it, put its [`crate::Answer::shape`] behind the others, and
/// compile again.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(
    text: &str,
    catalog: &Catalog,
    now: Ticks,
    shapes: &[Shape],
) -> Result<Plan, Vec<Diagnostic>> {
    compile_as(text, catalog, now, shapes, false)
}

/// The same plan as the text has it: every operator over rows that are made, all their columns, and all of it where the answer is. What
/// tests hold the plans against that are made to be fast.
///
/// # Errors
/// As [`compile`].
pub fn compile_plain(
    text: &str,
    catalog: &Catalog,
    now: Ticks,
    shapes: &[Shape],
) -> Result<Plan, Vec<Diagnostic>> {
    compile_as(text, catalog, now, shapes, true)
}

fn compile_as(
    text: &str,
    catalog: &Catalog,
    now: Ticks,
    shapes: &[Shape],
    is_plain: bool,
) -> Result<Plan, Vec<Diagnostic>> {
    let parsed = parse(text);
    let mut binder = Binder {
        catalog,
        now,
        diagnostics: parsed.diagnostics,
        terms: Vec::new(),
        made: Made { is_plain, ..Made::default() },
        environment: Environment::default(),
        depth: 0,
        graph: 0,
        graphs: 0,
        aggregates: Vec::new(),
        notes: Vec::new(),
        shapes,
        asked: Vec::new(),
        unknown: None,
        recovery: Recovery::default(),
    };
    let query = binder.define(&parsed.statements);
    let plan = query.and_then(|query| binder.query(query));
    let plan = binder.unknown.map(|relation| binder.asking(relation)).or(plan);
    let mut diagnostics = binder.diagnostics;
    sort::sort_by(&mut diagnostics, |a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
    diagnostics.dedup();
    let has_error = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match plan {
        Some(mut plan) if !has_error => {
            plan.diagnostics = diagnostics;
            Ok(plan)
        }
        _ => Err(diagnostics),
    }
}

/// The same for hosts that only show stored rows: a query that makes rows is refused.
///
/// # Errors
/// As [`compile`].
pub fn compile_stored(text: &str, catalog: &Catalog, now: Ticks) -> Result<Plan, Vec<Diagnostic>> {
    let plan = compile(text, catalog, now)?;
    if plan.made.is_some() {
        let span = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
        let message =
            "Queries that make rows are not answered here yet, only those that select and order records";
        return Err(vec![Diagnostic::error("KQL0019", span, message)]);
    }
    Ok(plan)
}

/// The most parts of one query whose columns only the data can tell.
const MAX_SHAPES: usize = 16;

/// What binding one query needs to know.
pub(crate) struct Binder<'a> {
    catalog: &'a Catalog,
    now: Ticks,
    diagnostics: Vec<Diagnostic>,
    /// Texts looked for anywhere.
    terms: Vec<String>,
    /// The relations so far.
    made: Made,
    /// What `let`s name at this place.
    environment: Environment,
    /// How deep definitions are nested in each other here.
    depth: usize,
    /// Which graph relations are added to, and how many there were: an inner query has its own.
    graph: usize,
    graphs: usize,
    /// What is known of columns that only the data can tell, in the order in which it is asked for.
    shapes: &'a [Shape],
    /// The relations that were asked for so far.
    asked: Vec<RelationId>,
    /// The first one that is not known.
    unknown: Option<RelationId>,
    /// What is known of mistakes before this place.
    recovery: Recovery,
    /// Calls of aggregates, by their place, while the expressions around them are bound: the column that holds each.
    aggregates: Vec<(Span, NodeId)>,
    /// What is told beside the answer, and the relation that finds it out.
    notes: Vec<(RelationId, Note)>,
}

/// A problem was told; there is nothing to go on with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told;

/// One home table while its expressions are bound.
pub(crate) struct Bound {
    pub(crate) table: String,
    pub(crate) nodes: Nodes,
    /// What the names stand for here; parallel to [`Scope::columns`].
    pub(crate) scope: Scope,
}

impl Binder<'_> {
    pub(crate) fn error(&mut self, code: &str, span: Span, message: impl Into<String>) -> Told {
        self.diagnostics.push(Diagnostic::error(code, span, message));
        Told
    }

    /// How much was told so far.
    pub(crate) fn told(&self) -> usize {
        self.diagnostics.len()
    }

    /// Says of all that was told since `before` that it is about this place.
    pub(crate) fn told_at(&mut self, before: usize, span: Span) {
        for diagnostic in self.diagnostics.get_mut(before..).unwrap_or_default() {
            diagnostic.span = span;
        }
    }

    /// Makes warnings of the errors told since `before`, when all of them are of `code`; whether they were.
    pub(crate) fn forgive(&mut self, before: usize, code: &str, to: &str) -> bool {
        let told = self.diagnostics.get_mut(before..).unwrap_or_default();
        let is_error = |diagnostic: &&mut Diagnostic| diagnostic.severity == Severity::Error;
        if !told.iter_mut().filter(is_error).all(|diagnostic| diagnostic.code == code) {
            return false;
        }
        for diagnostic in told.iter_mut().filter(is_error) {
            diagnostic.severity = Severity::Warning;
            to.clone_into(&mut diagnostic.code);
            diagnostic.message.push_str("; it is left out");
        }
        !told.is_empty()
    }

    /// Tells of what is perhaps not what was meant.
    pub(crate) fn warn(&mut self, code: &str, span: Span, message: impl Into<String>) {
        let warning = Diagnostic::error(code, span, message);
        self.diagnostics.push(Diagnostic { severity: Severity::Warning, ..warning });
    }

    pub(crate) fn error_with_help(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Told {
        self.diagnostics.push(Diagnostic::error(code, span, message).with_help(help));
        Told
    }
}

impl Binder<'_> {
    /// What the rows of a relation say of the columns to come. Where that is not known yet, nothing behind it can be bound, and no error
    /// is told.
    pub(crate) fn shape(&mut self, relation: RelationId, span: Span) -> Result<Shape, Told> {
        if self.graph != 0 {
            let message = "Columns that only the data can tell cannot be used within this query";
            let help = "Say them: `evaluate plugin(…) : (name: type, …)`";
            return Err(self.error_with_help("KQL0037", span, message, help));
        }
        let known = self.asked.iter().position(|asked| *asked == relation);
        let at = known.unwrap_or_else(|| {
            self.asked.push(relation);
            self.asked.len() - 1
        });
        if self.asked.len() > MAX_SHAPES {
            return Err(self.error("KQL0027", span, "Too many parts of the query have columns from data"));
        }
        match self.shapes.get(at) {
            Some(shape) => Ok(shape.clone()),
            None => {
                self.unknown.get_or_insert(relation);
                Err(Told)
            }
        }
    }

    /// The plan that finds out what a relation says.
    fn asking(&mut self, relation: RelationId) -> Plan {
        self.made.steps.push(Step { relation, gives: Gives::Shape });
        self.made.prune();
        Plan { made: Some(Box::new(std::mem::take(&mut self.made))), ..self.empty_plan() }
    }
}

/// `; did you mean …?` as help, when something near is there.
fn did_you_mean<'n>(word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
    chartroom_kql_syntax::keyword::nearest(word, candidates).map(|near| format!("Did you mean `{near}`?"))
}

#[cfg(test)]
pub(crate) mod tests;
