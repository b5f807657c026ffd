//! `beta_inv(probability, alpha, beta)`.
use super::{Call, Function, Kind, Parameter, Value, beta_cdf::incomplete};

pub(super) const FUNCTION: Function = Function {
    name: "beta_inv",
    about: "Where the cumulative beta distribution reaches a probability; null outside 0 to 1.",
    parameters: &[Parameter::Number, Parameter::Number, Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("round(beta_inv(0.5, 2, 2), 9)", "0.5")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(p), Some(a), Some(b)) = (call.real(0), call.real(1), call.real(2)) else { return Value::Null };
    if !(0.0..=1.0).contains(&p) {
        return Value::Null;
    }
    if a <= 0.0 || b <= 0.0 {
        return Value::Real(f64::NAN);
    }
    let (mut low, mut high) = (0.0, 1.0);
    // Each step halves the distance: a float has no more than that many.
    for _ in 0..1_080 {
        let middle: f64 = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if incomplete(middle, a, b) < p { low = middle } else { high = middle }
    }
    Value::Real(f64::midpoint(low, high))
}
