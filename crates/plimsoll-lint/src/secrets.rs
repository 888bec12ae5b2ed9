//! What looks like a secret: names that speak of one, values that are one.

/// What kind of secret a name and its value are; `None` for what is none.
pub(crate) fn secret(name: &str, value: &str) -> Option<&'static str> {
    if value.is_empty() || value.contains("$(") {
        return None;
    }
    if let Some(known) = known_key(value) {
        return Some(known);
    }
    if has_password(value) {
        return Some("a URL with a password");
    }
    (speaks_of_secret(name) && !is_harmless(value)).then_some("a secret")
}

/// Keys that are known by their form.
fn known_key(value: &str) -> Option<&'static str> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let key = |prefix: &str, least: usize| {
        value.strip_prefix(prefix).is_some_and(|rest| rest.len() >= least && rest.bytes().all(word))
    };
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY-----") {
        Some("a private key")
    } else if key("AKIA", 16) && value.len() == 20 {
        Some("an AWS access key")
    } else if key("ghp_", 36) || key("github_pat_", 22) || key("gho_", 36) || key("ghs_", 36) {
        Some("a GitHub token")
    } else if key("glpat-", 20) {
        Some("a GitLab token")
    } else if ["xoxb-", "xoxp-", "xoxa-", "xoxs-"].iter().any(|prefix| key(prefix, 20)) {
        Some("a Slack token")
    } else if key("sk_live_", 20) || key("rk_live_", 20) {
        Some("a Stripe key")
    } else {
        None
    }
}

/// `scheme://user:password@host`
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| {
        !password.is_empty() && !password.starts_with(['$', '<', '{']) && password != "***"
    })
}

const SECRETS: [&str; 7] =
    ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "CREDENTIALS"];
const KEYS: [&str; 6] = ["API", "PRIVATE", "ACCESS", "SECRET", "ENCRYPTION", "SIGNING"];

/// Last words of names that are about a secret and hold none.
const ABOUT: [&str; 48] = [
    "ALGORITHM",
    "AUDIENCE",
    "BACKEND",
    "CLASS",
    "COMPLEXITY",
    "COUNT",
    "DIR",
    "DIRECTORY",
    "DRIVER",
    "ENABLED",
    "ENDPOINT",
    "ENGINE",
    "EXPIRATION",
    "EXPIRY",
    "FIELD",
    "FILE",
    "FORMAT",
    "HASH",
    "HEADER",
    "HOST",
    "ID",
    "ISSUER",
    "KIND",
    "LENGTH",
    "LIFETIME",
    "LOCATION",
    "METHOD",
    "MODE",
    "NAME",
    "NAMESPACE",
    "PATH",
    "PATTERN",
    "POLICY",
    "PREFIX",
    "PROVIDER",
    "REF",
    "REGEX",
    "REQUIRED",
    "ROTATION",
    "SOURCE",
    "STORAGE",
    "STORE",
    "STRENGTH",
    "TTL",
    "TYPE",
    "URI",
    "URL",
    "VERSION",
];

fn speaks_of_secret(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last() else { return false };
    if ABOUT.contains(&last.as_str()) {
        return false;
    }
    let pair = |pair: &[String]| KEYS.contains(&pair[0].as_str()) && pair[1] == "KEY";
    if words.windows(2).any(pair) {
        return true;
    }
    last != "KEY" && words.iter().any(|word| SECRETS.contains(&word.as_str()))
}

/// The words of `DB_PASSWORD`, `dbPassword` and `db.password`, in capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            lower = false;
            continue;
        }
        if lower && c.is_uppercase() {
            words.push(String::new());
        }
        lower = c.is_lowercase();
        words.last_mut().expect("there is a word").extend(c.to_uppercase());
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Switches, numbers, paths, URLs, references and lists of settings.
fn is_harmless(value: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "none", "null", "enabled", "disabled"];
    let lower = value.to_ascii_lowercase();
    WORDS.contains(&lower.as_str())
        || value.parse::<f64>().is_ok()
        || value.starts_with(['/', '.', '~', '<'])
        || value.starts_with("vault:")
        || value.contains("://")
        || (value.contains('=') && value.contains(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, value: &str, want: Option<&str>) {
        assert_eq!(secret(name, value), want, "{name}: {value}");
    }

    #[test]
    fn names_are_read_word_by_word() {
        for name in
            ["DB_PASSWORD", "dbPassword", "db.password", "API_KEY", "GITHUB_TOKEN", "apiKey"]
        {
            check(name, "abc", Some("a secret"));
        }
        for name in ["SECRETS_DIR", "TOKEN_FILE", "PASSWORD_KEY", "MAX_TOKENS", "MONKEY", "KEY_ID"]
        {
            check(name, "abc", None);
        }
        for name in ["SECRET_NAME", "TOKEN_URL", "PASSWORD_MIN_LENGTH", "AWS_ACCESS_KEY_ID"] {
            check(name, "abc", None);
        }
    }

    #[test]
    fn values_that_are_no_secret_pass() {
        for value in [
            "",
            "$(DB_PASSWORD)",
            "/run/secrets/x",
            "true",
            "3600",
            "https://x.example",
            "jwt,ttl=1m",
        ] {
            check("TOKEN", value, None);
        }
    }

    #[test]
    fn keys_are_known_by_their_form() {
        check("X", "AKIAIOSFODNN7EXAMPLE", Some("an AWS access key"));
        check("X", "AKIAnother word", None);
        check("X", "-----BEGIN RSA PRIVATE KEY-----\nx", Some("a private key"));
        check("DSN", "postgres://u:p@db/x", Some("a URL with a password"));
        check("DSN", "postgres://u@db/x", None);
        check("DSN", "postgres://u:$(PW)@db/x", None);
        check("DSN", "postgres://db/x?a=b:c@d", None);
    }
}
