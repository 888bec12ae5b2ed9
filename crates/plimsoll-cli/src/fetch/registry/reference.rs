//! References to charts in registries: `registry/repository:tag` or `…@digest`.

use std::fmt;

use crate::fetch::{Url, quote};

/// What Helm calls `oci://…`.
pub(crate) const SCHEME: &str = "oci://";

/// Whether a text is a reference into a registry.
pub(crate) fn is_oci(text: &str) -> bool {
    text.starts_with(SCHEME)
}

/// A reference, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Host and port.
    pub(crate) registry: String,
    pub(crate) repository: String,
    /// With `_` where a version has `+`.
    pub(crate) tag: String,
    /// `sha256:…`
    pub(crate) digest: String,
}

impl Reference {
    /// Reads a reference, with or without `oci://`. helm: registry/reference.go newReference.
    pub(crate) fn parse(text: &str) -> Result<Reference, String> {
        let text = text.strip_prefix(SCHEME).unwrap_or(text);
        let (named, digest) = text.rsplit_once('@').unwrap_or((text, ""));
        let mut named = named.to_owned();
        if let Some((_, tag)) = named.rsplit_once(':')
            && !tag.contains('/')
            && !tag.is_empty()
        {
            let tag = tag.to_owned();
            named = named.replace(&tag, &tag.replace('+', "_"));
        }
        let mut reference = Reference::parse_plain(&named)?;
        digest.clone_into(&mut reference.digest);
        Ok(reference)
    }

    /// oras: registry/reference.go ParseReference, for what has no digest.
    pub(crate) fn parse_plain(text: &str) -> Result<Reference, String> {
        let (registry, path) =
            text.split_once('/').ok_or("invalid reference: missing registry or repository")?;
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, tag),
            None => (path, ""),
        };
        check_registry(registry)?;
        if !is_repository(repository) {
            return Err(format!("invalid reference: invalid repository {}", quote(repository)));
        }
        if !tag.is_empty() && !is_tag(tag) {
            return Err(format!("invalid reference: invalid tag {}", quote(tag)));
        }
        Ok(Reference {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            digest: String::new(),
        })
    }

    /// The host that answers for the registry.
    pub(crate) fn host(&self) -> &str {
        host_of(&self.registry)
    }

    /// What the manifest is asked for by.
    pub(crate) fn wanted(&self) -> &str {
        match (self.tag.as_str(), self.digest.as_str()) {
            ("", "") => "latest",
            ("", digest) => digest,
            (tag, _) => tag,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reference { registry, repository, tag, digest } = self;
        match tag.as_str() {
            "" => write!(f, "{registry}/{repository}@{digest}"),
            tag => write!(f, "{registry}/{repository}:{tag}"),
        }
    }
}

/// Docker Hub's name is not its server's.
pub(crate) fn host_of(registry: &str) -> &str {
    if registry == "docker.io" { "registry-1.docker.io" } else { registry }
}

/// oras: ValidateRegistry.
pub(crate) fn check_registry(registry: &str) -> Result<(), String> {
    let valid = Url::parse(&format!("dummy://{registry}"))
        .is_ok_and(|url| !url.host.is_empty() && url.host == registry && !registry.contains('%'));
    if valid {
        return Ok(());
    }
    Err(format!("invalid reference: invalid registry {}", quote(registry)))
}

/// Words of lower-case letters and digits with `.`, `_`, `__` or dashes between, slashes between
/// those.
fn is_repository(text: &str) -> bool {
    text.split('/').all(|part| {
        let mut separator = String::new();
        let mut has_word = false;
        for c in part.chars() {
            match c {
                'a'..='z' | '0'..='9' => {
                    if !is_separator(&separator) {
                        return false;
                    }
                    separator.clear();
                    has_word = true;
                }
                '.' | '_' | '-' if has_word => separator.push(c),
                _ => return false,
            }
        }
        has_word && separator.is_empty()
    })
}

fn is_separator(text: &str) -> bool {
    matches!(text, "" | "." | "_" | "__") || text.chars().all(|c| c == '-')
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

/// Whether a text is `sha256:` and 64 hexadecimal digits.
pub(crate) fn is_sha256(text: &str) -> bool {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = Reference::parse(text).map_or_else(|error| error, |it| it.to_string());
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn references_are_checked() {
        check("oci://h:5000/a/b-c_d.e:1.0.0+x", "h:5000/a/b-c_d.e:1.0.0_x");
        check("h/a@sha256:ab", "h/a@sha256:ab");
        check("h/a:1@sha256:ab", "h/a:1");
        check("h", "invalid reference: missing registry or repository");
        check("h/A", "invalid reference: invalid repository \"A\"");
        check("h/a..b", "invalid reference: invalid repository \"a..b\"");
        check("h/a:-x", "invalid reference: invalid tag \"-x\"");
        check("h x/a", "invalid reference: invalid registry \"h x\"");
    }

    #[test]
    fn docker_hub_has_another_server() {
        assert_eq!(host_of("docker.io"), "registry-1.docker.io");
        assert!(is_sha256(&format!("sha256:{}", "a".repeat(64))) && !is_sha256("sha256:x"));
    }
}
