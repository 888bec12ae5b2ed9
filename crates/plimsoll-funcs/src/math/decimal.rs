use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use plimsoll_source::strconv;

/// A number `value × 10^exponent` of any length, with the arithmetic of shopspring/decimal, through
/// which sprig adds and divides floats so that `addf 0.1 0.2` is `0.3`.
#[derive(Clone, Debug)]
pub(super) struct Decimal {
    value: BigInt,
    exponent: i64,
}

/// How many decimals a quotient has.
const DIVISION_PRECISION: i64 = 16;

impl Decimal {
    /// The shortest decimal that reads back as the float; infinities and NaN panic in Go.
    pub(super) fn from_float(number: f64) -> Result<Decimal, String> {
        if !number.is_finite() {
            let shown = strconv::format_float(number, b'g', -1, 64);
            return Err(format!("Cannot create a Decimal from {shown}"));
        }
        if number == 0.0 {
            return Ok(Decimal { value: BigInt::ZERO, exponent: 0 });
        }
        let text = strconv::format_float(number, b'e', -1, 64);
        let (digits, exponent) = text.split_once('e').expect("the e format has an exponent");
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let whole: i64 = digits.replace('.', "").parse().expect("at most 17 digits");
        let exponent: i64 = exponent.parse().expect("an exponent is a number");
        Ok(Decimal { value: whole.into(), exponent: exponent - decimals as i64 })
    }

    /// The nearest float.
    pub(super) fn to_float(&self) -> f64 {
        if self.value.sign() == Sign::NoSign {
            return 0.0;
        }
        format!("{}e{}", self.value, self.exponent).parse().expect("digits with an exponent")
    }

    pub(super) fn add(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        Decimal { value: self.scaled_to(exponent) + other.scaled_to(exponent), exponent }
    }

    pub(super) fn sub(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        Decimal { value: self.scaled_to(exponent) - other.scaled_to(exponent), exponent }
    }

    pub(super) fn mul(&self, other: &Decimal) -> Decimal {
        Decimal { value: &self.value * &other.value, exponent: self.exponent + other.exponent }
    }

    /// The quotient, rounded half away from zero.
    pub(super) fn div(&self, other: &Decimal) -> Result<Decimal, String> {
        if other.value.sign() == Sign::NoSign {
            return Err("decimal division by 0".to_owned());
        }
        let shift = self.exponent - other.exponent + DIVISION_PRECISION;
        let dividend =
            if shift > 0 { &self.value * power_of_ten(shift) } else { self.value.clone() };
        let divisor =
            if shift < 0 { &other.value * power_of_ten(-shift) } else { other.value.clone() };
        let quotient = &dividend / &divisor;
        let rest: BigInt = (&dividend - &quotient * &divisor) * 2;
        let exponent = -DIVISION_PRECISION;
        if rest.magnitude().cmp(divisor.magnitude()) == Ordering::Less {
            return Ok(Decimal { value: quotient, exponent });
        }
        let away = if dividend.sign() == divisor.sign() { 1 } else { -1 };
        Ok(Decimal { value: quotient + away, exponent })
    }

    fn scaled_to(&self, exponent: i64) -> BigInt {
        if self.value.sign() == Sign::NoSign {
            return BigInt::ZERO;
        }
        &self.value * power_of_ten(self.exponent - exponent)
    }
}

fn power_of_ten(exponent: i64) -> BigInt {
    BigInt::from(10).pow(exponent as u32)
}
