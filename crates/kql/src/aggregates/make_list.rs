//! `make_list(value, [limit])`.
use super::{Aggregate, Naming, Parameter, lists, per_group::PerGroup};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "make_list",
    about: "The values as an array, in the order of the rows; nulls are left out.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    naming: Naming::Prefix("list_"),
    kinds: lists::kinds,
    start: PerGroup::<lists::Gathered<{ lists::LIST }>>::start,
    examples: &[
        ("datatable(x: long)[3, 1, long(null), 3] | summarize make_list(x)", "[3,1,3]"),
        ("datatable(x: string)['b', 'a'] | summarize make_list(x, 1)", "[\"b\"]"),
        (r#"datatable(x: string)['1', '[2]'] | summarize make_list(x)"#, r#"["1","[2]"]"#),
        ("datatable(x: long)[] | summarize make_list(x)", "[]"),
    ],
    ..Aggregate::BASE
};
