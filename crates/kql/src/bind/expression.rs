//! Scalar expressions: kinds, names, paths, signs.

use super::{Binder, Bound, Told};
use crate::decimal::Decimal;
use crate::plan::{Binary, Constant, NodeId, Op};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{BinaryOperator, DateTimeLiteral, Expr, ExprKind, Literal, UnaryOperator};
use chartroom_schema::kind::Kind;

impl Binder<'_> {
    /// Binds an expression.
    pub(crate) fn expression(&mut self, bound: &mut Bound, expression: &Expr) -> Result<NodeId, Told> {
        let span = expression.span;
        match &expression.kind {
            ExprKind::Literal(literal) => self.literal(bound, literal, span),
            ExprKind::Name(name) => {
                // A column shadows a `let`.
                let is_column = bound.scope.position(name).is_some();
                if !is_column && let Some(node) = self.named_value(bound, name, span) {
                    return node;
                }
                // A missing column is told once, not per table: duplicates are dropped at the end.
                let scope = std::mem::take(&mut bound.scope);
                let node = self.resolve(&scope, name, span).map(|column| column.node);
                bound.scope = scope;
                node
            }
            ExprKind::Star => {
                Err(self.error("KQL0120", span, "`*` can only stand left of a text operator, in `where`"))
            }
            ExprKind::Path { base, name } => {
                let base = self.dynamic_base(bound, base)?;
                self.add(bound, Kind::Dynamic, Op::Property { base, name: name.text.clone() }, span)
            }
            ExprKind::Element { base, index } => {
                let base = self.dynamic_base(bound, base)?;
                let index_node = self.expression(bound, index)?;
                match bound.nodes.constant(index_node) {
                    Some(Constant::Long(at)) => {
                        let at = *at;
                        self.add(bound, Kind::Dynamic, Op::Element { base, index: at }, span)
                    }
                    Some(Constant::Text(name)) => {
                        let name = name.clone();
                        self.add(bound, Kind::Dynamic, Op::Property { base, name }, span)
                    }
                    _ => {
                        let kind = bound.nodes.kind(index_node);
                        if !matches!(kind, Kind::Int | Kind::Long | Kind::String | Kind::Dynamic) {
                            let message =
                                format!("Between `[` and `]` stands a number or a text, not {}", kind.name());
                            return Err(self.error("KQL0121", index.span, message));
                        }
                        self.add(bound, Kind::Dynamic, Op::Index { base, index: index_node }, span)
                    }
                }
            }
            ExprKind::Call { name, arguments } => self.call(bound, name, arguments, span),
            ExprKind::Unary { operator, operand } => {
                let operand_node = self.expression(bound, operand)?;
                let kind = bound.nodes.kind(operand_node);
                if kind == Kind::Dynamic {
                    let zero = bound.nodes.add_constant(kind, Constant::Text("0".to_owned()));
                    let is_plus = *operator == UnaryOperator::Plus;
                    let operator = if is_plus { BinaryOperator::Add } else { BinaryOperator::Subtract };
                    return self.arithmetic(bound, operator, span, zero, operand_node, span);
                }
                if !matches!(kind, Kind::Int | Kind::Long | Kind::Real | Kind::TimeSpan | Kind::Decimal) {
                    let message = format!("A sign needs a number or timespan, not {}", kind.name());
                    return Err(self.error("KQL0122", operand.span, message));
                }
                if *operator == UnaryOperator::Plus {
                    return Ok(operand_node);
                }
                let zero = match kind {
                    Kind::Real => bound.nodes.add_constant(kind, Constant::Real(-0.0)),
                    Kind::Decimal => bound.nodes.add_constant(kind, Constant::Text("0".to_owned())),
                    _ => bound.nodes.add_constant(kind, Constant::Long(0)),
                };
                let kind = if kind == Kind::Int { Kind::Long } else { kind };
                self.add(
                    bound,
                    kind,
                    Op::Binary { operator: Binary::Subtract, left: zero, right: operand_node },
                    span,
                )
            }
            ExprKind::Binary { operator, at, left, right } => {
                self.binary(bound, *operator, *at, left, right, span)
            }
            ExprKind::And(operands) => self.junction(bound, operands, Op::And, span),
            ExprKind::Or(operands) => self.junction(bound, operands, Op::Or, span),
            ExprKind::In { operator, at, left, list } => {
                self.membership(bound, *operator, *at, left, list, span)
            }
            ExprKind::Between { is_negated, at, value, low, high } => {
                let node = self.between(bound, *at, value, low, high, span)?;
                if *is_negated { self.negated(bound, node, span) } else { Ok(node) }
            }
            ExprKind::Argument { name, .. } => {
                Err(self.error("KQL0025", name.span, "Arguments by name are not supported yet"))
            }
            ExprKind::Method { name, .. } => {
                Err(self.error("KQL0025", name.span, "A function behind a dot is not supported"))
            }
            ExprKind::Query(_) => {
                let help = "Put `toscalar(…)` around it for one value";
                Err(self.error_with_help("KQL0024", span, "Rows cannot stand here", help))
            }
            ExprKind::Names(_) | ExprKind::Error => Err(Told),
        }
    }

    /// Adds a node; what the node itself finds wrong (a pattern, a height) is told at `span`.
    pub(crate) fn add(&mut self, bound: &mut Bound, kind: Kind, op: Op, span: Span) -> Result<NodeId, Told> {
        bound.nodes.add(kind, op).map_err(|message| self.error("KQL0123", span, message))
    }

    pub(crate) fn negated(&mut self, bound: &mut Bound, node: NodeId, span: Span) -> Result<NodeId, Told> {
        self.add(bound, Kind::Bool, Op::Call { function: "not".to_owned(), arguments: vec![node] }, span)
    }

    /// The node as a value of `kind`.
    pub(crate) fn converted(
        &mut self,
        bound: &mut Bound,
        node: NodeId,
        kind: Kind,
        span: Span,
    ) -> Result<NodeId, Told> {
        if bound.nodes.kind(node) == kind { Ok(node) } else { self.add(bound, kind, Op::Convert(node), span) }
    }

    /// Binds an expression that must be a truth.
    pub(crate) fn predicate(&mut self, bound: &mut Bound, expression: &Expr) -> Result<NodeId, Told> {
        let node = self.expression(bound, expression)?;
        match bound.nodes.kind(node) {
            Kind::Bool => Ok(node),
            Kind::Dynamic => self.converted(bound, node, Kind::Bool, expression.span),
            other => {
                let message = format!("The expression must have the type bool, not {}", other.name());
                Err(self.error("KQL0124", expression.span, message))
            }
        }
    }

    fn literal(&mut self, bound: &mut Bound, literal: &Literal, span: Span) -> Result<NodeId, Told> {
        let long = |value: Option<i64>| value.map_or(Constant::Null, Constant::Long);
        let (kind, constant) = match literal {
            Literal::Bool(value) => (Kind::Bool, value.map_or(Constant::Null, Constant::Bool)),
            Literal::Int(value) => (Kind::Int, long(value.map(i64::from))),
            Literal::Long(value) => (Kind::Long, long(*value)),
            Literal::Real(value) => (Kind::Real, value.map_or(Constant::Null, Constant::Real)),
            Literal::Decimal(value) => {
                let value = value.as_deref().and_then(|digits| digits.parse::<Decimal>().ok());
                (Kind::Decimal, value.map_or(Constant::Null, |value| Constant::Text(value.to_string())))
            }
            Literal::DateTime(DateTimeLiteral::At(ticks)) => (Kind::DateTime, Constant::Long(*ticks)),
            Literal::DateTime(DateTimeLiteral::Now) => (Kind::DateTime, Constant::Long(self.now.0)),
            Literal::DateTime(DateTimeLiteral::Null) => (Kind::DateTime, Constant::Null),
            Literal::TimeSpan(value) => (Kind::TimeSpan, long(*value)),
            Literal::Guid(value) => (Kind::Guid, value.clone().map_or(Constant::Null, Constant::Text)),
            Literal::String(text) => (Kind::String, Constant::Text(text.clone())),
            Literal::Dynamic(json) => (Kind::Dynamic, json.clone().map_or(Constant::Null, Constant::Text)),
            Literal::Type(_) => return Err(self.error("KQL0125", span, "A type cannot stand here")),
        };
        Ok(bound.nodes.add_constant(kind, constant))
    }

    fn dynamic_base(&mut self, bound: &mut Bound, base: &Expr) -> Result<NodeId, Told> {
        let node = self.expression(bound, base)?;
        let kind = bound.nodes.kind(node);
        if kind == Kind::Dynamic {
            return Ok(node);
        }
        let message = format!("A path needs a dynamic, and this is {}", kind.name());
        Err(self.error_with_help("KQL0126", base.span, message, "Put `parse_json(…)` around it"))
    }

    fn junction(
        &mut self,
        bound: &mut Bound,
        operands: &[Expr],
        make: fn(Vec<NodeId>) -> Op,
        span: Span,
    ) -> Result<NodeId, Told> {
        let bound_operands: Vec<Result<NodeId, Told>> =
            operands.iter().map(|operand| self.predicate(bound, operand)).collect();
        let nodes = bound_operands.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.add(bound, Kind::Bool, make(nodes), span)
    }

    /// The predicates that must all hold: those of an `and`, or the one.
    pub(crate) fn conjuncts(&self, bound: &Bound, node: Option<NodeId>) -> Vec<NodeId> {
        match node.map(|node| (node, bound.nodes.op(node))) {
            None => Vec::new(),
            Some((_, Some(Op::And(operands)))) => {
                operands.iter().flat_map(|operand| self.conjuncts(bound, Some(*operand))).collect()
            }
            Some((node, _)) => vec![node],
        }
    }
}

/// The expressions that an expression is made of; rows within it are apart.
pub(crate) fn children(expression: &Expr) -> Vec<&Expr> {
    match &expression.kind {
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        ExprKind::Argument { value, .. } => vec![value],
        ExprKind::Path { base, .. } => vec![base],
        ExprKind::Element { base, index } => vec![base, index],
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().collect(),
        ExprKind::In { left, list, .. } => [left.as_ref()].into_iter().chain(list).collect(),
        ExprKind::Between { value, low, high, .. } => vec![value, low, high],
        _ => Vec::new(),
    }
}
