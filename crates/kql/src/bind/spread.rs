//! Functions that give several columns (`series_stats`, …): one item of `project`, `extend` or `print` becomes several.

use super::{Binder, Told, made::Cells, pipe::Pipe};
use crate::{
    functions::{self, Function},
    plan::Op,
};
use chartroom_kql_syntax::ast::{Expr, ExprKind, Literal, Name, Named};

/// A column of an item.
pub(crate) struct Spread<'i> {
    /// The name that the text gives.
    pub(crate) name: Option<&'i Name>,
    /// The name that the function gives, where it gives several columns.
    pub(crate) own: Option<String>,
    /// What the whole item is worked out from.
    pub(crate) value: &'i Expr,
    pub(crate) cells: Cells,
}

impl Binder<'_> {
    /// Binds items, those of several columns spread; the columns beside the named ones only where `has_rest`.
    pub(crate) fn spread<'i>(
        &mut self,
        pipe: &mut Pipe,
        items: &'i [Named],
        has_rest: bool,
    ) -> Result<Vec<Spread<'i>>, Told> {
        let mut result = Ok(());
        let mut bound = Vec::new();
        for item in items {
            match self.spread_item(pipe, item, has_rest) {
                Ok(columns) => bound.extend(columns),
                Err(told) => result = Err(told),
            }
        }
        result.map(|()| bound)
    }

    fn spread_item<'i>(
        &mut self,
        pipe: &mut Pipe,
        item: &'i Named,
        has_rest: bool,
    ) -> Result<Vec<Spread<'i>>, Told> {
        let names: Vec<&Name> = item.name.iter().chain(&item.more_names).collect();
        if let Some((function, arguments)) = self.sorted_arrays(&item.value) {
            return self.spread_arrays(pipe, item, &names, function, arguments);
        }
        let Some((function, arguments)) = self.several(&item.value) else {
            let cells = self.cells(pipe, &item.value)?;
            if let Some(name) = names.get(1) {
                let message = format!("There is no value for `{}`", name.text);
                return Err(self.error("KQL0171", name.span, message));
            }
            return Ok(vec![Spread { name: item.name.as_ref(), own: None, value: &item.value, cells }]);
        };
        let span = item.value.span;
        if let Some(name) = names.get(function.columns.len()) {
            let message = format!("There is no value for `{}`", name.text);
            return Err(self.error("KQL0171", name.span, message));
        }
        let prefix = arguments.first().and_then(|first| self.auto_name(pipe, first)).unwrap_or_default();
        let mut columns = Vec::new();
        for (at, (name, kind)) in function.columns.iter().enumerate() {
            if at >= names.len() && !names.is_empty() && !has_rest {
                break;
            }
            let cells = self.cells_by(pipe, |binder, bound| {
                let base = binder.call_function(bound, function, arguments, span)?;
                let property = Op::Property { base, name: (*name).to_owned() };
                let node = binder.add(bound, chartroom_schema::kind::Kind::Dynamic, property, span)?;
                binder.converted(bound, node, *kind, span)
            })?;
            let own = Some(format!("{}_{prefix}_{name}", function.name));
            columns.push(Spread { name: names.get(at).copied(), own, value: &item.value, cells });
        }
        Ok(columns)
    }

    /// The call of `array_sort_…` that an expression is, with its arrays, when these are several.
    fn sorted_arrays<'e>(&self, expression: &'e Expr) -> Option<(&'static Function, &'e [Expr])> {
        let ExprKind::Call { name, arguments } = &expression.kind else { return None };
        let is_one = matches!(name.text.as_str(), "array_sort_asc" | "array_sort_desc");
        let function = functions::find(&name.text).filter(|_| is_one && !self.is_defined(&name.text))?;
        let is_switch = |last: &Expr| matches!(last.kind, ExprKind::Literal(Literal::Bool(_)));
        let count = arguments.len() - usize::from(arguments.last().is_some_and(is_switch));
        (count > 1).then_some((function, arguments.as_slice()))
    }

    /// A column for each array that `array_sort_…` puts in order.
    fn spread_arrays<'i>(
        &mut self,
        pipe: &mut Pipe,
        item: &'i Named,
        names: &[&'i Name],
        function: &'static Function,
        arguments: &'i [Expr],
    ) -> Result<Vec<Spread<'i>>, Told> {
        let mut columns = Vec::new();
        for (at, array) in (0_u32..).zip(arguments) {
            if matches!(array.kind, ExprKind::Literal(Literal::Bool(_))) {
                break;
            }
            let name = names.get(columns.len()).copied();
            let cells = self.cells_by(pipe, |binder, bound| {
                let base = binder.call_function(bound, function, arguments, item.value.span)?;
                let element = Op::Element { base, index: i64::from(at) };
                binder.add(bound, chartroom_schema::kind::Kind::Dynamic, element, item.value.span)
            })?;
            let own = match &array.kind {
                ExprKind::Name(name) => Some(name.clone()),
                _ => self.auto_name(pipe, array),
            };
            let own = own.map(|own| format!("{own}_sorted"));
            columns.push(Spread { name, own, value: &item.value, cells });
        }
        if let Some(name) = names.get(columns.len()) {
            let message = format!("There is no value for `{}`", name.text);
            return Err(self.error("KQL0171", name.span, message));
        }
        Ok(columns)
    }

    /// The function of several columns that an expression calls.
    fn several<'e>(&self, expression: &'e Expr) -> Option<(&'static Function, &'e [Expr])> {
        let ExprKind::Call { name, arguments } = &expression.kind else { return None };
        let function = functions::find(&name.text).filter(|function| !function.columns.is_empty())?;
        (!self.is_defined(&name.text)).then_some((function, arguments.as_slice()))
    }
}
