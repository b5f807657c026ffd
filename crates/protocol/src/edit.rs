//! What the editor asks while a person types, and what is answered: all of it in one message, so that a key costs one.

use chartroom_base::diagnostic::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

/// What is wanted of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditAsk {
    /// What can follow at the place, and what the call around it takes.
    Complete,
    /// What the word at the place is, else what the call around it takes.
    Explain,
    /// The text laid out.
    Layout,
    /// What is wrong with it, as far as it can be told without running it.
    Check,
}

/// The answer; what was not asked for is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditAnswer {
    /// The word at the place: a proposal takes its place, an explanation speaks of it.
    pub word: Span,
    /// Proposals, likeliest first; at most 50.
    pub proposals: Vec<Proposal>,
    /// What the call around the place takes.
    pub call: Option<Call>,
    /// What the word is.
    pub word_help: Option<WordHelp>,
    /// The text laid out.
    pub text: Option<String>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// What may stand at the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What it is called.
    pub label: String,
    /// What it is: `column`, `table`, `function`, `aggregate`, `operator`, `word`, `variable`, `chart`, `value`.
    pub sort: String,
    /// What is written.
    pub insert: String,
    /// Where the caret stands afterwards, in bytes of `insert`.
    pub caret: u32,
    /// A column's type, a call's parameters; may be empty.
    pub detail: String,
    /// One sentence; may be empty.
    pub about: String,
}

/// A call and the parameter at the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The function.
    pub name: String,
    /// Its parameters as they are shown.
    pub parameters: Vec<String>,
    /// Which one the place is in.
    pub active: Option<u32>,
    /// One sentence; may be empty.
    pub about: String,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordHelp {
    /// On one line: `EventName: string`, `bin(value, number)`.
    pub title: String,
    /// One sentence; may be empty.
    pub about: String,
    /// An example and what it gives; may be empty.
    pub example: String,
}
