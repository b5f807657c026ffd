//! `sign(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "sign",
    about: "-1, 0 or 1, as the number is.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("sign(-42)", "-1.0"), ("sign(0)", "0.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).map(|x| if x == 0.0 || x.is_nan() { x.abs() } else { x.signum() }).into()
}
