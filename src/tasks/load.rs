//! Opening and closing files.

use super::{Answer, answer::ask};
use crate::{
    bridge::{Bridge, Pending},
    platform::{intake::Intake, turn, walk},
};
use chartroom_protocol::{
    DropNo, FileNo, Reply, Request,
    request::{LoadChoice, Overrule},
};
use web_sys::{DataTransfer, File};
use yew::Callback;

/// Opens what was handed over: files at once, folders as they are walked. `None` when there was nothing.
///
/// Returns at once; at most 32 files go in one task.
pub fn open(bridge: &Bridge, intake: Intake) -> Option<DropNo> {
    if intake.is_empty() {
        return None;
    }
    let drop = bridge.begin_drop();
    let bridge = bridge.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let Intake { files, folders, mut unreadable } = intake;
        let mut files = files.into_iter();
        loop {
            let batch: Vec<_> = files.by_ref().take(32).collect();
            if batch.is_empty() {
                break;
            }
            if bridge.is_walk_ended(drop) {
                let reason = "it was cancelled before this file";
                unreadable.extend(batch.into_iter().map(|(path, _)| (path, reason.to_owned())));
            } else {
                bridge.add_files(drop, batch);
                turn::next_turn().await;
            }
        }
        let on_files = |files| bridge.add_files(drop, files);
        unreadable.extend(walk::walk(folders, on_files, || bridge.is_walk_ended(drop)).await);
        bridge.complete_drop(drop, unreadable);
    });
    Some(drop)
}

/// Opens what was dropped. To be called while the drop's event runs.
pub fn open_dropped(bridge: &Bridge, transfer: &DataTransfer) -> Option<DropNo> {
    open(bridge, Intake::of_transfer(transfer))
}

/// Opens files with their paths.
pub fn open_files(bridge: &Bridge, files: Vec<(String, File)>) -> Option<DropNo> {
    open(bridge, Intake::of_files(files))
}

/// Opens pasted text as a file of its own; `None` when it is blank.
pub fn paste(bridge: &Bridge, text: &str) -> Option<DropNo> {
    if text.trim().is_empty() { None } else { open(bridge, Intake::of_text(text)) }
}

/// Stops reading and walking; what is in stays.
pub fn cancel_load(bridge: &Bridge) {
    bridge.end_walks();
    bridge.tell(Request::CancelLoad);
}

/// Says what to do with files that do not fit.
pub fn choose(bridge: &Bridge, choice: LoadChoice) {
    bridge.tell(Request::Choose { choice });
}

/// Gives the password of a file's encrypted members; `None`: of all that are locked, and those to come.
pub fn give_password(bridge: &Bridge, file: Option<FileNo>, password: String) {
    bridge.tell(Request::Password { file, password });
}

/// Has a file, or all that were taken for the same, read again in another way. Answers when that is under way.
pub fn overrule(
    bridge: &Bridge,
    file: FileNo,
    is_alike: bool,
    how: Overrule,
    on_answer: Callback<Answer<()>>,
) {
    let request = Request::Overrule { file, is_alike, overrule: how };
    // It goes on when the pane is closed meanwhile.
    ask(bridge, request, on_answer, |reply| matches!(reply, Reply::Done).then_some(())).detach();
}

/// Gives the workers another budget, in bytes; reading that stopped at a smaller one goes on.
pub fn set_budget(bridge: &Bridge, bytes: u64) {
    bridge.tell(Request::SetBudget { bytes });
}

/// Forgets files and their rows; empty: all. Answers when the rows are out of every result.
pub fn close_files(bridge: &Bridge, files: Vec<FileNo>, on_answer: Callback<Answer<()>>) -> Pending {
    bridge.forget_files(&files);
    ask(bridge, Request::Close { files }, on_answer, |reply| matches!(reply, Reply::Done).then_some(()))
}
