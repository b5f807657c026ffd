//! `dcount(value, [accuracy])`.
use super::{Aggregate, Naming, Parameter, distinct};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "dcount",
    about: "How many different values there are, exactly whatever the accuracy; nulls are left out.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("dcount_"),
    kinds: distinct::kinds,
    start: distinct::start,
    examples: &[
        ("datatable(x: long)[1, 2, 2, long(null)] | summarize dcount(x)", "2"),
        ("datatable(x: string)['a', '', 'a'] | summarize dcount(x)", "2"),
        ("datatable(x: long)[] | summarize dcount(x)", "0"),
    ],
    ..Aggregate::BASE
};
