//! The forms of names and keys, with the server's words for what is wrong with a text. No words
//! mean that it is good.

/// The words for all that is wrong with a text.
pub(super) type Words = Vec<String>;

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const SUBDOMAIN_ANY_CASE: &str = "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'Example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const SUBDOMAIN_UNDERSCORE: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
const DNS_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_KEY: &str = "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

fn lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_label_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(lower)
        && bytes.last().copied().is_some_and(lower)
        && bytes.iter().all(|&byte| lower(byte) || byte == b'-')
}

fn is_subdomain_form(text: &str) -> bool {
    text.split('.').all(is_label_form)
}

/// `[A-Za-z0-9]` at both ends, `-`, `_` and `.` between them too.
fn is_name_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn words(found: &[(bool, &str)]) -> Words {
    found.iter().filter(|(wrong, _)| *wrong).map(|(_, words)| (*words).to_owned()).collect()
}

/// A DNS label of RFC 1123.
pub(super) fn label(text: &str) -> Words {
    let form = if is_subdomain_form(text) { "must not contain dots" } else { LABEL };
    words(&[(text.len() > 63, "must be no more than 63 characters"), (!is_label_form(text), form)])
}

/// A DNS subdomain of RFC 1123.
pub(super) fn subdomain(text: &str) -> Words {
    words(&[
        (text.len() > 253, "must be no more than 253 characters"),
        (!is_subdomain_form(text), SUBDOMAIN),
    ])
}

/// The same, capitals allowed.
pub(super) fn subdomain_of_any_case(text: &str) -> Words {
    words(&[
        (text.len() > 253, "must be no more than 253 characters"),
        (!is_subdomain_form(&text.to_lowercase()), SUBDOMAIN_ANY_CASE),
    ])
}

/// The same, underscores allowed within labels.
pub(super) fn subdomain_with_underscore(text: &str) -> Words {
    let good = text.split('.').all(|part| {
        let bytes = part.as_bytes();
        bytes.first().copied().is_some_and(lower)
            && bytes.last().copied().is_some_and(lower)
            && bytes.iter().all(|&byte| lower(byte) || matches!(byte, b'-' | b'_'))
    });
    words(&[
        (text.len() > 253, "must be no more than 253 characters"),
        (!good, SUBDOMAIN_UNDERSCORE),
    ])
}

/// A DNS label of RFC 1035: it starts with a letter.
pub(super) fn label_1035(text: &str) -> Words {
    let good = is_label_form(text) && text.starts_with(|c: char| c.is_ascii_lowercase());
    words(&[(text.len() > 63, "must be no more than 63 characters"), (!good, DNS_1035)])
}

/// `*.example.com`.
pub(super) fn wildcard(text: &str) -> Words {
    let good = text.strip_prefix("*.").is_some_and(is_subdomain_form);
    words(&[(text.len() > 253, "must be no more than 253 characters"), (!good, WILDCARD)])
}

/// `prefix/Name` or `Name`: keys of labels, annotations, taints.
pub(super) fn qualified(text: &str) -> Words {
    if is_name_form(text) && text.len() <= 63 {
        return Words::new();
    }
    let mut found = Words::new();
    let mut parts = text.split('/');
    let (first, second, more) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let name = match (second, more) {
        (_, Some(_)) => return vec![LABEL_KEY.to_owned()],
        (None, _) => first,
        (Some(name), None) => {
            if first.is_empty() {
                found.push("prefix part must be non-empty".to_owned());
            } else {
                found.extend(subdomain(first).into_iter().map(|words| {
                    format!("prefix part {}", words.replace("253 characters", "253 bytes"))
                }));
            }
            name
        }
    };
    found.extend(words(&[
        (name.is_empty(), "name part must be non-empty"),
        (name.len() > 63, "name part must be no more than 63 bytes"),
        (!is_name_form(name), NAME_PART),
    ]));
    found
}

/// A value of a label.
pub(super) fn label_value(text: &str) -> Words {
    words(&[
        (text.len() > 63, "must be no more than 63 bytes"),
        (!text.is_empty() && !is_name_form(text), LABEL_VALUE),
    ])
}

/// A key of a ConfigMap or Secret.
pub(super) fn config_key(text: &str) -> Words {
    let good = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let dots = match text {
        "." => "must not be '.'",
        ".." => "must not be '..'",
        _ => "must not start with '..'",
    };
    words(&[
        (text.len() > 253, "must be no more than 253 characters"),
        (!good, CONFIG_KEY),
        (text == "." || text.starts_with(".."), dots),
    ])
}

/// A name of a port: an IANA service name.
pub(super) fn port_name(text: &str) -> Words {
    let bytes = text.as_bytes();
    let edge = bytes.first() == Some(&b'-') || bytes.last() == Some(&b'-');
    words(&[
        (text.len() > 15, "must be no more than 15 characters"),
        (
            text.is_empty() || !bytes.iter().all(|&byte| lower(byte) || byte == b'-'),
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        ),
        (!bytes.iter().any(u8::is_ascii_lowercase), "must contain at least one letter (a-z)"),
        (text.contains("--"), "must not contain consecutive hyphens"),
        (edge, "must not begin or end with a hyphen"),
    ])
}

/// A name that becomes a segment of a path: roles and others.
pub(super) fn path_segment(text: &str) -> Words {
    match text {
        "." => return vec!["may not be '.'".to_owned()],
        ".." => return vec!["may not be '..'".to_owned()],
        _ => {}
    }
    words(&[
        (text.contains('/'), "may not contain '/'"),
        (text.contains('%'), "may not contain '%'"),
    ])
}

/// A name of an environment variable: strict up to 1.31, nearly anything since.
pub(super) fn env_name(text: &str, minor: u16) -> Words {
    if minor >= 32 {
        let good = !text.is_empty()
            && text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'=');
        return words(&[(
            !good,
            "a valid environment variable name must consist only of printable ASCII characters other than '='",
        )]);
    }
    let mut bytes = text.bytes();
    let good = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b"-_.".contains(&b))
        && bytes.all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    words(&[(
        !good,
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
    )])
}

/// A name of an HTTP header.
pub(super) fn header(text: &str) -> Words {
    let good = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    words(&[(
        !good,
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
    )])
}

/// `acme.io/foo`.
pub(super) fn domain_prefixed(text: &str) -> Words {
    let Some((domain, path)) =
        text.split_once('/').filter(|(domain, path)| !domain.is_empty() && !path.is_empty())
    else {
        return vec!["must be a domain-prefixed path (such as \"acme.io/foo\")".to_owned()];
    };
    let mut found = subdomain(domain);
    let good = path.split('/').all(|segment| {
        !segment.is_empty()
            && segment
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@%".contains(&b))
    });
    found.extend(words(&[(
        !good,
        "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
    )]));
    found
}

/// A percentage: `"25%"`.
pub(super) fn percent(text: &str) -> Words {
    let good = text
        .strip_suffix('%')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    words(&[(
        !good,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    )])
}

/// A whole prefix of names: what `generateName` holds, judged without a trailing hyphen.
pub(super) fn as_prefix(text: &str, name: fn(&str) -> Words) -> Words {
    // k8s: maskTrailingDash: the hyphen and the character before it become one `a`.
    match text.strip_suffix('-').map(str::chars) {
        Some(mut rest) if text.len() > 1 => {
            rest.next_back();
            name(&format!("{}a", rest.as_str()))
        }
        _ => name(text),
    }
}

/// `must be between 1 and 65535, inclusive`, or nothing.
pub(super) fn port_number(port: i64) -> Words {
    words(&[(!(1..=65535).contains(&port), "must be between 1 and 65535, inclusive")])
}

/// The words for what is no C identifier.
pub(super) fn identifier(text: &str) -> Words {
    words(&[(
        !is_identifier(text),
        "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')",
    )])
}

/// A C identifier.
pub(super) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: fn(&str) -> Words, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(form(text).is_empty(), "{text:?}: {:?}", form(text));
        }
        for text in bad {
            assert!(!form(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn names_have_their_forms() {
        check(label, &["a", "a-1", "1"], &["", "-a", "A", "a.b", "a_b"]);
        check(subdomain, &["a.b", "a"], &["a..b", ".a", "A"]);
        check(label_1035, &["a1"], &["1a", ""]);
        check(qualified, &["a", "A_b", "x.io/Y"], &["", "/a", "a/", "a/b/c", "-a", "X/y"]);
        check(label_value, &["", "A.b"], &["-", "a b"]);
        check(config_key, &["a.b", ".a", "_"], &["", ".", "..", "..a", "a/b"]);
        check(port_name, &["http", "h-1"], &["1", "-a", "a--b", "HTTP", "", "abcdefghijklmnop"]);
        check(domain_prefixed, &["acme.io/foo"], &["acme", "/a", "A.io/x", "a/"]);
        check(percent, &["1%", "100%"], &["1", "%", "1.5%", "-1%"]);
    }
}
