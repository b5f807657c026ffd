//! Operators with clauses of their own: `make-series`, `top-nested`, `scan`.

use crate::{
    ast::{ExprKind, Name, OperatorKind, Scan, ScanOutput, ScanStep, SeriesAggregate, TopNested},
    parse::Parser,
};

impl Parser<'_> {
    pub(super) fn make_series(&mut self) -> OperatorKind {
        let parameters = self.parameters(&["kind"]);
        let aggregates = self.list(|parser| {
            let item = parser.named();
            let default = (parser.is_word("default") && parser.ahead(1) == "=").then(|| {
                parser.bump_by(2);
                parser.expression()
            });
            SeriesAggregate { item, default }
        });
        self.expect_word("on");
        // `in` is no membership here.
        let axis = self.named_by(|parser| parser.infix(4));
        let is_legacy = self.eat_word("in");
        let (from, to, step) = if is_legacy {
            self.expect_word("range");
            let mut arguments = self.arguments().into_iter();
            let (from, to, step) = (arguments.next(), arguments.next(), arguments.next());
            let step = step.unwrap_or_else(|| self.no_operand());
            (from, to, step)
        } else {
            let from = self.eat_word("from").then(|| self.expression());
            let to = self.eat_word("to").then(|| self.expression());
            self.expect_word("step");
            (from, to, self.expression())
        };
        let by = self.keys();
        OperatorKind::MakeSeries { aggregates, axis, from, to, step, is_legacy, by, parameters }
    }

    pub(super) fn top_nested(&mut self) -> OperatorKind {
        let mut levels = vec![self.top_nested_level()];
        while self.eat_sign(",") {
            if self.joined_word() == "top-nested" {
                let (len, _) = self.joined();
                self.bump_by(len);
            } else {
                self.expected("`top-nested`");
            }
            levels.push(self.top_nested_level());
        }
        OperatorKind::TopNested(levels)
    }

    fn top_nested_level(&mut self) -> TopNested {
        let start = self.span();
        let count = if self.is_word("of") { None } else { Some(self.expression()) };
        self.expect_word("of");
        let of = self.named();
        let mut others = None;
        if self.eat_word("with") {
            self.expect_word("others");
            self.expect_sign("=");
            others = Some(self.expression());
        }
        self.expect_word("by");
        let by = self.ordered();
        TopNested { count, of, others, by, span: self.span_from(start) }
    }

    pub(super) fn scan(&mut self) -> OperatorKind {
        let mut scan = Scan {
            match_id: None,
            order: Vec::new(),
            partition_by: Vec::new(),
            declared: Vec::new(),
            steps: Vec::new(),
        };
        for parameter in self.parameters(&["with_match_id"]) {
            if let ExprKind::Name(text) = parameter.value.kind {
                scan.match_id = Some(Name { text, span: parameter.value.span });
            }
        }
        if self.is_word("order") && self.ahead(1) == "by" {
            self.bump_by(2);
            scan.order = self.list(Self::ordered);
        }
        if self.is_word("partition") && self.ahead(1) == "by" {
            self.bump_by(2);
            scan.partition_by = self.list(Self::expression);
        }
        if self.eat_word("declare") {
            scan.declared = self.declarations().unwrap_or_default();
        }
        self.expect_word("with");
        scan.steps = self.bracketed("(", ")", Self::scan_steps).unwrap_or_default();
        OperatorKind::Scan(scan)
    }

    fn scan_steps(&mut self) -> Vec<ScanStep> {
        let mut steps = Vec::new();
        while self.is_word("step") {
            steps.push(self.scan_step());
            if !self.eat_sign(";") {
                break;
            }
        }
        if steps.is_empty() {
            self.expected("`step`");
        }
        steps
    }

    fn scan_step(&mut self) -> ScanStep {
        let start = self.span();
        self.bump();
        let name = self.any_name("a step's name");
        let is_optional = self.eat_word("optional");
        let mut output = ScanOutput::All;
        for parameter in self.parameters(&["output"]) {
            match &parameter.value.kind {
                ExprKind::Name(word) if word == "all" => output = ScanOutput::All,
                ExprKind::Name(word) if word == "last" => output = ScanOutput::Last,
                ExprKind::Name(word) if word == "none" => output = ScanOutput::Nothing,
                _ => self.error("KQL0017", parameter.value.span, "Expected one of: all, last, none (KS005)"),
            }
        }
        self.expect_sign(":");
        let condition = self.condition();
        let assignments = if self.eat_sign("=>") { self.list(Self::named) } else { Vec::new() };
        ScanStep { name, is_optional, output, condition, assignments, span: self.span_from(start) }
    }
}
