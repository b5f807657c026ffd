//! How everything stands, told to the page at most ten times a second; the ledger, page by page.

use super::{
    Coordinator, export,
    files::{FileState, Hashes, Stage},
    ledger_groups::{Listed, folder, groups},
};
use chartroom_base::sort;
use chartroom_protocol::{
    Event, Reply, RequestId,
    event::{LoadProgress, Status, TableInfo},
    ledger::{FileStatus, LedgerFile, LedgerOutcome},
    request::LedgerFormat,
};

/// At least so long between two status events, in milliseconds.
const STATUS_EVERY: f64 = 100.0;
/// The most files of the ledger in one reply.
const LEDGER_FILES: u32 = 1_000;
/// Files named as being read.
const CURRENT: usize = 8;

/// When the page was told how things stand.
#[derive(Debug, Default)]
pub(crate) struct StatusClock {
    pub(crate) said_at: f64,
    /// Something changed since.
    pub(crate) is_due: bool,
}

impl Coordinator {
    /// Says how things stand, when something changed and it is time.
    pub(crate) fn say_status(&mut self) {
        if self.load.is_active {
            self.status.is_due = true;
        }
        if self.status.is_due && self.now - self.status.said_at >= STATUS_EVERY {
            self.status.is_due = false;
            self.status.said_at = self.now;
            let status = Box::new(self.figures());
            self.event(Event::Status { status });
        }
    }

    /// Something in the ledger changed.
    pub(crate) fn touch_ledger(&mut self) {
        self.ledger_version += 1;
        self.status.is_due = true;
    }

    /// Share of the bytes named so far that was read.
    pub(crate) fn share(&self) -> f64 {
        if !self.load.is_active {
            return 1.0;
        }
        let (done, all) = self.load_bytes();
        if all == 0 { 0.0 } else { (done as f64 / all as f64).min(1.0) }
    }

    fn load_bytes(&self) -> (u64, u64) {
        // Of an archive its members count.
        let files =
            self.load.files.iter().filter_map(|file| self.files.get(file)).filter(|file| !file.is_archive);
        files.fold((0, 0), |(done, all), file| {
            let read = if file.stage == Stage::Settled { file.info.size } else { file.bytes_done };
            (done + read, all + file.info.size)
        })
    }

    /// Files that have a line in the ledger.
    fn shown(&self) -> impl Iterator<Item = &FileState> {
        self.files.values().filter(|file| file.is_shown())
    }

    fn figures(&self) -> Status {
        let mut status = Status {
            files: u32::try_from(self.shown().count()).unwrap_or(u32::MAX),
            budget: self.budget,
            ledger_version: self.ledger_version,
            memory: std::iter::once(self.memory.max(self.order_memory() as u64))
                .chain(self.shards.iter().filter(|shard| shard.is_up()).map(|shard| shard.figures.memory))
                .collect(),
            ..Status::default()
        };
        let (mut first, mut last) = (None, None);
        for file in self.shown() {
            status.records += file.merged.stored;
            status.rejected += file.merged.rejected;
            status.duplicates += file.duplicates;
            status.zones_assumed += u32::from(file.is_zone_assumed());
            status.troubled += u32::from(matches!(file.status(), FileStatus::Failed | FileStatus::Partial));
            status.hashing += u32::from(
                file.stage == Stage::Settled && matches!(file.hashes, Hashes::Wanted | Hashes::UnderWay(_)),
            );
            first = [first, file.merged.first_time].into_iter().flatten().min();
            last = last.max(file.merged.last_time);
        }
        status.times = first.zip(last);
        let mut tables: Vec<TableInfo> = self
            .table_rows()
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .map(|(name, rows)| TableInfo { name: name.to_owned(), rows })
            .collect();
        sort::sort_by(&mut tables, |a, b| b.rows.cmp(&a.rows).then_with(|| a.name.cmp(&b.name)));
        status.tables = tables;
        status.load = self.load.is_active.then(|| self.progress());
        status
    }

    fn progress(&self) -> LoadProgress {
        let of_load =
            || self.load.files.iter().filter_map(|file| self.files.get(file)).filter(|file| file.is_shown());
        let (bytes_done, bytes) = self.load_bytes();
        LoadProgress {
            files_done: of_load().filter(|file| file.stage == Stage::Settled).count() as u32,
            files: of_load().count() as u32,
            bytes_done,
            bytes,
            millis: (self.now - self.load.started_at).max(0.0) as u64,
            current: of_load()
                .filter(|file| file.stage == Stage::Reading)
                .take(CURRENT)
                .map(|file| (file.info.path.clone(), file.share()))
                .collect(),
            is_walking: !self.load.open_drops.is_empty(),
            is_waiting: self.load.budget.is_asked(),
        }
    }

    /// Part of the ledger: what needs attention first, then by folder, then by rank.
    pub(crate) fn ledger(&self, start: u32, count: u32, filter: &str) -> Reply {
        let needle = filter.to_lowercase();
        let mut found: Vec<Listed<'_>> = self
            .shown()
            .filter(|file| {
                needle.is_empty()
                    || file.info.path.to_lowercase().contains(&needle)
                    || file.merged.main_format().contains(&needle)
                    || file.status().word().contains(&needle)
            })
            .map(|file| Listed {
                outcome: LedgerOutcome::of(file.status(), file.merged.rejected),
                folder: folder(&file.info.path),
                rank: file.rank,
                file: file.number(),
            })
            .collect();
        sort::sort(&mut found);
        let groups = groups(&found, |file| {
            self.files.get(&file).map_or((0, 0), |file| (file.merged.stored, file.merged.rejected))
        });
        let files: Vec<LedgerFile> = found
            .iter()
            .skip(start as usize)
            .take(count.min(LEDGER_FILES) as usize)
            .filter_map(|listed| self.files.get(&listed.file))
            .map(|file| file.ledger(self.files.get(&file.place.source)))
            .collect();
        Reply::Ledger { total: u32::try_from(found.len()).unwrap_or(u32::MAX), start, files, groups }
    }

    /// The whole ledger, by rank.
    pub(crate) fn export_ledger(&mut self, id: RequestId, format: LedgerFormat) {
        let mut files: Vec<&FileState> = self.shown().collect();
        sort::sort_by_key(&mut files, |file| file.rank);
        let of = |file: &FileState| file.ledger(self.files.get(&file.place.source));
        let files: Vec<LedgerFile> = files.into_iter().map(of).collect();
        let text = export::write(&files, format);
        self.reply(id, Reply::Text { text });
    }
}
