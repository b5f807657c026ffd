//! Series: JSON arrays of numbers, and the arithmetic over them; `fit`, `decompose` and `fft` hold what is more than a line.
//!
//! **Invariant:** what is no number is a missing value; results keep the length of what they come from.

pub(crate) mod decompose;
pub(crate) mod fft;
pub(crate) mod fit;

use crate::{
    json::{self, ArrayWriter},
    value::{Value, push_real},
};

/// The numbers of an array, `None` for what is none; `None` when it is no array.
pub(crate) fn numbers(json: &str) -> Option<Vec<Option<f64>>> {
    Some(json::elements(json)?.map(number).collect())
}

/// The number that an element is.
pub(crate) fn number(element: &str) -> Option<f64> {
    match element {
        "\"NaN\"" => Some(f64::NAN),
        "\"Infinity\"" => Some(f64::INFINITY),
        "\"-Infinity\"" => Some(f64::NEG_INFINITY),
        other => other
            .parse()
            .ok()
            .filter(|_| other.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])),
    }
}

/// The numbers without the missing ones; `None` when it is no array.
pub(crate) fn present(json: &str) -> Option<Vec<f64>> {
    Some(numbers(json)?.into_iter().flatten().collect())
}

/// The numbers; `None` when one is missing, or it is no array.
pub(crate) fn complete(json: &str) -> Option<Vec<f64>> {
    numbers(json)?.into_iter().collect()
}

/// Appends a number as JSON: NaN and infinities are strings.
pub(crate) fn push_number(out: &mut ArrayWriter, number: Option<f64>) {
    let mut text = String::new();
    match number {
        None => out.raw("null"),
        Some(real) => {
            push_real(&mut text, real);
            if real.is_finite() { out.raw(&text) } else { out.string(&text) }
        }
    }
}

/// An array of numbers as a value.
pub(crate) fn array(numbers: impl IntoIterator<Item = Option<f64>>) -> Value<'static> {
    Value::owned(array_text(numbers))
}

/// An array of numbers as JSON.
pub(crate) fn array_text(numbers: impl IntoIterator<Item = Option<f64>>) -> String {
    let mut out = ArrayWriter::default();
    numbers.into_iter().for_each(|number| push_number(&mut out, number));
    out.finish()
}

/// One number as JSON.
pub(crate) fn json_number(real: f64) -> String {
    let mut text = String::new();
    push_real(&mut text, real);
    if real.is_finite() { text } else { format!("\"{text}\"") }
}

/// A function of each number.
pub(crate) fn map(json: &str, f: impl Fn(f64) -> f64) -> Value<'static> {
    numbers(json).map_or(Value::Null, |numbers| array(numbers.into_iter().map(|number| number.map(&f))))
}

/// The pairs of two series, or of a series and one number; as long as the longer one, missing where either is.
pub(crate) fn pairs(left: &str, right: &str) -> Option<Vec<Option<(f64, f64)>>> {
    let (a, b) = (numbers(left), numbers(right));
    let spread = |single: &str, count: usize| vec![number(single); count];
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => {
            let b = spread(right, a.len());
            (a, b)
        }
        (None, Some(b)) => (spread(left, b.len()), b),
        (None, None) => return None,
    };
    let at = |list: &[Option<f64>], at: usize| list.get(at).copied().flatten();
    Some((0..a.len().max(b.len())).map(|place| at(&a, place).zip(at(&b, place))).collect())
}

/// A line through the points (0, y₀), (1, y₁), …: its slope, where it begins, and the sum of squares that it leaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) slope: f64,
    pub(crate) start: f64,
    pub(crate) rest: f64,
}

/// The line of least squares.
#[expect(clippy::cast_precision_loss, reason = "places in an array")]
pub(crate) fn fit(y: &[f64]) -> Line {
    let count = y.len() as f64;
    let (mean_x, mean_y) = ((count - 1.0) / 2.0, y.iter().sum::<f64>() / count);
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in y.iter().enumerate() {
        let dx = x as f64 - mean_x;
        xx += dx * dx;
        xy += dx * (y - mean_y);
    }
    let slope = if xx > 0.0 { xy / xx } else { 0.0 };
    let start = mean_y - slope * mean_x;
    let rest = y.iter().enumerate().map(|(x, y)| (y - (start + slope * x as f64)).powi(2)).sum();
    Line { slope, start, rest }
}

/// The sum of squared distances from the mean.
#[expect(clippy::cast_precision_loss, reason = "a count of elements")]
pub(crate) fn spread(y: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    y.iter().map(|y| (y - mean).powi(2)).sum()
}
