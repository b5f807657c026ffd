//! `tohex(number, [digits])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "tohex",
    about: "The number in hexadecimal, as two's complement, at least so many digits.",
    parameters: &[Parameter::Whole, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("tohex(256)", "100"), ("tohex(-256)", "ffffffffffffff00"), ("tohex(toint(-256), 8)", "ffffff00"), ("tohex(256, 8)", "00000100")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(number) = call.long(0) else { return Value::EMPTY };
    let width = call.long(1).and_then(|digits| usize::try_from(digits).ok()).unwrap_or(0).min(16);
    let number = number.cast_unsigned();
    let bits = if call.kind_of(0) == Kind::Int { number & 0xffff_ffff } else { number };
    Value::owned(format!("{bits:0width$x}"))
}
