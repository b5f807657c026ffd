//! Files read again: in a way that a person says, or because all of a file shows what its beginning left open.
//!
//! **Invariant:** the rows of the earlier reading are gone from every shard before the file is read again. What a person overruled stays
//! in the ledger beside it; what the file itself settled was provisional, and does not.

use super::{
    Coordinator,
    asks::failed,
    files::{FileState, Stage},
    forget::Then,
};
use chartroom_ingest::{Hints, encoding::Encoding, hints::Zone, report::Verdict, time::Seen};
use chartroom_protocol::{
    Reply, RequestId,
    ledger::{EarlierReading, Recognised},
    request::Overrule,
};

/// How a person wants a file read, if that is a way to read one.
fn hints(overrule: &Overrule, formats: &chartroom_ingest::Formats) -> Result<Hints, String> {
    if let Some(id) = &overrule.format
        && formats.find(id).is_none_or(|(_, format)| format.table().is_none())
    {
        return Err(format!("there is no log type {id:?}"));
    }
    let encoding = match &overrule.encoding {
        None => None,
        Some(word) => {
            let all = "utf-8, utf-16le, utf-16be and windows-1252";
            Some(Encoding::named(word).ok_or_else(|| format!("there is no encoding {word:?}, only {all}"))?)
        }
    };
    let delimiter = match overrule.delimiter.as_deref().map(str::as_bytes) {
        None => None,
        Some(&[delimiter]) if delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\n' | b'\r') => {
            Some(delimiter)
        }
        Some(_) => return Err("a delimiter is one character of ASCII, and no quote".to_owned()),
    };
    let zone = match &overrule.zone {
        None => None,
        Some(name) => {
            let zone = Zone::named(name);
            let unknown = || format!("there is no zone {name:?}; write one like Asia/Jerusalem, or +02:00");
            Some(zone.ok_or_else(unknown)?.name)
        }
    };
    let is_day_first = overrule.is_day_first;
    Ok(Hints { format: overrule.format.clone(), zone, is_day_first, encoding, delimiter, ..Hints::default() })
}

impl Coordinator {
    /// Reads a file, or all alike, in another way.
    pub(crate) fn overrule(&mut self, id: RequestId, file: u32, is_alike: bool, overrule: &Overrule) {
        let hints = match hints(overrule, self.formats) {
            Ok(hints) => hints,
            Err(reason) => return self.reply(id, failed(reason)),
        };
        let Some(model) = self.files.get(&file).filter(|state| !state.is_archive) else {
            return self.reply(id, failed("this file was closed, or is an archive: overrule its members"));
        };
        let kind = |state: &FileState| (state.merged.main_format().to_owned(), table_of(state));
        let wanted = kind(model);
        let alike: Vec<u32> = self
            .files
            .values()
            .filter(|state| state.number() == file || is_alike && !state.is_archive && kind(state) == wanted)
            .filter(|state| state.same_as.is_none())
            .map(FileState::number)
            .collect();
        for number in &alike {
            if let Some(state) = self.files.get_mut(number) {
                let earlier = EarlierReading {
                    format: state.merged.main_format().to_owned(),
                    table: table_of(state),
                    why: state.merged.why().to_owned(),
                    stored: state.merged.stored,
                    rejected: state.merged.rejected,
                    recognised: state.recognised(),
                };
                state.earlier.push(earlier);
                state.hints.clone_from(&hints);
            }
        }
        self.read_anew(alike);
        self.reply(id, Reply::Done);
    }

    /// Forgets what was read of files, then reads them from the start.
    pub(crate) fn read_anew(&mut self, mut files: Vec<u32>) {
        // Of a file that came twice the first is read.
        files.retain(|number| self.files.get(number).is_some_and(|state| state.same_as.is_none()));
        if files.is_empty() {
            return;
        }
        self.begin_load();
        for &number in &files {
            self.take_back(number);
            self.unhashed.remove(&number);
            self.load.files.insert(number);
            let Some(state) = self.files.get_mut(&number) else { continue };
            state.reset();
            state.probe = None;
            state.ending = None;
            state.is_framed = false;
            state.is_outdated = false;
            state.stage = Stage::Reading;
            // Until every shard has forgotten it.
            state.open = 1;
        }
        self.touch_ledger();
        self.forget(files, Then::Again);
    }

    /// Every shard has forgotten these files.
    pub(crate) fn read_forgotten(&mut self, files: &[u32]) {
        for &number in files {
            let Some(state) = self.files.get_mut(&number) else { continue };
            state.open = 0;
            if self.load.stop.is_some() {
                let reason = format!("not read: {}", self.load.stop_reason());
                self.leave_out(number, &reason);
                continue;
            }
            state.stage = Stage::Waiting;
            self.queue.files.push_back(number);
        }
        self.touch_ledger();
        self.renew_results(None);
        self.want_shards();
        self.hand_out();
    }

    /// All of a file was read: what its beginning left open is decided now.
    pub(crate) fn settle_reading(&mut self, number: u32) {
        let Some(state) = self.files.get_mut(&number) else { return };
        if self.load.stop.is_some() || state.ending.is_some() {
            return;
        }
        let is_outdated =
            std::mem::take(&mut state.is_outdated) && state.merged.formats.contains_key("other");
        let settled = state.hints.settled(&state.merged, &state.info.path);
        let must_read = is_outdated || settled.is_some();
        if let Some(hints) = settled {
            state.hints = hints;
        }
        if must_read {
            self.read_anew(vec![number]);
        }
    }
}

fn table_of(state: &FileState) -> String {
    let tables = &state.merged.tables;
    let most = tables.iter().max_by_key(|(name, rows)| (**rows, std::cmp::Reverse((*name).clone())));
    most.map_or_else(String::new, |(name, _)| name.clone())
}

impl FileState {
    /// Whether it has times that name no zone, and nothing told which: they were taken for UTC's.
    pub(crate) fn is_zone_assumed(&self) -> bool {
        self.merged.verdict == Verdict::Events
            && self.merged.times.values().any(|seen| seen.has(Seen::ZONELESS))
    }

    /// What it was taken for, as far as it was read.
    pub(crate) fn recognised(&self) -> Recognised {
        let (report, hints) = (&self.merged, &self.hints);
        if report.verdict != Verdict::Events {
            return Recognised { told: self.told(), ..Recognised::default() };
        }
        let all = report.times.values().fold(Seen::default(), |all, seen| all.and(*seen));
        let is_zone_assumed = all.has(Seen::ZONELESS);
        let told = hints.zone.as_deref().unwrap_or(&report.zone_tag);
        let known = Zone::named(told);
        let is_unknown = known.is_none();
        let zone = match known {
            Some(zone) => zone.name,
            None if is_zone_assumed => "UTC".to_owned(),
            None => String::new(),
        };
        let (day_order, is_order_guessed) = hints.day_order(report, &self.info.path).unwrap_or_default();
        Recognised {
            encoding: report.encoding.word().to_owned(),
            delimiter: report.delimiter.map_or_else(String::new, |byte| char::from(byte).to_string()),
            zone,
            is_zone_assumed,
            zone_wanted: if is_unknown { report.zone_tag.clone() } else { String::new() },
            day_order: day_order.to_owned(),
            is_order_guessed,
            told: self.told(),
        }
    }

    fn told(&self) -> Vec<String> {
        let hints = &self.hints;
        let told = [
            ("type", hints.format.is_some()),
            ("zone", hints.zone.is_some()),
            ("day order", hints.is_day_first.is_some()),
            ("encoding", hints.encoding.is_some()),
            ("delimiter", hints.delimiter.is_some()),
        ];
        told.iter().filter(|(_, is_told)| *is_told).map(|(what, _)| (*what).to_owned()).collect()
    }
}
