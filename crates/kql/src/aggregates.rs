//! The aggregates: one file each, listed once here.
//!
//! **Invariant:** a partial state is free of order. Rows may come in any order, cut over any number of shards and blocks; states
//! are encoded, merged in any order, and finish to the same bits. Reals are summed exactly, ties fall to the row's key, lists
//! are put in the order of the keys when they finish. A state holds all groups of its shard at once ([`States`]), so that
//! a group costs its figures and not an allocation.
//!
//! How the runtime uses one: [`Aggregate::columns`] while binding (names and kinds of the results, or what is wrong), then on each
//! shard [`Aggregate::states`], `grow` to the number of groups, `update` per block, `encode` per group for the exchange, there
//! `merge`, and `finish` per group and result column. `*` in `arg_max(x, *)` is spread by the binder into columns.
//!
//! To add one: write `aggregates/<name>.rs` (copy `max.rs`), then add its name to [`aggregates!`] below. Its examples run as tests.

mod bits;
mod codec;
mod condition;
mod decimals;
mod distinct;
mod exact_sum;
mod extreme;
mod lists;
mod moments;
mod per_group;
mod pick;
mod ranks;
mod rows;
mod sketches;
#[cfg(test)]
mod tests;

pub use codec::{Damaged, Reader};
pub(crate) use lists::MOST as MOST_ELEMENTS;
pub use rows::{Argument, RowKey, Rows, SKIP};

use crate::{frame::Vector, functions::Parameter, value::Value};
use chartroom_schema::kind::Kind;

macro_rules! aggregates {
    ($($name:ident)*) => {
        $(mod $name;)*
        /// All aggregates, by name.
        pub static ALL: &[&Aggregate] = &[$(&$name::AGGREGATE,)*];
    };
}

aggregates! {
    any arg_max arg_min argmax argmin avg avgif binary_all_and binary_all_or binary_all_xor buildschema count count_distinct
    count_distinctif countif covariance covariancep dcount dcountif hll hll_if hll_merge make_bag make_bag_if make_list make_list_if
    make_list_with_nulls make_set make_set_if makelist makeset max maxif min minif percentile percentiles
    percentiles_array percentilesw percentilesw_array percentilew stdev stdevif stdevp stdevpif sum sumif take_any
    take_anyif tdigest tdigest_merge variance varianceif variancep variancepif
}

/// An aggregate: what it takes, gives and does, and what a person reads about it.
pub struct Aggregate {
    /// Its name in KQL.
    pub name: &'static str,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// One sentence.
    pub about: &'static str,
    /// What it takes, its condition included.
    pub parameters: &'static [Parameter],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// Whether the last parameter may come any number of times.
    pub repeats: bool,
    /// Which argument is a condition that a row must meet to count.
    pub condition: Option<usize>,
    /// What its columns are called when the query gives no name.
    pub naming: Naming,
    /// The kinds of its columns for these arguments (without the condition), or what is wrong with them.
    pub kinds: fn(&[Input<'_>]) -> Result<Vec<Kind>, String>,
    /// No rows yet, in no group.
    pub start: fn(&Setup) -> Box<dyn States>,
    /// Queries and what the first result column holds as exported (`null` for null); run as tests, over any cut into shards.
    pub examples: &'static [(&'static str, &'static str)],
}

/// What the columns of a result are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// These letters, then the first argument's name: `sum_` + `x`.
    Prefix(&'static str),
    /// These letters, then the first two arguments' names: `covariance_x_y`.
    Pair(&'static str),
    /// A column for each argument, of its name behind these letters.
    Each(&'static str),
    /// A column for each percentile, from that argument on: `percentile_x_95`.
    Percentiles(usize),
}

/// An argument while binding.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The name it goes by, where it has one (a column, or a path: `d_a`).
    pub name: Option<&'a str>,
    /// Its kind.
    pub kind: Kind,
    /// Its value, where it is a constant.
    pub constant: Option<Value<'a>>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultColumn {
    /// Its name; empty where the argument has none.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
}

/// What a state has to know of the call.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The arguments' kinds.
    pub kinds: Vec<Kind>,
    /// The arguments' values, where they are constants.
    pub constants: Vec<Option<Value<'static>>>,
}

impl Setup {
    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.kinds.get(at).copied().unwrap_or(Kind::String)
    }

    pub(crate) fn constant(&self, at: usize) -> Option<&Value<'static>> {
        self.constants.get(at).and_then(Option::as_ref)
    }

    fn without(&self, at: usize) -> Self {
        let mut setup = self.clone();
        if at < setup.kinds.len() {
            setup.kinds.remove(at);
        }
        if at < setup.constants.len() {
            setup.constants.remove(at);
        }
        setup
    }
}

/// The partial states of one aggregate, for all groups of a shard.
pub trait States {
    /// Makes place for so many groups; those that are there stay.
    fn grow(&mut self, groups: usize);
    /// Adds rows.
    fn update(&mut self, rows: &Rows<'_, '_>);
    /// Appends a group's state.
    fn encode(&self, group: usize, out: &mut Vec<u8>);
    /// Adds a state that another shard encoded to a group.
    ///
    /// # Errors
    /// When the bytes are no state of this aggregate.
    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged>;
    /// What a group comes to, in one of the result's columns.
    fn finish(&self, group: usize, column: usize) -> Value<'static>;
    /// The same for these groups, as a column of that kind.
    fn column(&self, groups: &[u32], column: usize, kind: Kind) -> Vector {
        Vector::from_values(kind, groups.iter().map(|group| self.finish(*group as usize, column)))
    }
    /// Bytes in use, about.
    fn memory(&self) -> usize;
    /// Whether `update` looks at [`Rows::key`]. Who says no saves their making.
    fn needs_keys(&self) -> bool {
        true
    }
}

impl Aggregate {
    /// The usual: nothing optional, no condition. To be completed.
    const BASE: Self = Self {
        name: "",
        aliases: &[],
        about: "",
        parameters: &[],
        optional: 0,
        repeats: false,
        condition: None,
        naming: Naming::Prefix(""),
        kinds: |_| Ok(vec![Kind::Long]),
        start: |setup| (count::AGGREGATE.start)(setup),
        examples: &[],
    };

    /// Names and kinds of the results.
    ///
    /// # Errors
    /// What is wrong with the arguments, as the rest of a sentence that begins with the aggregate's name.
    pub fn columns(&self, inputs: &[Input<'_>]) -> Result<Vec<ResultColumn>, String> {
        let mut inputs = inputs.to_vec();
        if let Some(at) = self.condition
            && at < inputs.len()
        {
            inputs.remove(at);
        }
        let kinds = (self.kinds)(&inputs)?;
        let name = |at: usize| inputs.get(at).and_then(|input| input.name).unwrap_or_default();
        let names: Vec<String> = match self.naming {
            Naming::Prefix(prefix) => vec![format!("{prefix}{}", name(0))],
            Naming::Pair(prefix) => vec![format!("{prefix}{}_{}", name(0), name(1))],
            Naming::Each(prefix) => (0..kinds.len())
                .map(|at| match name(at) {
                    "" => String::new(),
                    name => format!("{prefix}{name}"),
                })
                .collect(),
            Naming::Percentiles(from) => (0..kinds.len())
                .map(|at| {
                    let percent = inputs
                        .get(from + at)
                        .and_then(|input| input.constant.as_ref()?.real())
                        .unwrap_or_default();
                    format!("percentile_{}_{}", name(0), percent.to_string().replace('.', "_"))
                })
                .collect(),
        };
        Ok(names.into_iter().zip(kinds).map(|(name, kind)| ResultColumn { name, kind }).collect())
    }

    /// No rows yet, in no group. Takes all arguments, the condition among them, as do its `update`s.
    #[must_use]
    pub fn states(&self, setup: &Setup) -> Box<dyn States> {
        match self.condition {
            Some(at) => Box::new(condition::Conditional::new(at, (self.start)(&setup.without(at)))),
            None => (self.start)(setup),
        }
    }
}

/// The aggregate of that name or alias.
#[must_use]
pub fn find(name: &str) -> Option<&'static Aggregate> {
    ALL.iter().copied().find(|aggregate| aggregate.name == name || aggregate.aliases.contains(&name))
}

/// The kind of the first argument, where it is a number, or one of these.
fn summable(inputs: &[Input<'_>], others: &[Kind]) -> Result<Kind, String> {
    let kind = inputs.first().map_or(Kind::String, |input| input.kind);
    if matches!(kind, Kind::Int | Kind::Long | Kind::Real) || others.contains(&kind) {
        Ok(kind)
    } else {
        Err(format!("takes numbers, not {}", kind.name()))
    }
}

/// Refuses dynamics where values are compared.
fn comparable(inputs: &[Input<'_>]) -> Result<(), String> {
    match inputs.iter().find(|input| input.kind == Kind::Dynamic) {
        Some(_) => Err("cannot compare dynamics; put `tostring(…)` around it".to_owned()),
        None => Ok(()),
    }
}
