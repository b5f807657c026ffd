//! Function calls: arguments against parameters.

use super::{Binder, Bound, Told, did_you_mean};
use crate::{
    aggregates,
    functions::{self, Function, Parameter},
    plan::{Constant, NodeId, Op},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, ExprKind, Literal, Name};
use chartroom_schema::kind::Kind;

/// Functions of Kusto that are not here, and why.
const REFUSED: &[(&[&str], &str)] = &[
    (&["rand", "new_guid"], "a query gives the same answer each time that it runs over the same records"),
    (
        &[
            "current_cluster",
            "current_cluster_endpoint",
            "current_database",
            "current_principal",
            "current_principal_details",
            "current_principal_is_member_of",
        ],
        "there is no cluster and nobody is signed in, the records lie on this machine",
    ),
    (
        &["cursor_after", "cursor_before_or_at", "cursor_current", "extent_id", "extent_tags"],
        "records lie in files here, not in a cluster's extents",
    ),
    (&["hash_combine", "hash_many"], "how Kusto mixes hashes is not published"),
    (&["series_periods_detect", "series_periods_validate"], "how Kusto scores periods is not published"),
    (
        &["gzip_compress_to_base64_string", "zlib_compress_to_base64_string"],
        "the bytes would not be those that Kusto's compressor gives",
    ),
    (&["parse_user_agent"], "it needs tables of browsers and devices that are not carried along"),
    (&["geo_info_from_ip_address"], "it needs a map of addresses that is not carried along"),
    (&["cluster", "database", "workspace", "app"], "nothing leaves this machine"),
];

/// Why a function of Kusto is not here.
fn refused(name: &str) -> Option<&'static str> {
    let known = REFUSED.iter().find(|(names, _)| names.contains(&name)).map(|(_, reason)| *reason);
    known.or_else(|| name.starts_with("geo_").then_some("there is no geometry of the globe here"))
}

impl Binder<'_> {
    pub(super) fn call(
        &mut self,
        bound: &mut Bound,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Result<NodeId, Told> {
        if let Some((_, node)) = self.aggregates.iter().find(|(place, _)| *place == span) {
            return Ok(*node);
        }
        if let Some(node) = self.scalar_function(bound, &name.text, arguments, span) {
            return node;
        }
        if let ("toscalar", [rows]) = (name.text.as_str(), arguments) {
            return self.bind_to_scalar(bound, rows, span);
        }
        match (name.text.as_str(), arguments) {
            ("column_ifexists" | "columnifexists", [column, default]) => {
                return self.column_if_exists(bound, column, default);
            }
            ("bin_auto", [value]) => return self.bin_auto(bound, value, span),
            ("column_names_of", [rows]) => return self.column_names_of(bound, rows),
            ("ingestion_time", []) => return self.ingestion_time(bound, span),
            ("pack_all", [] | [_]) => return self.pack_all(bound, arguments, span),
            ("bag_pack_columns" | "pack_columns", columns) if !columns.is_empty() => {
                let mut pairs = Vec::new();
                for column in columns {
                    let ExprKind::Name(name) = &column.kind else {
                        return Err(self.error("KQL0112", column.span, "A column is needed here"));
                    };
                    let node = self.expression(bound, column)?;
                    pairs.push((name.clone(), node));
                }
                return self.bag_of(bound, pairs, span);
            }
            _ => {}
        }
        if aggregates::find(&name.text).is_some() && functions::find(&name.text).is_none() {
            let message = format!("The aggregate function `{}` is not allowed in this context", name.text);
            return Err(self.error_with_help(
                "KQL0114",
                name.span,
                message,
                "Aggregates stand in `summarize`",
            ));
        }
        let Some(function) = functions::find(&name.text) else {
            if let Some(reason) = refused(&name.text) {
                let message = format!("`{}` is not supported here: {reason}", name.text);
                return Err(self.error("KQL0020", name.span, message));
            }
            let names = functions::ALL.iter().map(|function| function.name);
            let help = did_you_mean(&name.text, names)
                .unwrap_or_else(|| "Not every function of KQL is supported yet".to_owned());
            return Err(self.error_with_help(
                "KQL0110",
                name.span,
                format!("There is no function `{}` here", name.text),
                help,
            ));
        };
        if !function.columns.is_empty() {
            let message =
                format!("`{}` gives several columns and cannot be part of an expression", function.name);
            let help = "Let it stand by itself in `project` or `extend`: `(a, b) = f(x)`";
            return Err(self.error_with_help("KQL0183", name.span, message, help));
        }
        self.call_function(bound, function, arguments, span)
    }

    /// A call of a function that is known.
    pub(super) fn call_function(
        &mut self,
        bound: &mut Bound,
        function: &'static Function,
        arguments: &[Expr],
        span: Span,
    ) -> Result<NodeId, Told> {
        // The type behind `extract` says what the text found becomes.
        let (arguments, as_kind) = match arguments {
            [first @ .., Expr { kind: ExprKind::Literal(Literal::Type(kind)), span, .. }]
                if matches!(function.name, "extract" | "extract_json" | "percentile_tdigest") =>
            {
                let Some(kind) = Kind::from_name(kind) else {
                    return Err(self.error("KQL0125", *span, format!("There is no type `{kind}`")));
                };
                (first, Some(kind))
            }
            other => (other, None),
        };
        self.check_count(function, arguments.len(), span)?;
        let mut nodes = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            let parameter =
                function.parameters.get(at).or(function.parameters.last()).copied().unwrap_or(Parameter::Any);
            nodes.push(self.argument(bound, function, parameter, argument));
        }
        let nodes = nodes.into_iter().collect::<Result<Vec<_>, _>>()?;
        if let Some(at) = function.regex
            && nodes.get(at).is_some_and(|node| bound.nodes.constant(*node).is_none())
        {
            return Err(self.error(
                "KQL0113",
                span,
                format!("The pattern of `{}` must be a constant", function.name),
            ));
        }
        let constants: Vec<_> =
            nodes.iter().map(|node| bound.nodes.constant(*node).map(crate::value::Value::from)).collect();
        if let Err(message) = (function.check)(&constants) {
            return Err(self.error("KQL0112", span, format!("`{}` {message}", function.name)));
        }
        let kinds: Vec<Kind> = nodes.iter().map(|node| bound.nodes.kind(*node)).collect();
        let kind = match (function.returns)(&kinds) {
            Ok(kind) => kind,
            Err(message) => {
                return Err(self.error("KQL0112", span, format!("`{}` {message}", function.name)));
            }
        };
        let node =
            self.add(bound, kind, Op::Call { function: function.name.to_owned(), arguments: nodes }, span)?;
        match as_kind {
            Some(kind) => self.converted(bound, node, kind, span),
            None => Ok(node),
        }
    }

    fn check_count(&mut self, function: &Function, count: usize, span: Span) -> Result<(), Told> {
        let most = function.parameters.len();
        let least = most - function.optional.min(most);
        // What repeats may also come once: `strcat(a)`, `coalesce(a, b)`.
        if count >= least && (count <= most || function.repeats) {
            return Ok(());
        }
        let wanted = match (function.repeats, least == most) {
            (true, _) => format!("at least {least}"),
            (false, true) => format!("{least}"),
            (false, false) => format!("{least} to {most}"),
        };
        Err(self.error("KQL0111", span, format!("`{}` takes {wanted} arguments, not {count}", function.name)))
    }

    fn argument(
        &mut self,
        bound: &mut Bound,
        function: &Function,
        parameter: Parameter,
        argument: &Expr,
    ) -> Result<NodeId, Told> {
        let node = self.expression(bound, argument)?;
        let kind = bound.nodes.kind(node);
        let (fits, wanted) = match parameter {
            Parameter::Any => (true, ""),
            Parameter::Text if matches!(kind, Kind::Dynamic | Kind::Guid) => {
                return self.converted(bound, node, Kind::String, argument.span);
            }
            Parameter::Text => (kind == Kind::String, "text"),
            Parameter::Number if kind == Kind::Decimal => {
                return self.converted(bound, node, Kind::Real, argument.span);
            }
            Parameter::Number => (matches!(kind, Kind::Int | Kind::Long | Kind::Real), "number"),
            Parameter::Whole => (matches!(kind, Kind::Int | Kind::Long), "whole number"),
            Parameter::Bool if matches!(kind, Kind::Int | Kind::Long | Kind::Dynamic) => {
                return self.converted(bound, node, Kind::Bool, argument.span);
            }
            Parameter::Bool => (kind == Kind::Bool, "truth"),
            Parameter::DateTime => (kind == Kind::DateTime, "datetime"),
            Parameter::TimeSpan => (kind == Kind::TimeSpan, "timespan"),
            Parameter::Dynamic => (kind == Kind::Dynamic, "dynamic"),
        };
        if fits {
            return Ok(node);
        }
        let message = format!("`{}` needs a {wanted} here, not {}", function.name, kind.name());
        let help = match parameter {
            Parameter::Text => "Put `tostring(…)` around it",
            Parameter::DateTime => "Put `todatetime(…)` around it",
            Parameter::Dynamic => "Put `parse_json(…)` around it",
            _ => "Convert it first",
        };
        Err(self.error_with_help("KQL0112", argument.span, message, help))
    }

    /// `ingestion_time()`: when the workspace received it, where the export says so, else when it happened.
    fn ingestion_time(&mut self, bound: &mut Bound, span: Span) -> Result<NodeId, Told> {
        let column = |name: &str| {
            let at = bound.scope.position(name)?;
            bound
                .scope
                .columns
                .get(at)
                .filter(|column| column.kind == Kind::DateTime)
                .map(|column| column.node)
        };
        let nodes: Vec<NodeId> = ["_TimeReceived", "TimeGenerated"].into_iter().filter_map(column).collect();
        if nodes.is_empty() {
            return Ok(bound.nodes.add_constant(Kind::DateTime, Constant::Null));
        }
        self.warn(
            "KQL0192",
            span,
            "`ingestion_time()` is `_TimeReceived` where the export has it, else `TimeGenerated`",
        );
        let function = "coalesce".to_owned();
        self.add(bound, Kind::DateTime, Op::Call { function, arguments: nodes }, span)
    }

    /// `column_ifexists("name", otherwise)`.
    fn column_if_exists(&mut self, bound: &mut Bound, column: &Expr, default: &Expr) -> Result<NodeId, Told> {
        let ExprKind::Literal(Literal::String(name)) = &column.kind else {
            return Err(self.error("KQL0112", column.span, "The name of a column stands here as a text"));
        };
        match bound.scope.position(name) {
            Some(_) => {
                let name = Expr { kind: ExprKind::Name(name.clone()), ..column.clone() };
                self.expression(bound, &name)
            }
            None => self.expression(bound, default),
        }
    }

    /// `bin_auto(value)`: by the size and from the point that `set` gave.
    fn bin_auto(&mut self, bound: &mut Bound, value: &Expr, span: Span) -> Result<NodeId, Told> {
        let Some(size) = self.option("query_bin_auto_size") else {
            let message = "`bin_auto` needs to know its size";
            return Err(self.error_with_help(
                "KQL0187",
                span,
                message,
                "Put `set query_bin_auto_size=1h;` first",
            ));
        };
        let call = match self.option("query_bin_auto_at") {
            Some(at) => super::build::call("bin_at", vec![value.clone(), size, at], span),
            None => super::build::call("bin", vec![value.clone(), size], span),
        };
        self.expression(bound, &call)
    }

    /// `column_names_of(rows)`: the names of the columns, as an array.
    fn column_names_of(&mut self, bound: &mut Bound, rows: &Expr) -> Result<NodeId, Told> {
        let pipe = self.rows_of_expression(rows)?;
        let pipe = self.rows_of(pipe);
        let mut names = crate::json::ArrayWriter::default();
        pipe.columns()
            .iter()
            .filter(|column| !column.is_hidden)
            .for_each(|column| names.string(&column.name));
        Ok(bound.nodes.add_constant(Kind::Dynamic, Constant::Text(names.finish())))
    }

    /// `pack_all()`: a bag of all columns that are shown.
    fn pack_all(&mut self, bound: &mut Bound, arguments: &[Expr], span: Span) -> Result<NodeId, Told> {
        if let [Expr { kind: ExprKind::Literal(Literal::Bool(Some(true))), span, .. }] = arguments {
            return Err(self.error("KQL0023", *span, "`pack_all(true)` is not supported yet"));
        }
        let columns = bound.scope.columns.iter().filter(|column| !column.is_hidden && !column.is_unreadable);
        let pairs = columns.map(|column| (column.name.clone(), column.node)).collect();
        self.bag_of(bound, pairs, span)
    }

    fn bag_of(
        &mut self,
        bound: &mut Bound,
        pairs: Vec<(String, NodeId)>,
        span: Span,
    ) -> Result<NodeId, Told> {
        let mut arguments = Vec::new();
        for (name, node) in pairs {
            arguments.push(bound.nodes.add_constant(Kind::String, Constant::Text(name)));
            arguments.push(node);
        }
        self.add(bound, Kind::Dynamic, Op::Call { function: "bag_pack".to_owned(), arguments }, span)
    }
}
