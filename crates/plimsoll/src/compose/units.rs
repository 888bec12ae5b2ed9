//! Compose's sizes, shares and durations as Kubernetes writes them.

/// `512M` → `512Mi`, `1gb` → `1Gi`: compose counts in powers of 1024.
pub(super) fn memory(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let end = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let (number, unit) = lower.split_at(end);
    let suffix = match unit.trim() {
        "" | "b" => "",
        "k" | "kb" | "kib" => "Ki",
        "m" | "mb" | "mib" => "Mi",
        "g" | "gb" | "gib" => "Gi",
        _ => return None,
    };
    number.parse::<f64>().ok()?;
    Some(format!("{number}{suffix}"))
}

/// `0.5` → `500m`, `2` → `2`.
pub(super) fn cpus(text: &str) -> Option<String> {
    let share: f64 = text.trim().parse().ok()?;
    if !(0.0..1e6).contains(&share) {
        return None;
    }
    let milli = (share * 1000.0).round() as i64;
    Some(if milli % 1000 == 0 { (milli / 1000).to_string() } else { format!("{milli}m") })
}

/// `1m30s` → 90; parts of a second count as one.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        total += number
            * match &rest[..end] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &rest[end..];
    }
    (total < 1e9).then_some(total.ceil() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_kubernetes_own() {
        let sizes = ["512M", "1gb", "64k", "100", "1.5g", "x", "1t"].map(memory);
        let sizes: Vec<&str> = sizes.iter().map(|size| size.as_deref().unwrap_or("-")).collect();
        assert_eq!(sizes, ["512Mi", "1Gi", "64Ki", "100", "1.5Gi", "-", "-"]);
        assert_eq!(
            [cpus("0.50"), cpus("2"), cpus("x")],
            [Some("500m".into()), Some("2".into()), None]
        );
        let times = ["10s", "1m30s", "500ms", "2h", "5", ""].map(seconds);
        assert_eq!(times, [Some(10), Some(90), Some(1), Some(7200), None, Some(0)]);
    }
}
