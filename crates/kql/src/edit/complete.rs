//! What can follow at the caret.

use super::{
    Callable,
    columns::{Column, Meaning, Names},
    place::{Frame, Place},
    words::{self, Word},
};
use crate::{aggregates, catalog::Catalog, functions};
use chartroom_base::{diagnostic::Span, sort};
use chartroom_kql_syntax::{keyword::is_word_operator, print_name, print_table, token::TokenKind};
use chartroom_schema::kind::Kind;

/// What can follow, and what of the text it replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The word at the caret; a proposal takes its place.
    pub replaces: Span,
    /// The proposals that go with what is typed of it, likeliest first.
    pub items: Vec<Item>,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// What is written.
    pub insert: String,
    /// Where the caret stands afterwards, in bytes of [`Item::insert`]: between the brackets of a call.
    pub caret: usize,
    /// A column's type, a call's parameters, how a word is used; may be empty.
    pub detail: String,
    /// One sentence; may be empty.
    pub about: String,
}

/// What a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A column.
    Column,
    /// A table or view, or rows that the text names.
    Table,
    /// A scalar function.
    Function,
    /// An aggregate.
    Aggregate,
    /// An operator of the pipe.
    Operator,
    /// An operator between expressions.
    Infix,
    /// A word of a clause: `by`, `kind=`, a join's kind, a type.
    Keyword,
    /// A value or function that the text names.
    Variable,
    /// A kind of chart.
    Chart,
}

/// What can follow at byte `caret` of `text`.
#[must_use]
pub fn complete(text: &str, caret: u32, catalog: &Catalog) -> Completion {
    let place = Place::new(text, caret);
    if place.is_quiet {
        return Completion { replaces: place.word, items: Vec::new() };
    }
    let names = Names::new(text, caret, catalog);
    let mut list = List { names, items: Vec::new() };
    list.fill(&place);
    let typed = place.typed_word(caret).to_lowercase();
    let mut items: Vec<(u8, Item)> =
        list.items.into_iter().filter_map(|item| Some((rank(&item.label, &typed)?, item))).collect();
    // Stable: within a rank the order of the lists stays.
    sort::sort_by_key(&mut items, |(rank, _)| *rank);
    let mut seen = std::collections::BTreeSet::new();
    items.retain(|(_, item)| seen.insert(item.label.clone()));
    Completion { replaces: place.word, items: items.into_iter().map(|(_, item)| item).collect() }
}

/// 0 where the label begins as typed, 1 where a part of it does, 2 where it holds it; none where it does not.
fn rank(label: &str, typed: &str) -> Option<u8> {
    let lower = label.to_lowercase();
    if lower.starts_with(typed) {
        return Some(0);
    }
    let at = lower.find(typed)?;
    let is_part = !lower.get(..at)?.ends_with(char::is_alphanumeric)
        || label.get(at..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
    Some(if is_part { 1 } else { 2 })
}

struct List<'c> {
    names: Names<'c>,
    items: Vec<Item>,
}

impl List<'_> {
    fn fill(&mut self, place: &Place<'_>) {
        if let Some(word) = place.typed {
            if word == "typeof" {
                self.words(words::TYPES, ItemKind::Keyword);
            }
            return;
        }
        if place.last() == "." {
            return self.behind_dot(place);
        }
        let frame = place.innermost();
        if self.is_typed_place(place, &frame) {
            return self.words(words::TYPES, ItemKind::Keyword);
        }
        let is_start = place.before.len() == frame.start;
        if is_start && place.is_body(&frame) {
            return self.operators("");
        }
        if is_start && (frame.open.is_none() || place.is_query(&frame)) {
            return self.start(place, &frame);
        }
        if frame.pipe.is_some_and(|pipe| pipe + 1 == place.before.len()) {
            return self.operators("");
        }
        let is_own = frame.open.is_none() || place.is_query(&frame) || place.is_body(&frame);
        if is_own {
            match place.stage(&frame) {
                Some((operator, end)) => self.in_stage(place, &operator, end),
                None => self.in_source(place, &frame),
            }
            return;
        }
        self.in_brackets(place, &frame);
    }

    // ---- places

    /// Behind the `:` of a declaration.
    fn is_typed_place(&self, place: &Place<'_>, frame: &Frame) -> bool {
        if place.last() != ":" {
            return false;
        }
        let Some(open) = frame.open.filter(|open| place.at(*open) == "(") else {
            return place.stage(frame).is_some_and(|(operator, _)| operator.starts_with("parse"));
        };
        let before = open.checked_sub(1).map_or("", |at| place.at(at));
        matches!(
            before,
            "datatable" | "externaldata" | "query_parameters" | "declare" | "as" | ":" | "=" | "view"
        )
    }

    fn start(&mut self, place: &Place<'_>, frame: &Frame) {
        self.tables();
        self.words(words::SOURCES, ItemKind::Operator);
        if frame.open.is_none() || place.at(frame.open.unwrap_or_default()) == "{" {
            self.words(words::STATEMENTS, ItemKind::Keyword);
        }
    }

    /// In a query before its first `|`.
    fn in_source(&mut self, place: &Place<'_>, frame: &Frame) {
        match place.at(frame.start) {
            "let" if place.last() == "=" => {
                self.tables();
                self.words(words::SOURCES, ItemKind::Operator);
                self.expressions(place, false);
            }
            "let" if place.before.len() < frame.start + 3 => {}
            "set" if place.before.len() == frame.start + 1 => {
                self.word(
                    words::Word {
                        name: "query_now",
                        usage: "query_now=datetime(…)",
                        about: "What `now()` is.",
                    },
                    ItemKind::Keyword,
                );
            }
            "declare" => self.plain(&["query_parameters"]),
            "union" => self.in_union(place),
            "print" | "search" | "find" | "range" => self.expression_or_infix(place, false, &[]),
            _ if is_operand(place) => {
                self.operators("| ");
                self.words(words::INFIX, ItemKind::Infix);
            }
            _ => {
                self.tables();
                self.expressions(place, false);
            }
        }
    }

    fn in_union(&mut self, place: &Place<'_>) {
        if is_operand(place) && place.last() != "union" {
            self.operators("| ");
            return;
        }
        match (place.back(1), place.last()) {
            ("kind", "=") => self.plain(&["outer", "inner"]),
            ("isfuzzy", "=") => self.plain(&["true", "false"]),
            ("withsource", "=") => {}
            _ => {
                self.tables();
                self.plain(&["withsource=", "isfuzzy=true", "kind="]);
            }
        }
    }

    /// In a stage, outside brackets of its own.
    fn in_stage(&mut self, place: &Place<'_>, operator: &str, end: usize) {
        let is_first = place.before.len() == end;
        let has = |word: &str| (end..place.before.len()).any(|at| place.at(at) == word);
        let (before, last) = (place.back(1), place.last());
        match operator {
            "join" | "lookup" => return self.in_join(place, operator, end),
            "union" => return self.in_union(place),
            "render" if is_first => return self.words(words::CHARTS, ItemKind::Chart),
            "render" => return self.plain(&["with"]),
            "evaluate" if is_first => return self.calls(words::PLUGINS),
            "invoke" if is_first => return self.variables(),
            "count" | "getschema" | "consume" => return self.plain(&["as"]),
            "sort" | "order" | "partition" | "facet" | "reduce" if !has("by") => return self.plain(&["by"]),
            "parse" | "parse-where" | "mv-expand" | "mv-apply" if before == "kind" && last == "=" => {
                let kinds: &[&str] = if operator.starts_with("mv") {
                    &["bag", "array"]
                } else {
                    &["simple", "regex", "relaxed"]
                };
                return self.plain(kinds);
            }
            "parse" | "parse-where" if has("with") => return self.columns(place),
            "project-away" | "project-keep" | "project-reorder" | "project-rename" => {
                return if is_operand(place) && operator == "project-reorder" {
                    self.plain(&["asc", "desc", "granny-asc", "granny-desc"]);
                } else {
                    self.columns(place);
                };
            }
            _ => {}
        }
        let clauses: &[&str] = match operator {
            "summarize" if !has("by") => &["by"],
            "sort" | "order" => &["asc", "desc", "nulls first", "nulls last"],
            "top" if has("by") => &["asc", "desc", "nulls first", "nulls last"],
            "top" | "top-hitters" if !has("by") => &["by", "of"],
            "sample-distinct" => &["of"],
            "top-nested" => &["of", "by", "with others="],
            "mv-expand" => &["to typeof(", "limit"],
            "mv-apply" => &["to typeof(", "on (", "limit"],
            "parse" | "parse-where" => &["with"],
            "parse-kv" => &["as ("],
            "make-series" if !has("on") => &["on", "default="],
            "make-series" => &["from", "to", "step", "by"],
            "reduce" => &["with threshold="],
            "facet" => &["with ("],
            _ => &[],
        };
        let is_aggregate =
            matches!(operator, "summarize" | "make-series" | "top-nested") && !has("by") && !has("on");
        if is_first && matches!(operator, "parse" | "parse-where") {
            self.plain(&["kind="]);
        }
        if is_first && operator == "mv-expand" {
            self.columns_first(place, &[Kind::Dynamic]);
        }
        if is_first && operator == "summarize" {
            self.aggregates();
            self.plain(&["by"]);
        }
        self.expression_or_infix(place, is_aggregate, clauses);
    }

    fn in_join(&mut self, place: &Place<'_>, operator: &str, end: usize) {
        let on = (end..place.before.len()).find(|at| place.at(*at) == "on");
        let (before, last) = (place.back(1), place.last());
        if before == "kind" && last == "=" {
            let kinds = words::JOIN_KINDS
                .iter()
                .filter(|kind| operator == "join" || matches!(kind.name, "leftouter" | "inner"));
            for kind in kinds {
                self.word(*kind, ItemKind::Keyword);
            }
            return;
        }
        let Some(_) = on else {
            let is_kind = place.back(2) == "kind" && before == "=";
            let is_side = place.before.len() > end && !is_kind && last != "kind";
            if is_side {
                return self.plain(&["on"]);
            }
            if place.before.len() == end {
                self.plain(&["kind="]);
            }
            return self.tables();
        };
        if is_operand(place) && last != "on" {
            self.operators("| ");
            return self.plain(&["==", "and"]);
        }
        let right = self.names.right_side(place, end);
        let left = self.names.at(place);
        let common = left.into_iter().filter(|column| right.iter().any(|other| other.name == column.name));
        let common: Vec<Column> = common.collect();
        self.push_columns(common);
        self.plain(&["$left.", "$right."]);
    }

    /// `$left.`, `$right.`, a step's or a bag's dot: only the sides of a join are known.
    fn behind_dot(&mut self, place: &Place<'_>) {
        let frame = place.pipeline();
        let Some((operator, end)) = place.stage(&frame) else { return };
        if !matches!(operator.as_str(), "join" | "lookup") {
            return;
        }
        match place.back(1) {
            "$left" => self.columns(place),
            "$right" => {
                let columns = self.names.right_side(place, end);
                self.push_columns(columns);
            }
            _ => {}
        }
    }

    /// In brackets that are no query: arguments, a list, properties.
    fn in_brackets(&mut self, place: &Place<'_>, frame: &Frame) {
        let pipeline = place.pipeline();
        let operator = place.stage(&pipeline).map(|(operator, _)| operator).unwrap_or_default();
        let before = frame.open.and_then(|open| open.checked_sub(1)).map_or("", |at| place.at(at));
        if operator == "render" && before == "with" {
            return match (place.back(1), place.last()) {
                ("kind", "=") => self.plain(&["default", "stacked", "stacked100", "unstacked"]),
                ("legend", "=") => self.plain(&["visible", "hidden"]),
                ("ysplit", "=") => self.plain(&["none", "axes", "panels"]),
                ("xaxis" | "yaxis", "=") => self.plain(&["linear", "log"]),
                (_, "=") => self.columns(place),
                (_, "(" | ",") => self.properties(words::CHART_PROPERTIES),
                _ => {}
            };
        }
        if operator == "parse-kv" && before == "with" {
            return self.plain(&[
                "pair_delimiter=",
                "kv_delimiter=",
                "quote=",
                "escape=",
                "greedy=",
                "regex=",
            ]);
        }
        if matches!(before, "datatable" | "externaldata")
            || place.at(frame.open.unwrap_or_default()) == "[" && is_operand(place)
        {
            return;
        }
        let is_aggregate = operator == "summarize" && matches!(before, "" | "(" | ",");
        self.expression_or_infix(place, is_aggregate, &[]);
    }

    /// Something between expressions where one ends, an expression otherwise.
    fn expression_or_infix(&mut self, place: &Place<'_>, is_aggregate: bool, clauses: &[&str]) {
        if is_operand(place) {
            self.plain(clauses);
            self.infix(place);
            if place.innermost().open.is_none() || place.is_query(&place.innermost()) {
                self.operators("| ");
            }
        } else {
            self.expressions(place, is_aggregate);
        }
    }

    /// What fits behind the operand, by its kind where that is known.
    fn infix(&mut self, place: &Place<'_>) {
        let columns = self.names.at(place);
        let kind = match place.back(1) {
            "." => Some(Kind::Dynamic),
            _ => columns.iter().find(|column| column.name == place.last()).and_then(|column| column.kind),
        };
        for word in words::INFIX {
            let is_text = word.about.contains("term")
                || word.about.contains("art,")
                || word.about.contains("art.")
                || matches!(word.name, "matches regex" | "=~" | "!~" | "in~" | "!in~");
            let is_sum = matches!(word.name, "+" | "-" | "*" | "/" | "%");
            let is_order = matches!(word.name, "<" | "<=" | ">" | ">=" | "between" | "!between");
            let fits = match kind {
                None => true,
                Some(Kind::String | Kind::Dynamic | Kind::Guid) => {
                    !(is_sum || is_order && kind == Some(Kind::String))
                }
                Some(Kind::Bool) => !is_text && !is_sum && !is_order,
                Some(_) => !is_text,
            };
            if fits {
                self.word(*word, ItemKind::Infix);
            }
        }
    }

    // ---- lists

    fn expressions(&mut self, place: &Place<'_>, is_aggregate: bool) {
        if is_aggregate {
            self.aggregates();
        }
        self.columns(place);
        self.variables();
        for function in functions::ALL {
            self.call(function.name, Callable::Function(function), ItemKind::Function);
        }
        self.plain(&["datetime(", "dynamic(", "timespan(", "toscalar(", "true", "false"]);
    }

    fn aggregates(&mut self) {
        // The few that nearly every query uses come first.
        const FIRST: [&str; 7] = ["count", "dcount", "sum", "avg", "min", "max", "countif"];
        let is_first = |name: &str| FIRST.contains(&name);
        for name in FIRST {
            if let Some(aggregate) = aggregates::ALL.iter().find(|aggregate| aggregate.name == name) {
                self.call(name, Callable::Aggregate(aggregate), ItemKind::Aggregate);
            }
        }
        for aggregate in aggregates::ALL.iter().filter(|aggregate| !is_first(aggregate.name)) {
            self.call(aggregate.name, Callable::Aggregate(aggregate), ItemKind::Aggregate);
        }
    }

    fn call(&mut self, name: &str, callable: Callable, kind: ItemKind) {
        let takes_none = callable.parameters().0.is_empty();
        let insert = format!("{name}()");
        let caret = if takes_none { insert.len() } else { name.len() + 1 };
        let (detail, about) = (callable.signature(name), callable.about().to_owned());
        self.items.push(Item { label: name.to_owned(), kind, insert, caret, detail, about });
    }

    fn calls(&mut self, list: &'static [Word]) {
        for word in list {
            let (insert, caret) = (format!("{}()", word.name), word.name.len() + 1);
            let (detail, about) = (word.usage.to_owned(), word.about.to_owned());
            self.items.push(Item {
                label: word.name.to_owned(),
                kind: ItemKind::Function,
                insert,
                caret,
                detail,
                about,
            });
        }
    }

    fn operators(&mut self, before: &str) {
        for word in words::OPERATORS {
            let takes_none = matches!(word.name, "count" | "getschema" | "consume" | "serialize");
            let insert = format!("{before}{}{}", word.name, if takes_none { "" } else { " " });
            let caret = insert.len();
            let (detail, about) = (word.usage.to_owned(), word.about.to_owned());
            self.items.push(Item {
                label: word.name.to_owned(),
                kind: ItemKind::Operator,
                insert,
                caret,
                detail,
                about,
            });
        }
    }

    fn words(&mut self, list: &'static [Word], kind: ItemKind) {
        for word in list {
            self.word(*word, kind);
        }
    }

    fn word(&mut self, word: Word, kind: ItemKind) {
        let insert = word.name.to_owned();
        let (detail, about) = (word.usage.to_owned(), word.about.to_owned());
        self.items.push(Item { label: insert.clone(), kind, caret: insert.len(), insert, detail, about });
    }

    fn properties(&mut self, list: &'static [Word]) {
        for word in list {
            let insert = format!("{}=", word.name);
            let (detail, about) = (word.usage.to_owned(), word.about.to_owned());
            let (label, caret) = (word.name.to_owned(), insert.len());
            self.items.push(Item { label, kind: ItemKind::Keyword, insert, caret, detail, about });
        }
    }

    fn plain(&mut self, list: &[&str]) {
        for word in list {
            let (label, insert) = ((*word).to_owned(), (*word).to_owned());
            let caret = insert.len();
            let (detail, about) = (String::new(), String::new());
            self.items.push(Item { label, kind: ItemKind::Keyword, insert, caret, detail, about });
        }
    }

    fn tables(&mut self) {
        let named: Vec<String> = self
            .names
            .variables
            .iter()
            .filter(|variable| matches!(variable.value, Meaning::Rows(_) | Meaning::Function(_, Some(_))))
            .map(|variable| variable.name.clone())
            .collect();
        for name in named {
            let insert = print_table(&name);
            let (caret, detail) = (insert.len(), "named in this query".to_owned());
            self.items.push(Item {
                label: name,
                kind: ItemKind::Table,
                insert,
                caret,
                detail,
                about: String::new(),
            });
        }
        let (loaded, empty): (Vec<_>, Vec<_>) =
            self.names.catalog.tables.iter().partition(|table| table.is_loaded);
        for table in loaded.into_iter().chain(empty) {
            let insert = print_table(&table.name);
            let detail = if table.is_loaded { String::new() } else { "no records loaded".to_owned() };
            let (label, caret, about) = (table.name.clone(), insert.len(), table.about.clone());
            self.items.push(Item { label, kind: ItemKind::Table, insert, caret, detail, about });
        }
    }

    fn variables(&mut self) {
        let variables: Vec<Item> = self
            .names
            .variables
            .iter()
            .filter(|variable| !matches!(variable.value, Meaning::Rows(_)))
            .map(|variable| {
                let insert = print_name(&variable.name);
                let detail = variable.text.lines().next().unwrap_or_default().chars().take(80).collect();
                let (label, caret) = (variable.name.clone(), insert.len());
                Item { label, kind: ItemKind::Variable, insert, caret, detail, about: String::new() }
            })
            .collect();
        self.items.extend(variables);
    }

    fn columns(&mut self, place: &Place<'_>) {
        let columns = self.names.at(place);
        self.push_columns(columns);
    }

    /// Columns of these kinds before the others.
    fn columns_first(&mut self, place: &Place<'_>, kinds: &[Kind]) {
        let columns = self.names.at(place).into_iter();
        let first = columns.filter(|column| column.kind.is_none_or(|kind| kinds.contains(&kind)));
        let first: Vec<Column> = first.collect();
        self.push_columns(first);
    }

    fn push_columns(&mut self, columns: Vec<Column>) {
        let (shown, hidden): (Vec<Column>, Vec<Column>) =
            columns.into_iter().partition(|column| !column.is_hidden);
        for column in shown.into_iter().chain(hidden) {
            let insert = print_name(&column.name);
            let detail = column.kind.map_or("", Kind::name).to_owned();
            let caret = insert.len();
            self.items.push(Item {
                label: column.name,
                kind: ItemKind::Column,
                insert,
                caret,
                detail,
                about: column.about,
            });
        }
    }
}

/// Whether an expression ends before the caret, so that only something between expressions can follow.
fn is_operand(place: &Place<'_>) -> bool {
    let Some(last) = place.before.last() else { return false };
    let word = place.last();
    match last.kind {
        TokenKind::Sign => matches!(word, ")" | "]"),
        TokenKind::Name => {
            let is_clause = matches!(
                word,
                "by" | "on" | "of" | "with" | "to" | "from" | "step" | "and" | "or" | "as" | "limit"
            );
            let is_stage = place
                .innermost()
                .pipe
                .is_some_and(|pipe| place.joined(pipe + 1).is_some_and(|(_, end)| end == place.before.len()));
            let is_body_stage = place
                .joined(place.innermost().start)
                .is_some_and(|(_, end)| end == place.before.len() && place.is_body(&place.innermost()));
            let is_source = place.innermost().start + 1 == place.before.len()
                && matches!(word, "print" | "search" | "find" | "union" | "range" | "where");
            !(is_clause || is_stage || is_body_stage || is_source || is_word_operator(word))
        }
        TokenKind::Unknown => false,
        _ => true,
    }
}
