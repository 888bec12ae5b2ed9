use plimsoll_source::strconv;

use super::Dialect;

/// Whether go-yaml would read a plain scalar back as this string, so that it needs no quotes.
pub(super) fn reads_as_string(text: &str, dialect: Dialect) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    match first {
        b'~' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => {
            !is_word(text)
        }
        b'.' => !is_word(text) && strconv::parse_float(text.as_bytes(), 64).is_err(),
        b'0'..=b'9' | b'+' | b'-' => {
            !(is_word(text) || is_timestamp(text) || is_number(text, dialect) || is_base60(text))
        }
        _ => true,
    }
}

/// The words of YAML 1.1 that stand for something else. The newer dialect reads some of them as
/// strings, but quotes them all.
fn is_word(text: &str) -> bool {
    matches!(
        text,
        "~" | "null"
            | "Null"
            | "NULL"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "y"
            | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
            | ".nan"
            | ".NaN"
            | ".NAN"
            | ".inf"
            | ".Inf"
            | ".INF"
            | "+.inf"
            | "+.Inf"
            | "+.INF"
            | "-.inf"
            | "-.Inf"
            | "-.INF"
    )
}

fn is_number(text: &str, dialect: Dialect) -> bool {
    let plain: Vec<u8> = text.bytes().filter(|byte| *byte != b'_').collect();
    if strconv::parse_int(&plain, 0, 64).is_ok() || strconv::parse_uint(&plain, 0, 64).is_ok() {
        return true;
    }
    if is_float(&plain) && strconv::parse_float(&plain, 64).is_ok() {
        return true;
    }
    let unsigned = plain.strip_prefix(b"-").unwrap_or(&plain);
    match unsigned {
        [b'0', b'b', digits @ ..] => strconv::parse_int(digits, 2, 64).is_ok(),
        [b'0', b'o', digits @ ..] if dialect == Dialect::V3 => {
            strconv::parse_int(digits, 8, 64).is_ok()
        }
        _ => false,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &[u8]) -> bool {
    let rest = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (0, rest),
    };
    if whole + fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', rest @ ..] => {
            let rest = rest.strip_prefix(b"-").or(rest.strip_prefix(b"+")).unwrap_or(rest);
            let (count, rest) = digits(rest);
            count > 0 && rest.is_empty()
        }
        _ => false,
    }
}

/// How many digits stand first, and what follows.
fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count, &text[count..])
}

/// `[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?`
fn is_base60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let digit_or_line = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = text.split(':');
    let whole = parts.next().is_some_and(digit_or_line);
    let mut count = 0;
    let sixtieth = |part: &str| match part.as_bytes() {
        [digit] | [b'0'..=b'5', digit] => digit.is_ascii_digit(),
        _ => false,
    };
    let all = parts.all(|part| {
        count += 1;
        sixtieth(part)
    });
    whole && all && count > 0 && digit_or_line(fraction)
}

/// go-yaml: resolve.go, `parseTimestamp`, with the layouts `2006-1-2`, `2006-1-2T15:4:5.9Z07:00`,
/// the same with `t`, and `2006-1-2 15:4:5.9`.
fn is_timestamp(text: &str) -> bool {
    timestamp(text.as_bytes()).is_some()
}

fn timestamp(text: &[u8]) -> Option<()> {
    let (year, rest) = text.split_at_checked(4)?;
    if !year.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = year.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let (month, rest) = short_number(rest.strip_prefix(b"-")?)?;
    let (day, rest) = short_number(rest.strip_prefix(b"-")?)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) {
        return None;
    }
    let (zoned, rest) = match rest {
        [] => return Some(()),
        [b'T' | b't', rest @ ..] => (true, rest),
        [b' ', rest @ ..] => (false, rest.trim_ascii_start()),
        _ => return None,
    };
    let (hour, rest) = short_number(rest)?;
    let (minute, rest) = short_number(rest.strip_prefix(b":")?)?;
    let (second, rest) = short_number(rest.strip_prefix(b":")?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let rest = match rest {
        [b'.' | b',', after @ ..] if digits(after).0 > 0 => digits(after).1,
        _ => rest,
    };
    match (zoned, rest) {
        (false, []) | (true, b"Z") => Some(()),
        (true, [b'+' | b'-', h1, h2, b':', m1, m2]) => {
            let (hours, _) = short_number(&[*h1, *h2]).filter(|(_, rest)| rest.is_empty())?;
            let (minutes, _) = short_number(&[*m1, *m2]).filter(|(_, rest)| rest.is_empty())?;
            (hours <= 24 && minutes < 60).then_some(())
        }
        _ => None,
    }
}

/// A number of one or two digits.
fn short_number(text: &[u8]) -> Option<(u32, &[u8])> {
    let count = digits(text).0.min(2);
    let value = text[..count].iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (count > 0).then_some((value, &text[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: bool) {
        assert_eq!(reads_as_string(text, Dialect::V2), want, "{text}");
    }

    #[test]
    fn strings_that_look_like_something_else_are_found() {
        for text in ["", "y", "off", "~", ".5", ".1_5", "0x1F", "1_000", "08", "1e3", "1:30", "-1"]
        {
            check(text, false);
        }
        for text in ["2024-02-29", "2024-2-9", "2024-01-01T1:2:3Z", "2024-01-01 10:00:00.5"] {
            check(text, false);
        }
        for text in ["yep", "a", "1.2.3", "2023-02-29", "1:99", "0x1p4", "1e400", "-", "._5", "<<"]
        {
            check(text, true);
        }
    }
}
