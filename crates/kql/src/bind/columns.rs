//! `project`, `extend` and their kin: what columns there are, in which order, under which names.

use super::{
    Binder, Told,
    made::{Cells, Given},
    naming::Names,
    pipe::Pipe,
    scope::ScopeColumn,
    source::is_like,
};
use crate::{json, plan::Constant};
use chartroom_base::sort;
use chartroom_kql_syntax::ast::{ColumnOrder, Expr, ExprKind, Name, Named, Pattern, Reordered};
use chartroom_schema::kind::Kind;

/// A column that an item gives.
struct Item {
    column: ScopeColumn,
    cells: Cells,
}

impl Binder<'_> {
    pub(super) fn project(&mut self, pipe: Pipe, items: &[Named]) -> Result<Pipe, Told> {
        let mut pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let names = Names::new(items.iter().flat_map(|item| item.name.iter().chain(&item.more_names)));
        let items = self.scope_items(&mut pipe, items, names)?;
        set_columns(&mut pipe, items);
        Ok(pipe)
    }

    pub(super) fn extend(&mut self, pipe: Pipe, items: &[Named]) -> Result<Pipe, Told> {
        let mut pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let names = Names::new(items.iter().flat_map(|item| item.name.iter().chain(&item.more_names)))
            .beside(pipe.columns().iter().map(|column| column.name.as_str()));
        for item in self.scope_items(&mut pipe, items, names)? {
            for (part, node) in pipe.parts.iter_mut().zip(&item.cells.nodes) {
                part.source.bound.scope.set(ScopeColumn { node: *node, ..item.column.clone() });
            }
        }
        Ok(pipe)
    }

    /// The columns that items give, named as Kusto names them.
    fn scope_items(&mut self, pipe: &mut Pipe, items: &[Named], mut names: Names) -> Result<Vec<Item>, Told> {
        let cells = self.spread(pipe, items, true)?;
        self.check_names(items)?;
        let mut columns = Vec::new();
        for item in cells {
            let cells = item.cells;
            // A column by itself keeps what is known of it.
            let own = match &item.value.kind {
                ExprKind::Name(name) => pipe.columns().iter().find(|column| {
                    column.name == *name || (column.is_stored && column.name.eq_ignore_ascii_case(name))
                }),
                _ => None,
            };
            let column = match own {
                Some(own) => {
                    let mut column = ScopeColumn { is_hidden: false, ..own.clone() };
                    match item.name {
                        Some(name) => {
                            column.is_stored = false;
                            column.name = names.next(Some(name.text.clone()));
                        }
                        None => column.name = names.next(Some(own.name.clone())),
                    }
                    column
                }
                None => {
                    let own = item.name.map(|name| name.text.clone()).or(item.own);
                    let own = own.or_else(|| match &item.value.kind {
                        // A `let`: its name, as that of a column.
                        ExprKind::Name(name) => Some(name.clone()),
                        _ => self.auto_name(pipe, item.value),
                    });
                    let name = names.next(own);
                    let first = pipe.parts.first().zip(cells.nodes.first());
                    let is_column =
                        first.is_some_and(|(part, node)| part.source.bound.nodes.is_column(*node));
                    made_column(name, cells.kind, !is_column)
                }
            };
            columns.push(Item { column, cells });
        }
        Ok(columns)
    }

    /// A name given twice is a mistake.
    pub(crate) fn check_names(&mut self, items: &[Named]) -> Result<(), Told> {
        let mut result = Ok(());
        let names: Vec<&Name> =
            items.iter().flat_map(|item| item.name.iter().chain(&item.more_names)).collect();
        for (at, name) in names.iter().enumerate() {
            if names.iter().take(at).any(|other| other.text == name.text) {
                let message = format!("A column named `{}` is there already", name.text);
                result = Err(self.error("KQL0165", name.span, message));
            }
        }
        result
    }

    /// The positions of the columns that a pattern means; told when it is a name and there is none.
    pub(crate) fn matching(&mut self, pipe: &Pipe, pattern: &Pattern) -> Result<Vec<usize>, Told> {
        if !pattern.is_wild {
            let scope = pipe.parts.first().map(|part| part.source.bound.scope.clone()).unwrap_or_default();
            let column = self.resolve(&scope, &pattern.text, pattern.span)?;
            return Ok(scope.position(&column.name).into_iter().collect());
        }
        let columns = pipe.columns().iter().enumerate();
        let columns = columns.filter(|(_, column)| !column.is_hidden && is_like(&pattern.text, &column.name));
        Ok(columns.map(|(at, _)| at).collect())
    }

    /// The name that a column has which the text calls `name`.
    pub(crate) fn resolved(&mut self, pipe: &Pipe, name: &Name) -> Result<String, Told> {
        let pattern = Pattern { text: name.text.clone(), is_wild: false, span: name.span };
        let at = self.matching(pipe, &pattern)?;
        let own = at.first().and_then(|at| pipe.columns().get(*at));
        Ok(own.map_or_else(|| name.text.clone(), |own| own.name.clone()))
    }

    fn all_matching(&mut self, pipe: &Pipe, patterns: &[Pattern]) -> Result<Vec<usize>, Told> {
        let found: Vec<_> = patterns.iter().map(|pattern| self.matching(pipe, pattern)).collect();
        Ok(found.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    pub(super) fn project_away(&mut self, pipe: Pipe, patterns: &[Pattern]) -> Result<Pipe, Told> {
        let pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let gone = self.all_matching(&pipe, patterns)?;
        let left = (0..pipe.columns().len()).filter(|at| !gone.contains(at)).collect::<Vec<_>>();
        Ok(arrange(pipe, &left))
    }

    pub(super) fn project_keep(&mut self, pipe: Pipe, patterns: &[Pattern]) -> Result<Pipe, Told> {
        let pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let mut kept = self.all_matching(&pipe, patterns)?;
        sort::sort(&mut kept);
        kept.dedup();
        let mut pipe = arrange(pipe, &kept);
        for column in pipe.parts.iter_mut().flat_map(|part| &mut part.source.bound.scope.columns) {
            column.is_hidden = false;
        }
        Ok(pipe)
    }

    pub(super) fn project_rename(&mut self, pipe: Pipe, items: &[Named]) -> Result<Pipe, Told> {
        let mut pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let mut renamed: Vec<(usize, &Name)> = Vec::new();
        for item in items {
            let (ExprKind::Name(old), Some(new)) = (&item.value.kind, &item.name) else {
                return Err(self.error("KQL0166", item.span, "Write `new = old`, both names of columns"));
            };
            let pattern = Pattern { text: old.clone(), is_wild: false, span: item.value.span };
            let at = self.matching(&pipe, &pattern)?;
            renamed.extend(at.into_iter().map(|at| (at, new)));
        }
        for (at, new) in &renamed {
            let is_taken = pipe.columns().iter().enumerate().any(|(other, column)| {
                column.name == new.text
                    && !renamed.iter().any(|(renamed, _)| *renamed == other)
                    && other != *at
            });
            if is_taken {
                let message = format!("A column named `{}` is there already", new.text);
                return Err(self.error("KQL0165", new.span, message));
            }
        }
        for part in &mut pipe.parts {
            for (at, new) in &renamed {
                if let Some(column) = part.source.bound.scope.columns.get_mut(*at) {
                    column.name.clone_from(&new.text);
                    column.is_stored = false;
                    column.is_hidden = false;
                }
            }
        }
        Ok(pipe)
    }

    pub(super) fn project_reorder(&mut self, pipe: Pipe, columns: &[Reordered]) -> Result<Pipe, Told> {
        let pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let mut order: Vec<usize> = Vec::new();
        for columns in columns {
            let mut found = self.matching(&pipe, &columns.columns)?;
            found.retain(|at| !order.contains(at));
            let name =
                |at: &usize| pipe.columns().get(*at).map(|column| column.name.clone()).unwrap_or_default();
            match columns.order {
                None => {}
                Some(ColumnOrder::Ascending) => sort::sort_by_key(&mut found, name),
                Some(ColumnOrder::Descending) => {
                    sort::sort_by_key(&mut found, |at| std::cmp::Reverse(name(at)));
                }
                Some(ColumnOrder::GrannyAscending) => {
                    sort::sort_by_key(&mut found, |at| granny(&name(at)));
                }
                Some(ColumnOrder::GrannyDescending) => {
                    sort::sort_by_key(&mut found, |at| std::cmp::Reverse(granny(&name(at))));
                }
            }
            order.extend(found);
        }
        let rest: Vec<usize> = (0..pipe.columns().len()).filter(|at| !order.contains(at)).collect();
        order.extend(rest);
        Ok(arrange(pipe, &order))
    }

    /// `project-by-names`: columns whose names constant expressions give; names that no column has are passed over.
    pub(super) fn project_by_names(&mut self, pipe: Pipe, names: &[Expr]) -> Result<Pipe, Told> {
        let pipe = if pipe.is_count { self.rows_of(pipe) } else { pipe };
        let mut order: Vec<usize> = Vec::new();
        for name in names {
            let texts: Vec<String> = match self.constant(name)? {
                (Kind::String, Constant::Text(text)) => vec![text],
                (Kind::Dynamic, Constant::Text(text)) => match json::elements(&text) {
                    Some(elements) => elements.map(json::unquote).collect(),
                    None => vec![json::unquote(&text)],
                },
                _ => {
                    return Err(self.error(
                        "KQL0167",
                        name.span,
                        "Names of columns are texts or lists of texts",
                    ));
                }
            };
            for text in texts {
                let pattern = Pattern { is_wild: text.contains('*'), text, span: name.span };
                if pattern.is_wild || pipe.columns().iter().any(|column| column.name == pattern.text) {
                    let found = self.matching(&pipe, &pattern)?;
                    order.extend(found.into_iter().filter(|at| !order.contains(at)).collect::<Vec<_>>());
                }
            }
        }
        Ok(arrange(pipe, &order))
    }

    /// Hides nothing that was asked for by name: the columns of a relation, given as scope columns.
    pub(crate) fn show_given(&mut self, pipe: &mut Pipe, given: Vec<Given>) {
        let items = given.into_iter().map(|given| Item {
            column: made_column(given.column.shown.name, given.cells.kind, true),
            cells: given.cells,
        });
        set_columns(pipe, items.collect());
    }
}

/// A column that a query made.
pub(crate) fn made_column(name: String, kind: Kind, is_computed: bool) -> ScopeColumn {
    ScopeColumn {
        name,
        kind,
        is_hidden: false,
        about: String::new(),
        rank: 0,
        is_stored: false,
        is_unreadable: false,
        is_computed,
        node: crate::plan::NodeId(0),
    }
}

/// Numbers in names as numbers: `a2` before `a10`.
fn granny(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(word);
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        parts.push((head.to_owned(), number.parse().unwrap_or(0)));
        rest = tail;
    }
    parts
}

/// Makes these the pipe's only columns.
fn set_columns(pipe: &mut Pipe, items: Vec<Item>) {
    for (at, part) in pipe.parts.iter_mut().enumerate() {
        let column = |item: &Item| {
            let node = item.cells.nodes.get(at).copied().unwrap_or(item.column.node);
            ScopeColumn { node, ..item.column.clone() }
        };
        part.source.bound.scope =
            super::scope::Scope { columns: items.iter().map(column).collect(), is_projected: true };
    }
}

/// The columns at these places, in that order.
fn arrange(mut pipe: Pipe, order: &[usize]) -> Pipe {
    for part in &mut pipe.parts {
        let scope = &mut part.source.bound.scope;
        let columns = order.iter().filter_map(|at| scope.columns.get(*at).cloned()).collect();
        scope.is_projected |= order.len() < scope.columns.len();
        scope.columns = columns;
    }
    pipe
}
