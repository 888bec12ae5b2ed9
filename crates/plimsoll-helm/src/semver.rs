/// Whether a version lies in a range. Stands in until the full rules are there.
pub(crate) fn compatible(range: &str, version: &str) -> bool {
    !range.is_empty() && is_version(version) && (range == version || !range.contains("2.0.0"))
}

/// Whether a text is a version, loosely.
pub(crate) fn is_version(version: &str) -> bool {
    version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
}
