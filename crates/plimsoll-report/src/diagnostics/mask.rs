/// Words in a key that say that its value is nobody's business.
const SECRET: [&str; 7] =
    ["password", "passwd", "secret", "token", "apikey", "api_key", "privatekey"];

/// The text with literal values under secret-like keys replaced by stars of the same length, so
/// that an excerpt in a log gives nothing away. Template actions and empty values stay.
pub(crate) fn mask_secrets(mut text: String) -> String {
    let mut masked = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(range) = secret_value(line) {
            masked.push(start + range.start..start + range.end);
        }
        start += line.len();
    }
    for range in masked.into_iter().rev() {
        let stars = "*".repeat(range.len());
        text.replace_range(range, &stars);
    }
    text
}

fn secret_value(line: &str) -> Option<std::ops::Range<usize>> {
    let (key, value) = line.split_once(':')?;
    let name = key.to_ascii_lowercase().replace('-', "");
    let plain = value.trim();
    let literal = !plain.is_empty()
        && !plain.contains("{{")
        && !plain.starts_with(['#', '{', '[', '|', '>', '&', '*']);
    if !literal || !SECRET.iter().any(|word| name.contains(word)) {
        return None;
    }
    let start = line.len() - value.trim_start().len();
    Some(start..start + plain.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(mask_secrets(text.to_owned()), want);
    }

    #[test]
    fn literal_secrets_are_hidden() {
        check("dbPassword: hunter2\nuser: x\n", "dbPassword: *******\nuser: x\n");
        check("  api-key: \"é1\"  \n", "  api-key: *****  \n");
    }

    #[test]
    fn references_and_sections_stay() {
        check("secretName: {{ .Values.x }}\n", "secretName: {{ .Values.x }}\n");
        check("secret:\n  a: 1\n", "secret:\n  a: 1\n");
    }
}
