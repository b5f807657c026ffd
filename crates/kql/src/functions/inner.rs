//! What operators come to where no kernel of their own is worth it: functions that no text can call, as their names hold a blank.

use super::{Call, Function, Kind, Parameter, Value};
use crate::{
    compare,
    convert::{as_json, convert},
    fold::fold_text,
    json,
    needle::Needle,
    plan::{Binary, How, Matcher},
};

/// All of them.
pub(super) static ALL: &[&Function] = &[&AMONG, &CALCULATE];

/// Whether a value is (or has) something of a list of which not all is constant: `in`, `in~`, `has_any`, `has_all` as a text, the
/// value, the list. An array stands for its elements.
const AMONG: Function = Function {
    name: "in list",
    parameters: &[Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |_| Ok(Kind::Bool),
    call: among,
    ..Function::BASE
};

/// Two dynamics added, …: the operator's sign, then both; null where one of them is no number.
const CALCULATE: Function = Function {
    name: "dynamic arithmetic",
    parameters: &[Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call: calculate,
    ..Function::BASE
};

fn among<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let how = call.text(0);
    let (is_all, is_term) = (how == "has_all", how.starts_with("has"));
    let is_number = matches!(call.kind_of(1), Kind::Int | Kind::Long | Kind::Real);
    let number = if is_number { call.real(1) } else { None };
    let value = call.shown(1);
    let folded = (how == "in~").then(|| fold_text(value.text()));
    let is_meant = |item: &Value<'_>| match (&folded, number) {
        _ if is_term => Needle::new(Matcher { how: How::Has, is_fold: true }, item.text())
            .is_ok_and(|needle| needle.matches(value.text())),
        (Some(folded), _) => fold_text(item.text()).as_str() == folded.as_str(),
        (None, Some(number)) => item.text().parse() == Ok(number),
        (None, None) => !call.value(1).is_null() && item.text() == value.text(),
    };
    for at in 2..call.arguments.len() {
        let text = call.text(at);
        let is_array = call.kind_of(at) == Kind::Dynamic && text.starts_with('[');
        let found = match json::elements(text).filter(|_| is_array) {
            Some(mut elements) => elements.any(|element| {
                is_meant(&convert(Value::borrowed(element), Kind::Dynamic, Kind::String)) != is_all
            }),
            None => is_meant(&call.shown(at)) != is_all,
        };
        if found {
            return Value::Bool(!is_all);
        }
    }
    Value::Bool(is_all)
}

fn calculate<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let operator = match call.text(0) {
        "+" => Binary::Add,
        "-" => Binary::Subtract,
        "*" => Binary::Multiply,
        "/" => Binary::Divide,
        _ => Binary::Modulo,
    };
    let (left, right) = (call.text(1), call.text(2));
    let is_whole = |text: &str| text.parse::<i64>().is_ok();
    let kind = if is_whole(left) && is_whole(right) { Kind::Long } else { Kind::Real };
    let number = |text| convert(Value::borrowed(text), Kind::Dynamic, kind);
    let result = compare::binary(operator, kind, (&number(left), kind), (&number(right), kind));
    as_json(result, kind).into_owned()
}
