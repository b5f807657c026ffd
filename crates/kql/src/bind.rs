//! Tree to plan: names become columns, expressions get kinds, and the pipe becomes predicates, keys and columns.
//!
//! **Invariant:** all that is wrong is told at once, each with its place; a plan is made only when nothing is. An expression is
//! bound once per home table, because each has its own columns behind the names; kinds are the same in all of them.
//!
//! Order of the files: `nodes` (a table's expressions), `scope` (what names mean here), `source` (tables, views, unions),
//! `expression` (scalar expressions), `text` (text operators), `pipe` (the operators).

mod call;
mod expression;
mod nodes;
mod operator;
mod pipe;
mod scope;
mod source;
mod text;

use crate::{catalog::Catalog, plan::Plan};
use chartroom_base::{
    diagnostic::{Diagnostic, Severity, Span},
    ticks::Ticks,
};
use chartroom_kql_syntax::{
    ast::{Statement, StatementKind},
    parse,
};
use nodes::Nodes;
use scope::Scope;

/// Binds a query to a catalogue. `now` is what `now()` and `ago()` count from.
///
/// # Errors
/// Everything that is wrong with the text, each with its place, in the order of the text.
pub fn compile(text: &str, catalog: &Catalog, now: Ticks) -> Result<Plan, Vec<Diagnostic>> {
    let parsed = parse(text);
    let mut binder = Binder { catalog, now, diagnostics: parsed.diagnostics, terms: Vec::new() };
    let plan = binder.statements(&parsed.statements);
    let mut diagnostics = binder.diagnostics;
    diagnostics.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
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

/// What binding one query needs to know.
struct Binder<'a> {
    catalog: &'a Catalog,
    now: Ticks,
    diagnostics: Vec<Diagnostic>,
    /// Texts looked for anywhere.
    terms: Vec<String>,
}

/// A problem was told; there is nothing to go on with.
#[derive(Clone, Copy, Debug)]
struct Told;

/// One home table while its expressions are bound.
struct Bound {
    table: String,
    nodes: Nodes,
    /// What the names stand for here; parallel to [`Scope::columns`].
    scope: Scope,
}

impl Binder<'_> {
    /// The one query there is; other statements are refused.
    fn statements(&mut self, statements: &[Statement]) -> Option<Plan> {
        let mut found = None;
        for statement in statements {
            match &statement.kind {
                StatementKind::Query(query) if found.is_none() => found = Some(query),
                StatementKind::Query(query) => {
                    self.error("KQL0011", query.span, "Only one query at a time: this is a second one");
                }
                StatementKind::Let { .. } => self.refuse_statement("let", statement.span),
                StatementKind::Set { .. } => self.refuse_statement("set", statement.span),
                StatementKind::Declare(_) => self.refuse_statement("declare", statement.span),
                StatementKind::Other(_) | StatementKind::Error => {}
            }
        }
        self.query(found?)
    }

    fn refuse_statement(&mut self, word: &str, span: Span) {
        self.error("KQL0021", span, format!("`{word}` is not supported yet"));
    }

    fn error(&mut self, code: &str, span: Span, message: impl Into<String>) -> Told {
        self.diagnostics.push(Diagnostic::error(code, span, message));
        Told
    }

    fn error_with_help(
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
