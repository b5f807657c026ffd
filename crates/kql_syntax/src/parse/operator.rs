//! The stages of the pipe: which operator, and the plain ones. The others have their files: `shape` (columns), `combine`
//! (join, union, partition), `expand` (mv-expand, parse), `series` (make-series, top-nested, scan), `plugin` (evaluate, render).

mod combine;
mod expand;
mod plugin;
mod series;
mod shape;

use super::Parser;
use crate::{
    ast::{Name, Operator, OperatorKind},
    keyword::{OPERATORS, is_operator},
};

impl Parser<'_> {
    /// Whether a known operator begins here.
    pub(super) fn here_is_operator(&self) -> bool {
        is_operator(&self.joined_word())
    }

    /// Reads one stage; the `|` is eaten already.
    pub(super) fn operator(&mut self) -> Operator {
        let start = self.span();
        let (len, keyword) = self.joined();
        if len == 0 {
            self.expected("a query operator such as `where`");
            self.skip();
            return Operator { kind: OperatorKind::Error, span: start, keyword: start };
        }
        let word = self.joined_word();
        self.bump_by(len);
        let name = Name { text: word, span: keyword };
        let kind = self.operator_kind(name);
        Operator { kind, span: self.span_from(start), keyword }
    }

    fn operator_kind(&mut self, name: Name) -> OperatorKind {
        match name.text.as_str() {
            "where" | "filter" => {
                self.parameters(&[]);
                OperatorKind::Where(self.condition())
            }
            "take" | "limit" => OperatorKind::Take(self.expression()),
            "sample" => OperatorKind::Sample(self.expression()),
            "count" => OperatorKind::Count(self.eat_word("as").then(|| self.any_name("a name"))),
            "getschema" => OperatorKind::GetSchema,
            "sort" | "order" => {
                self.parameters(&[]);
                self.expect_word("by");
                OperatorKind::Sort(self.list(Self::ordered))
            }
            "top" => {
                let count = self.expression();
                self.parameters(&[]);
                self.expect_word("by");
                OperatorKind::Top { count, by: self.ordered() }
            }
            "search" => OperatorKind::Search(self.search()),
            "union" => OperatorKind::Union(self.union()),
            "project" => OperatorKind::Project(self.list(Self::named)),
            "extend" => OperatorKind::Extend(self.list(Self::named)),
            "project-away" => OperatorKind::ProjectAway(self.columns()),
            "project-keep" => OperatorKind::ProjectKeep(self.columns()),
            "project-rename" => OperatorKind::ProjectRename(self.list(Self::named)),
            "project-reorder" => OperatorKind::ProjectReorder(self.list(Self::reordered)),
            "project-by-names" => OperatorKind::ProjectByNames(self.list(Self::expression)),
            "distinct" => self.distinct(),
            "serialize" => self.serialize(),
            "summarize" => self.summarize(),
            "sample-distinct" => self.sample_distinct(),
            "top-hitters" => self.top_hitters(),
            "join" | "lookup" => self.join(&name.text),
            "partition" => self.partition(),
            "fork" => self.fork(),
            "facet" => self.facet(),
            "mv-expand" | "mvexpand" => self.mv_expand(name.text == "mvexpand"),
            "mv-apply" | "mvapply" => self.mv_apply(),
            "parse" | "parse-where" => self.parse(name.text == "parse-where"),
            "parse-kv" => self.parse_kv(),
            "make-series" => self.make_series(),
            "top-nested" => self.top_nested(),
            "scan" => self.scan(),
            "as" => self.as_name(),
            "consume" => OperatorKind::Consume(self.parameters(&["decodeblocks"])),
            "invoke" => self.invoke(),
            "evaluate" => self.evaluate(),
            "render" => self.render(),
            "reduce" => self.reduce(),
            known if is_operator(known) => {
                let message = format!("The operator `{known}` is not supported");
                self.error("KQL0020", name.span, message);
                self.skip();
                OperatorKind::Other(name)
            }
            unknown => {
                let message = format!("Query operator expected; `{unknown}` is none (KS176)");
                self.error("KQL0012", name.span, message);
                match sql_word(unknown) {
                    Some(instead) => {
                        if let Some(last) = self.diagnostics.last_mut() {
                            last.help = Some(format!("Did you mean `{instead}`?"));
                        }
                    }
                    None => self.suggest(unknown, OPERATORS.iter().map(|(word, _)| *word)),
                }
                self.skip();
                OperatorKind::Error
            }
        }
    }
}

/// The operator that does what a word of another language says.
fn sql_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "select" | "fields" | "table" => "project",
        "group" | "stats" => "summarize",
        "eval" => "extend",
        "having" => "where",
        "head" => "take",
        "dedup" => "distinct",
        "rename" => "project-rename",
        "chart" | "timechart" => "render",
        _ => return None,
    })
}
