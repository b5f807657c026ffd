//! What the editor asks while a person types.

use super::{Answer, answer::ask};
use crate::{
    bridge::{Bridge, Pending},
    platform::clock,
};
use chartroom_protocol::{
    Reply, Request,
    edit::{EditAnswer, EditAsk},
};
use yew::Callback;

/// Asks about byte `at` of a text; what was asked before of the kind is ended. A text that is too long is not answered.
pub fn ask_editor(
    bridge: &Bridge,
    what: EditAsk,
    text: String,
    at: u32,
    on_answer: Callback<EditAnswer>,
) -> Pending {
    let on_answer = Callback::from(move |answer| {
        if let Answer::Done(answer) = answer {
            on_answer.emit(answer);
        }
    });
    ask(bridge, Request::Edit { ask: what, text, at, now: clock::now() }, on_answer, |reply| match reply {
        Reply::Edit { answer } => Some(*answer),
        _ => None,
    })
}
