//! `zip(array, array, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "zip",
    about: "An array of arrays: the first elements, the second ones, …; missing ones are null.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("zip(dynamic([1, 3, 5]), dynamic([2, 4]))", "[[1,2],[3,4],[5,null]]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let lists = call.arguments.iter().map(|array| Some(json::elements(array.text())?.collect::<Vec<_>>()));
    let Some(lists) = lists.collect::<Option<Vec<_>>>() else { return Value::Null };
    let mut all = ArrayWriter::default();
    for at in 0..lists.iter().map(Vec::len).max().unwrap_or(0) {
        let mut row = ArrayWriter::default();
        lists.iter().for_each(|list| row.raw(list.get(at).copied().unwrap_or("null")));
        all.raw(&row.finish());
    }
    Value::owned(all.finish())
}
