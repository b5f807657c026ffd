//! `evaluate activity_counts_metrics(id, time, start, end, window, dimensions…)`: how many records and ids each window of time has, and how
//! many ids were not seen before.

use super::{Clause, column_of};
use crate::bind::{Binder, Pipe, Told};
use chartroom_kql_syntax::{
    ast::{Expr, ExprKind},
    parse, print_expression, print_name,
};
use chartroom_schema::kind::Kind;

/// As other operators: what an id did in each window, in which window it came first, then the windows, and the new ids summed up.
pub(super) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>) -> Result<Pipe, Told> {
    let [id, time, start, end, window, dimensions @ ..] = clause.arguments else {
        let message =
            format!("`{}` takes the columns of id and time, a start, an end and a window", clause.name.text);
        return Err(binder.error("KQL0111", clause.span, message));
    };
    let kind = match &time.kind {
        ExprKind::Name(name) => {
            pipe.columns().iter().find(|column| column.name == *name).map(|column| column.kind)
        }
        _ => None,
    };
    if kind.is_some_and(|kind| kind != Kind::DateTime) {
        return Err(binder.error("KQL0112", time.span, "The time is a column of datetimes"));
    }
    let mut column = |argument: &Expr| Ok(print_name(&column_of(binder, clause, Some(argument))?.text));
    let (id, time) = (column(id)?, column(time)?);
    let dimensions = dimensions.iter().map(column).collect::<Result<Vec<String>, Told>>()?;
    let all =
        |letters: &str| dimensions.iter().map(|name| letters.replace('@', name)).collect::<Vec<_>>().concat();
    let changes: Vec<String> = dimensions.iter().map(|name| format!("{name} != prev({name})")).collect();
    let changes = if changes.is_empty() { "false".to_owned() } else { changes.join(" or ") };
    let [start, end, window] = [start, end, window].map(print_expression);
    let by = all(", @");
    let text = format!(
        "_ | where {time} between ({start} .. {end}) | extend {time} = bin_at({time}, {window}, {start}) \
         | summarize count = count() by {id}{by}, {time} \
         | summarize times = make_list({time}), counts = make_list(count), first = min({time}) by {id}{by} \
         | mv-expand {time} = times to typeof(datetime), count = counts to typeof(long) \
         | summarize count = sum(count), dcount = count(), new_dcount = countif({time} == first) by {time}{by} \
         | sort by {}{time} asc | extend aggregated_dcount = row_cumsum(new_dcount, {changes})",
        all("@ asc, ")
    );
    let parsed = parse(&text);
    let operators = parsed.queries().next().map(|query| query.operators.as_slice()).unwrap_or_default();
    let before = binder.told();
    let made = binder.operators(pipe, operators);
    // What is wrong is so at the place of the whole, not at that in a text which nobody wrote.
    binder.told_at(before, clause.span);
    made
}
