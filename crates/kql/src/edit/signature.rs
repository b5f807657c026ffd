//! What the call around the caret takes, and which of it is being written.

use super::{
    Callable,
    columns::{Meaning, Names},
    place::Place,
    words::{self, PLUGINS},
};
use crate::catalog::Catalog;

/// A call and the parameter at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHelp {
    /// The function.
    pub name: String,
    /// Its parameters, as they are shown; one that may be left out in `[]`, `…` for one that may be repeated.
    pub parameters: Vec<String>,
    /// Which one the caret is in; the last one when there are more arguments than parameters.
    pub active: Option<usize>,
    /// One sentence; may be empty.
    pub about: String,
}

/// What the call around byte `caret` of `text` takes; `None` outside calls and for functions that nobody knows.
#[must_use]
pub fn signature_help(text: &str, caret: u32, catalog: &Catalog) -> Option<SignatureHelp> {
    let place = Place::new(text, caret);
    let (name, argument, _) = place.call()?;
    let (parameters, about) =
        match Names::new(text, caret, catalog).variable(name).map(|variable| &variable.value) {
            Some(Meaning::Function(parameters, _)) => (parameters.clone(), String::new()),
            Some(_) => return None,
            None => {
                let is_aggregate =
                    matches!(stage_of(&place).as_str(), "summarize" | "make-series" | "top-nested");
                match Callable::find(name, is_aggregate) {
                    Some(callable) => (callable.parameter_texts(), callable.about().to_owned()),
                    None => {
                        let plugin = words::find(PLUGINS, name)?;
                        let inner = plugin.usage.split_once('(')?.1.trim_end_matches(')');
                        let parameters = inner.split(", ").filter(|part| !part.is_empty()).map(str::to_owned);
                        (parameters.collect(), plugin.about.to_owned())
                    }
                }
            }
        };
    let active = parameters.len().checked_sub(1).map(|last| argument.min(last));
    Some(SignatureHelp { name: name.to_owned(), parameters, active, about })
}

fn stage_of(place: &Place<'_>) -> String {
    place.stage(&place.pipeline()).map(|(operator, _)| operator).unwrap_or_default()
}
