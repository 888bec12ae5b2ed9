use plimsoll_funcs::semver::{Constraint, Version};

/// Whether a version lies in a range; no if either of them cannot be read.
pub(crate) fn compatible(range: &str, version: &str) -> bool {
    match (Version::parse(version), Constraint::parse(range)) {
        (Ok(version), Ok(range)) => range.check(&version),
        _ => false,
    }
}

/// Whether a text is a version, loosely.
pub(crate) fn is_version(version: &str) -> bool {
    Version::parse(version).is_ok()
}
