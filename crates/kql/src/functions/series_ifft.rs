//! `series_ifft(series, [imaginary series])`.
use super::{Function, Kind, Parameter, series_fft::transform};
use crate::series::fft;

pub(super) const FUNCTION: Function = Function {
    name: "series_ifft",
    about: "The discrete Fourier transform back: real and imaginary parts.",
    columns: &[("real", Kind::Dynamic), ("imag", Kind::Dynamic)],
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call: |call| transform(call, fft::inverse),
    examples: &[("series_ifft(dynamic([4, 0, 0, 0]))", "[1.0,1.0,1.0,1.0], [0.0,0.0,0.0,0.0]")],
    ..Function::BASE
};
