//! The formats of texts that the server knows.

use std::net::{Ipv4Addr, Ipv6Addr};

const KNOWN: &[&str] = &[
    "bsonobjectid",
    "byte",
    "cidr",
    "creditcard",
    "date",
    "date-time",
    "datetime",
    "duration",
    "email",
    "hexcolor",
    "hostname",
    "ipv4",
    "ipv6",
    "isbn",
    "isbn10",
    "isbn13",
    "mac",
    "password",
    "rgbcolor",
    "ssn",
    "uri",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
    "k8s-short-name",
    "k8s-long-name",
];

/// Whether the server looks at a format in values of a type.
pub(crate) fn is_known(kind: &str, format: &str) -> bool {
    match kind {
        "integer" => matches!(format, "int32" | "int64"),
        "number" => matches!(format, "float" | "double" | "int32" | "int64"),
        "string" => KNOWN.contains(&format),
        _ => false,
    }
}

/// Whether a text has a format; formats that are not known always fit.
pub(crate) fn fits(format: &str, text: &str) -> bool {
    match format {
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => is_cidr(text),
        "mac" => is_mac(text),
        "uuid" | "uuid3" | "uuid4" | "uuid5" => is_uuid(text),
        "byte" => crate::validate::is_base64(text) && !text.is_empty(),
        "hostname" => is_hostname(text),
        "email" => is_email(text),
        "uri" => is_uri(text),
        "date" => is_date(text),
        "date-time" | "datetime" => is_date_time(text),
        "duration" => is_duration(text),
        "hexcolor" => {
            let digits = text.strip_prefix('#').unwrap_or(text);
            matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        "bsonobjectid" => text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        _ => true,
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((ip, prefix)) = text.split_once('/') else { return false };
    let most = match (ip.parse::<Ipv4Addr>(), ip.parse::<Ipv6Addr>()) {
        (Ok(_), _) => 32,
        (_, Ok(_)) => 128,
        _ => return false,
    };
    let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    digits && prefix.parse::<u32>().is_ok_and(|prefix| prefix <= most)
}

fn is_mac(text: &str) -> bool {
    ['-', ':'].iter().any(|&between| {
        let parts: Vec<&str> = text.split(between).collect();
        matches!(parts.len(), 6 | 8 | 20)
            && parts
                .iter()
                .all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

fn is_uuid(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| *c != '-').collect();
    let dashes = text.bytes().enumerate().filter(|(_, byte)| *byte == b'-').map(|(at, _)| at);
    plain.len() == 32
        && plain.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (text.len() == 32 || dashes.eq([8, 13, 18, 23]))
}

fn is_hostname(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let word = |c: char| c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace();
    let label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.starts_with(word)
            && label.ends_with(word)
            && label.chars().all(|c| word(c) || c == '-')
    };
    let last = labels[labels.len() - 1];
    let top =
        labels.len() == 1 || last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    text.len() <= 255 && labels.iter().all(label) && top
}

fn is_email(text: &str) -> bool {
    let bare = match text.rsplit_once('<') {
        Some((_, rest)) => match rest.strip_suffix('>') {
            Some(bare) => bare,
            None => return false,
        },
        None => text,
    };
    let Some((local, domain)) = bare.rsplit_once('@') else { return false };
    let atom =
        |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let dots = |text: &str| !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
    let part = |text: &str| !text.is_empty() && text.chars().all(atom) && dots(text);
    part(local) && part(domain)
}

/// go: `url.ParseRequestURI`: an absolute address or an absolute path.
pub(crate) fn is_uri(text: &str) -> bool {
    if text.is_empty() || text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return false;
    }
    if text.starts_with('/') || text == "*" {
        return true;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let good = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    good && !rest.contains(' ')
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && crate::validate::is_time(&format!("{text}T00:00:00Z"))
}

fn is_date_time(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    crate::validate::is_time(&upper) || {
        let Some((date, _)) = upper.split_once(['T', ' ']) else { return false };
        is_date(date) && crate::validate::is_time(&upper.replacen(' ', "T", 1))
    }
}

/// Units beside Go's own.
const UNITS: &[&str] = &[
    "ns", "nano", "us", "µs", "micro", "ms", "milli", "s", "sec", "m", "min", "h", "hr", "hour",
    "d", "day", "w", "wk", "week",
];

/// go: `time.ParseDuration`, or numbers with words for units.
fn is_duration(text: &str) -> bool {
    if crate::validate::is_go_duration(text) {
        return true;
    }
    let text = text.trim();
    let digits =
        text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let unit = text[digits..].trim_start();
    digits > 0
        && UNITS.iter().any(|known| {
            unit == *known
                || unit == format!("{known}s")
                || unit == format!("{known}ond")
                || unit == format!("{known}onds")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: &str, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(fits(format, text), "{format} {text:?}");
        }
        for text in bad {
            assert!(!fits(format, text), "{format} {text:?}");
        }
    }

    #[test]
    fn formats_are_what_the_server_takes() {
        check("ipv4", &["10.0.0.1"], &["10.0.0", "Auto", ""]);
        check("cidr", &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33", "10.0.0.0/8 "]);
        check("hostname", &["a.example.com", "localhost"], &["10.0.0.1", "", "a_b"]);
        check("uuid", &["7d6f0d5e-0000-4000-8000-000000000001"], &["x", "7d6f0d5e"]);
        check("email", &["a@b.co"], &["POST", "", "a@"]);
        check("uri", &["http://x", "/x"], &["", "-5", "http"]);
        check("date-time", &["2024-01-02T03:04:05Z"], &["", "2024-01-02"]);
        check("duration", &["1h30m", "2 days"], &["25%", ""]);
    }
}
