//! `beta_cdf(x, alpha, beta)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "beta_cdf",
    about: "The cumulative beta distribution; NaN outside 0 to 1.",
    parameters: &[Parameter::Number, Parameter::Number, Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("round(beta_cdf(0.5, 2, 2), 9)", "0.5"), ("beta_cdf(-1, 2, 2)", "NaN")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(x), Some(a), Some(b)) = (call.real(0), call.real(1), call.real(2)) else { return Value::Null };
    if (0.0..=1.0).contains(&x) && a <= 0.0 && b > 0.0 {
        // All of it lies at 0.
        return Value::Real(1.0);
    }
    if !(0.0..=1.0).contains(&x) || a <= 0.0 || b <= 0.0 {
        return Value::Real(f64::NAN);
    }
    Value::Real(incomplete(x, a, b))
}

/// The logarithm of the beta function.
pub(super) fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz).
pub(super) fn incomplete(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x;
    }
    // The fraction converges fast below the mean.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_below(1.0 - x, b, a);
    }
    incomplete_below(x, a, b)
}

fn incomplete_below(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let front = (x.ln() * a + (-x).ln_1p() * b - log_beta(a, b)).exp() / a;
    let (mut f, mut c, mut d) = (1.0, 1.0, 0.0);
    for i in 0..1_000_u32 {
        let m = f64::from(i / 2);
        let step = if i == 0 {
            1.0
        } else if i % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -((a + m) * (a + b + m) * x) / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 + step * d;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = 1.0 + step / c;
        if c.abs() < TINY {
            c = TINY;
        }
        f *= c * d;
        if (1.0 - c * d).abs() < 1e-15 {
            break;
        }
    }
    front * (f - 1.0)
}
