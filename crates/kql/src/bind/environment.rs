//! What `let`s, parameters and `as` name.
//!
//! **Invariant:** a `let` is a calculation, bound anew at each use with the names that were known where it stands; what is equal
//! becomes one relation, so that it runs once all the same. Each definition sees only earlier ones: nothing recurs.

use super::{Binder, Bound, Pipe, Told};
use crate::{
    plan::{Constant, NodeId, Op},
    relation::{Gives, RelationId},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{
    Expr, ExprKind, Function, FunctionParameter, LetValue, Name, ParameterKind, Pattern, Query, Statement,
    StatementKind,
};
use chartroom_schema::kind::Kind;
use std::rc::Rc;

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Meaning {
    /// An expression, with the names it sees; scalar or rows, as it turns out.
    Expression(Rc<Expr>, Environment),
    /// A function, with the names it sees.
    Function(Rc<Function>, Environment),
    /// A value of one kind in the expression at hand (a function's argument).
    Node(Vec<(String, NodeId)>),
    /// A constant that was given with its kind.
    Constant(Kind, Constant),
    /// Rows that are there already (`as`, `invoke`).
    Rows {
        /// The relation.
        relation: RelationId,
        /// How many of its columns.
        columns: usize,
        /// In which graph it is.
        graph: usize,
    },
}

/// Names in scope, the latest first.
#[derive(Clone, Default)]
pub(super) struct Environment(Option<Rc<Entry>>);

struct Entry {
    name: String,
    meaning: Meaning,
    before: Environment,
}

impl Drop for Entry {
    fn drop(&mut self) {
        // Thousands of `let`s form a long chain: taken apart one by one, not by recursion.
        let mut next = self.before.0.take();
        while let Some(entry) = next {
            next = Rc::try_unwrap(entry).ok().and_then(|mut entry| entry.before.0.take());
        }
    }
}

impl Environment {
    pub(super) fn with(&self, name: &str, meaning: Meaning) -> Self {
        Self(Some(Rc::new(Entry { name: name.to_owned(), meaning, before: self.clone() })))
    }

    pub(super) fn find(&self, name: &str) -> Option<&Meaning> {
        let mut next = self.0.as_deref();
        while let Some(entry) = next {
            if entry.name == name {
                return Some(&entry.meaning);
            }
            next = entry.before.0.as_deref();
        }
        None
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut next = self.0.as_deref();
        while let Some(entry) = next {
            names.push(entry.name.as_str());
            next = entry.before.0.as_deref();
        }
        names
    }
}

/// What stands before the name of an option: no name that a text can hold.
const OPTION: char = '\0';

/// How deep functions may call functions.
const MAX_CALLS: usize = 32;

impl Binder<'_> {
    /// Takes in the `let`s of a list of statements; the query, if there is one.
    pub(super) fn define<'s>(&mut self, statements: &'s [Statement]) -> Option<&'s Query> {
        let mut found: Option<&Query> = None;
        let mut own: Vec<&str> = Vec::new();
        for statement in statements {
            match &statement.kind {
                StatementKind::Query(query) if found.is_none() => found = Some(query),
                StatementKind::Query(query) => {
                    self.error("KQL0011", query.span, "Only one query at a time: this is a second one");
                }
                StatementKind::Let { name, value } => {
                    if own.contains(&name.text.as_str()) {
                        let message = format!("`{}` is defined already", name.text);
                        self.error("KQL0028", name.span, message);
                    }
                    own.push(&name.text);
                    let meaning = match value {
                        LetValue::Expression(expression) => {
                            Meaning::Expression(Rc::new(expression.clone()), self.environment.clone())
                        }
                        LetValue::Function(function) => {
                            Meaning::Function(Rc::new(function.clone()), self.environment.clone())
                        }
                    };
                    self.environment = self.environment.with(&name.text, meaning);
                }
                StatementKind::Set { name, value } => self.set(name, value.as_ref()),
                StatementKind::Declare(parameters) => {
                    for parameter in parameters {
                        match &parameter.default {
                            Some(default) => {
                                let meaning =
                                    Meaning::Expression(Rc::new(default.clone()), self.environment.clone());
                                self.environment = self.environment.with(&parameter.name.text, meaning);
                            }
                            None => {
                                let message =
                                    format!("The parameter `{}` needs a value", parameter.name.text);
                                self.error("KQL0029", parameter.span, message);
                            }
                        }
                    }
                }
                StatementKind::Other(_) | StatementKind::Error => {}
            }
        }
        found
    }

    /// `set query_now = datetime(…)`, `set query_bin_auto_size = 1h`; what else there is to set changes nothing here.
    fn set(&mut self, name: &Name, value: Option<&Expr>) {
        if let ("query_bin_auto_size" | "query_bin_auto_at", Some(value)) = (name.text.as_str(), value) {
            let meaning = Meaning::Expression(Rc::new(value.clone()), self.environment.clone());
            self.environment = self.environment.with(&format!("{OPTION}{}", name.text), meaning);
        }
        if name.text == "query_now"
            && let Some(value) = value
        {
            match self.constant(value) {
                Ok((Kind::DateTime, Constant::Long(ticks))) => self.now.0 = ticks,
                Ok(_) => {
                    self.error("KQL0030", value.span, "`query_now` takes a datetime");
                }
                Err(Told) => {}
            }
        }
    }

    /// What `set` gave an option of that name.
    pub(super) fn option(&self, name: &str) -> Option<Expr> {
        match self.environment.find(&format!("{OPTION}{name}")) {
            Some(Meaning::Expression(value, _)) => Some(value.as_ref().clone()),
            _ => None,
        }
    }

    /// Does something with other names in scope, and no more calls within calls than there may be.
    pub(super) fn within<T>(
        &mut self,
        environment: Environment,
        span: Span,
        work: impl FnOnce(&mut Self) -> Result<T, Told>,
    ) -> Result<T, Told> {
        if self.depth >= MAX_CALLS {
            return Err(self.error("KQL0031", span, "Definitions are nested too deeply"));
        }
        let before = std::mem::replace(&mut self.environment, environment);
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        self.environment = before;
        result
    }

    /// The value that a name of the environment has in an expression; `None` when there is no such name.
    pub(super) fn named_value(
        &mut self,
        bound: &mut Bound,
        name: &str,
        span: Span,
    ) -> Option<Result<NodeId, Told>> {
        let meaning = self.environment.find(name)?.clone();
        Some(match meaning {
            Meaning::Expression(expression, environment) => {
                if matches!(expression.kind, ExprKind::Query(_)) {
                    let message =
                        format!("`{name}` stands for rows; put `toscalar(…)` around it for one value");
                    return Some(Err(self.error_with_help("KQL0032", span, message, "Or name a column")));
                }
                self.within(environment, span, |binder| {
                    // Columns of the pipe mean nothing where the `let` stands.
                    let scope = std::mem::take(&mut bound.scope);
                    let node = binder.expression(bound, &expression);
                    bound.scope = scope;
                    node
                })
            }
            Meaning::Node(nodes) => {
                let found = nodes.iter().find(|(table, _)| *table == bound.table);
                found.map(|(_, node)| *node).ok_or(Told)
            }
            Meaning::Constant(kind, constant) => Ok(bound.nodes.add_constant(kind, constant)),
            Meaning::Function(function, _) if function.parameters.is_empty() => {
                self.scalar_function(bound, name, &[], span).unwrap_or(Err(Told))
            }
            Meaning::Function(..) => {
                Err(self.error("KQL0033", span, format!("`{name}` is a function; it needs its arguments")))
            }
            Meaning::Rows { .. } => {
                let message = format!("`{name}` stands for rows; put `toscalar(…)` around it for one value");
                Err(self.error("KQL0032", span, message))
            }
        })
    }

    /// A call of a function of the text within an expression; `None` when there is no such function.
    pub(super) fn scalar_function(
        &mut self,
        bound: &mut Bound,
        name: &str,
        arguments: &[Expr],
        span: Span,
    ) -> Option<Result<NodeId, Told>> {
        let Some(Meaning::Function(function, environment)) = self.environment.find(name).cloned() else {
            return None;
        };
        Some(self.call_scalar(bound, &function, environment, arguments, span))
    }

    fn call_scalar(
        &mut self,
        bound: &mut Bound,
        function: &Function,
        mut environment: Environment,
        arguments: &[Expr],
        span: Span,
    ) -> Result<NodeId, Told> {
        let given = self.matched(function, arguments, span)?;
        for (parameter, argument) in function.parameters.iter().zip(given) {
            let ParameterKind::Scalar(kind) = &parameter.kind else {
                let meaning = Meaning::Expression(Rc::new(argument), self.environment.clone());
                environment = environment.with(&parameter.name.text, meaning);
                continue;
            };
            let kind = self.kind_named(kind)?;
            let node = self.expression(bound, &argument)?;
            let node = self.parameter_value(bound, node, kind, parameter, argument.span)?;
            environment =
                environment.with(&parameter.name.text, Meaning::Node(vec![(bound.table.clone(), node)]));
        }
        self.within(environment, span, |binder| {
            let query = binder.define(&function.statements);
            debug_assert!(query.is_none(), "the result is apart");
            let scope = std::mem::take(&mut bound.scope);
            let node = binder.expression(bound, &function.result);
            bound.scope = scope;
            node
        })
    }

    fn parameter_value(
        &mut self,
        bound: &mut Bound,
        node: NodeId,
        kind: Kind,
        parameter: &FunctionParameter,
        span: Span,
    ) -> Result<NodeId, Told> {
        let held = bound.nodes.kind(node);
        let is_number = |kind| matches!(kind, Kind::Int | Kind::Long | Kind::Real);
        let fits = held == kind
            || held == Kind::Dynamic
            || kind == Kind::Dynamic
            || (is_number(held) && is_number(kind));
        if !fits {
            let message = format!("`{}` takes {}, not {}", parameter.name.text, kind.name(), held.name());
            return Err(self.error("KQL0112", span, message));
        }
        self.converted(bound, node, kind, span)
    }

    /// The argument for each parameter: by name, by place, or its default.
    fn matched(&mut self, function: &Function, arguments: &[Expr], span: Span) -> Result<Vec<Expr>, Told> {
        let mut given: Vec<Option<Expr>> = vec![None; function.parameters.len()];
        let mut result = Ok(());
        let mut next = 0;
        for argument in arguments {
            let (at, value) = match &argument.kind {
                ExprKind::Argument { name, value } => {
                    let at =
                        function.parameters.iter().position(|parameter| parameter.name.text == name.text);
                    (at, value.as_ref())
                }
                _ => {
                    next += 1;
                    (Some(next - 1), argument)
                }
            };
            match at.and_then(|at| given.get_mut(at)) {
                Some(slot) => *slot = Some(value.clone()),
                None => {
                    result = Err(self.error("KQL0111", argument.span, "The function has no such parameter"));
                }
            }
        }
        result?;
        let filled = given.into_iter().zip(&function.parameters);
        let filled: Option<Vec<Expr>> =
            filled.map(|(given, parameter)| given.or_else(|| parameter.default.clone())).collect();
        filled.ok_or_else(|| {
            let message = format!("The function takes {} arguments", function.parameters.len());
            self.error("KQL0111", span, message)
        })
    }

    /// The kind of that name.
    pub(crate) fn kind_named(&mut self, name: &Name) -> Result<Kind, Told> {
        let kind = chartroom_kql_syntax::keyword::type_of_word(&name.text).and_then(Kind::from_name);
        kind.ok_or_else(|| self.error("KQL0125", name.span, format!("There is no type `{}` here", name.text)))
    }

    /// The rows that a name of the environment stands for; `None` when there is no such name.
    pub(super) fn named_rows(&mut self, name: &Name) -> Option<Result<Pipe, Told>> {
        let meaning = self.environment.find(&name.text)?.clone();
        Some(match meaning {
            Meaning::Rows { relation, columns, graph } if graph == self.graph => {
                Ok(self.restart(relation, columns))
            }
            Meaning::Rows { .. } => {
                let message = format!("`{}` cannot be used within this query", name.text);
                Err(self.error("KQL0037", name.span, message))
            }
            Meaning::Expression(expression, environment) => {
                self.within(environment, name.span, |binder| binder.rows_of_expression(&expression))
            }
            Meaning::Function(function, environment) => {
                self.call_rows(&function, environment, &[], None, name.span)
            }
            Meaning::Node(_) | Meaning::Constant(..) => {
                let message = format!("`{}` is a value, not rows", name.text);
                Err(self.error("KQL0034", name.span, message))
            }
        })
    }

    /// Rows where an expression stands: a query, a table's name, a call.
    pub(crate) fn rows_of_expression(&mut self, expression: &Expr) -> Result<Pipe, Told> {
        match &expression.kind {
            ExprKind::Query(query) => self.pipe(query),
            ExprKind::Name(name) => {
                let name = Name { text: name.clone(), span: expression.span };
                self.table_rows(&name)
            }
            ExprKind::Call { name, arguments } => self.call_source(name, arguments, expression.span),
            _ => Err(self.error("KQL0034", expression.span, "Rows are needed here, and this is a value")),
        }
    }

    /// Whether the text itself says what a name stands for.
    pub(crate) fn is_defined(&self, name: &str) -> bool {
        self.environment.find(name).is_some()
    }

    /// Whether the name is a function that answers to wildcards.
    pub(crate) fn is_view(&self, name: &str) -> bool {
        matches!(self.environment.find(name), Some(Meaning::Function(function, _)) if function.is_view)
    }

    /// The functions of the text that a pattern means.
    pub(crate) fn views_like(&self, pattern: &Pattern) -> Vec<String> {
        if !pattern.is_wild {
            return Vec::new();
        }
        let mut names: Vec<String> = self.environment.names().into_iter().map(str::to_owned).collect();
        names.retain(|name| self.is_view(name) && super::source::is_like(&pattern.text, name));
        names.reverse();
        names.dedup();
        names
    }

    /// Whether an expression stands for rows, as far as its form tells.
    pub(super) fn is_rows(&self, expression: &Expr) -> bool {
        match &expression.kind {
            ExprKind::Query(_) => true,
            ExprKind::Name(name) => match self.environment.find(name) {
                Some(Meaning::Rows { .. }) => true,
                Some(Meaning::Expression(expression, environment)) => {
                    environment_is_rows(expression, environment, self, 0)
                }
                Some(Meaning::Function(function, environment)) => {
                    function.parameters.is_empty()
                        && environment_is_rows(&function.result, environment, self, 0)
                }
                Some(_) => false,
                None => self.catalog.find(name).is_some(),
            },
            ExprKind::Call { name, .. } => match self.environment.find(&name.text) {
                Some(Meaning::Function(function, environment)) => {
                    environment_is_rows(&function.result, environment, self, 0)
                }
                _ => gives_rows(&name.text),
            },
            _ => false,
        }
    }

    /// A call that gives rows; `piped` are its first argument (`invoke`).
    pub(super) fn call_rows(
        &mut self,
        function: &Function,
        mut environment: Environment,
        arguments: &[Expr],
        piped: Option<(RelationId, usize)>,
        span: Span,
    ) -> Result<Pipe, Told> {
        let mut parameters = function.parameters.as_slice();
        if let Some((relation, columns)) = piped {
            let Some((first, rest)) = parameters.split_first() else {
                return Err(self.error("KQL0111", span, "The function takes no rows"));
            };
            environment =
                environment.with(&first.name.text, Meaning::Rows { relation, columns, graph: self.graph });
            parameters = rest;
        }
        let shown = Function { parameters: parameters.to_vec(), ..function.clone() };
        let given = self.matched(&shown, arguments, span)?;
        for (parameter, argument) in parameters.iter().zip(given) {
            let meaning = match &parameter.kind {
                ParameterKind::Table(_) => Meaning::Expression(Rc::new(argument), self.environment.clone()),
                ParameterKind::Scalar(kind) => {
                    let kind = self.kind_named(kind)?;
                    let mut bound = self.no_columns();
                    let node = self.expression(&mut bound, &argument)?;
                    let node = self.parameter_value(&mut bound, node, kind, parameter, argument.span)?;
                    match bound.nodes.op(node) {
                        Some(Op::Constant(constant)) => Meaning::Constant(kind, constant.clone()),
                        // Known when it runs: bound where it is used.
                        _ => Meaning::Expression(Rc::new(argument), self.environment.clone()),
                    }
                }
            };
            environment = environment.with(&parameter.name.text, meaning);
        }
        self.within(environment, span, |binder| {
            binder.define(&function.statements);
            binder.rows_of_expression(&function.result)
        })
    }

    /// `toscalar(rows)`: the first value of the first row.
    pub(super) fn bind_to_scalar(
        &mut self,
        bound: &mut Bound,
        rows: &Expr,
        span: Span,
    ) -> Result<NodeId, Told> {
        if !self.is_rows(rows) {
            // `toscalar(5)` is 5.
            return self.expression(bound, rows);
        }
        let (relation, kind) = self.first_column(rows)?;
        let parameter = self.parameter(relation, Gives::Scalar);
        self.add(bound, kind, Op::Parameter(parameter), span)
    }

    /// The relation of the first column of rows, and its kind.
    pub(super) fn first_column(&mut self, rows: &Expr) -> Result<(RelationId, Kind), Told> {
        let pipe = self.rows_of_expression(rows)?;
        let pipe = self.rows_of(pipe);
        let mut given = pipe.given();
        given.retain(|given| !given.column.is_hidden);
        given.truncate(1);
        let Some(kind) = given.first().map(|given| given.column.kind()) else {
            return Err(self.error("KQL0034", rows.span, "These rows have no column"));
        };
        Ok((self.seal(pipe, given), kind))
    }
}

/// Whether it is a function of the language that gives rows.
fn gives_rows(function: &str) -> bool {
    matches!(function, "materialize" | "table" | "view" | "_GetWatchlist" | "_ASIM_GetWatchlistRaw")
}

fn environment_is_rows(
    expression: &Expr,
    environment: &Environment,
    binder: &Binder<'_>,
    depth: usize,
) -> bool {
    if depth > MAX_CALLS {
        return false;
    }
    let resolve = |name: &str, is_call: bool| match environment.find(name) {
        Some(Meaning::Rows { .. }) => true,
        Some(Meaning::Expression(expression, environment)) => {
            environment_is_rows(expression, environment, binder, depth + 1)
        }
        Some(Meaning::Function(function, environment)) => {
            environment_is_rows(&function.result, environment, binder, depth + 1)
        }
        Some(_) => false,
        None if is_call => gives_rows(name),
        None => binder.catalog.find(name).is_some(),
    };
    match &expression.kind {
        ExprKind::Query(_) => true,
        ExprKind::Name(name) => resolve(name, false),
        ExprKind::Call { name, .. } => resolve(&name.text, true),
        _ => false,
    }
}
