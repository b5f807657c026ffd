//! The files the person handed over: numbered in the order of arrival, kept so that workers can be given them again.
//!
//! A `File` is a handle; holding it holds no bytes.

use super::file_info;
use chartroom_protocol::{DropNo, FileNo, request::FileInfo};
use std::collections::{BTreeMap, BTreeSet};
use web_sys::File;

/// Posting more `File`s than this in one task freezes the page for longer than a frame (measured: 0.2 ms each).
pub(super) const FILES_PER_TASK: usize = 32;

#[derive(Default)]
pub(super) struct Held {
    next_file: u32,
    next_drop: u32,
    files: BTreeMap<FileNo, (DropNo, FileInfo, File)>,
    drops: BTreeMap<DropNo, Dropped>,
    ended_walks: BTreeSet<DropNo>,
}

#[derive(Default)]
struct Dropped {
    /// Entries that could not be opened; `None` while its folders are walked.
    unreadable: Option<Vec<(String, String)>>,
}

impl Held {
    pub(super) fn begin_drop(&mut self) -> DropNo {
        let drop = DropNo(self.next_drop);
        self.next_drop = self.next_drop.wrapping_add(1);
        self.drops.insert(drop, Dropped::default());
        drop
    }

    /// Numbers files of a drop.
    pub(super) fn add(&mut self, drop: DropNo, files: Vec<(String, File)>) -> Vec<FileInfo> {
        files
            .into_iter()
            .map(|(path, handle)| {
                let file = FileNo(self.next_file);
                self.next_file = self.next_file.wrapping_add(1);
                let info = file_info(file, path, &handle);
                self.files.insert(file, (drop, info.clone(), handle));
                info
            })
            .collect()
    }

    pub(super) fn complete(&mut self, drop: DropNo, unreadable: Vec<(String, String)>) {
        self.ended_walks.remove(&drop);
        self.drops.entry(drop).or_default().unreadable = Some(unreadable);
    }

    /// Whether files of a drop are still being named.
    pub(super) fn is_naming(&self) -> bool {
        self.drops.values().any(|dropped| dropped.unreadable.is_none())
    }

    pub(super) fn end_walks(&mut self) {
        let walking = self.drops.iter().filter(|(_, dropped)| dropped.unreadable.is_none());
        self.ended_walks.extend(walking.map(|(drop, _)| *drop));
    }

    pub(super) fn is_walk_ended(&self, drop: DropNo) -> bool {
        self.ended_walks.contains(&drop)
    }

    pub(super) fn forget(&mut self, files: &[FileNo]) {
        if files.is_empty() {
            self.files.clear();
        }
        for file in files {
            self.files.remove(file);
        }
        let alive: BTreeSet<_> = self.files.values().map(|(drop, ..)| *drop).collect();
        self.drops.retain(|drop, dropped| dropped.unreadable.is_none() || alive.contains(drop));
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    pub(super) fn find(&self, file: FileNo) -> Option<File> {
        self.files.get(&file).map(|(.., handle)| handle.clone())
    }

    /// The handles that go beside a message which names `files`.
    pub(super) fn handles(&self, files: &[FileInfo]) -> Vec<(FileNo, File)> {
        files.iter().filter_map(|info| Some((info.file, self.find(info.file)?))).collect()
    }

    /// The next files of one drop, from number `start` on, as many as go into one task.
    pub(super) fn batch(&self, start: FileNo) -> Option<(DropNo, Vec<FileInfo>)> {
        let mut rest = self.files.range(start..).map(|(_, (drop, info, _))| (*drop, info)).peekable();
        let drop = rest.peek()?.0;
        let of_drop = rest.take_while(|(of, _)| *of == drop).take(FILES_PER_TASK);
        Some((drop, of_drop.map(|(_, info)| info.clone()).collect()))
    }

    /// The drops whose walk is over, with what was unreadable in them.
    pub(super) fn completions(&self) -> Vec<(DropNo, Vec<(String, String)>)> {
        let complete = |(drop, dropped): (&DropNo, &Dropped)| Some((*drop, dropped.unreadable.clone()?));
        self.drops.iter().filter_map(complete).collect()
    }
}
