//! `set_difference(array, array, …)`.
use super::{Call, Function, Kind, Parameter, Value, set_intersect};

pub(super) const FUNCTION: Function = Function {
    name: "set_difference",
    about: "Each element of the first array that none of the others has, once.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("set_difference(dynamic([1, 2, 1, 4]), dynamic([1, 2]), dynamic([8]))", "[4]"), ("set_difference(dynamic([1]), dynamic([1]))", "[]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    set_intersect::filtered(call, |in_others| in_others.iter().all(|is_in| !is_in))
}
