//! The stages of the pipe.

use super::{
    declarations, expression, name_of, named, named_list, ordered, ordered_list, parameter, pattern,
    patterns, print_expression, print_name, print_query, push_parameters, search, union,
};
use crate::{
    ast::{
        ColumnOrder, Expanded, Expr, JoinKind, Name, Named, OperatorKind, Parameter, ParseMode, ParsePart,
        Query, Reordered, Scan, ScanOutput, ScanStep, SeriesAggregate, TopNested,
    },
    literal::quote,
};

pub(super) fn operator(kind: &OperatorKind) -> String {
    let word = kind.word();
    match kind {
        OperatorKind::Where(value) | OperatorKind::Take(value) | OperatorKind::Sample(value) => {
            format!("{word} {}", print_expression(value))
        }
        OperatorKind::Count(name) => {
            format!(
                "{word}{}",
                name.as_ref().map_or_else(String::new, |name| format!(" as {}", name_of(name)))
            )
        }
        OperatorKind::GetSchema | OperatorKind::Error => word.to_owned(),
        OperatorKind::Other(name) => name.text.clone(),
        OperatorKind::Sort(keys) => format!("{word} by {}", ordered_list(keys)),
        OperatorKind::Top { count, by } => format!("{word} {} by {}", print_expression(count), ordered(by)),
        OperatorKind::Project(items)
        | OperatorKind::Extend(items)
        | OperatorKind::ProjectRename(items)
        | OperatorKind::Distinct(items) => format!("{word} {}", named_list(items)),
        OperatorKind::Serialize(items) => format!("{word} {}", named_list(items)).trim_end().to_owned(),
        OperatorKind::ProjectAway(columns) | OperatorKind::ProjectKeep(columns) => {
            format!("{word} {}", patterns(columns))
        }
        OperatorKind::ProjectReorder(columns) => {
            format!("{word} {}", columns.iter().map(reordered).collect::<Vec<_>>().join(", "))
        }
        OperatorKind::ProjectByNames(names) => format!("{word} {}", expression::list(names)),
        OperatorKind::Summarize { aggregates, by, parameters } => {
            let mut text = word.to_owned();
            push_parameters(&mut text, parameters);
            if !aggregates.is_empty() {
                text.push_str(&format!(" {}", named_list(aggregates)));
            }
            push_by(&mut text, by);
            text
        }
        OperatorKind::Join { kind, right, on, parameters }
        | OperatorKind::Lookup { kind, right, on, parameters } => join(word, *kind, right, on, parameters),
        OperatorKind::Union(with) => union(with),
        OperatorKind::Search(with) => search(with),
        OperatorKind::MvExpand { is_bag_to_array, item_index, columns, limit, .. } => {
            let kind = if *is_bag_to_array { " bagexpansion=array" } else { "" };
            format!("{word}{kind}{}", expansion(item_index.as_ref(), columns, limit.as_ref()))
        }
        OperatorKind::MvApply { item_index, columns, limit, body } => format!(
            "{word}{} on ({})",
            expansion(item_index.as_ref(), columns, limit.as_ref()),
            print_query(body)
        ),
        OperatorKind::Parse { mode, flags, input, pattern, .. } => {
            let mode = match mode {
                ParseMode::Simple => "",
                ParseMode::Relaxed => " kind=relaxed",
                ParseMode::Regex => " kind=regex",
            };
            let flags = flags.as_ref().map_or_else(String::new, |flags| format!(" flags={}", flags.text));
            let parts: Vec<String> = pattern.iter().map(parse_part).collect();
            format!("{word}{mode}{flags} {} with {}", print_expression(input), parts.join(" "))
        }
        OperatorKind::ParseKv { input, columns, properties } => {
            let text = format!("{word} {} as ({})", print_expression(input), declarations(columns));
            if properties.is_empty() { text } else { format!("{text} with ({})", parameters(properties)) }
        }
        OperatorKind::MakeSeries { aggregates, axis, from, to, step, is_legacy, by, parameters } => {
            let mut text = word.to_owned();
            push_parameters(&mut text, parameters);
            let items: Vec<String> = aggregates.iter().map(series_aggregate).collect();
            text.push_str(&format!(" {} on {}", items.join(", "), axis_name(axis)));
            let step = print_expression(step);
            if *is_legacy {
                let bounds: String =
                    [from, to].into_iter().flatten().map(|bound| print_expression(bound) + ", ").collect();
                text.push_str(&format!(" in range({bounds}{step})"));
            } else {
                for (word, bound) in [("from", from), ("to", to)] {
                    if let Some(bound) = bound {
                        text.push_str(&format!(" {word} {}", print_expression(bound)));
                    }
                }
                text.push_str(&format!(" step {step}"));
            }
            push_by(&mut text, by);
            text
        }
        OperatorKind::TopNested(levels) => {
            levels.iter().map(|level| format!("{word}{}", top_nested(level))).collect::<Vec<_>>().join(", ")
        }
        OperatorKind::TopHitters { count, of, by } => {
            let by = by.as_ref().map_or_else(String::new, |by| format!(" by {}", named(by)));
            format!("{word} {} of {}{by}", print_expression(count), named(of))
        }
        OperatorKind::SampleDistinct { count, of } => {
            format!("{word} {} of {}", print_expression(count), named(of))
        }
        OperatorKind::Partition { by, body, parameters } => {
            let mut text = word.to_owned();
            push_parameters(&mut text, parameters);
            let (open, close) = if body.source.is_some() { ("{", "}") } else { ("(", ")") };
            format!("{text} by {} {open}{}{close}", print_expression(by), print_query(body))
        }
        OperatorKind::Scan(with) => scan(with),
        OperatorKind::Facet { by, with } => {
            let by: Vec<String> = by.iter().map(name_of).collect();
            let with =
                with.as_ref().map_or_else(String::new, |with| format!(" with ({})", print_query(with)));
            format!("{word} by {}{with}", by.join(", "))
        }
        OperatorKind::Fork(legs) => {
            let legs = legs.iter().map(|leg| {
                let name = leg.name.as_ref().map_or_else(String::new, |name| format!("{}=", name_of(name)));
                format!(" {name}({})", print_query(&leg.body))
            });
            format!("{word}{}", legs.collect::<String>())
        }
        OperatorKind::Consume(with) => {
            let mut text = word.to_owned();
            push_parameters(&mut text, with);
            text
        }
        OperatorKind::As { name, parameters } => {
            let mut text = word.to_owned();
            push_parameters(&mut text, parameters);
            format!("{text} {}", name_of(name))
        }
        OperatorKind::Invoke { name, arguments } => format!("{word} {}", expression::call(name, arguments)),
        OperatorKind::Render { chart, properties } => {
            let text = format!("{word} {}", chart.text);
            if properties.is_empty() { text } else { format!("{text} with ({})", parameters(properties)) }
        }
        OperatorKind::Reduce { by, parameters } => {
            let (kind, rest): (Vec<&Parameter>, Vec<&Parameter>) =
                parameters.iter().partition(|parameter| is_before_by(parameter));
            let before: String = kind.into_iter().map(|with| format!(" {}", parameter(with))).collect();
            let after: Vec<String> = rest.into_iter().map(parameter).collect();
            let with = if after.is_empty() { String::new() } else { format!(" with {}", after.join(", ")) };
            format!("{word}{before} by {}{with}", print_expression(by))
        }
        OperatorKind::Evaluate { name, arguments, schema, parameters } => {
            let mut text = word.to_owned();
            push_parameters(&mut text, parameters);
            text.push_str(&format!(" {}", expression::call(name, arguments)));
            if let Some(schema) = schema {
                let star = match (schema.keeps_input, schema.columns.is_empty()) {
                    (true, true) => "*",
                    (true, false) => "*, ",
                    (false, _) => "",
                };
                text.push_str(&format!(" : ({star}{})", declarations(&schema.columns)));
            }
            text
        }
    }
}

fn is_before_by(parameter: &Parameter) -> bool {
    parameter.name.text == "kind" || parameter.name.text.starts_with("hint.")
}

fn parameters(items: &[Parameter]) -> String {
    items.iter().map(parameter).collect::<Vec<_>>().join(", ")
}

fn push_by(text: &mut String, by: &[Named]) {
    if !by.is_empty() {
        text.push_str(&format!(" by {}", named_list(by)));
    }
}

fn reordered(item: &Reordered) -> String {
    let order = match item.order {
        None => "",
        Some(ColumnOrder::Ascending) => " asc",
        Some(ColumnOrder::Descending) => " desc",
        Some(ColumnOrder::GrannyAscending) => " granny-asc",
        Some(ColumnOrder::GrannyDescending) => " granny-desc",
    };
    format!("{}{order}", pattern(&item.columns))
}

fn join(word: &str, kind: Option<JoinKind>, right: &Query, on: &[Expr], parameters: &[Parameter]) -> String {
    let mut text = word.to_owned();
    if let Some(kind) = kind {
        text.push_str(&format!(" kind={}", kind.word()));
    }
    push_parameters(&mut text, parameters);
    format!("{text} ({}) on {}", print_query(right), expression::list(on))
}

fn expansion(item_index: Option<&Name>, columns: &[Expanded], limit: Option<&Expr>) -> String {
    let mut text = String::new();
    if let Some(name) = item_index {
        text.push_str(&format!(" with_itemindex={}", name_of(name)));
    }
    let columns = columns.iter().map(|column| {
        let kind = column.kind.as_ref().map_or_else(String::new, |kind| format!(" to typeof({})", kind.text));
        format!("{}{kind}", named(&column.item))
    });
    text.push_str(&format!(" {}", columns.collect::<Vec<_>>().join(", ")));
    if let Some(limit) = limit {
        text.push_str(&format!(" limit {}", print_expression(limit)));
    }
    text
}

fn parse_part(part: &ParsePart) -> String {
    match part {
        ParsePart::Skip(_) => "*".to_owned(),
        ParsePart::Text { text, .. } => quote(text),
        ParsePart::Column(column) => {
            let kind = column.kind.as_ref().map_or_else(String::new, |kind| format!(": {}", kind.text));
            format!("{}{kind}", name_of(&column.name))
        }
    }
}

fn series_aggregate(aggregate: &SeriesAggregate) -> String {
    let default = aggregate
        .default
        .as_ref()
        .map_or_else(String::new, |value| format!(" default={}", print_expression(value)));
    format!("{}{default}", named(&aggregate.item))
}

/// The axis is read up to `in`: what binds more loosely stands in brackets.
fn axis_name(axis: &Named) -> String {
    use crate::ast::{BinaryOperator, ExprKind};
    let is_loose = match &axis.value.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::In { .. } | ExprKind::Between { .. } => true,
        ExprKind::Binary { operator, .. } => {
            matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual)
        }
        _ => false,
    };
    if !is_loose {
        return named(axis);
    }
    let name = axis.name.as_ref().map_or_else(String::new, |name| format!("{} = ", print_name(&name.text)));
    format!("{name}({})", print_expression(&axis.value))
}

fn top_nested(level: &TopNested) -> String {
    let count =
        level.count.as_ref().map_or_else(String::new, |count| format!(" {}", print_expression(count)));
    let others = level
        .others
        .as_ref()
        .map_or_else(String::new, |others| format!(" with others = {}", print_expression(others)));
    format!("{count} of {}{others} by {}", named(&level.of), ordered(&level.by))
}

fn scan(scan: &Scan) -> String {
    let mut text = "scan".to_owned();
    if let Some(name) = &scan.match_id {
        text.push_str(&format!(" with_match_id={}", name_of(name)));
    }
    if !scan.order.is_empty() {
        text.push_str(&format!(" order by {}", ordered_list(&scan.order)));
    }
    if !scan.partition_by.is_empty() {
        text.push_str(&format!(" partition by {}", expression::list(&scan.partition_by)));
    }
    if !scan.declared.is_empty() {
        text.push_str(&format!(" declare ({})", declarations(&scan.declared)));
    }
    let steps: Vec<String> = scan.steps.iter().map(scan_step).collect();
    format!("{text} with ({})", steps.join("; "))
}

fn scan_step(step: &ScanStep) -> String {
    let optional = if step.is_optional { " optional" } else { "" };
    let output = match step.output {
        ScanOutput::All => "",
        ScanOutput::Last => " output=last",
        ScanOutput::Nothing => " output=none",
    };
    let text =
        format!("step {}{optional}{output}: {}", name_of(&step.name), print_expression(&step.condition));
    if step.assignments.is_empty() { text } else { format!("{text} => {}", named_list(&step.assignments)) }
}
