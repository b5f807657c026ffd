//! What a verb answers, typed.

use crate::bridge::{Bridge, Pending};
use chartroom_base::diagnostic::{Diagnostic, Span};
use chartroom_protocol::{Reply, Request};
use yew::Callback;

/// An answer on its way. Any number of `Progress`, then one of the others.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<T> {
    /// Share of the work done so far, 0.0–1.0.
    Progress(f64),
    /// Done.
    Done(T),
    /// Ended by a newer one of its kind, or on request.
    Cancelled,
    /// Not done, and why.
    Failed(Vec<Diagnostic>),
}

/// Sends `request`; `pick` takes what was asked for out of the final reply.
pub(super) fn ask<T: 'static>(
    bridge: &Bridge,
    request: Request,
    on_answer: Callback<Answer<T>>,
    pick: impl Fn(Reply) -> Option<T> + 'static,
) -> Pending {
    let on_reply = Callback::from(move |reply| {
        on_answer.emit(match reply {
            Reply::Progress { fraction } => Answer::Progress(fraction),
            Reply::Cancelled => Answer::Cancelled,
            Reply::Failed { diagnostics } => Answer::Failed(diagnostics),
            reply => pick(reply).map_or_else(|| Answer::Failed(vec![odd()]), Answer::Done),
        });
    });
    bridge.send(request, on_reply)
}

/// A reply of another kind: page and worker are not of one build.
fn odd() -> Diagnostic {
    Diagnostic::error("RUN0002", Span::default(), "The engine answered something else than was asked")
        .with_help("Reload the page")
}
