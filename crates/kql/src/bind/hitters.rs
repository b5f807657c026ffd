//! `top-hitters`, `sample-distinct`: what they mean in terms of other operators.

use super::{Binder, Told, build, pipe::Pipe};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, Named, OperatorKind, Ordered};

impl Binder<'_> {
    /// `top-hitters n of x [by y]`: the values that come most often, or with the greatest sum.
    ///
    /// Exact, where Kusto estimates; of values with equal figures those come first that were met first.
    pub(super) fn top_hitters(
        &mut self,
        pipe: Pipe,
        count: &Expr,
        of: &Named,
        by: Option<&Named>,
        span: Span,
    ) -> Result<Pipe, Told> {
        let pipe = self.rows_of(pipe);
        let shown = |binder: &Self, item: &Named| {
            let own = item.name.as_ref().map(|name| name.text.clone());
            own.or_else(|| binder.auto_name(&pipe, &item.value)).unwrap_or_default()
        };
        let (name, figure) = match by {
            Some(by) => (
                format!("approximate_sum_{}", shown(self, by)),
                build::call("sum", vec![by.value.clone()], span),
            ),
            None => {
                (format!("approximate_count_{}", shown(self, of)), build::call("count", Vec::new(), span))
            }
        };
        let key = build::expression(chartroom_kql_syntax::ast::ExprKind::Name(name.clone()), span);
        let aggregates = vec![build::named(&name, figure)];
        let by = Ordered {
            key: Named { name: None, more_names: Vec::new(), value: key, span },
            is_ascending: false,
            nulls_first: false,
            span,
        };
        let summarize = OperatorKind::Summarize { aggregates, by: vec![of.clone()], parameters: Vec::new() };
        let top = OperatorKind::Top { count: count.clone(), by };
        self.operators(pipe, &[build::operator(summarize, span), build::operator(top, span)])
    }

    /// `sample-distinct n of x`: some of the values, those that were met first.
    pub(super) fn sample_distinct(
        &mut self,
        pipe: Pipe,
        count: &Expr,
        of: &Named,
        span: Span,
    ) -> Result<Pipe, Told> {
        let distinct = build::operator(OperatorKind::Distinct(vec![of.clone()]), span);
        let take = build::operator(OperatorKind::Take(count.clone()), span);
        self.operators(pipe, &[distinct, take])
    }
}
