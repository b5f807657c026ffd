//! The operators that make rows: one file each, listed once here.
//!
//! # How to add an operator
//! Copy `operators/count.rs`. A file holds three things:
//! 1. the **bound form**: plain data (it travels to shards) that names its inputs' columns by number. Expressions do not stand in it:
//!    have the pipe work them out first ([`crate::bind::Binder::seal`]), and name the columns that come out;
//! 2. `bind`: the tree's operator to the bound form. It takes the pipe so far and gives the pipe that begins with its rows.
//!    Everything wrong is told at once, each with its place;
//! 3. the **run form** ([`Run`]): frames in, frames out, at most one batch of work per call, the order of rows kept.
//!
//! Then add its word to [`bodies!`] below, and its arm to `Binder::operator` in `bind/pipe.rs`. Where it may run is [`Operator::site`]:
//! on the coordinator unless it says otherwise. Its cases belong in `tests/cases`.
//!
//! # How to add an aggregate
//! See the head of `aggregates.rs`; nothing needs to be done here.

use crate::{
    frame::{BATCH_ROWS, Frame},
    relation::{Column, kinds},
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};

mod order;

macro_rules! bodies {
    ($($(#[$about:meta])* $body:ident in $module:ident,)*) => {
        $(pub mod $module;)*

        /// What a relation does.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Body { $($(#[$about])* $body($module::$body),)* }

        impl Body {
            pub(crate) fn operator(&self) -> &dyn Operator {
                match self { $(Self::$body(operator) => operator,)* }
            }
        }
    };
}

pub(crate) mod find;
pub(crate) mod fork;
pub(crate) mod plugins;

bodies! {
    /// `mv-apply`, `partition`.
    Apply in apply,
    /// The keys of bags, for `evaluate bag_unpack`.
    BagKeys in bag_keys,
    /// `count`.
    Count in count,
    /// Rows that come from shards.
    Gather in gather,
    /// `evaluate ipv4_lookup`, `ipv6_lookup`.
    IpLookup in ip_lookup,
    /// `join`, `lookup`.
    Join in join,
    /// Stored rows.
    Leaf in leaf,
    /// `make-series`.
    MakeSeries in make_series,
    /// `where`, `extend`, `project`: row by row.
    Map in map,
    /// `mv-expand`.
    MvExpand in mv_expand,
    /// `parse`, `parse-where`.
    Parse in parse,
    /// `parse-kv`.
    ParseKv in parse_kv,
    /// `evaluate autocluster`, `basket`, `diffpatterns`.
    Patterns in patterns,
    /// `range`.
    Range in range,
    /// `reduce`.
    Reduce in reduce,
    /// `datatable`, `print`.
    Rows in rows,
    /// `sample`.
    Sample in sample,
    /// `scan`.
    Scan in scan,
    /// `sort`, `top`.
    Sort in sort,
    /// `summarize`, `distinct`.
    Summarize in summarize,
    /// `take`.
    Take in take,
    /// `top-nested`.
    TopNested in top_nested,
    /// `union`.
    Union in union,
    /// `row_number`, `prev` and their kin.
    Window in window,
}

/// The bound form of an operator.
pub(crate) trait Operator {
    /// Makes it ready to run.
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run>;

    /// Which columns of each input (so many columns each) it needs, when `needed` of its own are.
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let _ = needed;
        inputs.iter().map(|columns| vec![true; *columns]).collect()
    }

    /// Where it may run.
    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Coordinator
    }
}

/// What an operator has to know of its surroundings.
pub(crate) struct Setup<'a> {
    /// The columns of each input.
    pub(crate) inputs: Vec<&'a [Column]>,
    /// Its own.
    pub(crate) output: &'a [Column],
    /// What `now()` is.
    pub(crate) now: Ticks,
}

impl Setup<'_> {
    /// The kinds of an input's columns.
    pub(crate) fn input_kinds(&self, input: usize) -> Vec<Kind> {
        self.inputs.get(input).map_or_else(Vec::new, |columns| kinds(columns))
    }

    /// The kinds of its own columns.
    pub(crate) fn output_kinds(&self) -> Vec<Kind> {
        kinds(self.output)
    }
}

/// `columns` flags, those of `wanted` set.
pub(crate) fn flags(columns: usize, wanted: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut flags = vec![false; columns];
    for at in wanted {
        if let Some(flag) = flags.get_mut(at) {
            *flag = true;
        }
    }
    flags
}

/// The places of the flags that are set.
pub(crate) fn set(flags: &[bool]) -> impl Iterator<Item = usize> + '_ {
    flags.iter().enumerate().filter(|(_, flag)| **flag).map(|(at, _)| at)
}

/// Where an operator may run.
pub(crate) enum Site {
    /// Over all rows in one order.
    Coordinator,
    /// On each shard over its own rows: each row for itself.
    Shard,
    /// A first part on each shard, the second over what all of them gave.
    Split {
        /// What the shards do.
        first: Box<Body>,
        /// What they give.
        columns: Vec<Column>,
        /// What is done with it.
        second: Box<Body>,
        /// Whether the second part needs the rows in their order.
        is_ordered: bool,
    },
    /// On each shard over its own rows, which it gives in the order of these keys; ties by their places.
    Sorted(Vec<sort::SortKey>),
}

/// An operator at work.
///
/// Called as: for each batch `push`, then `pull` until it gives none; once an input has no more, `end`, then `pull` until it gives
/// none. A source has no inputs and is only pulled. One call does at most one batch of work.
pub(crate) trait Run {
    /// Takes a batch of input number `input`.
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal>;

    /// Input number `input` has no more rows.
    fn end(&mut self, _input: usize) {}

    /// The next batch of its rows that is ready.
    fn pull(&mut self) -> Result<Pulled, Refusal>;

    /// Rows that it takes at a time: fewer where each is much work, so that a turn stays short.
    fn most_rows(&self) -> usize {
        BATCH_ROWS
    }

    /// Batches of an input that are held until others come.
    fn waiting(&self, _input: usize) -> usize {
        0
    }

    /// Whether it needs nothing more of its inputs.
    fn is_sated(&self) -> bool {
        false
    }

    /// Bytes it holds, about.
    fn memory(&self) -> usize {
        0
    }
}

/// What a pull gave.
pub(crate) enum Pulled {
    /// A batch.
    Frame(Frame),
    /// Work was done; there may be more, pull again.
    Working,
    /// Nothing is ready until more comes in; at the end: nothing more will come.
    Nothing,
}

/// Why a query that was understood does not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It needs more memory than it may have.
    #[error("the query needs more than {} MiB of memory; filter more, or group by fewer values", limit >> 20)]
    Memory {
        /// Bytes it may have.
        limit: usize,
    },
    /// Bytes of a shard are not what they should be.
    #[error("a partial result of a shard cannot be read")]
    Damaged,
    /// Only known at run time.
    #[error("{0}")]
    Value(String),
}

/// A queue of batches that are ready: what most operators pull from.
#[derive(Debug, Default)]
pub(crate) struct Ready(std::collections::VecDeque<Frame>);

impl Ready {
    pub(crate) fn push(&mut self, frame: Frame) {
        if frame.rows() > 0 {
            self.0.push_back(frame);
        }
    }

    pub(crate) fn pull(&mut self) -> Pulled {
        self.0.pop_front().map_or(Pulled::Nothing, Pulled::Frame)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.iter().map(Frame::memory).sum()
    }
}
