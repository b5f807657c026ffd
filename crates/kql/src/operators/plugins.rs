//! `evaluate plugin(…)`: the plug-ins, by name.
//!
//! What a plug-in can be written as in other operators is bound as those ([`pivot`], [`narrow`]); the others have operators of their own. What
//! only the data can tell, such as which keys bags have, is asked of the data first ([`Binder::shape`]), unless the text says it
//! (`evaluate plugin(…) : (name: type)`).
//!
//! To add one: write `operators/<name>.rs` with a `bind`, add its arm to [`bind`] and its line to `edit::words::PLUGINS`.

mod activity;
mod narrow;
mod pivot;
mod tree;

pub(crate) use tree::{call, name, named, operator, text};

use crate::{
    bind::{Binder, Pipe, Told},
    edit::words,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::{
    ast::{Expr, ExprKind, Name, PluginSchema},
    keyword::nearest,
};

/// Plug-ins that ask another machine.
const REMOTE: &[&str] = &[
    "ai_chat_completion",
    "ai_chat_completion_prompt",
    "ai_embed_text",
    "ai_embeddings",
    "azure_digital_twins_query_request",
    "cosmosdb_sql_request",
    "http_request",
    "http_request_post",
    "mysql_request",
    "postgresql_request",
    "sql_request",
];

/// Plug-ins that Kusto has and we have not.
const MISSING: &[&str] = &[
    "active_users_count",
    "activity_engagement",
    "activity_metrics",
    "dcount_intersect",
    "funnel_sequence",
    "funnel_sequence_completion",
    "geo_line_lookup",
    "geo_polygon_lookup",
    "graph_shortest_paths_fl",
    "infer_storage_schema",
    "new_activity_metrics",
    "preview",
    "python",
    "r",
    "rolling_percentile",
    "rows_near",
    "schema_merge",
    "sequence_detect",
    "session_count",
    "sliding_window_counts",
    "user_unique_counts",
];

/// What the text says of an `evaluate`.
pub(crate) struct Clause<'a> {
    pub(crate) name: &'a Name,
    pub(crate) arguments: &'a [Expr],
    pub(crate) schema: Option<&'a PluginSchema>,
    pub(crate) span: Span,
}

/// `evaluate name(arguments) : (schema)`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>) -> Result<Pipe, Told> {
    let name = clause.name.text.as_str();
    match name {
        "bag_unpack" => super::bag_keys::bind(binder, pipe, clause),
        "activity_counts_metrics" => activity::bind(binder, pipe, clause),
        "pivot" => pivot::bind(binder, pipe, clause),
        "narrow" => narrow::bind(binder, pipe, clause),
        "ipv4_lookup" | "ipv6_lookup" => super::ip_lookup::bind(binder, pipe, clause, name == "ipv6_lookup"),
        "autocluster" | "basket" | "diffpatterns" => super::patterns::bind(binder, pipe, clause),
        _ if REMOTE.contains(&name) => {
            let message = format!("`{name}` would ask another machine: nothing leaves this one");
            Err(binder.error("KQL0022", clause.name.span, message))
        }
        _ if MISSING.contains(&name) => {
            Err(binder.error("KQL0020", clause.name.span, format!("`evaluate {name}` is not supported")))
        }
        _ => {
            let message = format!("The plug-in function `{name}` is not defined (KS124)");
            let near = nearest(name, words::PLUGINS.iter().map(|word| word.name));
            Err(match near {
                Some(near) => binder.error_with_help(
                    "KQL0115",
                    clause.name.span,
                    message,
                    format!("Did you mean `{near}`?"),
                ),
                None => binder.error("KQL0115", clause.name.span, message),
            })
        }
    }
}

/// The arguments for parameters of these names, given by name or by place.
pub(crate) fn placed<'a, const N: usize>(
    binder: &mut Binder<'_>,
    clause: &Clause<'a>,
    parameters: [&str; N],
) -> Result<[Option<&'a Expr>; N], Told> {
    let mut given = [None; N];
    let mut next = 0;
    let mut result = Ok(());
    for argument in clause.arguments {
        let (at, value) = match &argument.kind {
            ExprKind::Argument { name, value } => {
                let is_it = |parameter: &&str| parameter.eq_ignore_ascii_case(&name.text);
                (parameters.iter().position(is_it), value.as_ref())
            }
            _ => {
                next += 1;
                (Some(next - 1), argument)
            }
        };
        match at.and_then(|at| given.get_mut(at)) {
            Some(slot) => *slot = Some(value),
            None => {
                let message = format!("`{}` has no such argument", clause.name.text);
                result = Err(binder.error("KQL0111", argument.span, message));
            }
        }
    }
    result.map(|()| given)
}

/// The name of a column that an argument is.
pub(crate) fn column_of(
    binder: &mut Binder<'_>,
    clause: &Clause<'_>,
    argument: Option<&Expr>,
) -> Result<Name, Told> {
    match argument {
        Some(Expr { kind: ExprKind::Name(text), span, .. }) => Ok(Name { text: text.clone(), span: *span }),
        Some(other) => Err(binder.error("KQL0112", other.span, "The name of a column stands here")),
        None => {
            let message = format!("`{}` needs the name of a column", clause.name.text);
            Err(binder.error("KQL0111", clause.name.span, message))
        }
    }
}
