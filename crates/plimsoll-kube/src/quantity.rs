use plimsoll_yaml::{Kind, Node};

/// An amount of a resource, in billionths: `128Mi`, `500m`, `1e3`. Kubernetes rounds what is
/// smaller up. Amounts beyond what fits count as the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    billionths: i128,
}

const BILLION: i128 = 1_000_000_000;

impl Quantity {
    /// The amount in a manifest: a text or a number; `None` for what Kubernetes refuses.
    pub fn of(node: &Node) -> Option<Quantity> {
        match &node.kind {
            Kind::Text(_) => Quantity::parse(node.as_str()?),
            Kind::Int(value) => Quantity::parse(&value.to_string()),
            Kind::Uint(value) => Quantity::parse(&value.to_string()),
            Kind::Float(value) => Quantity::parse(&value.to_string()),
            _ => None,
        }
    }

    /// Reads an amount: a sign, digits with a point, and a suffix of one kind.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && part.is_empty()) || part.contains('.') {
            return None;
        }
        let scale = Scale::of(suffix)?;
        let billionths = scale.apply(whole, part);
        Some(Quantity { billionths: if negative { -billionths } else { billionths } })
    }

    /// Whether it is more than nothing.
    pub fn is_positive(self) -> bool {
        self.billionths > 0
    }

    /// Whether it is a whole number of units: bytes, cores, pods.
    pub fn is_whole(self) -> bool {
        self.billionths % BILLION == 0
    }
}

/// What a suffix multiplies with.
#[derive(Clone, Copy)]
enum Scale {
    Ten(i32),
    /// A power of 1024.
    Binary(u32),
}

impl Scale {
    fn of(suffix: &str) -> Option<Scale> {
        Some(match suffix {
            "n" => Scale::Ten(-9),
            "u" => Scale::Ten(-6),
            "m" => Scale::Ten(-3),
            "" => Scale::Ten(0),
            "k" => Scale::Ten(3),
            "M" => Scale::Ten(6),
            "G" => Scale::Ten(9),
            "T" => Scale::Ten(12),
            "P" => Scale::Ten(15),
            "E" => Scale::Ten(18),
            "Ki" => Scale::Binary(1),
            "Mi" => Scale::Binary(2),
            "Gi" => Scale::Binary(3),
            "Ti" => Scale::Binary(4),
            "Pi" => Scale::Binary(5),
            "Ei" => Scale::Binary(6),
            _ => Scale::Ten(exponent(suffix)?),
        })
    }

    fn apply(self, whole: &str, part: &str) -> i128 {
        match self {
            Scale::Ten(power) => decimal(whole, part, power.saturating_add(9)),
            Scale::Binary(power) => {
                let unit = 1_i128 << (10 * power);
                // Fractions of a binary suffix: `0.5Gi` is 512Mi.
                decimal(whole, part, 9).saturating_mul(unit)
            }
        }
    }
}

fn exponent(suffix: &str) -> Option<i32> {
    let digits = suffix.strip_prefix(['e', 'E'])?;
    digits.parse().ok()
}

/// The digits `whole.part` times ten to the power of `power`, rounded up.
fn decimal(whole: &str, part: &str, power: i32) -> i128 {
    let kept = power.saturating_add(whole.len() as i32).max(0) as usize;
    let digits = whole.bytes().chain(part.bytes());
    let mut value: i128 = 0;
    let mut seen = 0;
    for digit in digits {
        let digit = i128::from(digit - b'0');
        if seen < kept {
            value = value.saturating_mul(10).saturating_add(digit);
        } else if digit > 0 {
            return value.saturating_add(1);
        }
        seen += 1;
    }
    for _ in seen..kept {
        if value == 0 || value == i128::MAX {
            break;
        }
        value = value.saturating_mul(10);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, billionths: Option<i128>) {
        assert_eq!(Quantity::parse(text).map(|one| one.billionths), billionths, "{text}");
    }

    #[test]
    fn suffixes_multiply() {
        check("1", Some(BILLION));
        check("500m", Some(BILLION / 2));
        check("0.5", Some(BILLION / 2));
        check("128Mi", Some(128 * 1024 * 1024 * BILLION));
        check("0.5Gi", Some(512 * 1024 * 1024 * BILLION));
        check("1E", Some(1_000_000_000_000_000_000 * BILLION));
        check("1e3", Some(1000 * BILLION));
        check("1.5e-3", Some(BILLION * 15 / 10_000));
        check("-2", Some(-2 * BILLION));
        check(".5", Some(BILLION / 2));
    }

    #[test]
    fn what_is_too_small_is_rounded_up() {
        check("0.0000000001", Some(1));
        check("1e-30", Some(1));
        check("1e999999999", Some(i128::MAX));
        check("0e999999999", Some(0));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "a", "1 Gi", "1GB", "1.2.3", "--1", ".", "1ki", "1K", "1e", "Gi"] {
            check(text, None);
        }
    }

    #[test]
    fn amounts_compare() {
        let amount = |text| Quantity::parse(text).unwrap();
        assert!(amount("1Gi") > amount("1G"));
        assert!(amount("1000m") == amount("1"));
        assert!(!amount("128m").is_whole() && amount("128").is_positive());
    }
}
