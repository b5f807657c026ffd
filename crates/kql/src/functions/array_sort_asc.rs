//! `array_sort_asc(array, [nulls last])`.
use chartroom_base::sort;
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "array_sort_asc",
    about: "The elements from the least on: numbers, then texts, then the rest; nulls last.",
    parameters: &[Parameter::Dynamic, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"array_sort_asc(dynamic([null, "blue", "yellow", "green", null]))"#, r#"["blue","green","yellow",null,null]"#), ("array_sort_asc(dynamic([3, 10, 2.5]))", "[2.5,3,10]"), ("array_sort_asc(dynamic([null, 2, 1]), false)", "[null,1,2]")],
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

/// The array in order.
pub(super) fn sorted(call: &Call<'_, '_>, is_descending: bool) -> Value<'static> {
    let Some(elements) = crate::json::elements(call.text(0)) else { return Value::Null };
    let (nulls, elements): (Vec<&str>, Vec<&str>) = elements.partition(|element| *element == "null");
    let mut keyed: Vec<_> = elements.into_iter().map(|element| (key(element), element)).collect();
    sort::sort_by(&mut keyed, |(a, _), (b, _)| {
        let order = a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.cmp(&b.2));
        if is_descending { order.reverse() } else { order }
    });
    let mut all = crate::json::ArrayWriter::default();
    let nulls_last = call.truth(1) != Some(false);
    if !nulls_last {
        nulls.iter().for_each(|null| all.raw(null));
    }
    keyed.iter().for_each(|(_, element)| all.raw(element));
    if nulls_last {
        nulls.iter().for_each(|null| all.raw(null));
    }
    Value::owned(all.finish())
}
