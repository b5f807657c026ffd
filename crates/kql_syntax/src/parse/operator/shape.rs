//! Operators that choose, order and group columns.

use crate::{
    ast::{ColumnOrder, Named, OperatorKind, Pattern, Reordered},
    parse::Parser,
};

impl Parser<'_> {
    pub(super) fn columns(&mut self) -> Vec<Pattern> {
        self.list(|parser| parser.any_pattern("a column"))
    }

    pub(super) fn reordered(&mut self) -> Reordered {
        let columns = self.any_pattern("a column");
        let (len, _) = self.joined();
        let order = match self.joined_word().as_str() {
            "asc" => Some(ColumnOrder::Ascending),
            "desc" => Some(ColumnOrder::Descending),
            "granny-asc" => Some(ColumnOrder::GrannyAscending),
            "granny-desc" => Some(ColumnOrder::GrannyDescending),
            _ => None,
        };
        if order.is_some() {
            self.bump_by(len);
        }
        Reordered { columns, order }
    }

    pub(super) fn distinct(&mut self) -> OperatorKind {
        self.parameters(&[]);
        OperatorKind::Distinct(self.list(Self::named))
    }

    pub(super) fn serialize(&mut self) -> OperatorKind {
        self.parameters(&[]);
        OperatorKind::Serialize(if self.is_stage_end() { Vec::new() } else { self.list(Self::named) })
    }

    pub(super) fn summarize(&mut self) -> OperatorKind {
        let parameters = self.parameters(&[]);
        let aggregates = if self.is_word("by") { Vec::new() } else { self.list(Self::named) };
        let by = self.keys();
        OperatorKind::Summarize { aggregates, by, parameters }
    }

    /// `by a, b`, if it is there.
    pub(super) fn keys(&mut self) -> Vec<Named> {
        if self.eat_word("by") { self.list(Self::named) } else { Vec::new() }
    }

    pub(super) fn sample_distinct(&mut self) -> OperatorKind {
        let count = self.expression();
        self.expect_word("of");
        OperatorKind::SampleDistinct { count, of: self.named() }
    }

    pub(super) fn top_hitters(&mut self) -> OperatorKind {
        let count = self.expression();
        self.expect_word("of");
        let of = self.named();
        let by = self.eat_word("by").then(|| self.named());
        OperatorKind::TopHitters { count, of, by }
    }
}
