//! Decimals: 34 digits, exact where they suffice, as Kusto's type `decimal`.
//!
//! A decimal lies in columns and constants as its shortest text (`1.5`, never `1.50`), so that equal ones are equal texts; this is the
//! number behind it. Ours rather than a crate's: those with 28 digits are too short, and the rest bring big integers along.
//!
//! **Invariant:** the size of `digits` is below 10³⁴, it does not end in 0 unless it is 0, and `scale` is from -100 to 100.

use std::{cmp::Ordering, fmt, str::FromStr};

/// Most digits.
const DIGITS: u32 = 34;
/// One more than the largest size.
const TOP: u128 = 10_u128.pow(DIGITS);
/// Beyond it (or below its inverse) there are no numbers.
const WIDEST: i32 = 100;

/// `digits` divided by ten to the `scale`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal {
    is_negative: bool,
    digits: u128,
    scale: i32,
}

/// The text is no decimal, or one that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no decimal")]
pub struct NoDecimal;

impl Decimal {
    /// Rounds to the digits there are, halves to even; `is_more` says that something followed the digits. `None` when it is too large.
    fn new(is_negative: bool, mut digits: u128, mut scale: i32, mut is_more: bool) -> Option<Self> {
        while digits >= TOP {
            let last = digits % 10;
            digits /= 10;
            scale -= 1;
            if digits < TOP {
                let is_up = last > 5 || (last == 5 && (is_more || !digits.is_multiple_of(2)));
                digits += u128::from(is_up);
            }
            is_more |= last != 0;
        }
        if digits == 0 {
            return Some(Self::default());
        }
        while digits.is_multiple_of(10) {
            digits /= 10;
            scale -= 1;
        }
        if scale > WIDEST {
            return Some(Self::default());
        }
        (scale >= -WIDEST).then_some(Self { is_negative, digits, scale })
    }

    /// The whole number.
    #[must_use]
    pub fn from_long(long: i64) -> Self {
        Self::new(long < 0, u128::from(long.unsigned_abs()), 0, false).unwrap_or_default()
    }

    /// The float, in its shortest digits; `None` for NaN and infinities.
    #[must_use]
    pub fn from_real(real: f64) -> Option<Self> {
        if real.is_finite() { format!("{real:e}").parse().ok() } else { None }
    }

    /// The nearest float.
    #[must_use]
    pub fn to_real(self) -> f64 {
        // The parser rounds once.
        format!("{}{}e{}", if self.is_negative { "-" } else { "" }, self.digits, -self.scale)
            .parse()
            .unwrap_or(f64::NAN)
    }

    /// The whole part; `None` when it does not fit.
    #[must_use]
    pub fn to_long(self) -> Option<i64> {
        let size = if self.scale >= 0 {
            self.digits.checked_div(10_u128.checked_pow(self.scale.unsigned_abs()).unwrap_or(u128::MAX))?
        } else {
            self.digits.checked_mul(10_u128.checked_pow(self.scale.unsigned_abs())?)?
        };
        let size = i128::try_from(size).ok()?;
        i64::try_from(if self.is_negative { -size } else { size }).ok()
    }

    /// The same with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { is_negative: !self.is_negative && self.digits != 0, ..self }
    }

    /// The sum; `None` when it is too large.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let (finer, coarser) = if self.scale >= other.scale { (self, other) } else { (other, self) };
        if coarser.digits == 0 {
            return Some(finer);
        }
        if finer.digits == 0 {
            return Some(coarser);
        }
        // As many digits behind the coarser as there is place for; what lies further below only rounds.
        let (mut digits, mut scale) = (coarser.digits, coarser.scale);
        while scale < finer.scale && digits < TOP * 10 {
            digits *= 10;
            scale += 1;
        }
        let (mut small, mut is_more) = (finer.digits, false);
        for _ in scale..finer.scale {
            is_more |= !small.is_multiple_of(10);
            small /= 10;
        }
        if finer.is_negative == coarser.is_negative {
            return Self::new(finer.is_negative, digits + small, scale, is_more);
        }
        match digits.cmp(&small) {
            Ordering::Less => Self::new(finer.is_negative, small - digits, scale, is_more),
            // A rest below the last digit takes one off it.
            _ => Self::new(
                coarser.is_negative,
                digits - small - u128::from(is_more && digits > small),
                scale,
                is_more,
            ),
        }
    }

    /// The product; `None` when it is too large.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // 34 digits by 34: in halves of 17, so that no product overflows.
        const HALF: u128 = 10_u128.pow(17);
        let (ah, al) = (self.digits / HALF, self.digits % HALF);
        let (bh, bl) = (other.digits / HALF, other.digits % HALF);
        let (high, middle, low) = (ah * bh, ah * bl + al * bh, al * bl);
        let is_negative = self.is_negative != other.is_negative;
        let scale = self.scale + other.scale;
        if high == 0 && middle < HALF {
            return Self::new(is_negative, middle * HALF + low, scale, false);
        }
        // Units of HALF² carry `high`, units of HALF `middle`: written as `top` units of HALF² and the rest below.
        let carry = middle % HALF * HALF + low;
        let (top, rest) = (high + middle / HALF + carry / TOP, carry % TOP);
        let (mut digits, mut rest, mut unit, mut scale) =
            (top, rest, TOP, scale - i32::try_from(DIGITS).unwrap_or(0));
        while digits < TOP && unit > 1 {
            unit /= 10;
            digits = digits * 10 + rest / unit;
            rest %= unit;
            scale += 1;
        }
        Self::new(is_negative, digits, scale, rest != 0)
    }

    /// The quotient; `None` by zero, or when it is too large.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        if other.digits == 0 {
            return None;
        }
        let (mut digits, mut rest) = (self.digits / other.digits, self.digits % other.digits);
        let mut scale = self.scale - other.scale;
        while rest != 0 && digits < TOP {
            rest *= 10;
            digits = digits * 10 + rest / other.digits;
            rest %= other.digits;
            scale += 1;
        }
        Self::new(self.is_negative != other.is_negative, digits, scale, rest != 0)
    }

    /// What is left of division by the other's size, never negative; `None` by zero.
    #[must_use]
    pub fn modulo(self, other: Self) -> Option<Self> {
        let other = if other.is_negative { other.negated() } else { other };
        let quotient = self.over(other)?.floor();
        self.plus(quotient.times(other)?.negated()).filter(|rest| !rest.is_negative)
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub fn floor(self) -> Self {
        if self.scale <= 0 {
            return self;
        }
        let unit = 10_u128.checked_pow(self.scale.unsigned_abs()).unwrap_or(u128::MAX);
        let whole = self.digits / unit + u128::from(self.is_negative && !self.digits.is_multiple_of(unit));
        Self::new(self.is_negative, whole, 0, false).unwrap_or_default()
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |decimal: &Self| {
            // Where the first digit stands, then the digits, filled up to equal length.
            let count = i32::try_from(decimal.digits.checked_ilog10().unwrap_or(0)).unwrap_or(0);
            let fill = DIGITS - 1 - u32::try_from(count).unwrap_or(0);
            (count - decimal.scale, decimal.digits * 10_u128.pow(fill))
        };
        let sign = |decimal: &Self| {
            if decimal.digits == 0 {
                0
            } else if decimal.is_negative {
                -1
            } else {
                1
            }
        };
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => size(self).cmp(&size(other)),
            _ => size(other).cmp(&size(self)),
        })
    }
}

impl FromStr for Decimal {
    type Err = NoDecimal;

    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let text = text.trim();
        let (is_negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match body.split_once(['e', 'E']) {
            Some((number, exponent)) => {
                (number, exponent.parse::<i32>().ok().filter(|e| e.abs() < 10_000).ok_or(NoDecimal)?)
            }
            None => (body, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(NoDecimal);
        }
        let (mut digits, mut scale, mut is_more) = (0_u128, -exponent, false);
        for (is_fraction, digit) in
            whole.chars().map(|c| (false, c)).chain(fraction.chars().map(|c| (true, c)))
        {
            let digit = digit.to_digit(10).ok_or(NoDecimal)?;
            if digits < TOP {
                digits = digits * 10 + u128::from(digit);
                scale = scale.saturating_add(i32::from(is_fraction));
            } else {
                is_more |= digit != 0;
                scale = scale.saturating_sub(i32::from(!is_fraction));
            }
        }
        Self::new(is_negative, digits, scale, is_more).ok_or(NoDecimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negative {
            f.write_str("-")?;
        }
        let digits = self.digits.to_string();
        match usize::try_from(self.scale) {
            Ok(0) => f.write_str(&digits),
            Ok(scale) if scale < digits.len() => {
                let (whole, fraction) = digits.split_at(digits.len() - scale);
                write!(f, "{whole}.{fraction}")
            }
            Ok(scale) => write!(f, "0.{digits:0>scale$}"),
            Err(_) => {
                let zeros = self.scale.unsigned_abs() as usize;
                write!(f, "{digits}{:0<zeros$}", "")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_exact_to_34_digits() {
        for (text, shown) in [
            ("1.50", "1.5"),
            ("-0.00", "0"),
            ("1e3", "1000"),
            (".5", "0.5"),
            ("12.e-4", "0.0012"),
            ("-7", "-7"),
        ] {
            assert_eq!(of(text).to_string(), shown);
        }
        for wrong in ["", "-", "1.2.3", "x", "1e", "1e999999"] {
            assert!(wrong.parse::<Decimal>().is_err(), "{wrong}");
        }
        assert_eq!(of("0.1").plus(of("0.2")).unwrap().to_string(), "0.3");
        assert_eq!(of("1").plus(of("-1e-40")).unwrap().to_string(), "1");
        assert_eq!(of("1").over(of("3")).unwrap().to_string(), "0.3333333333333333333333333333333333");
        assert_eq!(of("2").over(of("3")).unwrap().to_string(), "0.6666666666666666666666666666666667");
        assert_eq!(
            of("12345678901234567890").times(of("98765432109876543210")).unwrap().to_string(),
            "1219326311370217952237463801111264000000"
        );
        assert_eq!(of("1.1").times(of("1.1")).unwrap().to_string(), "1.21");
        assert_eq!(of("-7.5").modulo(of("2")).unwrap().to_string(), "0.5");
        assert_eq!(of("1").over(of("0")), None);
        assert_eq!(
            (of("-2.5").floor(), of("-2.5").to_long(), of("2.5").to_real()),
            (of("-3"), Some(-2), 2.5)
        );
    }

    proptest! {
        #[test]
        fn small_decimals_calculate_as_whole_numbers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000, s in 0_i32..6, t in 0_i32..6) {
            let (x, y) = (of(&format!("{a}e-{s}")), of(&format!("{b}e-{t}")));
            let scaled = |n: i64, by: i32| i128::from(n) * 10_i128.pow((6 - by).unsigned_abs());
            prop_assert_eq!(x.plus(y).unwrap(), of(&format!("{}e-6", scaled(a, s) + scaled(b, t))));
            prop_assert_eq!(x.times(y).unwrap(), of(&format!("{}e-{}", i128::from(a) * i128::from(b), s + t)));
            prop_assert_eq!(x.cmp(&y), scaled(a, s).cmp(&scaled(b, t)));
            prop_assert_eq!(of(&x.to_string()), x);
            if b != 0 {
                prop_assert_eq!(x.times(y).unwrap().over(y).unwrap(), x);
            }
        }

        #[test]
        fn no_number_breaks_it(a in "-?[0-9]{1,40}(\\.[0-9]{0,40})?(e-?[0-9]{1,2})?", b in "-?[0-9]{1,40}(\\.[0-9]{0,40})?(e-?[0-9]{1,2})?") {
            if let (Ok(a), Ok(b)) = (a.parse::<Decimal>(), b.parse::<Decimal>()) {
                let _: Vec<Option<Decimal>> = vec![a.plus(b), a.times(b), a.over(b), a.modulo(b), Some(a.floor())];
                let _: (Ordering, f64, Option<i64>) = (a.cmp(&b), a.to_real(), a.to_long());
            }
        }
    }
}
