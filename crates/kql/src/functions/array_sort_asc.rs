//! `array_sort_asc(array, [more arrays], [nulls last])`.
use chartroom_base::sort;
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "array_sort_asc",
    about: "The elements from the least on: numbers, then texts, then the rest; nulls last. Further arrays are put in the same order, a column each.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    optional: 1,
    repeats: true,
    is_strict: false,
    returns,
    call,
    examples: &[(r#"array_sort_asc(dynamic([null, "blue", "yellow", "green", null]))"#, r#"["blue","green","yellow",null,null]"#), ("array_sort_asc(dynamic([3, 10, 2.5]))", "[2.5,3,10]"), ("array_sort_asc(dynamic([null, 2, 1]), false)", "[null,1,2]"), (r#"array_sort_asc(dynamic([2, 1]), dynamic(["b", "a"]))[1]"#, r#"["a","b"]"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    sorted(call, false)
}

/// A number, a text, or what else there is: numbers by value, texts by characters.
fn key(element: &str) -> (u8, f64, String) {
    match element.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => (0, element.parse().unwrap_or(0.0), String::new()),
        Some(b'"') => (1, 0.0, crate::json::unquote(element)),
        _ => (2, 0.0, element.to_owned()),
    }
}

/// The first array in order, and the others in that order too: one array, or an array of them.
pub(super) fn sorted(call: &Call<'_, '_>, is_descending: bool) -> Value<'static> {
    let count = call.kinds.iter().take_while(|kind| **kind == Kind::Dynamic).count();
    let Some(first) = crate::json::elements(call.text(0)) else { return Value::Null };
    let first: Vec<&str> = first.collect();
    let (nulls, places): (Vec<usize>, Vec<usize>) =
        (0..first.len()).partition(|at| first.get(*at) == Some(&"null"));
    let mut keyed: Vec<_> =
        places.into_iter().map(|at| (key(first.get(at).copied().unwrap_or_default()), at)).collect();
    sort::sort_by(&mut keyed, |(a, _), (b, _)| {
        let order = a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.cmp(&b.2));
        if is_descending { order.reverse() } else { order }
    });
    let keyed = keyed.into_iter().map(|(_, at)| at);
    let order: Vec<usize> = if call.truth(count) == Some(false) {
        nulls.into_iter().chain(keyed).collect()
    } else {
        keyed.chain(nulls).collect()
    };
    let in_order = |at: usize| {
        let elements: Vec<&str> = crate::json::elements(call.text(at))?.collect();
        let mut all = crate::json::ArrayWriter::default();
        order.iter().filter_map(|at| elements.get(*at)).for_each(|element| all.raw(element));
        (elements.len() == order.len()).then(|| all.finish())
    };
    if count < 2 {
        return in_order(0).map_or(Value::Null, Value::owned);
    }
    let mut all = crate::json::ArrayWriter::default();
    (0..count).for_each(|at| all.raw(in_order(at).as_deref().unwrap_or("null")));
    Value::owned(all.finish())
}

/// What may stand behind the first array: arrays, and a truth at the end.
pub(super) fn returns(kinds: &[Kind]) -> Result<Kind, String> {
    let others = kinds.iter().skip_while(|kind| **kind == Kind::Dynamic);
    match others.copied().collect::<Vec<_>>().as_slice() {
        [] | [Kind::Bool] => Ok(Kind::Dynamic),
        _ => Err("takes arrays, and behind them whether nulls come last".to_owned()),
    }
}
