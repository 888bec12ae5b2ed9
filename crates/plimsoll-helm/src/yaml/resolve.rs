use plimsoll_source::strconv;

use super::Kind;

/// The value of a plain scalar. go-yaml: resolve.go, which speaks YAML 1.1.
pub(super) fn plain(text: &str) -> Kind {
    let first = text.bytes().next();
    match first {
        None => Some(Kind::Null),
        Some(b'.') => word(text).or_else(|| dotted(text)),
        Some(b'0'..=b'9' | b'+' | b'-') => word(text).or_else(|| number(text)),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            word(text)
        }
        _ => None,
    }
    .unwrap_or_else(|| Kind::Text(text.to_owned()))
}

/// The words that stand for something else.
fn word(text: &str) -> Option<Kind> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Kind::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Kind::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Kind::Null,
        ".nan" | ".NaN" | ".NAN" => Kind::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Kind::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Kind::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn dotted(text: &str) -> Option<Kind> {
    strconv::parse_float(text.as_bytes(), 64).ok().map(Kind::Float)
}

fn number(text: &str) -> Option<Kind> {
    if is_timestamp(text) {
        return None;
    }
    let plain = text.replace('_', "");
    let bytes = plain.as_bytes();
    if let Ok(value) = strconv::parse_int(bytes, 0, 64) {
        return Some(Kind::Int(value));
    }
    if let Ok(value) = strconv::parse_uint(bytes, 0, 64) {
        return Some(Kind::Uint(value));
    }
    if is_float(bytes) {
        return strconv::parse_float(bytes, 64).ok().map(Kind::Float);
    }
    None
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (0, rest),
    };
    if whole == 0 && fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let signed = matches!(exponent, [b'-' | b'+', ..]);
            let (count, rest) = digits(&exponent[usize::from(signed)..]);
            count > 0 && rest.is_empty()
        }
        _ => false,
    }
}

fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count, &text[count..])
}

/// Four digits and a date or a time behind them: go-yaml leaves timestamps as texts.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 4 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Kind) {
        assert_eq!(plain(text), expected, "{text}");
    }

    #[test]
    fn scalars_are_yaml_1_1() {
        check("yes", Kind::Bool(true));
        check("Off", Kind::Bool(false));
        check("oN", Kind::Text("oN".to_owned()));
        check("", Kind::Null);
        check("0777", Kind::Int(511));
        check("1_000", Kind::Int(1000));
        check("0x1F", Kind::Int(31));
        check("08", Kind::Float(8.0));
        check("1e3", Kind::Float(1000.0));
        check(".5", Kind::Float(0.5));
        check("18446744073709551615", Kind::Uint(u64::MAX));
        check("2020-01-01", Kind::Text("2020-01-01".to_owned()));
        check("1:30", Kind::Text("1:30".to_owned()));
        check("1.2.3", Kind::Text("1.2.3".to_owned()));
    }
}
