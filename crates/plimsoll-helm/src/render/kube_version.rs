//! Kubernetes versions, as `--kube-version` takes them.

use plimsoll_gotmpl::Compat;

/// A version of Kubernetes: `.Capabilities.KubeVersion`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// What `.Version` and `.GitVersion` give: `v1.33.4-gke.1245000` (Helm 3: `v1.33.4`).
    pub version: String,
    /// What it prints as and constraints are checked with: `v1.33.4`.
    pub normalized: String,
    /// The major version.
    pub major: u64,
    /// The minor version.
    pub minor: u64,
}

impl KubeVersion {
    /// The Kubernetes that the Helm of this release knows: the minor of its client-go.
    pub fn default_of(_: Compat) -> KubeVersion {
        let version = "v1.37.0".to_owned();
        KubeVersion { normalized: version.clone(), version, major: 1, minor: 37 }
    }

    /// Reads a version; the error is Kubernetes' own text, without Helm's `invalid kube version`.
    pub fn parse(text: &str, compat: Compat) -> Result<KubeVersion, String> {
        let unreadable = || format!("could not parse {text:?} as version");
        let trimmed = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
        let rest = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let numbers = numbers(rest);
        if numbers.is_empty() || rest[numbers.len()..].contains('\n') {
            return Err(unreadable());
        }
        let components: Vec<&str> = numbers.split('.').collect();
        if components.len() < 2 {
            return Err(format!("illegal version string {text:?}"));
        }
        let parsed = components.iter().enumerate().map(|(at, one)| component(one, at, text));
        let parsed: Vec<u64> = parsed.collect::<Result<_, _>>()?;
        let joined: Vec<String> = parsed.iter().map(u64::to_string).collect();
        let normalized = format!("v{}", joined.join("."));
        let version = match compat {
            Compat::Helm3 => normalized.clone(),
            Compat::Helm4 if text.starts_with('v') => text.to_owned(),
            Compat::Helm4 => format!("v{text}"),
        };
        Ok(KubeVersion { version, normalized, major: parsed[0], minor: parsed[1] })
    }
}

/// The longest `1.2.3…` in front.
fn numbers(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    while end > 0 && bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    &text[..end]
}

fn component(one: &str, at: usize, text: &str) -> Result<u64, String> {
    if at == 0 && one.len() > 1 && one.starts_with('0') {
        return Err(format!("illegal zero-prefixed version component {one:?} in {text:?}"));
    }
    one.parse().map_err(|_| {
        format!(
            "illegal non-numeric version component {one:?} in {text:?}: strconv.ParseUint: \
             parsing {one:?}: value out of range"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, compat: Compat, expected: Result<(&str, &str), &str>) {
        let got = KubeVersion::parse(text, compat);
        let got = got.as_ref().map(|v| (v.version.as_str(), v.normalized.as_str()));
        assert_eq!(got.map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn suffixes_are_kept_by_helm_4_alone() {
        let text = "v1.33.4-gke.1";
        check(text, Compat::Helm4, Ok((text, "v1.33.4")));
        check(text, Compat::Helm3, Ok(("v1.33.4", "v1.33.4")));
        check("1.29", Compat::Helm4, Ok(("v1.29", "v1.29")));
        check("1.29.", Compat::Helm4, Ok(("v1.29.", "v1.29")));
    }

    #[test]
    fn errors_are_kubernetes_own() {
        check("abc", Compat::Helm4, Err("could not parse \"abc\" as version"));
        check("1", Compat::Helm4, Err("illegal version string \"1\""));
        let zero = "illegal zero-prefixed version component \"01\" in \"01.2\"";
        check("01.2", Compat::Helm4, Err(zero));
    }
}
