//! What coordinator and shards say to each other.
//!
//! **Invariant:** both ends are of one build, so these are plain serde types for a compact, positional encoding
//! (no tags, no skipped fields). A shard speaks only after [`ToShard::Hello`] and repeats its epoch in every message:
//! what a shard that was ended still had under way is recognised and dropped, and a shard drops what was meant for the
//! one that stood in its place before.

mod exchange;
mod query;

pub use exchange::{Crew, CrewMember, ExchangeNo, Passed};
pub use query::{Answer, Ask, MakeKey, ResultKey, Sighting};

use chartroom_ingest::{
    Lies, Member, Part, PartReport, Place, Probe, Task,
    framing::Layout,
    place::{Hop, Password, Plain},
};
use chartroom_kql::{Fragment, KeyBlock, Limits, Plan, Size, Stage, Way};
use chartroom_protocol::{FileNo, start::Fault};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};

/// Numbers of members of archives count from here: the page numbers its files from 0 and stays below.
pub const MEMBERS_FROM: u32 = 1 << 22;

/// A part of a file that one shard reads, numbered by the coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartNo(pub u32);

/// Sizes by which files are cut. The defaults are what the program uses; tests make them small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    /// Bytes of an innermost file above which all shards read it together.
    pub large: u64,
    /// Bytes of a part of lines.
    pub lines_part: u64,
    /// Bytes of a cut that a walk gives out.
    pub cut: u64,
    /// Bytes read at a time.
    pub slice: u64,
    /// Groups of one shard above which shards merge them among themselves.
    pub groups: u32,
    /// Bytes of a side of a join above which shards join among themselves.
    pub side: u32,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            large: 32 << 20,
            lines_part: 8 << 20,
            cut: 4 << 20,
            slice: 1 << 20,
            groups: 1 << 16,
            side: 64 << 20,
        }
    }
}

impl Sizes {
    /// The bounds of a query's part.
    pub(crate) fn limits(&self) -> Limits {
        let usual = Limits::default();
        let size = |size: u32| usize::try_from(size).unwrap_or(usize::MAX);
        Limits { groups: size(self.groups), side: size(self.side), ..usual }
    }
}

/// Coordinator → shard, and shard → shard for [`ToShard::Read`] of bytes that only a walk can give and for [`ToShard::Passed`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToShard {
    /// The first word to a fresh shard.
    Hello {
        /// Counts the shards that stood in this place; repeated in every answer.
        epoch: u32,
        /// Its index, from 0.
        shard: u32,
        /// Sizes to cut files by.
        sizes: Sizes,
        /// A fault to commit in the first large read, in test builds.
        fault: Option<Fault>,
    },
    /// The first word of a fresh coordinator, which knows of nothing that was said before. What is under way ends; what was
    /// read to its end stays. Answered by [`Said::Holds`]. It may be the first word that the shard hears at all.
    TakeOver {
        /// Number of this shard.
        shard: u32,
        /// Sizes to cut files by.
        sizes: Sizes,
    },
    /// Answered by [`Said::Alive`].
    Ping,
    /// Parts to read, in this order.
    Read {
        /// The epoch of the shard they are meant for.
        epoch: u32,
        /// The parts.
        parts: Vec<ReadPart>,
    },
    /// What becomes of a cut; until then the walk holds its bytes and, at its limit, waits.
    CutTaken {
        /// The part that walks.
        part: PartNo,
        /// The cut's number.
        cut: u32,
        /// Who reads its bytes, when the walk holds them; `None`: nobody, or whoever reads them from the file.
        give: Option<GiveTo>,
    },
    /// Ends parts in hand at once; what is in stays, and each is reported by [`Said::Done`] as cut short.
    StopReading,
    /// Marks the rows of these files dead and drops their parts in hand. Answered by [`Said::Forgot`].
    Forget {
        /// Comes back in the answer.
        ticket: u32,
        /// The files.
        files: Vec<u32>,
    },
    /// Marks the rows of a file dead whose records begin in a range: it was read up to somewhere in it, and will be read
    /// again. Not answered.
    DropRows {
        /// The file.
        file: u32,
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// The handles of these files are not needed any more.
    Release {
        /// The files.
        files: Vec<FileNo>,
    },
    /// Drops these parts, in hand or still to come from a shard that died; nothing is done to those already read.
    /// Answered by [`Said::Refused`].
    Refuse {
        /// The parts.
        parts: Vec<PartNo>,
    },
    /// The person's own log types from now on, as their files' texts.
    Formats {
        /// All of them.
        texts: Vec<String>,
    },
    /// The rank of files in the order of identity.
    Ranks {
        /// File and rank.
        ranks: Vec<(u32, u32)>,
    },
    /// Selects and sorts the rows of a result. Answered by [`Said::Selected`] (also when it is dropped before that),
    /// then by [`Said::Grew`] whenever rows were added behind the others.
    Select {
        /// The result.
        key: ResultKey,
        /// Its query, bound.
        plan: Box<Plan>,
    },
    /// The keys of a result's rows from the local index `from` on. Answered by [`Said::Keys`].
    Keys {
        /// The result.
        key: ResultKey,
        /// First local index.
        from: u64,
    },
    /// A result is not asked for any more.
    Drop {
        /// The result.
        key: ResultKey,
    },
    /// A part of a query that makes rows: fragments over all rows there are, and stages of all shards that may take their rows. Answered by
    /// [`Said::Sized`] for each fragment that may go to a stage, by [`Said::Batch`] and [`Said::Made`], and at the end by [`Said::MakeEnded`].
    ///
    /// What comes of it are streams: one of each fragment, numbered as they are, then one of each stage.
    Make {
        /// Names it.
        key: MakeKey,
        /// What to run.
        fragments: Vec<Fragment>,
        /// What shards may work out among themselves.
        stages: Vec<Stage>,
        /// Who takes part, with one exchange for each fragment; `None`: all goes to the coordinator.
        crew: Option<Crew>,
    },
    /// How the rows of a stage come: said once to all, when all have said their sizes.
    MakeWay {
        /// Of which part.
        key: MakeKey,
        /// The stage, by its number.
        stage: u32,
        /// How.
        way: Way,
    },
    /// So many batches more may be sent.
    MakeMore {
        /// Of which part.
        key: MakeKey,
        /// Of which stream.
        stream: u32,
        /// How many.
        batches: u32,
    },
    /// A part is not wanted any more. Answered by [`Said::MakeEnded`], unless that was said already.
    MakeDrop {
        /// Which.
        key: MakeKey,
    },
    /// Compare the rows with those of the other shards; answered by [`Said::Compared`]. The crew has two exchanges: keys, and what they
    /// came to. Of all keys those of part `part` of `parts`, which follow each other.
    Compare {
        /// Who takes part.
        crew: Crew,
        /// Which part, from 0.
        part: u32,
        /// How many there are.
        parts: u32,
    },
    /// That comparison is not wanted any more.
    CompareEnd,
    /// Of another shard, within an exchange.
    Passed {
        /// The epoch of the shard it is meant for.
        epoch: u32,
        /// Who says it.
        from: u32,
        /// The exchange.
        exchange: ExchangeNo,
        /// What it passes.
        passed: Passed,
    },
    /// A question. Answered by [`Said::Answer`].
    Ask {
        /// Names it in the answer.
        ask: u32,
        /// What is asked.
        what: Ask,
    },
    /// The answer is not waited for any more.
    EndAsk {
        /// Which.
        ask: u32,
    },
    /// SHA-256 of a file and of what is in it, when nothing else is to do. Answered by [`Said::Hashed`].
    Hash {
        /// The file.
        file: u32,
        /// Where it lies; a member of an archive has only a hash of its own bytes.
        place: Place,
        /// Bytes from there on.
        size: u64,
        /// Whether its bytes do not lie there as they are.
        is_packed: bool,
        /// Files in it to be hashed on the way: number, the hops from what is packed there, and password.
        members: Vec<(u32, Vec<Hop>, Option<Password>)>,
    },
    /// Puts all living rows into a file of the engine's own making, block by block. Answered by [`Said::Packed`].
    Pack {
        /// The file's number.
        file: FileNo,
    },
    /// Takes the rows that another shard has packed. Answered by [`Said::Unpacked`].
    Unpack {
        /// The file's number.
        file: FileNo,
        /// Where each block ends in it.
        ends: Vec<u64>,
        /// Paths of the files the rows come from.
        paths: Vec<(u32, String)>,
    },
}

/// One part of a file to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadPart {
    /// Its number.
    pub part: PartNo,
    /// What to read.
    pub task: Task,
    /// For a walk: cuts that may be under way at a time.
    pub cuts: u32,
}

/// A part of a file that was read to its end, as its shard keeps it for a fresh coordinator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeldPart {
    /// The file.
    pub file: u32,
    /// Which part, without bytes.
    pub part: Part,
    /// Where the bytes of a given part ended.
    pub end: u64,
    /// Its figures.
    pub report: PartReport,
}

/// Who reads the bytes of a cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GiveTo {
    /// The shard; it may be the walking one itself.
    pub shard: u32,
    /// The shard's epoch.
    pub epoch: u32,
    /// The number under which it reads them.
    pub part: PartNo,
    /// For a member of an archive: what it is to read them as, all of it or records; the walk puts the bytes in.
    pub member: Option<Box<Task>>,
}

/// Shard → coordinator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FromShard {
    /// The epoch of the [`ToShard::Hello`] it was greeted with.
    pub epoch: u32,
    /// What it says.
    pub said: Said,
}

/// What a shard says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Said {
    /// What it holds, to a fresh coordinator; the epoch from now on is that of this message.
    Holds {
        /// Parts read to their ends, walks aside; `None`: it cannot say, and is to be ended.
        parts: Option<Vec<HeldPart>>,
        /// Exchanges are numbered from here on: those before may still be heard of.
        next: ExchangeNo,
    },
    /// It lives.
    Alive,
    /// It takes up a part: should it die now, this part is why.
    Began {
        /// The part.
        part: PartNo,
    },
    /// How far a part is.
    Progress {
        /// The part.
        part: PartNo,
        /// Bytes of the file as handed over that were read.
        bytes: u64,
    },
    /// A part is read.
    Done {
        /// The part.
        part: PartNo,
        /// Its figures.
        report: Box<PartReport>,
        /// Whether it was ended by [`ToShard::StopReading`].
        is_stopped: bool,
    },
    /// A look at the head of a file.
    Probed {
        /// The part.
        part: PartNo,
        /// What was seen.
        probe: Box<Probe>,
    },
    /// A part of lines turned out to hold none.
    HandBack {
        /// The part.
        part: PartNo,
    },
    /// A file turned out to be an archive.
    Archive {
        /// The part.
        part: PartNo,
        /// How many members around it pass by.
        depth: u32,
        /// What it is and where its bytes lie as they are, if they do.
        plain: Option<(Plain, Lies)>,
        /// The part goes on and lists it.
        is_listed: bool,
    },
    /// Members of an archive.
    Members {
        /// The part that lists them.
        part: PartNo,
        /// How many members pass by around this archive: 0, it is the part's own file; 1, that file's member that passes by.
        depth: u32,
        /// How many of this archive were told before.
        before: u64,
        /// The next ones.
        members: Vec<Member>,
        /// The number of the cut under which the walk holds the bytes of the last of them.
        cut: Option<u32>,
        /// The last of them passes by from now on: its cuts follow, and [`Said::Passed`] at its end.
        is_passing: bool,
    },
    /// A member has passed by.
    Passed {
        /// The part that walks.
        part: PartNo,
        /// Its depth: 1, it is a member of the part's own file.
        depth: u32,
        /// Figures of what was not given out.
        report: Box<PartReport>,
    },
    /// The rows of files are dead.
    Forgot {
        /// As it was told.
        ticket: u32,
    },
    /// These parts will not be read; those already read were reported before.
    Refused {
        /// The parts.
        parts: Vec<PartNo>,
    },
    /// A walk gives out whole records.
    Cut {
        /// The part that walks.
        part: PartNo,
        /// Whose records: 0, of the part's own file; 1, of its member that passes by.
        depth: u32,
        /// The cut's number within it.
        cut: u32,
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
        /// How its records lie.
        layout: Layout,
        /// Whether the walk holds the bytes, since they cannot be read by offset.
        is_held: bool,
    },
    /// How the shard stands; at most ten a second.
    Figures(Box<Figures>),
    /// The rows of a result are selected and sorted.
    Selected {
        /// The result.
        key: ResultKey,
        /// Local rows.
        rows: u64,
    },
    /// A result has more local rows, behind the others.
    Grew {
        /// The result.
        key: ResultKey,
        /// Local rows now.
        rows: u64,
    },
    /// Keys of a result's rows.
    Keys {
        /// The result.
        key: ResultKey,
        /// The keys; empty: there are no more.
        block: KeyBlock,
    },
    /// How much a fragment gives that may go to a stage; or that it is much. It waits for [`ToShard::MakeWay`].
    Sized {
        /// The part.
        key: MakeKey,
        /// The fragment, by its number.
        fragment: u32,
        /// What it gave so far.
        size: Size,
    },
    /// Rows of a fragment or a stage.
    Batch {
        /// The part.
        key: MakeKey,
        /// The stream.
        stream: u32,
        /// The rows.
        bytes: Vec<u8>,
    },
    /// All rows of a stream were given.
    Made {
        /// The part.
        key: MakeKey,
        /// The stream.
        stream: u32,
    },
    /// Nothing more will come of a part.
    MakeEnded {
        /// The part.
        key: MakeKey,
        /// Why it cannot be done, if so.
        failed: Option<String>,
    },
    /// An answer.
    Answer {
        /// The question.
        ask: u32,
        /// The answer.
        answer: Answer,
    },
    /// The rows were compared.
    Compared {
        /// The first exchange of that comparison.
        exchange: ExchangeNo,
        /// After the last part: rows of each file that are others once more.
        counts: Vec<(u32, u64)>,
    },
    /// A file's hashes, lower-case hex; or why there are none.
    Hashed {
        /// The file.
        file: u32,
        /// Of the file as handed over, and of what is in it.
        hashes: Result<(String, String), String>,
    },
    /// Bytes of a file were asked for again, after it was read, and cannot be had: it changed or went away.
    Unreadable {
        /// The file.
        file: u32,
        /// Why, as its host says it.
        reason: String,
    },
    /// All living rows are in a file of the engine's own making; its handle travels beside.
    Packed {
        /// The file.
        file: FileNo,
        /// Where each block ends in it.
        ends: Vec<u64>,
    },
    /// The rows of another shard are in.
    Unpacked {
        /// What could not be taken, if anything.
        failed: Option<String>,
    },
}

/// How a shard stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Bytes of its memory.
    pub memory: u64,
    /// Share of its rows that belong to closed files, 0.0–1.0.
    pub dead_share: f64,
    /// Living rows per table.
    pub tables: Vec<(String, u64)>,
    /// Columns of the tables that changed since the last time; all of them the first time.
    pub columns: Vec<(String, Vec<FoundColumn>)>,
}

/// A column as a shard has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundColumn {
    /// Its name.
    pub name: String,
    /// Its kind on this shard.
    pub kind: Kind,
    /// Whether it is found by name only.
    pub is_hidden: bool,
    /// Whether no row has a value.
    pub is_empty: bool,
    /// Whether it is one of integers of which a float cannot hold one exactly.
    pub has_inexact: bool,
}
