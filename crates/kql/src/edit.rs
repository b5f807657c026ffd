//! What an editor asks while a person types: what can follow, what this is, what a call takes.
//!
//! **Invariant:** pure functions of the text, a place in it and the catalogue; nothing here fails, and a broken text is the rule.
//! What a name means is followed through the pipe as far as the text alone tells: this proposes and explains, the binder decides.
//!
//! Order of the files: `words` (operators, charts, plug-ins, as data), `place` (which clause the caret is in), `columns` (which
//! columns there are at a stage), then one file a service.

mod columns;
mod complete;
mod hover;
mod place;
mod signature;
#[cfg(test)]
mod tests;
pub mod words;

pub use complete::{Completion, Item, ItemKind, complete};
pub use hover::{Hover, hover};
pub use signature::{SignatureHelp, signature_help};

use crate::{
    aggregates::{self, Aggregate},
    functions::{self, Function, Parameter},
};

/// A scalar function or an aggregate, to whoever describes it.
#[derive(Clone, Copy)]
enum Callable {
    Function(&'static Function),
    Aggregate(&'static Aggregate),
}

impl Callable {
    /// What `name` calls: in `summarize` and `make-series` an aggregate first.
    fn find(name: &str, is_aggregate_first: bool) -> Option<Self> {
        let function = functions::ALL
            .iter()
            .find(|function| function.name == name || function.aliases.contains(&name))
            .map(|function| Self::Function(function));
        let aggregate = aggregates::ALL
            .iter()
            .find(|aggregate| aggregate.name == name || aggregate.aliases.contains(&name))
            .map(|aggregate| Self::Aggregate(aggregate));
        if is_aggregate_first { aggregate.or(function) } else { function.or(aggregate) }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Function(function) => function.about,
            Self::Aggregate(aggregate) => aggregate.about,
        }
    }

    const fn examples(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Function(function) => function.examples,
            Self::Aggregate(aggregate) => aggregate.examples,
        }
    }

    const fn parameters(self) -> (&'static [Parameter], usize, bool) {
        match self {
            Self::Function(function) => (function.parameters, function.optional, function.repeats),
            Self::Aggregate(aggregate) => (aggregate.parameters, aggregate.optional, aggregate.repeats),
        }
    }

    /// What it takes, parameter by parameter, as a person reads it: `number`, `[text]`, `…`.
    fn parameter_texts(self) -> Vec<String> {
        let (parameters, optional, repeats) = self.parameters();
        let needed = parameters.len().saturating_sub(optional);
        let mut texts: Vec<String> = parameters
            .iter()
            .enumerate()
            .map(|(at, parameter)| {
                let word = parameter_word(*parameter);
                if at < needed { word.to_owned() } else { format!("[{word}]") }
            })
            .collect();
        if repeats {
            texts.push("…".to_owned());
        }
        texts
    }

    fn signature(self, name: &str) -> String {
        format!("{name}({})", self.parameter_texts().join(", "))
    }
}

const fn parameter_word(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Any => "value",
        Parameter::Text => "text",
        Parameter::Number => "number",
        Parameter::Whole => "whole number",
        Parameter::Bool => "condition",
        Parameter::DateTime => "datetime",
        Parameter::TimeSpan => "timespan",
        Parameter::Dynamic => "dynamic",
    }
}
