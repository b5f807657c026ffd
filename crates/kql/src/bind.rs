//! Tree to plan: names become columns, expressions get kinds, and the pipe becomes predicates, keys and columns.
//!
//! **Invariant:** all that is wrong is told at once, each with its place; a plan is made only when nothing is. An expression is
//! bound once per home table, because each has its own columns behind the names; kinds are the same in all of them.
//!
//! Order of the files: `nodes` (a table's expressions), `scope` (what names mean here), `environment` (`let`s and functions),
//! `source` (where rows come from), `expression` (scalar expressions), `operator` and `text` (signs and words between operands),
//! `pipe` (the operators), `columns` (`project` and kin), `spread` (functions of several columns), `naming` (names that were not
//! given), `made` (where a pipe over stored rows ends and rows are made), `notes` (what is found out and told beside the answer),
//! `build` (expressions that no text holds), `hitters` (operators that are others together). Operators that make rows are bound in
//! their own files under `operators/`.

pub(crate) mod build;
mod call;
mod columns;
mod environment;
mod expression;
mod hitters;
mod made;
mod naming;
mod nodes;
mod notes;
mod operator;
mod pipe;
mod scope;
mod source;
mod spread;
mod text;

pub(crate) use expression::children;
pub(crate) use made::{Cells, Given};
pub(crate) use naming::Names;
pub(crate) use pipe::Pipe;

use crate::{
    catalog::Catalog,
    plan::{NodeId, Note, Plan},
    relation::{Made, RelationId},
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
    let parsed = parse(text);
    let mut binder = Binder {
        catalog,
        now,
        diagnostics: parsed.diagnostics,
        terms: Vec::new(),
        made: Made::default(),
        environment: Environment::default(),
        depth: 0,
        graph: 0,
        graphs: 0,
        aggregates: Vec::new(),
        notes: Vec::new(),
    };
    let query = binder.define(&parsed.statements);
    let plan = query.and_then(|query| binder.query(query));
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

/// `; did you mean …?` as help, when something near is there.
fn did_you_mean<'n>(word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
    chartroom_kql_syntax::keyword::nearest(word, candidates).map(|near| format!("Did you mean `{near}`?"))
}

#[cfg(test)]
pub(crate) mod tests;
