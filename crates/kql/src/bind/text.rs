//! Text operators, and `*` before them.

use super::{Binder, Bound, Told};
use crate::plan::{Binary, Constant, How, Matcher, NodeId, Op};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{BinaryOperator, Expr, ExprKind, Literal};
use chartroom_schema::kind::Kind;

/// What a (positive) text operator looks for.
fn matcher(operator: BinaryOperator) -> Option<Matcher> {
    use BinaryOperator as Operator;
    let (how, is_fold) = match operator {
        Operator::Has | Operator::Colon => (How::Has, true),
        Operator::HasCs => (How::Has, false),
        Operator::HasPrefix => (How::HasPrefix, true),
        Operator::HasPrefixCs => (How::HasPrefix, false),
        Operator::HasSuffix => (How::HasSuffix, true),
        Operator::HasSuffixCs => (How::HasSuffix, false),
        Operator::Contains => (How::Contains, true),
        Operator::ContainsCs => (How::Contains, false),
        Operator::StartsWith => (How::StartsWith, true),
        Operator::StartsWithCs => (How::StartsWith, false),
        Operator::EndsWith => (How::EndsWith, true),
        Operator::EndsWithCs => (How::EndsWith, false),
        Operator::MatchesRegex => (How::Regex, false),
        Operator::Equal => (How::Equals, false),
        Operator::EqualFold => (How::Equals, true),
        _ => return None,
    };
    Some(Matcher { how, is_fold })
}

impl Binder<'_> {
    pub(super) fn text_operator(
        &mut self,
        bound: &mut Bound,
        operator: BinaryOperator,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Result<NodeId, Told> {
        let (positive, is_negated) = operator.positive();
        let is_star = left.kind == ExprKind::Star;
        let Some(matcher) = matcher(positive) else {
            let message = format!("`{}` cannot have `*` before it", operator.sign());
            return Err(self.error("KQL0120", left.span, message));
        };
        if is_star && is_negated {
            // Kusto reads it as "some column does not", which nobody means.
            let message = format!("`* {}` would hold for nearly every record", operator.sign());
            let help = format!("Write `not(* {} …)`", positive.sign());
            return Err(self.error_with_help("KQL0150", span, message, help));
        }
        let needle_node = self.expression(bound, right)?;
        let needle_kind = bound.nodes.kind(needle_node);
        if !matches!(needle_kind, Kind::String | Kind::Dynamic | Kind::Guid) && !is_star {
            let message = format!("`{}` needs a text here, not {}", operator.sign(), needle_kind.name());
            return Err(self.error("KQL0151", right.span, message));
        }
        let needle_node = self.converted(bound, needle_node, Kind::String, span)?;
        let needle = match bound.nodes.constant(needle_node) {
            Some(Constant::Text(text)) => text.clone(),
            _ if positive == BinaryOperator::EqualFold && !is_star => {
                let value = self.text_operand(bound, operator.sign(), left)?;
                let binary = if is_negated { Binary::NotEqualFold } else { Binary::EqualFold };
                return self.add(
                    bound,
                    Kind::Bool,
                    Op::Binary { operator: binary, left: value, right: needle_node },
                    span,
                );
            }
            _ if matcher.how == How::Regex => {
                return Err(self.error("KQL0152", right.span, "The pattern must be a constant"));
            }
            _ if is_star => {
                let message = format!("Only a constant text behind `* {}` is supported yet", operator.sign());
                return Err(self.error("KQL0152", right.span, message));
            }
            _ => {
                let value = self.text_operand(bound, operator.sign(), left)?;
                let op = Op::MatchNode { matcher, is_negated, value, needle: needle_node };
                return self.add(bound, Kind::Bool, op, span);
            }
        };
        self.match_node(bound, matcher, is_negated, left, &needle, span)
    }

    /// Looks for `needle` in an expression, or in everything.
    pub(super) fn match_node(
        &mut self,
        bound: &mut Bound,
        matcher: Matcher,
        is_negated: bool,
        left: &Expr,
        needle: &str,
        span: Span,
    ) -> Result<NodeId, Told> {
        if left.kind == ExprKind::Star {
            if matcher.how != How::Regex
                && !needle.is_empty()
                && !self.terms.iter().any(|term| term == needle)
            {
                self.terms.push(needle.to_owned());
            }
            return self.match_any(bound, matcher, needle, span);
        }
        let value = self.text_operand(bound, "a text operator", left)?;
        let op = Op::Match { matcher, is_negated, value, needle: needle.to_owned() };
        self.add(bound, Kind::Bool, op, span)
    }

    /// Anywhere: in the whole record and what `extend` made of it; behind a `project`, in the columns that are left.
    fn match_any(
        &mut self,
        bound: &mut Bound,
        matcher: Matcher,
        needle: &str,
        span: Span,
    ) -> Result<NodeId, Told> {
        let mut operands = Vec::new();
        if !bound.scope.is_projected {
            let op = Op::MatchAny { matcher, is_negated: false, needle: needle.to_owned() };
            operands.push(self.add(bound, Kind::Bool, op, span)?);
        }
        let is_projected = bound.scope.is_projected;
        let columns: Vec<NodeId> = bound
            .scope
            .columns
            .iter()
            .filter(|column| (is_projected || column.is_computed) && !column.is_unreadable)
            .filter(|column| column.name != super::pipe::TABLE)
            .map(|column| column.node)
            .collect();
        for column in columns {
            let value = self.converted(bound, column, Kind::String, span)?;
            let op = Op::Match { matcher, is_negated: false, value, needle: needle.to_owned() };
            operands.push(self.add(bound, Kind::Bool, op, span)?);
        }
        match operands.as_slice() {
            [] => Ok(bound.nodes.add_constant(Kind::Bool, Constant::Bool(false))),
            [one] => Ok(*one),
            _ => self.add(bound, Kind::Bool, Op::Or(operands), span),
        }
    }

    /// Binds an expression that must be a text (or a dynamic or guid, taken as its text).
    pub(super) fn text_operand(
        &mut self,
        bound: &mut Bound,
        who: &str,
        expression: &Expr,
    ) -> Result<NodeId, Told> {
        let node = self.expression(bound, expression)?;
        match bound.nodes.kind(node) {
            Kind::String => Ok(node),
            Kind::Dynamic | Kind::Guid => self.converted(bound, node, Kind::String, expression.span),
            other => {
                let message = format!("{who} needs a text here, not {}", other.name());
                Err(self.error_with_help("KQL0151", expression.span, message, "Put `tostring(…)` around it"))
            }
        }
    }

    /// The predicate of `search`: a bare text looks for that term anywhere, `column: "text"` in that column.
    pub(super) fn search_predicate(
        &mut self,
        bound: &mut Bound,
        expression: &Expr,
        is_fold: bool,
    ) -> Result<NodeId, Told> {
        let mut parts = |this: &mut Self, operands: &[Expr]| {
            let nodes: Vec<_> =
                operands.iter().map(|operand| this.search_predicate(bound, operand, is_fold)).collect();
            nodes.into_iter().collect::<Result<Vec<_>, _>>()
        };
        match &expression.kind {
            ExprKind::And(operands) => {
                let nodes = parts(self, operands)?;
                self.add(bound, Kind::Bool, Op::And(nodes), expression.span)
            }
            ExprKind::Or(operands) => {
                let nodes = parts(self, operands)?;
                self.add(bound, Kind::Bool, Op::Or(nodes), expression.span)
            }
            ExprKind::Call { name, arguments } if name.text == "not" && arguments.len() == 1 => {
                let nodes = parts(self, arguments)?;
                let Some(node) = nodes.first() else { return Err(Told) };
                self.negated(bound, *node, expression.span)
            }
            // All rows.
            ExprKind::Star => Ok(bound.nodes.add_constant(Kind::Bool, Constant::Bool(true))),
            ExprKind::Literal(Literal::String(text)) => {
                let star = Expr { kind: ExprKind::Star, span: expression.span, height: 1 };
                self.term(bound, &star, text, is_fold, expression.span)
            }
            ExprKind::Binary { operator: BinaryOperator::Colon, left, right, .. } => match &right.kind {
                ExprKind::Literal(Literal::String(text)) => {
                    self.term(bound, left, text, is_fold, expression.span)
                }
                _ => self.predicate(bound, expression),
            },
            _ => self.predicate(bound, expression),
        }
    }

    /// A term in which `*` stands for any characters: at the end for a beginning, at the start for an end.
    fn term(
        &mut self,
        bound: &mut Bound,
        left: &Expr,
        text: &str,
        is_fold: bool,
        span: Span,
    ) -> Result<NodeId, Told> {
        let inner = text.trim_matches('*');
        let (how, needle) = match (text.starts_with('*'), text.ends_with('*')) {
            _ if inner.is_empty() && !text.is_empty() => {
                return Ok(bound.nodes.add_constant(Kind::Bool, Constant::Bool(true)));
            }
            _ if inner.contains('*') => {
                let pieces: Vec<String> = inner.split('*').map(regex::escape).collect();
                let edge = |is_open: bool| if is_open { "" } else { r"\b" };
                let fold = if is_fold { "(?i)" } else { "" };
                let (start, end) = (edge(text.starts_with('*')), edge(text.ends_with('*')));
                (How::Regex, format!("{fold}{start}{}{end}", pieces.join(".*")))
            }
            (false, false) => (How::Has, inner.to_owned()),
            (false, true) => (How::HasPrefix, inner.to_owned()),
            (true, false) => (How::HasSuffix, inner.to_owned()),
            (true, true) => (How::Contains, inner.to_owned()),
        };
        let matcher = Matcher { how, is_fold: is_fold && how != How::Regex };
        self.match_node(bound, matcher, false, left, &needle, span)
    }
}
