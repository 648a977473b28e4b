//! Decimal text to minor units and back, without floating point.
//!
//! A currency's exponent is the count of digits after its point: 2 for EUR, 0 for JPY, 3 for KWD. Every reply that holds
//! an amount holds the exponent too.

use std::fmt;

const TEXT_MAX: usize = 40;
const DIGITS_MAX: usize = 19;

/// Text that is no amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    text: String,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    NoNumber,
    TooPrecise { exponent: u32 },
    TooLarge,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ", self.text)?;
        match self.problem {
            Problem::NoNumber => f.write_str("is not a decimal number"),
            Problem::TooPrecise { exponent } => write!(f, "has more than {exponent} digits after the point"),
            Problem::TooLarge => f.write_str("does not fit 64 bits"),
        }
    }
}

impl std::error::Error for ParseError {}

/// The minor units of decimal text: `parse("12.30", 2)` is 1230, and so is `parse("12.3", 2)`.
///
/// Nothing is rounded. An error is what is not a plain decimal number (no sign but `-`, no exponent, no spaces, no
/// separators, digits on both sides of a point), digits beyond the exponent (zeros too), and what doesn't fit `i64`.
///
/// ```
/// assert_eq!(walletd::money::parse("12.30", 2), Ok(1230));
/// assert!(walletd::money::parse("12.345", 2).is_err());
/// ```
pub fn parse(text: &str, exponent: u32) -> Result<i64, ParseError> {
    parse_plain(text, exponent).map_err(|problem| ParseError { text: text.chars().take(TEXT_MAX).collect(), problem })
}

fn parse_plain(text: &str, exponent: u32) -> Result<i64, Problem> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
        Some(_) => return Err(Problem::NoNumber),
        None => (unsigned, ""),
    };
    if !is_digits(whole) {
        return Err(Problem::NoNumber);
    }
    let zeros = match (exponent as usize).checked_sub(fraction.len()) {
        Some(zeros) => zeros,
        None => return Err(Problem::TooPrecise { exponent }),
    };
    let mut digits: String = whole.chars().chain(fraction.chars()).skip_while(|&digit| digit == '0').collect();
    if digits.is_empty() {
        return Ok(0);
    }
    if digits.len() + zeros > DIGITS_MAX {
        return Err(Problem::TooLarge);
    }
    digits.extend(std::iter::repeat('0').take(zeros));
    if negative {
        digits.insert(0, '-');
    }
    digits.parse().map_err(|_| Problem::TooLarge)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The decimal text of minor units: `format(1230, 2)` is `"12.30"`.
///
/// ```
/// assert_eq!(walletd::money::format(-1, 2), "-0.01");
/// ```
pub fn format(amount: i64, exponent: u32) -> String {
    let exponent = exponent as usize;
    let mut text = format!("{:0>width$}", amount.unsigned_abs(), width = exponent + 1);
    if exponent > 0 {
        text.insert(text.len() - exponent, '.');
    }
    if amount < 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn amounts_are_read() {
        for (text, exponent, amount) in [
            ("12.30", 2, 1230),
            ("12.3", 2, 1230),
            ("12", 2, 1200),
            ("0", 0, 0),
            ("-0", 2, 0),
            ("-0.01", 2, -1),
            ("007", 0, 7),
            ("0.000000000000000001", 18, 1),
            ("92233720368547758.07", 2, i64::MAX),
            ("-92233720368547758.08", 2, i64::MIN),
            ("9.223372036854775807", 18, i64::MAX),
            ("0", 30, 0),
            ("00000000000000000000000000000001", 0, 1),
        ] {
            assert_eq!(parse(text, exponent), Ok(amount), "{text} with {exponent} digits");
        }
    }

    #[test]
    fn what_is_no_amount_is_an_error() {
        for (text, exponent) in [
            ("", 2),
            ("-", 2),
            (".", 2),
            (".5", 2),
            ("5.", 2),
            ("12.345", 2),
            ("12.300", 2),
            ("1.0", 0),
            ("1e3", 2),
            ("+1", 2),
            (" 1", 2),
            ("1 ", 2),
            ("1,000", 2),
            ("--1", 2),
            ("1.2.3", 2),
            ("0x10", 2),
            ("١", 2),
            ("1_000", 2),
            ("NaN", 2),
            ("inf", 2),
            ("92233720368547758.08", 2),
            ("-92233720368547758.09", 2),
            ("1", 19),
            ("99999999999999999999999999", 0),
        ] {
            let error = parse(text, exponent).expect_err(text);
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn a_long_text_is_not_told_as_a_whole() {
        let error = parse(&"x".repeat(100_000), 2).unwrap_err();
        assert!(error.to_string().len() < 100, "{error}");
    }

    #[test]
    fn there_and_back() {
        for exponent in [0, 1, 2, 3, 8, 18, 19, 25] {
            for amount in [0, 1, -1, 9, 10, 99, -100, 12_345, i64::MAX, i64::MIN] {
                let text = format(amount, exponent);
                assert!(!text.starts_with('.') && !text.ends_with('.'), "{text}");
                assert_eq!(parse(&text, exponent), Ok(amount), "{text} with {exponent} digits");
            }
        }
        assert_eq!(format(5, 2), "0.05");
        assert_eq!(format(1230, 0), "1230");
        assert_eq!(format(i64::MIN, 2), "-92233720368547758.08");
    }
}
