use plimsoll_yaml::{Kind, Node};

use super::json_struct::StructDecoder;
use crate::text::quote;

/// Go's layout of times in JSON.
const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

/// A `time.Time` field. The text stays as it is written; what Go could not read is a mistake.
pub(super) fn decode(decoder: &mut StructDecoder, node: &Node, into: &mut String) {
    match &node.kind {
        Kind::Null => {}
        Kind::Text(text) => match check(&String::from_utf8_lossy(text)) {
            Ok(()) => *into = String::from_utf8_lossy(text).into_owned(),
            Err(why) => {
                let parsing = format!("parsing time {}", quote(&String::from_utf8_lossy(text)));
                decoder.fail(match why {
                    Problem::Range(part) => format!("{parsing}: {part} out of range"),
                    Problem::Layout { rest, part } => format!(
                        "{parsing} as \"{LAYOUT}\": cannot parse {} as \"{part}\"",
                        quote(&rest)
                    ),
                });
            }
        },
        _ => decoder.fail("Time.UnmarshalJSON: input is not a JSON string".to_owned()),
    }
}

enum Problem {
    /// A part that is a number, but none that a time can have there.
    Range(&'static str),
    /// A part that does not look as the layout wants it.
    Layout { rest: String, part: &'static str },
}

/// The parts of the layout, how many digits a number has, and its name, least and greatest value.
type Part = (&'static str, usize, &'static str, u32, u32);

const PARTS: &[Part] = &[
    ("2006", 4, "year", 0, 9999),
    ("-", 0, "", 0, 0),
    ("01", 2, "month", 1, 12),
    ("-", 0, "", 0, 0),
    ("02", 2, "day", 1, 31),
    ("T", 0, "", 0, 0),
    ("15", 2, "hour", 0, 23),
    (":", 0, "", 0, 0),
    ("04", 2, "minute", 0, 59),
    (":", 0, "", 0, 0),
    ("05", 2, "second", 0, 59),
];

fn check(text: &str) -> Result<(), Problem> {
    let mut rest = text;
    for &(part, digits, name, least, greatest) in PARTS {
        let layout = || Problem::Layout { rest: rest.to_owned(), part };
        if digits == 0 {
            rest = rest.strip_prefix(part).ok_or_else(layout)?;
            continue;
        }
        let number = rest.get(..digits).ok_or_else(layout)?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(layout());
        }
        let value: u32 = number.parse().map_err(|_| layout())?;
        if !(least..=greatest).contains(&value) {
            return Err(Problem::Range(name));
        }
        rest = &rest[digits..];
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let zone = rest.as_bytes();
    let is_zone = matches!(zone, [b'Z'])
        || matches!(zone, [b'+' | b'-', a, b, b':', c, d]
            if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()));
    if is_zone { Ok(()) } else { Err(Problem::Layout { rest: rest.to_owned(), part: "Z07:00" }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(text: &str, expected: Result<(), &str>) {
        let got = check(text).map_err(|problem| match problem {
            Problem::Range(part) => part.to_owned(),
            Problem::Layout { rest, part } => format!("{rest} as {part}"),
        });
        assert_eq!(got, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn times_are_read_as_go_does() {
        check_text("2020-01-02T03:04:05Z", Ok(()));
        check_text("2020-01-02T03:04:05.123456789+02:00", Ok(()));
        check_text("yesterday", Err("yesterday as 2006"));
        check_text("2020-01-02", Err(" as T"));
        check_text("2020-13-02T03:04:05Z", Err("month"));
        check_text("2020-01-02T03:04:05", Err(" as Z07:00"));
    }
}
