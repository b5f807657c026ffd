//! `series_fft(series, [imaginary series])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json::ObjectWriter, series::{self, fft::{self, Complex}}};

pub(super) const FUNCTION: Function = Function {
    name: "series_fft",
    about: "The discrete Fourier transform of a series, and of its imaginary part where one is given: real and imaginary parts.",
    columns: &[("real", Kind::Dynamic), ("imag", Kind::Dynamic)],
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call: |call| transform(call, fft::forward),
    examples: &[("series_fft(dynamic([1, 1, 1, 1]))", "[4.0,0.0,0.0,0.0], [0.0,0.0,0.0,0.0]")],
    ..Function::BASE
};

/// The two arrays of a transform as a bag.
pub(super) fn transform<'a>(call: &Call<'_, 'a>, by: fn(Complex) -> Complex) -> Value<'a> {
    let imaginary = |count: usize| if call.has(1) { series::complete(call.text(1)) } else { Some(vec![0.0; count]) };
    let real = series::complete(call.text(0)).filter(|real| real.len() <= crate::aggregates::MOST_ELEMENTS);
    let Some(real) = real else { return Value::Null };
    let Some(imaginary) = imaginary(real.len()).filter(|imaginary| imaginary.len() == real.len()) else { return Value::Null };
    let result = by(Complex { real, imaginary });
    let mut out = ObjectWriter::default();
    out.value("real", &series::array_text(result.real.into_iter().map(Some)));
    out.value("imag", &series::array_text(result.imaginary.into_iter().map(Some)));
    Value::owned(out.finish())
}
