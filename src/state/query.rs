//! What is asked, and what came of it.
//!
//! The query on the screen is made of a text (a table's name, or what the person wrote), the words of the search box
//! and the column sorted by. All three are KQL, and the KQL can always be seen. A text that is run as written takes
//! the place of all three.

use crate::{shared::Shared, tasks::Answer};
use chartroom_base::{
    diagnostic::{Diagnostic, Severity},
    ticks::Ticks,
};
use chartroom_protocol::{ResultId, clock::ClockChoice, result::ResultInfo};
use std::rc::Rc;
use yew::Reducible;

/// The table of all records through the shared fields.
pub const FIRST_TABLE: &str = "Events";

/// The stage that leaves out records which another record is shown for.
pub const WITHOUT_DUPLICATES: &str = "| where isempty(_DuplicateOf)";

/// The column sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// Its name.
    pub column: String,
    /// Whether the largest come first.
    pub is_descending: bool,
}

/// The query and its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What the search and the order are put on: a table's name or a person's query.
    pub base: String,
    /// The words of the search box.
    pub search: String,
    /// The column sorted by.
    pub sort: Option<SortBy>,
    /// The text in the editor, when it was edited since it was run.
    pub draft: Option<String>,
    /// Grows when there is something to ask: whoever asks compares it with what was asked last.
    pub wanted: u32,
    /// Whether the last asking only brings the same rows up to date.
    pub is_refresh: bool,
    /// Which asking was answered last.
    pub answered: u32,
    /// The last result; the one before stays on the screen while the next is worked out.
    pub info: Option<Shared<ResultInfo>>,
    /// Grows with each result that is not a refresh.
    pub epoch: u32,
    /// Errors of the last query; empty when it ran.
    pub errors: Vec<Diagnostic>,
    /// Which clock it reads.
    pub clock: ClockChoice,
    /// What `now()` was when it was asked, and whether that is the time of the newest record.
    pub now: Option<(Ticks, bool)>,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            base: FIRST_TABLE.to_owned(),
            search: String::new(),
            sort: None,
            draft: None,
            wanted: 0,
            is_refresh: false,
            answered: 0,
            info: None,
            epoch: 0,
            errors: Vec::new(),
            clock: ClockChoice::default(),
            now: None,
        }
    }
}

/// Everything that may happen to [`Query`].
#[derive(Clone, Debug, PartialEq)]
pub enum QueryAction {
    /// The text in the editor was edited.
    Edited(String),
    /// The text in the editor is to be run as it stands.
    Run,
    /// Ask again for the same: more was loaded.
    Refresh,
    /// Rows of the result may be marked otherwise than they were.
    Marked,
    /// Other words in the search box.
    Searched(String),
    /// The head of a column was clicked.
    Sorted(String),
    /// A table was picked.
    Table(String),
    /// Records that another record is shown for are to be left out, or shown again.
    Duplicates,
    /// Another text is to be run, as if it was written.
    Show(String),
    /// Another clock was chosen.
    Clock(ClockChoice),
    /// It was asked, with this for `now()`.
    Asked((Ticks, bool)),
    /// An asking was answered.
    Answered(u32, Box<Answer<ResultInfo>>),
    /// The result has more rows or another order.
    Grown {
        /// The result.
        result: ResultId,
        /// Its generation.
        generation: u32,
        /// Rows there are now.
        rows: u64,
        /// Whether more may come.
        is_partial: bool,
    },
    /// Other things are told beside the result than before.
    Noted {
        /// The result.
        result: ResultId,
        /// Warnings and notes.
        diagnostics: Vec<Diagnostic>,
    },
    /// Everything was closed.
    Closed,
}

impl Query {
    /// The KQL that is run: text, search and order put together.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.base.trim_end().to_owned();
        if let Some(clause) = search_clause(&self.search) {
            text.push_str("\n| ");
            text.push_str(&clause);
        }
        if let Some(SortBy { column, is_descending }) = &self.sort {
            let direction = if *is_descending { "desc" } else { "asc" };
            text.push_str(&format!("\n| sort by {} {direction}", column_name(column)));
        }
        text
    }

    /// What stands in the editor.
    #[must_use]
    pub fn shown_text(&self) -> String {
        self.draft.clone().unwrap_or_else(|| self.text())
    }

    /// Whether something was asked that has no answer yet.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.wanted != self.answered
    }

    /// The table the query begins with, when it is one.
    #[must_use]
    pub fn table(&self) -> &str {
        let name = self.base.split(['|', '\n']).next().unwrap_or("").trim();
        if name.contains(|char: char| char.is_whitespace() || char == '(') { "" } else { name }
    }

    /// Whether records are left out that another record is shown for.
    #[must_use]
    pub fn hides_duplicates(&self) -> bool {
        self.base.contains(WITHOUT_DUPLICATES)
    }

    /// Puts the stage that leaves out duplicates right after the table, or takes it away wherever it stands.
    fn turn_duplicates(&mut self) {
        if self.hides_duplicates() {
            for before in ["\n", " ", ""] {
                self.base = self.base.replace(&format!("{before}{WITHOUT_DUPLICATES}"), "");
            }
            return;
        }
        let (table, rest) = self.base.split_at(self.base.find('|').unwrap_or(self.base.len()));
        let stages = [table.trim_end(), WITHOUT_DUPLICATES, rest.trim()];
        let stages: Vec<&str> = stages.into_iter().filter(|stage| !stage.is_empty()).collect();
        self.base = stages.join("\n");
    }

    fn ask(&mut self, is_refresh: bool) {
        // A refresh asked for while another query waits is part of that query.
        self.is_refresh = is_refresh && (!self.is_running() || self.is_refresh);
        self.wanted = self.wanted.wrapping_add(1);
    }
}

impl Reducible for Query {
    type Action = QueryAction;

    fn reduce(self: Rc<Self>, action: QueryAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            QueryAction::Edited(text) => next.draft = (text != self.text()).then_some(text),
            QueryAction::Run => {
                if let Some(text) = next.draft.take() {
                    next.base = text;
                    next.search.clear();
                    next.sort = None;
                }
                next.ask(false);
            }
            QueryAction::Refresh => next.ask(true),
            QueryAction::Marked if !self.info.as_ref().is_some_and(|info| info.is_stored) => return self,
            QueryAction::Marked => next.ask(true),
            QueryAction::Searched(search) if search == self.search => return self,
            QueryAction::Searched(search) => {
                next.search = search;
                next.draft = None;
                next.ask(false);
            }
            QueryAction::Sorted(column) => {
                next.sort = match &self.sort {
                    Some(sort) if sort.column == column && sort.is_descending => None,
                    Some(sort) if sort.column == column => Some(SortBy { column, is_descending: true }),
                    _ => Some(SortBy { column, is_descending: false }),
                };
                next.draft = None;
                next.ask(false);
            }
            QueryAction::Duplicates => {
                next.turn_duplicates();
                next.draft = None;
                next.ask(false);
            }
            QueryAction::Show(text) => {
                next.base = text;
                next.search.clear();
                next.sort = None;
                next.draft = None;
                next.ask(false);
            }
            QueryAction::Table(table) => {
                next.base = column_name(&table);
                if self.hides_duplicates() {
                    next.turn_duplicates();
                }
                next.sort = None;
                next.draft = None;
                next.ask(false);
            }
            QueryAction::Clock(clock) => {
                next.clock = clock;
                next.ask(false);
            }
            QueryAction::Asked(now) => next.now = Some(now),
            QueryAction::Answered(asked, answer) if asked == self.wanted => match *answer {
                Answer::Done(info) => {
                    if !self.is_refresh {
                        next.epoch = next.epoch.wrapping_add(1);
                    }
                    next.errors.clear();
                    next.info = Some(Shared::from(info));
                    next.answered = asked;
                }
                Answer::Failed(diagnostics) => {
                    next.errors = diagnostics;
                    if next.errors.is_empty() {
                        next.errors.push(Diagnostic::error(
                            "RUN0002",
                            Default::default(),
                            "The query was not run",
                        ));
                    }
                    next.answered = asked;
                }
                Answer::Progress(_) => return self,
                // Ended by a newer one, which answers in its place.
                Answer::Cancelled => next.answered = asked,
            },
            QueryAction::Answered(..) => return self,
            QueryAction::Grown { result, generation, rows, is_partial } => {
                let Some(info) = self.info.as_ref().filter(|info| info.result == result) else { return self };
                if (info.generation, info.rows, info.is_partial) == (generation, rows, is_partial) {
                    return self;
                }
                let info = ResultInfo { generation, rows, is_partial, ..(**info).clone() };
                next.info = Some(Shared::from(info));
            }
            QueryAction::Noted { result, diagnostics } => {
                let Some(info) = self.info.as_ref().filter(|info| info.result == result) else { return self };
                next.info = Some(Shared::from(ResultInfo { diagnostics, ..(**info).clone() }));
            }
            QueryAction::Closed => {
                next =
                    Self { wanted: self.wanted, answered: self.wanted, clock: self.clock, ..Self::default() }
            }
        }
        Rc::new(next)
    }
}

/// Warnings and notes of a result, errors left out.
#[must_use]
pub fn remarks(info: &ResultInfo) -> Vec<&Diagnostic> {
    info.diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Error).collect()
}

/// The stage of KQL that the words of the search box stand for; `None` when there are none.
#[must_use]
pub fn search_clause(search: &str) -> Option<String> {
    chartroom_kql_syntax::parse_search(search).predicate().map(|predicate| format!("where {predicate}"))
}

/// All records of one event, by the name of the record that is shown for them: `path@offset`, as `_DuplicateOf` has it.
#[must_use]
pub fn event_query(name: &str) -> String {
    let text = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let (path, place) = name.rsplit_once('@').unwrap_or((name, "0"));
    let offset = place.split('#').next().unwrap_or("0");
    format!(
        "{FIRST_TABLE}\n| where _DuplicateOf == {} or (_File == {} and _Offset == {offset})",
        text(name),
        text(path)
    )
}

/// A column or table as KQL writes it: bare, or in brackets when it is no plain name.
#[must_use]
pub fn column_name(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.is_empty()
        && !name.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if is_plain {
        name.to_owned()
    } else {
        format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}
