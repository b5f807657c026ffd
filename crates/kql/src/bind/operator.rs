//! Operators between expressions: comparing, calculating, lists.

use super::{Binder, Bound, Told, build};
use crate::{
    convert::convert,
    json,
    plan::{Binary, Constant, How, Matcher, NodeId, Op},
    relation::Gives,
    value::Value,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{BinaryOperator, Expr, ExprKind, InOperator, OperatorKind};
use chartroom_schema::kind::Kind;

/// A constant of a list: kind, value, place.
type ListItem = (Kind, Constant, Span);

const fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Long | Kind::Real | Kind::Decimal)
}

const fn is_whole(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Long)
}

impl Binder<'_> {
    pub(super) fn binary(
        &mut self,
        bound: &mut Bound,
        operator: BinaryOperator,
        at: Span,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Result<NodeId, Told> {
        let is_text = operator.power() == 7;
        if is_text || left.kind == ExprKind::Star {
            return self.text_operator(bound, operator, left, right, span);
        }
        let (left_node, right_node) = (self.expression(bound, left), self.expression(bound, right));
        let (left_node, right_node) = (left_node?, right_node?);
        match operator {
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo => self.arithmetic(bound, operator, at, left_node, right_node, span),
            _ => self.comparison(bound, operator, at, left_node, right_node, span),
        }
    }

    pub(super) fn comparison(
        &mut self,
        bound: &mut Bound,
        operator: BinaryOperator,
        at: Span,
        left: NodeId,
        right: NodeId,
        span: Span,
    ) -> Result<NodeId, Told> {
        let binary = match operator {
            BinaryOperator::Equal => Binary::Equal,
            BinaryOperator::NotEqual => Binary::NotEqual,
            BinaryOperator::Less => Binary::Less,
            BinaryOperator::LessOrEqual => Binary::LessOrEqual,
            BinaryOperator::Greater => Binary::Greater,
            _ => Binary::GreaterOrEqual,
        };
        let is_equality = matches!(binary, Binary::Equal | Binary::NotEqual);
        let kinds = (bound.nodes.kind(left), bound.nodes.kind(right));
        let (left, right) = match kinds {
            (a, b) if is_whole(a) && is_whole(b) => (left, right),
            (a, b) if is_number(a) && is_number(b) => {
                // A whole number and a real compare as reals, and any number with a decimal as decimals; the constant side is
                // converted here, a column when it runs.
                let kind = if a == Kind::Decimal || b == Kind::Decimal { Kind::Decimal } else { Kind::Real };
                (self.converted(bound, left, kind, span)?, self.converted(bound, right, kind, span)?)
            }
            (Kind::Dynamic, Kind::Dynamic) => {
                let message = "Two dynamics cannot be compared";
                return Err(self.error_with_help("KQL0141", at, message, "Put `tostring(…)` around both"));
            }
            (a, b) if a == b => (left, right),
            (Kind::Dynamic, Kind::String | Kind::Guid) => {
                (self.converted(bound, left, Kind::String, span)?, right)
            }
            (Kind::String | Kind::Guid, Kind::Dynamic) => {
                (left, self.converted(bound, right, Kind::String, span)?)
            }
            (Kind::Dynamic, _) | (_, Kind::Dynamic) => (left, right),
            // `flag == 1`: a truth is 1 or 0.
            (Kind::Bool, Kind::Int | Kind::Long) if is_equality => {
                (self.converted(bound, left, Kind::Long, span)?, right)
            }
            (Kind::Int | Kind::Long, Kind::Bool) if is_equality => {
                (left, self.converted(bound, right, Kind::Long, span)?)
            }
            (Kind::String, Kind::Guid) | (Kind::Guid, Kind::String) => (
                self.converted(bound, left, Kind::Guid, span)?,
                self.converted(bound, right, Kind::Guid, span)?,
            ),
            // `text == 5`: the literal is taken as its text.
            (Kind::String, _) if is_equality && bound.nodes.constant(right).is_some() => {
                (left, self.converted(bound, right, Kind::String, span)?)
            }
            (_, Kind::String) if is_equality && bound.nodes.constant(left).is_some() => {
                (self.converted(bound, left, Kind::String, span)?, right)
            }
            (a, b) => {
                let message = format!("`{}` cannot compare {} with {}", operator.sign(), a.name(), b.name());
                let other = if a == Kind::String { b } else { a };
                let help = match other {
                    Kind::DateTime => "Write a time as `datetime(2021-08-02 16:01)`",
                    Kind::TimeSpan => "Write a timespan as `1h` or `timespan(01:00:00)`",
                    _ => "Convert one of them, for example with `tostring(…)` or `tolong(…)`",
                };
                return Err(self.error_with_help("KQL0142", at, message, help));
            }
        };
        self.add(bound, Kind::Bool, Op::Binary { operator: binary, left, right }, span)
    }

    /// A dynamic beside a number, or (added or taken away) a time, as what that is; beside a datetime it is a timespan.
    fn as_calculable(
        &mut self,
        bound: &mut Bound,
        operator: BinaryOperator,
        left: NodeId,
        right: NodeId,
        span: Span,
    ) -> Result<(NodeId, NodeId), Told> {
        let is_sum = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
        let beside = |other: Kind| match other {
            Kind::Int => Some(Kind::Long),
            Kind::Long | Kind::Real | Kind::Decimal => Some(other),
            Kind::TimeSpan | Kind::DateTime if is_sum => Some(Kind::TimeSpan),
            _ => None,
        };
        Ok(match (bound.nodes.kind(left), bound.nodes.kind(right)) {
            (Kind::Dynamic, other) => match beside(other) {
                Some(kind) => (self.converted(bound, left, kind, span)?, right),
                None => (left, right),
            },
            (other, Kind::Dynamic) => match beside(other) {
                Some(kind) => (left, self.converted(bound, right, kind, span)?),
                None => (left, right),
            },
            _ => (left, right),
        })
    }

    pub(super) fn arithmetic(
        &mut self,
        bound: &mut Bound,
        operator: BinaryOperator,
        at: Span,
        left: NodeId,
        right: NodeId,
        span: Span,
    ) -> Result<NodeId, Told> {
        use BinaryOperator::{Add, Divide, Modulo, Multiply, Subtract};
        let (left, right) = self.as_calculable(bound, operator, left, right, span)?;
        let kinds = (bound.nodes.kind(left), bound.nodes.kind(right));
        if kinds == (Kind::Dynamic, Kind::Dynamic) {
            let sign = bound.nodes.add_constant(Kind::String, Constant::Text(operator.sign().to_owned()));
            let (function, arguments) = ("dynamic arithmetic".to_owned(), vec![sign, left, right]);
            return self.add(bound, Kind::Dynamic, Op::Call { function, arguments }, span);
        }
        let kind = match (kinds, operator) {
            ((a, b), _) if is_whole(a) && is_whole(b) => Kind::Long,
            ((Kind::Decimal, b), _) if is_number(b) => Kind::Decimal,
            ((a, Kind::Decimal), _) if is_number(a) => Kind::Decimal,
            ((a, b), _) if is_number(a) && is_number(b) => Kind::Real,
            ((Kind::DateTime, Kind::TimeSpan), Add | Subtract) | ((Kind::TimeSpan, Kind::DateTime), Add) => {
                Kind::DateTime
            }
            ((Kind::DateTime, Kind::DateTime), Subtract)
            | ((Kind::TimeSpan, Kind::TimeSpan), Add | Subtract | Modulo) => Kind::TimeSpan,
            ((Kind::TimeSpan, Kind::TimeSpan), Divide) => Kind::Real,
            ((Kind::TimeSpan, b), Multiply | Divide) if is_number(b) => Kind::TimeSpan,
            ((a, Kind::TimeSpan), Multiply) if is_number(a) => Kind::TimeSpan,
            ((a, b), _) => {
                let message = format!("`{}` cannot take {} and {}", operator.sign(), a.name(), b.name());
                let help = match (a, b) {
                    (Kind::String, Kind::String) => "Texts are joined by `strcat(…)`",
                    (Kind::Dynamic, _) | (_, Kind::Dynamic) => {
                        "Put `tolong(…)` or `toreal(…)` around a dynamic"
                    }
                    _ => "Convert one of them",
                };
                return Err(self.error_with_help("KQL0143", at, message, help));
            }
        };
        let binary = match operator {
            Add => Binary::Add,
            Subtract => Binary::Subtract,
            Multiply => Binary::Multiply,
            Divide => Binary::Divide,
            _ => Binary::Modulo,
        };
        self.add(bound, kind, Op::Binary { operator: binary, left, right }, span)
    }

    pub(super) fn between(
        &mut self,
        bound: &mut Bound,
        at: Span,
        value: &Expr,
        low: &Expr,
        high: &Expr,
        span: Span,
    ) -> Result<NodeId, Told> {
        let (value, low_node, high_node) =
            (self.expression(bound, value)?, self.expression(bound, low)?, self.expression(bound, high)?);
        let mut value = value;
        if bound.nodes.kind(value) == Kind::Dynamic {
            // It is taken as what the bounds are.
            let low = bound.nodes.kind(low_node);
            value = self.converted(bound, value, if low == Kind::Int { Kind::Long } else { low }, span)?;
        }
        let kind = bound.nodes.kind(value);
        if matches!(kind, Kind::String | Kind::Bool | Kind::Guid | Kind::Dynamic) {
            let message = format!("`between` needs numbers or times, not {}", kind.name());
            return Err(self.error("KQL0144", at, message));
        }
        // `between (time .. span)` means up to the time that much later.
        let high_node = if bound.nodes.kind(low_node) == Kind::DateTime
            && bound.nodes.kind(high_node) == Kind::TimeSpan
        {
            self.add(
                bound,
                Kind::DateTime,
                Op::Binary { operator: Binary::Add, left: low_node, right: high_node },
                span,
            )?
        } else {
            high_node
        };
        let above = self.comparison(bound, BinaryOperator::GreaterOrEqual, at, value, low_node, span)?;
        let below = self.comparison(bound, BinaryOperator::LessOrEqual, at, value, high_node, span)?;
        self.add(bound, Kind::Bool, Op::And(vec![above, below]), span)
    }

    pub(super) fn membership(
        &mut self,
        bound: &mut Bound,
        operator: InOperator,
        at: Span,
        left: &Expr,
        list: &[Expr],
        span: Span,
    ) -> Result<NodeId, Told> {
        if let [rows] = list
            && self.is_rows(rows)
            && !matches!(&rows.kind, ExprKind::Name(name) if bound.scope.position(name).is_some())
        {
            return self.membership_of_rows(bound, operator, at, left, rows, span);
        }
        let nodes: Vec<_> =
            list.iter().map(|item| self.expression(bound, item).map(|node| (node, item.span))).collect();
        let nodes = nodes.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut constants: Vec<ListItem> = Vec::new();
        let mut varying: Vec<(NodeId, Span)> = Vec::new();
        for (node, item_span) in nodes {
            let kind = bound.nodes.kind(node);
            match (kind, bound.nodes.constant(node)) {
                // An array stands for its elements.
                (Kind::Dynamic, Some(Constant::Text(json))) if json::elements(json).is_some() => {
                    let elements = json::elements(json).into_iter().flatten();
                    constants.extend(
                        elements
                            .map(|element| (Kind::Dynamic, Constant::Text(element.to_owned()), item_span)),
                    );
                }
                (_, Some(constant)) => constants.push((kind, constant.clone(), item_span)),
                (_, None) => varying.push((node, item_span)),
            }
        }
        if !varying.is_empty() {
            return self.membership_of_varying(bound, operator, left, (&constants, &varying), span);
        }
        if matches!(operator, InOperator::HasAny | InOperator::HasAll) {
            return self.has_list(bound, operator, left, &constants, span);
        }
        let (is_fold, is_negated) = match operator {
            InOperator::NotIn => (false, true),
            InOperator::InFold => (true, false),
            InOperator::NotInFold => (true, true),
            _ => (false, false),
        };
        let mut value = self.expression(bound, left)?;
        if bound.nodes.kind(value) == Kind::Dynamic {
            value = self.converted(bound, value, Kind::String, span)?;
        }
        let mut kind = bound.nodes.kind(value);
        if is_fold && kind != Kind::String {
            let message = format!("`{}` needs a text, not {}", operator.sign(), kind.name());
            return Err(self.error("KQL0146", at, message));
        }
        if is_whole(kind) && constants.iter().any(|(kind, ..)| *kind == Kind::Real) {
            value = self.converted(bound, value, Kind::Real, span)?;
            kind = Kind::Real;
        }
        let mut list = Vec::new();
        for (item_kind, constant, item_span) in constants {
            let fits = item_kind == kind
                || item_kind == Kind::Dynamic
                || (is_number(item_kind) && is_number(kind))
                || (item_kind == Kind::String && kind == Kind::Guid)
                || kind == Kind::String;
            if !fits {
                let message =
                    format!("`{}` cannot compare {} with {}", operator.sign(), kind.name(), item_kind.name());
                return Err(self.error("KQL0142", item_span, message));
            }
            list.push(Constant::from(convert(Value::from(&constant), item_kind, kind)));
        }
        self.add(bound, Kind::Bool, Op::In { value, list, is_fold, is_negated }, span)
    }

    /// `x in (T | …)`: the rows are worked out in a step of their own.
    fn membership_of_rows(
        &mut self,
        bound: &mut Bound,
        operator: InOperator,
        at: Span,
        left: &Expr,
        rows: &Expr,
        span: Span,
    ) -> Result<NodeId, Told> {
        let (is_fold, is_negated) = match operator {
            InOperator::In => (false, false),
            InOperator::NotIn => (false, true),
            InOperator::InFold => (true, false),
            InOperator::NotInFold => (true, true),
            InOperator::HasAny | InOperator::HasAll => {
                let list = self.list_of_rows(bound, rows)?;
                return self.among(bound, operator, left, &[list], span);
            }
        };
        let (relation, kind) = self.first_column(rows)?;
        let mut value = self.expression(bound, left)?;
        let held = bound.nodes.kind(value);
        if kind == Kind::Dynamic || held == Kind::Dynamic {
            let message = "A dynamic cannot be looked for among rows, nor rows of dynamics be looked through";
            return Err(self.error_with_help("KQL0141", at, message, "Put `tostring(…)` around it"));
        }
        if held != kind {
            if !(is_number(held) && is_number(kind)) {
                let message =
                    format!("`{}` cannot compare {} with {}", operator.sign(), held.name(), kind.name());
                return Err(self.error("KQL0142", at, message));
            }
            if !(is_whole(held) && is_whole(kind)) {
                value = self.converted(bound, value, Kind::Real, span)?;
            }
        }
        let parameter = self.parameter(relation, Gives::List);
        self.add(bound, Kind::Bool, Op::InParameter { value, parameter, is_fold, is_negated }, span)
    }

    /// The values of the first column of rows, as an array.
    fn list_of_rows(&mut self, bound: &mut Bound, rows: &Expr) -> Result<NodeId, Told> {
        let span = rows.span;
        let pipe = self.rows_of_expression(rows)?;
        let first = pipe.columns().iter().find(|column| !column.is_hidden).map(|column| column.name.clone());
        let Some(first) = first else {
            return Err(self.error("KQL0034", span, "These rows have no column"));
        };
        let values = build::call("make_list", vec![build::expression(ExprKind::Name(first), span)], span);
        let made = OperatorKind::Summarize {
            aggregates: vec![build::named("values", values)],
            by: Vec::new(),
            parameters: Vec::new(),
        };
        let pipe = self.operators(pipe, &[build::operator(made, span)])?;
        let pipe = self.rows_of(pipe);
        let given = pipe.given();
        let relation = self.seal(pipe, given);
        let parameter = self.parameter(relation, Gives::Scalar);
        self.add(bound, Kind::Dynamic, Op::Parameter(parameter), span)
    }

    /// A value among a list of which not all is constant.
    fn among(
        &mut self,
        bound: &mut Bound,
        operator: InOperator,
        left: &Expr,
        items: &[NodeId],
        span: Span,
    ) -> Result<NodeId, Told> {
        let (how, is_negated) = match operator {
            InOperator::In => ("in", false),
            InOperator::NotIn => ("in", true),
            InOperator::InFold => ("in~", false),
            InOperator::NotInFold => ("in~", true),
            InOperator::HasAny => ("has_any", false),
            InOperator::HasAll => ("has_all", false),
        };
        let value = if how == "in" {
            self.expression(bound, left)?
        } else {
            self.text_operand(bound, operator.sign(), left)?
        };
        let how = bound.nodes.add_constant(Kind::String, Constant::Text(how.to_owned()));
        let arguments = [how, value].into_iter().chain(items.iter().copied()).collect();
        let call = Op::Call { function: "in list".to_owned(), arguments };
        let node = self.add(bound, Kind::Bool, call, span)?;
        if is_negated { self.negated(bound, node, span) } else { Ok(node) }
    }

    /// A list in which not all is constant: compared one by one, or by their texts where there are arrays among them.
    fn membership_of_varying(
        &mut self,
        bound: &mut Bound,
        operator: InOperator,
        left: &Expr,
        (constants, varying): (&[ListItem], &[(NodeId, Span)]),
        span: Span,
    ) -> Result<NodeId, Told> {
        let nodes: Vec<(NodeId, Span)> = constants
            .iter()
            .map(|(kind, constant, at)| (bound.nodes.add_constant(*kind, constant.clone()), *at))
            .chain(varying.iter().copied())
            .collect();
        let has_array = nodes.iter().any(|(node, _)| bound.nodes.kind(*node) == Kind::Dynamic);
        if has_array || !matches!(operator, InOperator::In | InOperator::NotIn) {
            let items: Vec<NodeId> = nodes.into_iter().map(|(node, _)| node).collect();
            return self.among(bound, operator, left, &items, span);
        }
        let value = self.expression(bound, left)?;
        let mut operands = Vec::new();
        for (node, item_span) in nodes {
            operands.push(self.comparison(bound, BinaryOperator::Equal, item_span, value, node, span)?);
        }
        let any = self.add(bound, Kind::Bool, Op::Or(operands), span)?;
        if operator == InOperator::NotIn { self.negated(bound, any, span) } else { Ok(any) }
    }

    /// `has_any`, `has_all`.
    fn has_list(
        &mut self,
        bound: &mut Bound,
        operator: InOperator,
        left: &Expr,
        constants: &[ListItem],
        span: Span,
    ) -> Result<NodeId, Told> {
        let matcher = Matcher { how: How::Has, is_fold: true };
        let mut operands = Vec::new();
        for (kind, constant, _) in constants {
            let needle = convert(Value::from(constant), *kind, Kind::String).text().to_owned();
            operands.push(self.match_node(bound, matcher, false, left, &needle, span)?);
        }
        match (operator, operands.is_empty()) {
            (InOperator::HasAll, true) => Ok(bound.nodes.add_constant(Kind::Bool, Constant::Bool(true))),
            (_, true) => Ok(bound.nodes.add_constant(Kind::Bool, Constant::Bool(false))),
            (InOperator::HasAll, false) => self.add(bound, Kind::Bool, Op::And(operands), span),
            (_, false) => self.add(bound, Kind::Bool, Op::Or(operands), span),
        }
    }
}
