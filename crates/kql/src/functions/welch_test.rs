//! `welch_test(mean1, variance1, count1, mean2, variance2, count2)`.
use super::{Call, Function, Kind, Parameter, Value, beta_cdf};

pub(super) const FUNCTION: Function = Function {
    name: "welch_test",
    about: "How likely two samples with these means, variances and counts are as far apart by chance (Welch's test, both sides).",
    parameters: &[Parameter::Number, Parameter::Number, Parameter::Number, Parameter::Number, Parameter::Number, Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("round(welch_test(20.82, 7.9, 15, 23.0, 3.84, 15), 4)", "0.021"), ("welch_test(1, 0, 5, 2, 0, 5)", "NaN")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let figure = |at: usize| call.real(at).unwrap_or(f64::NAN);
    let sample = |at: usize| (figure(at), figure(at + 1) / figure(at + 2), figure(at + 2) - 1.0);
    let ((mean, error, freedom), (other_mean, other_error, other_freedom)) = (sample(0), sample(3));
    let square = (mean - other_mean).powi(2) / (error + other_error);
    let degrees = (error + other_error).powi(2) / (error.powi(2) / freedom + other_error.powi(2) / other_freedom);
    let x = degrees / (degrees + square);
    // What no distribution is known of: no spread, or no second value.
    let is_known = x.is_finite() && degrees > 0.0 && (0.0..=1.0).contains(&x);
    Value::Real(if is_known { beta_cdf::incomplete(x, degrees / 2.0, 0.5) } else { f64::NAN })
}
