//! The words of an expression.

/// A word and the bytes it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Name,
    Int,
    Uint,
    Float,
    Text(String),
    Bytes(Vec<u8>),
    /// An operator or a bracket.
    Sign,
    End,
}

const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",",
    "(", ")", "[", "]", "{", "}",
];

/// All words with [`Kind::End`] behind them; else where and why it stopped.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, (usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if text[at..].starts_with("//") {
            at = text[at..].find('\n').map_or(text.len(), |end| at + end);
        } else {
            let token = token(text, at, c)?;
            at = token.end;
            found.push(token);
        }
    }
    found.push(Token { kind: Kind::End, start: text.len(), end: text.len() });
    Ok(found)
}

fn token(text: &str, start: usize, first: char) -> Result<Token, (usize, String)> {
    let rest = &text[start..];
    if let Some((raw, bytes, quote)) = quoted(rest) {
        return string(text, start, raw, bytes, quote);
    }
    let (kind, length) = if first.is_ascii_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        (Kind::Name, end.unwrap_or(rest.len()))
    } else if first.is_ascii_digit()
        || first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        number(rest)
    } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        (Kind::Sign, sign.len())
    } else {
        let shown = rest.chars().next().unwrap_or_default();
        return Err((start, format!("Syntax error: token recognition error at: '{shown}'")));
    };
    Ok(Token { kind, start, end: start + length })
}

fn number(rest: &str) -> (Kind, usize) {
    let digits = |from: usize| {
        rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| from + end)
    };
    if rest.starts_with("0x") || rest.starts_with("0X") {
        let end =
            rest[2..].find(|c: char| !c.is_ascii_hexdigit()).map_or(rest.len(), |end| end + 2);
        return unsigned(rest, end);
    }
    let mut end = digits(0);
    let mut float = false;
    if rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        float = true;
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        if rest[end + 1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
            float = true;
            end = digits(end + 1 + sign);
        }
    }
    if float { (Kind::Float, end) } else { unsigned(rest, end) }
}

fn unsigned(rest: &str, end: usize) -> (Kind, usize) {
    if rest[end..].starts_with(['u', 'U']) { (Kind::Uint, end + 1) } else { (Kind::Int, end) }
}

/// Whether a literal is raw, whether it is bytes, and how many bytes stand before its content.
fn quoted(rest: &str) -> Option<(bool, bool, usize)> {
    let prefix = rest.bytes().take(3).position(|byte| matches!(byte, b'"' | b'\''))?;
    let letters = rest[..prefix].to_ascii_lowercase();
    matches!(&*letters, "" | "r" | "b" | "rb" | "br")
        .then(|| (letters.contains('r'), letters.contains('b'), prefix))
}

fn string(
    text: &str,
    start: usize,
    raw: bool,
    bytes: bool,
    prefix: usize,
) -> Result<Token, (usize, String)> {
    let wrong = |at: usize| (at, "Syntax error: token recognition error at: '''".to_owned());
    let open = start + prefix;
    let quote = &text[open..=open];
    let triple = quote.repeat(3);
    let long = text[open..].starts_with(&triple);
    let closing = if long { triple.as_str() } else { quote };
    let mut at = open + closing.len();
    let mut out = Vec::new();
    loop {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { return Err(wrong(start)) };
        if rest.starts_with(closing) {
            break;
        }
        if c == '\n' && !long {
            return Err(wrong(start));
        }
        if c == '\\' && !raw {
            let (length, value) = escape(rest, bytes).ok_or_else(|| wrong(at))?;
            out.extend(value);
            at += length;
        } else {
            out.extend_from_slice(&rest.as_bytes()[..c.len_utf8()]);
            at += c.len_utf8();
        }
    }
    let kind = if bytes {
        Kind::Bytes(out)
    } else {
        Kind::Text(String::from_utf8(out).map_err(|_| wrong(start))?)
    };
    Ok(Token { kind, start, end: at + closing.len() })
}

/// How long an escape is and what it stands for.
fn escape(rest: &str, bytes: bool) -> Option<(usize, Vec<u8>)> {
    let letter = *rest.as_bytes().get(1)?;
    let plain = match letter {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' | b'\'' | b'"' | b'`' | b'?' => letter,
        _ => return numbered(rest, letter, bytes),
    };
    Some((2, vec![plain]))
}

fn numbered(rest: &str, letter: u8, bytes: bool) -> Option<(usize, Vec<u8>)> {
    let (from, count, base) = match letter {
        b'x' | b'X' => (2, 2, 16),
        b'u' => (2, 4, 16),
        b'U' => (2, 8, 16),
        b'0'..=b'3' => (1, 3, 8),
        _ => return None,
    };
    let value = u32::from_str_radix(rest.get(from..from + count)?, base).ok()?;
    let out = if bytes {
        vec![u8::try_from(value).ok()?]
    } else {
        char::from_u32(value)?.to_string().into_bytes()
    };
    Some((from + count, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[Kind]) {
        let found: Vec<Kind> = tokens(text).unwrap().into_iter().map(|one| one.kind).collect();
        assert_eq!(found[..found.len() - 1], *want, "{text}");
    }

    #[test]
    fn words_numbers_and_texts_are_told_apart() {
        check("a.b_1", &[Kind::Name, Kind::Sign, Kind::Name]);
        check(
            "1 1u 0x1F 1.5 1e3 .5",
            &[Kind::Int, Kind::Uint, Kind::Int, Kind::Float, Kind::Float, Kind::Float],
        );
        check(
            r#"'a\n' r'\d' b"\x01" '''it's'''"#,
            &[
                Kind::Text("a\n".to_owned()),
                Kind::Text("\\d".to_owned()),
                Kind::Bytes(vec![1]),
                Kind::Text("it's".to_owned()),
            ],
        );
        check("a // rest", &[Kind::Name]);
        assert!(tokens("'a").is_err());
        assert!(tokens("a # b").is_err());
    }
}
