//! The rules for release names.

use plimsoll_gotmpl::Compat;

use crate::{HelmError, Level, slog};

const LONGEST: usize = 53;
const PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/// Checks a release name; Helm 4 logs the failure before it returns it.
pub fn check_release_name(
    name: &str,
    compat: Compat,
    log: &mut dyn FnMut(String),
) -> Result<(), HelmError> {
    let reason = if name.is_empty() {
        "no name provided".to_owned()
    } else if name.len() > LONGEST || !is_subdomain(name) {
        format!(
            "invalid release name, must match regex {PATTERN} and the length must not be longer \
             than {LONGEST}"
        )
    } else {
        return Ok(());
    };
    let message = format!("release name {name:?}: {reason}");
    if compat == Compat::Helm3 {
        return Err(HelmError::new(message));
    }
    log(slog(Level::Error, "release name check failed", &[("error", &message)]));
    Err(HelmError::new(message).wrap("release name check failed"))
}

fn is_subdomain(name: &str) -> bool {
    name.split('.').all(|label| {
        let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        !label.is_empty()
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, valid: bool) {
        let got = check_release_name(name, Compat::Helm4, &mut |_| ());
        assert_eq!(got.is_ok(), valid, "{name}");
    }

    #[test]
    fn names_are_subdomains() {
        check("a", true);
        check("a-1.b", true);
        check(&"a".repeat(53), true);
        check(&"a".repeat(54), false);
        for name in ["", "A", "-a", "a-", "a..b", ".a", "a_b", "a\n"] {
            check(name, false);
        }
    }
}
