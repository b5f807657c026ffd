//! `unicode_codepoints_to_string(number, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "unicode_codepoints_to_string",
    aliases: &["make_string"],
    about: "The text of characters' numbers, or of arrays of them.",
    parameters: &[Parameter::Any],
    repeats: true,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("unicode_codepoints_to_string(75, 117)", "Ku"), ("unicode_codepoints_to_string(dynamic([97, 228]))", "aä")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut text = String::new();
    for at in 0..call.arguments.len() {
        let json = call.json(at);
        let mut push = |number: &str| {
            let c = number.parse::<u32>().ok().and_then(char::from_u32);
            c.map(|c| text.push(c)).is_some()
        };
        let is_good = match json::elements(json.text()) {
            Some(mut numbers) => numbers.all(&mut push),
            None => push(json.text()),
        };
        if !is_good {
            return Value::EMPTY;
        }
    }
    Value::owned(text)
}
