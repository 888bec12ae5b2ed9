//! Whether a text is a duration, as Go's `time.ParseDuration` says it.

/// Checks a duration such as `1h30m`; the error is Go's.
pub(super) fn check(text: &str) -> Result<(), String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(());
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let digits = &rest[..rest.len() - number.len()];
        if !digits.bytes().any(|byte| byte.is_ascii_digit()) || digits.matches('.').count() > 1 {
            return Err(invalid());
        }
        let after = number.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '.');
        let unit = &number[..number.len() - after.len()];
        match unit {
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h" => rest = after,
            _ => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn errors_are_gos() {
        let check = |text| super::check(text).err().unwrap_or_default();
        assert_eq!(check("1h30m0.5s"), "");
        assert_eq!(check("5"), "time: missing unit in duration \"5\"");
        assert_eq!(check("5y"), "time: unknown unit \"y\" in duration \"5y\"");
        assert_eq!(check("x"), "time: invalid duration \"x\"");
    }
}
