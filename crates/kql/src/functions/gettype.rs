//! `gettype(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "gettype",
    about: "The name of the value's type; of a dynamic, of what it holds.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("gettype(1.5)", "real"), ("gettype(dynamic([1]))", "array"), (r#"gettype(dynamic({"a": 1}))"#, "dictionary"), ("gettype(dynamic(1))", "long"), ("gettype(dynamic(1.5))", "double"), (r#"gettype(dynamic("x"))"#, "string"), (r#"gettype(parse_json("null"))"#, "null"), (r#"gettype("")"#, "string")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let value = call.value(0);
    let kind = call.kind_of(0);
    if kind != Kind::Dynamic {
        return Value::borrowed(kind.name());
    }
    Value::borrowed(match value.text().as_bytes().first() {
        None => "null",
        Some(b'[') => "array",
        Some(b'{') => "dictionary",
        Some(b'"') => "string",
        Some(b't' | b'f') => "bool",
        Some(b'n') => "null",
        Some(_) if value.text().parse::<i64>().is_ok() => "long",
        Some(_) => "double",
    })
}
