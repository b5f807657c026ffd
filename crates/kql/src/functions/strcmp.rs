//! `strcmp(a, b)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "strcmp",
    about: "-1, 0 or 1, as the first text stands before, with or behind the second in the order of characters.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"strcmp("abc", "abd")"#, "-1"), (r#"strcmp("a", "a")"#, "0"), (r#"strcmp("b", "A")"#, "1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Long(match call.text(0).cmp(call.text(1)) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    })
}
