//! Image references: `registry.example:5000/team/api:1.4.2@sha256:…`.

/// The parts of an image reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Image<'a> {
    /// `docker.io` where none is written.
    pub(crate) registry: &'a str,
    /// `team/api`, as written.
    pub(crate) repository: &'a str,
    pub(crate) tag: Option<&'a str>,
    pub(crate) digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// Reads a reference; `None` for what no container runtime takes.
    pub(crate) fn parse(text: &'a str) -> Option<Image<'a>> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest).filter(|one| is_digest(one)).map(Some)?),
            None => (text, None),
        };
        let path = name.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match name[path..].split_once(':') {
            Some((last, tag)) => {
                (&name[..path + last.len()], Some(tag).filter(|one| is_tag(one)).map(Some)?)
            }
            None => (name, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => ("docker.io", name),
        };
        let valid = name.len() <= 255 && repository.split('/').all(is_component);
        valid.then_some(Image { registry, repository, tag, digest })
    }

    /// Whether the image behind the reference changes from day to day by design: the tag is
    /// `latest`, or there is neither tag nor digest.
    pub(crate) fn is_latest(&self) -> bool {
        self.digest.is_none() && matches!(self.tag, None | Some("latest"))
    }
}

/// What stands before the first slash is a registry if it could not be a folder of Docker Hub.
fn is_registry(text: &str) -> bool {
    let host = text.split(':').next().unwrap_or_default();
    let named = text.contains(['.', ':']) || text == "localhost" || text != text.to_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let port = text.split_once(':').is_none_or(|(_, port)| is_number(port));
    named && ((!host.is_empty() && host.bytes().all(plain) && port) || text.starts_with('['))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lower-case letters and digits, with `.`, `_`, `__` or any number of `-` between them.
fn is_component(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends = bytes.first().is_some_and(|&one| letter(one))
        && bytes.last().is_some_and(|&one| letter(one));
    let mut gaps = text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    ends && gaps
        .all(|gap| matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let more = |byte: u8| word(byte) || matches!(byte, b'.' | b'-');
    (1..=128).contains(&text.len()) && word(text.as_bytes()[0]) && text.bytes().all(more)
}

fn is_digest(text: &str) -> bool {
    let Some((kind, hex)) = text.split_once(':') else { return false };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+._-".contains(&byte);
    !kind.is_empty()
        && kind.bytes().all(plain)
        && hex.len() >= 32
        && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<(&str, &str, Option<&str>, bool)>) {
        let got = Image::parse(text);
        let got = got.map(|one| (one.registry, one.repository, one.tag, one.digest.is_some()));
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn ports_are_no_tags() {
        check("nginx", Some(("docker.io", "nginx", None, false)));
        check("reg:5000/x", Some(("reg:5000", "x", None, false)));
        check("reg:5000/x:1", Some(("reg:5000", "x", Some("1"), false)));
        check("library/nginx:1.2", Some(("docker.io", "library/nginx", Some("1.2"), false)));
        check("localhost/x", Some(("localhost", "x", None, false)));
    }

    #[test]
    fn a_digest_says_it_all() {
        let digest = format!("x:latest@sha256:{}", "a".repeat(64));
        check(&digest, Some(("docker.io", "x", Some("latest"), true)));
        assert!(!Image::parse(&digest).unwrap().is_latest());
        assert!(Image::parse("x:latest").unwrap().is_latest());
        assert!(Image::parse("reg:5000/x").unwrap().is_latest());
        assert!(!Image::parse("x:1").unwrap().is_latest());
    }

    #[test]
    fn what_no_runtime_takes_is_refused() {
        for text in ["", ":", "x:", "Nginx:1", "a//b", "a/b:c:d", "x@sha256:1", "a b", "x:-1", "-a"]
        {
            check(text, None);
        }
    }
}
