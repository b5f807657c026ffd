//! The list of journeys. They run in this order; each begins with an empty page.

mod budget;
mod cancel;
mod close;
mod dialogs;
mod drops;
mod editor;
mod faults;
mod first_screen;
mod gestures;
mod keyboard;
mod large;
mod many_small;
mod marks;
mod odd_files;
mod offline;
mod privacy;
mod rooms;
mod search;
mod themes;

use crate::{outcome::Outcome, world::World};
use std::pin::Pin;

/// One journey.
pub(crate) struct Journey {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: for<'a> fn(&'a mut World) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>,
}

macro_rules! journeys {
    ($($name:literal, $run:path, $about:literal;)*) => {
        /// All journeys.
        pub(crate) const ALL: &[Journey] = &[
            $(Journey { name: $name, about: $about, run: |world| Box::pin($run(world)) },)*
        ];
    };
}

journeys! {
    "many-small", many_small::run, "a real drop of 3,000 small gz files in folders";
    "large-lines", large::lines, "300 MB of JSON Lines, by one shard and by two, with the same answers";
    "large-records", large::records, "300 MB of Records on one line, by one shard and by two, with the same answers";
    "rooms", rooms::run, "the Rooms examples in the form the documentation prints them";
    "no-log", odd_files::no_log, "a text file that is no log";
    "empty-file", odd_files::empty, "an empty file";
    "truncated-gz", odd_files::truncated_gz, "a gz cut short: what is in stays";
    "changed-file", odd_files::changed, "a file that changes after the drop";
    "over-budget", budget::run, "1 GB with a budget of 256 MB";
    "cancel", cancel::run, "a load cancelled midway keeps what is in";
    "second-drop", drops::second, "a second drop adds to the first";
    "paste", drops::paste, "pasted text";
    "sample-data", drops::sample, "the sample data of the empty page";
    "close-source", close::one, "closing the larger of two sources gives its memory back";
    "close-twenty", close::twenty_times, "opening and closing twenty times keeps memory flat";
    "worker-traps", faults::trap, "a worker that traps is started anew";
    "worker-leaks", faults::leak, "a worker that runs out of memory is started anew";
    "worker-hangs", faults::hang, "a worker that hangs is ended and started anew";
    "missing-piece", first_screen::missing, "a browser without WebAssembly is told so";
    "early-files", first_screen::early, "files chosen before the page is up are read then";
    "no-storage", first_screen::no_storage, "refused storage is said, all else works";
    "keyboard", keyboard::run, "everything by keyboard";
    "password", dialogs::password, "a wrong password is told, the right one opens the archive";
    "dialogs", dialogs::focus, "dialogs take the focus and give it back";
    "duplicates", marks::duplicates, "records that came twice are counted, marked, hidden and linked";
    "kept-format", marks::kept, "a log type of one's own is kept over a reload and forgotten";
    "nothing-moves", marks::nothing_moves, "words below the editor move nothing";
    "search", search::run, "search finds values, not names";
    "editor", editor::run, "proposals, errors, layout; rows are saved as they are shown";
    "clipboard", gestures::clipboard, "copying a cell, a record, a query; pasting logs";
    "leaving", gestures::leaving, "leaving asks while there is data";
    "privacy", privacy::run, "nothing is asked for and nothing can leave once data is in";
    "offline", offline::run, "the second visit works with the server stopped";
    "update", gestures::update, "a new version is offered, never forced";
    "from-disk", gestures::from_disk, "the folder opened from the disk says what to do";
    "themes", themes::run, "pictures in both themes, wide and narrow";
}
