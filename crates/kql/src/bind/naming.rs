//! What columns are called that were given no name.

use crate::functions;
use chartroom_kql_syntax::ast::{Expr, ExprKind, Literal};
use std::collections::BTreeSet;

/// Names that are taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Names that this operator gives.
    given: BTreeSet<String>,
    /// Names that are there besides: replaced by a name of an expression, but not by `Column1`.
    beside: BTreeSet<String>,
    number: u32,
}

impl Names {
    /// Beside columns that stay.
    pub(crate) fn beside<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self { beside: names.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// A name that was given in the text; whether it is free.
    pub(crate) fn give(&mut self, name: &str) -> bool {
        self.given.insert(name.to_owned())
    }

    /// The name of an expression, with a number behind it when it is taken; `None`: `Column1` and so on.
    pub(crate) fn free(&mut self, wanted: Option<String>) -> String {
        match wanted {
            Some(name) if self.give(&name) => name,
            Some(name) => {
                let free = (1_u32..).map(|suffix| format!("{name}{suffix}")).find(|name| self.give(name));
                free.unwrap_or(name)
            }
            None => loop {
                self.number += 1;
                let name = format!("Column{}", self.number);
                if !self.beside.contains(&name) && self.give(&name) {
                    break name;
                }
            },
        }
    }
}

/// The functions whose result bears the name of their first argument.
const TRANSPARENT: &[&str] = &[
    "tostring",
    "toint",
    "tolong",
    "toreal",
    "todouble",
    "tobool",
    "todatetime",
    "totimespan",
    "toguid",
    "todecimal",
    "parse_json",
    "split",
    "bin",
    "bin_at",
    "floor",
    "ceiling",
    "round",
    "startofday",
    "abs",
    "sqrt",
    "log",
    "log2",
    "log10",
    "exp",
    "exp2",
    "exp10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "binary_and",
    "binary_or",
    "binary_xor",
    "binary_not",
    "binary_shift_left",
    "binary_shift_right",
    "format_datetime",
];

/// The name of an expression that was given none; `None`: `Column1` and so on.
pub(crate) fn auto_name(expression: &Expr) -> Option<String> {
    match &expression.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Path { base, name } => Some(format!("{}_{}", auto_name(base)?, name.text)),
        ExprKind::Element { base, index } => match &index.kind {
            ExprKind::Literal(Literal::Long(Some(at))) if *at >= 0 => {
                Some(format!("{}_{at}", auto_name(base)?))
            }
            _ => auto_name(base),
        },
        ExprKind::Call { name, arguments } => {
            let function = functions::find(&name.text).map_or(name.text.as_str(), |function| function.name);
            let inner = auto_name(arguments.first()?)?;
            match function {
                "strlen" => Some(format!("strlen_{inner}")),
                "gettype" => Some(format!("type_{inner}")),
                other => TRANSPARENT.contains(&other).then_some(inner),
            }
        }
        _ => None,
    }
}
