//! Encrypted members wait for a password; the page is asked once for each file as handed over, and again when it was wrong.
//!
//! **Invariant:** a password is kept in memory only: in the coordinator and in the place of each member it was given for.
//! Nobody waits: what is locked has its line in the ledger, the rest is read, and the load ends.

use super::{
    Coordinator,
    files::{Hashes, Stage},
};
use chartroom_ingest::place::Password;
use chartroom_protocol::{Event, FileNo};

const LOCKED: &str = "encrypted: it is read when its password is given";
const WRONG: &str = "encrypted, and the password given is not the one: give another";

impl Coordinator {
    /// A member cannot be read without a password, or not with the one it was tried with.
    pub(crate) fn lock(&mut self, file: u32, is_wrong: bool) {
        let Some(state) = self.files.get_mut(&file) else { return };
        state.reset();
        state.is_locked = true;
        state.stage = Stage::Settled;
        state.hashes = Hashes::None;
        state.trouble = Some(if is_wrong { WRONG } else { LOCKED }.to_owned());
        let source = state.place.source;
        let Some(source) = self.files.get_mut(&source) else { return };
        // Once for all members; what is asked is answered for all of them.
        if !std::mem::replace(&mut source.is_asked, true) {
            let (file, path) = (source.info.file, source.info.path.clone());
            self.event(Event::PasswordWanted { file, path, is_wrong });
        }
        self.touch_ledger();
    }

    /// A password for the members of one file as handed over, or for all that are locked or still to come.
    pub(crate) fn take_password(&mut self, file: Option<FileNo>, password: &str) {
        let password = Password::new(password);
        let is_meant = |source: u32| file.is_none_or(|file| file.0 == source);
        let mut again = Vec::new();
        for (&number, state) in &mut self.files {
            if is_meant(number) {
                state.is_asked = false;
            }
            if state.is_locked && is_meant(state.place.source) {
                state.is_locked = false;
                state.trouble = None;
                state.place.password = Some(password.clone());
                state.stage = Stage::Waiting;
                state.hashes = Hashes::Wanted;
                again.push(number);
            }
        }
        self.password = Some(password);
        if again.is_empty() {
            return;
        }
        self.begin_load();
        self.load.files.extend(&again);
        self.queue.files.extend(again);
        self.touch_ledger();
        self.want_shards();
        self.check_budget();
        self.hand_out();
    }
}
