//! What the editor asks while a person types: answered from the catalogue, between two messages.
//!
//! **Invariant:** one request of a kind waits at a time; a newer one ends it before any work is done for it, so that a fast
//! typist costs one answer, not one a key.

use super::{Coordinator, asks::failed};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use chartroom_kql::edit::{self, ItemKind};
use chartroom_kql_syntax::{
    ast::{Expr, ExprKind, Literal, OperatorKind},
    format, parse,
};
use chartroom_protocol::{
    Reply, RequestId,
    edit::{Call, EditAnswer, EditAsk, Proposal, WordHelp},
    result::ChartWish,
};

/// Most proposals that are sent.
const MOST: usize = 50;
/// A longer text is not looked at while it is written.
const LIVE_BYTES: usize = 40_000;

/// A request that waits for its turn.
#[derive(Debug)]
pub(crate) struct Waiting {
    id: RequestId,
    ask: EditAsk,
    text: String,
    at: u32,
    now: Ticks,
}

impl Coordinator {
    /// The editor asks; what it asked before of that kind is not wanted any more.
    pub(crate) fn take_edit(&mut self, id: RequestId, ask: EditAsk, text: String, at: u32, now: Ticks) {
        if let Some(place) = self.edits.iter().position(|waiting| waiting.ask == ask) {
            let older = self.edits.remove(place);
            self.reply(older.id, Reply::Cancelled);
        }
        self.edits.push(Waiting { id, ask, text, at, now });
    }

    /// An editor's request is not wanted any more. Whether it waited.
    pub(crate) fn cancel_edit(&mut self, id: RequestId) -> bool {
        let before = self.edits.len();
        self.edits.retain(|waiting| waiting.id != id);
        self.edits.len() < before
    }

    /// Answers what waits, the oldest first.
    pub(crate) fn answer_edits(&mut self) {
        for Waiting { id, ask, text, at, now } in std::mem::take(&mut self.edits) {
            let reply = if ask != EditAsk::Layout && text.len() > LIVE_BYTES {
                failed("the text is too long to be looked at while it is written")
            } else {
                Reply::Edit { answer: Box::new(self.edit(ask, &text, at, now)) }
            };
            self.reply(id, reply);
        }
    }

    fn edit(&mut self, ask: EditAsk, text: &str, at: u32, now: Ticks) -> EditAnswer {
        let mut answer = EditAnswer::default();
        match ask {
            EditAsk::Layout => answer.text = Some(format(text)),
            EditAsk::Check => answer.diagnostics = self.wrong(text, now),
            EditAsk::Complete => {
                let catalog = self.catalog();
                let found = edit::complete(text, at, &catalog);
                answer.word = found.replaces;
                answer.proposals = found.items.into_iter().take(MOST).map(proposal).collect();
                answer.call = call(text, at, &catalog);
            }
            EditAsk::Explain => {
                let catalog = self.catalog();
                match edit::hover(text, at, &catalog) {
                    Some(edit::Hover { span, title, about, example }) => {
                        answer.word = span;
                        answer.word_help = Some(WordHelp { title, about, example });
                    }
                    None => answer.call = call(text, at, &catalog),
                }
            }
        }
        answer
    }

    /// All that is wrong with it: its writing, and its meaning as far as that can be told.
    fn wrong(&mut self, text: &str, now: Ticks) -> Vec<Diagnostic> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        self.compile(text, now).err().unwrap_or_default()
    }
}

fn call(text: &str, at: u32, catalog: &chartroom_kql::Catalog) -> Option<Call> {
    let edit::SignatureHelp { name, parameters, active, about } = edit::signature_help(text, at, catalog)?;
    Some(Call { name, parameters, active: active.and_then(|active| u32::try_from(active).ok()), about })
}

fn proposal(item: edit::Item) -> Proposal {
    let sort = match item.kind {
        ItemKind::Column => "column",
        ItemKind::Table => "table",
        ItemKind::Function => "function",
        ItemKind::Aggregate => "aggregate",
        ItemKind::Operator => "operator",
        ItemKind::Infix | ItemKind::Keyword => "word",
        ItemKind::Variable => "variable",
        ItemKind::Chart => "chart",
    };
    Proposal {
        label: item.label,
        sort: sort.to_owned(),
        caret: u32::try_from(item.caret).unwrap_or(u32::MAX),
        insert: item.insert,
        detail: item.detail,
        about: item.about,
    }
}

/// The chart that the last query of a text asks for; `None` when it asks for none.
pub(crate) fn chart_wish(text: &str) -> Option<ChartWish> {
    // Most queries have none: these are not parsed again.
    if !text.contains("render") {
        return None;
    }
    let parsed = parse(text);
    let operators = parsed.queries().last()?.operators.iter().rev();
    operators.map(|operator| &operator.kind).find_map(|kind| match kind {
        OperatorKind::Render { chart, properties } => Some(ChartWish {
            chart: chart.text.clone(),
            properties: properties.iter().map(|one| (one.name.text.clone(), words(&one.value))).collect(),
        }),
        _ => None,
    })
}

fn words(value: &Expr) -> Vec<String> {
    match &value.kind {
        ExprKind::Name(name) => vec![name.clone()],
        ExprKind::Names(names) => names.iter().map(|name| name.text.clone()).collect(),
        ExprKind::Literal(Literal::String(text)) => vec![text.clone()],
        ExprKind::Literal(Literal::Long(Some(number))) => vec![number.to_string()],
        ExprKind::Literal(Literal::Real(Some(number))) => vec![number.to_string()],
        ExprKind::Literal(Literal::Bool(Some(is))) => vec![is.to_string()],
        ExprKind::Unary { operand, .. } => {
            words(operand).into_iter().map(|word| format!("-{word}")).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_read_as_it_is_written() {
        let text = "let a = 1; Events | summarize count() by x \
                    | render timechart with (title=\"a b\", ycolumns=p, q, ymin=-2)";
        let asked = chart_wish(text).unwrap();
        assert_eq!(asked.chart, "timechart");
        let properties: Vec<(&str, String)> =
            asked.properties.iter().map(|(name, words)| (name.as_str(), words.join("+"))).collect();
        assert_eq!(
            properties,
            [("title", "a b".to_owned()), ("ycolumns", "p+q".to_owned()), ("ymin", "-2".to_owned())]
        );
        assert_eq!(chart_wish("Events | where x == \"render\""), None);
    }
}
