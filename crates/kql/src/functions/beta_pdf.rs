//! `beta_pdf(x, alpha, beta)`.
use super::{Call, Function, Kind, Parameter, Value, beta_cdf::log_beta};

pub(super) const FUNCTION: Function = Function {
    name: "beta_pdf",
    about: "The density of the beta distribution; NaN outside 0 to 1.",
    parameters: &[Parameter::Number, Parameter::Number, Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("beta_pdf(0.5, 1, 1)", "1.0"), ("beta_pdf(2, 1, 1)", "NaN")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(x), Some(a), Some(b)) = (call.real(0), call.real(1), call.real(2)) else { return Value::Null };
    if !(0.0..=1.0).contains(&x) || a <= 0.0 || b <= 0.0 {
        return Value::Real(f64::NAN);
    }
    Value::Real((x.ln() * (a - 1.0) + (-x).ln_1p() * (b - 1.0) - log_beta(a, b)).exp())
}
