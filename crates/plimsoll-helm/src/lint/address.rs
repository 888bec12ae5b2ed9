//! Addresses, as the library that Helm asks (govalidator) takes them.

use std::sync::LazyLock;

use plimsoll_funcs::url_parse;
use plimsoll_gotmpl::{Map, Text};
use regex::Regex;

/// Letters beyond ASCII that mail addresses may have.
const WIDE: &str = r"\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}";

/// Whether a text looks like a mail address.
pub(super) fn is_email(text: &str) -> bool {
    static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
        let atom = format!("[a-zA-Z0-9!#$%&'*+/=?^_`{{|}}~{WIDE}-]+");
        let blank = r"(?:(?:[\x20\x09]*\x0d\x0a)?[\x20\x09]+)?";
        let plain = format!(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x21\x23-\x5b\x5d-\x7e{WIDE}]");
        let escaped = r"\([\x01-\x09\x0b\x0c\x0d-\x7f]";
        let quoted = format!(r#""(?:{blank}(?:{plain}|{escaped}))*{blank}""#);
        let edge = format!("[a-zA-Z0-9{WIDE}]");
        let label = format!("{edge}(?:[a-zA-Z0-9._~{WIDE}-]*{edge})?");
        let letter = format!("[a-zA-Z{WIDE}]");
        let last = format!("{letter}(?:[a-zA-Z0-9_~{WIDE}-]*{letter})?");
        let text = format!(r"^(?:{atom}(?:\.{atom})*|{quoted})@(?:{label}\.)+{last}\.?$");
        Regex::new(&text).expect("the pattern is well formed")
    });
    EMAIL.is_match(text)
}

/// Whether a text looks like the address of a page, with or without its scheme.
pub(super) fn is_url(text: &str) -> bool {
    if text.chars().count() >= 2083 || text.len() <= 3 || text.starts_with('.') {
        return false;
    }
    let whole = if text.contains(':') && !text.contains("://") {
        format!("http://{text}")
    } else {
        text.to_owned()
    };
    let Ok(url) = url_parse(Text::from(whole)) else { return false };
    let (host, path) = (part(&url, "host"), part(&url, "path"));
    if host.starts_with('.') || (host.is_empty() && !path.is_empty() && !path.contains('.')) {
        return false;
    }
    URL.is_match(text)
}

static URL: LazyLock<Regex> = LazyLock::new(|| {
    let black = r"[^\t\n\f\r ]";
    let scheme = "(?:(?:ftp|tcp|udp|wss?|https?)://)?";
    let user = format!("(?:{black}+(?::{black}*)?@)?");
    let byte = r"(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    let first = r"(?:[1-9][0-9]?|1[0-9]{2}|2[01][0-9]|22[0-3]|24[0-9]|25[0-5])";
    let last = r"(?:[0-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    let four = format!(r"{first}(?:\.{byte}){{2}}\.{last}");
    let six = r"\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[0-9a-zA-Z]+)?\]";
    let label = r"[a-zA-Z0-9](?:[a-zA-Z0-9_-]+)?[a-zA-Z0-9](?:[-.][a-zA-Z0-9]+)*";
    let below = r"(?:www\.|[a-zA-Z0-9]+(?:[-_.]?[a-zA-Z0-9])*[a-zA-Z0-9]\.[a-zA-Z0-9]+)";
    let wide = r"[a-zA-Z\x{A1}-\x{FFFF}0-9]";
    let top = r"(?:\.[a-zA-Z\x{A1}-\x{FFFF}]+)?";
    let name = format!("(?:{label}|{below}?)?(?:{wide}+-?-?)*{wide}+{top}");
    let rest = format!(r"\.?(?::[0-9]{{1,5}})?(?:[/?#]{black}*)?");
    let text = format!("^{scheme}{user}(?:{four}|{six}|{name}){rest}$");
    Regex::new(&text).expect("the pattern is well formed")
});

/// Whether a text is the whole address that a request could go to. Go: `url.ParseRequestURI`, which
/// knows no fragments, and wants a scheme.
pub(super) fn is_request_url(text: &str) -> bool {
    let Ok(url) = url_parse(Text::from(text)) else { return false };
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?']).next().unwrap_or_default();
    !part(&url, "scheme").is_empty() && !authority.contains('#')
}

fn part(url: &Map, name: &str) -> String {
    let part = url.get(name.as_bytes());
    part.and_then(|part| part.as_text().map(|text| text.to_str_lossy().into_owned()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_are_told() {
        let check = |text: &str, expected: bool| assert_eq!(is_email(text), expected, "{text}");
        check("a.b@example.com", true);
        check("a+b@sub.example.co.uk", true);
        check("ä@exämple.de", true);
        check("a@localhost", false);
        check("a b@example.com", false);
        check("@example.com", false);
        check("a..b@example.com", false);
    }

    #[test]
    fn pages_are_told() {
        let check = |text: &str, expected: bool| assert_eq!(is_url(text), expected, "{text}");
        check("https://github.com/a/b", true);
        check("example.com", true);
        check("example.com:8080/x", true);
        check("http://10.0.0.1/x", true);
        check("github", false);
        check("http://a b", false);
        check("mailto:a@b.c", true);
        check(".x.com", false);
    }

    #[test]
    fn requests_want_a_scheme() {
        let check =
            |text: &str, expected: bool| assert_eq!(is_request_url(text), expected, "{text}");
        check("https://a/b.png", true);
        check("file:///x", true);
        check("/x", false);
        check("a.png", false);
        check("", false);
        check("http://a#b", false);
        check("data:image/png;base64,xx", true);
    }
}
