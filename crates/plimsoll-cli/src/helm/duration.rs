//! Whether a text is a duration, as Go's `time.ParseDuration` says it.

use std::time::Duration;

/// The length of a duration such as `1h30m`; nothing for what is none, or less than nothing.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    check(text).ok()?;
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut total = 0.0;
    while !rest.is_empty() && rest != "0" {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(unit_at);
        let next = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let seconds = match &after[..next] {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            _ => 3600.0,
        };
        total += number.parse::<f64>().ok()? * seconds;
        rest = &after[next..];
    }
    Duration::try_from_secs_f64(total).ok()
}

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
    fn durations_have_lengths() {
        let check = |text| super::parse(text).map(|it| it.as_millis());
        assert_eq!(check("1m30s5ms"), Some(90_005));
        assert_eq!(check("1.5h"), Some(5_400_000));
        assert_eq!((check("0"), check("-1s"), check("x")), (Some(0), None, None));
    }

    #[test]
    fn errors_are_gos() {
        let check = |text| super::check(text).err().unwrap_or_default();
        assert_eq!(check("1h30m0.5s"), "");
        assert_eq!(check("5"), "time: missing unit in duration \"5\"");
        assert_eq!(check("5y"), "time: unknown unit \"y\" in duration \"5y\"");
        assert_eq!(check("x"), "time: invalid duration \"x\"");
    }
}
