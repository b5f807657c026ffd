//! What columns are called that were given no name.

use super::{Binder, Pipe, scope::ScopeColumn};
use crate::{
    aggregates::{self, Naming},
    functions,
};
use chartroom_kql_syntax::ast::{Expr, ExprKind, Literal, Name};
use std::collections::BTreeSet;

/// The names of one operator's columns, given in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Names that columns have by now.
    used: BTreeSet<String>,
    /// Names that the text gives to any of them: no number is put behind a name that makes one of these.
    explicit: BTreeSet<String>,
    /// Names that `Column1` and so on do not take.
    beside: BTreeSet<String>,
    number: u32,
}

impl Names {
    /// For columns with these names in the text.
    pub(crate) fn new<'n>(explicit: impl IntoIterator<Item = &'n Name>) -> Self {
        Self { explicit: explicit.into_iter().map(|name| name.text.clone()).collect(), ..Self::default() }
    }

    /// Beside columns that stay.
    pub(crate) fn beside<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.beside.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// The name of the next column, with a number behind it when another has it; `None`: `Column1` and so on.
    pub(crate) fn next(&mut self, wanted: Option<String>) -> String {
        let name = wanted.unwrap_or_else(|| {
            loop {
                self.number += 1;
                let name = format!("Column{}", self.number);
                if !self.beside.contains(&name) {
                    break name;
                }
            }
        });
        if self.used.insert(name.clone()) {
            return name;
        }
        let free = (1_u32..)
            .map(|suffix| format!("{name}{suffix}"))
            .find(|name| !self.explicit.contains(name) && self.used.insert(name.clone()));
        free.unwrap_or(name)
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
    "bin_auto",
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
    "format_timespan",
    "gamma",
    "tohex",
    "parse_csv",
    "parse_xml",
    "bitset_count_ones",
    "series_fill_backward",
    "series_fill_const",
    "series_fill_forward",
    "series_fill_linear",
    "series_fir",
    "series_iir",
    "series_outliers",
];

impl Binder<'_> {
    /// The name of an expression that was given none; `None`: `Column1` and so on.
    pub(crate) fn auto_name(&self, pipe: &Pipe, expression: &Expr) -> Option<String> {
        match &expression.kind {
            ExprKind::Name(name) => {
                let is_column = |column: &ScopeColumn| {
                    column.name == *name || (column.is_stored && column.name.eq_ignore_ascii_case(name))
                };
                pipe.columns().iter().any(is_column).then(|| name.clone())
            }
            ExprKind::Path { base, name } => Some(match self.auto_name(pipe, base) {
                Some(base) => format!("{base}_{}", name.text),
                None => name.text.clone(),
            }),
            ExprKind::Element { base, index } => {
                let base = self.auto_name(pipe, base);
                let at = match &index.kind {
                    ExprKind::Literal(Literal::Long(Some(at))) => at.to_string(),
                    ExprKind::Unary { operand, .. } => match &operand.kind {
                        ExprKind::Literal(Literal::Long(Some(at))) => format!("_{at}"),
                        _ => return base,
                    },
                    _ => return base,
                };
                Some(base.map_or_else(|| at.clone(), |base| format!("{base}_{at}")))
            }
            ExprKind::Call { name, arguments } => {
                let first = arguments.first();
                let inner = first.and_then(|first| self.auto_name(pipe, first));
                if let Some(aggregate) = aggregates::find(&name.text).filter(|_| !self.is_defined(&name.text))
                {
                    return match aggregate.naming {
                        Naming::Prefix(prefix) => Some(format!("{prefix}{}", inner.unwrap_or_default())),
                        _ => None,
                    };
                }
                let function =
                    functions::find(&name.text).map_or(name.text.as_str(), |function| function.name);
                match function {
                    "strlen" => Some(format!("strlen_{}", inner.unwrap_or_default())),
                    "dcount_hll" | "percentile_tdigest" => {
                        Some(format!("{function}_{}", inner.unwrap_or_default()))
                    }
                    "string_size" => Some(format!("string_size_{}", inner.unwrap_or_default())),
                    "gettype" => Some(format!("type_{}", inner.unwrap_or_default())),
                    "repeat" => Some(format!("repeat_{}", inner.unwrap_or_default())),
                    "make_datetime" | "make_timespan" if arguments.len() == 1 => inner,
                    "column_ifexists" | "columnifexists" => match first.map(|first| &first.kind) {
                        Some(ExprKind::Literal(Literal::String(name))) => {
                            pipe.columns().iter().any(|column| column.name == *name).then(|| name.clone())
                        }
                        _ => None,
                    },
                    other => inner.filter(|_| TRANSPARENT.contains(&other)),
                }
            }
            _ => None,
        }
    }
}
