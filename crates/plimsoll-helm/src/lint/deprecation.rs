use std::fmt::Write;

use plimsoll_gotmpl::Compat;

use crate::render::KubeVersion;

/// The APIs of Kubernetes' own client that are deprecated at some version.
const TABLE: &str = include_str!("deprecated.tsv");

/// The version that deprecations are looked up for where none is given. That of Helm 3 is set when
/// a release is linked; a Helm that `go install` made keeps what stands in lint/rules.
pub(super) fn default_version(compat: Compat) -> KubeVersion {
    let default = KubeVersion::default_of(compat);
    match compat {
        Compat::Helm4 => default,
        Compat::Helm3 => KubeVersion { major: 1, minor: 20, ..default },
    }
}

/// What speaks against an object's API in a version of Kubernetes.
pub(super) fn check(api_version: &str, kind: &str, version: &KubeVersion) -> Result<(), String> {
    let Some([since, until, instead]) = find(api_version, kind) else { return Ok(()) };
    let (major, minor) = since.split_once('.').unwrap_or((since, ""));
    let since_version = (major.parse().unwrap_or(0), minor.parse().unwrap_or(0));
    let unknown = (version.major, version.minor) == (0, 0);
    if !unknown && since_version > (version.major, version.minor) {
        return Ok(());
    }
    let mut text = format!("{api_version} {kind} is deprecated in v{since}+");
    if until != "-" {
        write!(text, ", unavailable in v{until}+").expect("a String takes it");
    }
    if instead != "-" {
        write!(text, "; use {instead}").expect("a String takes it");
    }
    Err(text)
}

fn find(api_version: &str, kind: &str) -> Option<[&'static str; 3]> {
    let row = |line: &'static str| {
        let mut fields = line.split('\t');
        let found = fields.next()? == api_version && fields.next()? == kind;
        let rest = [fields.next()?, fields.next()?, fields.next()?];
        found.then_some(rest)
    };
    TABLE.lines().skip(1).find_map(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(api_version: &str, kind: &str, version: &str) -> String {
        let version = KubeVersion::parse(version, Compat::Helm4).expect("it is a version");
        super::check(api_version, kind, &version).err().unwrap_or_default()
    }

    #[test]
    fn deprecations_depend_on_the_version() {
        let want = "batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use \
                    batch/v1 CronJob";
        assert_eq!(check("batch/v1beta1", "CronJob", "1.37"), want);
        assert_eq!(check("batch/v1beta1", "CronJob", "1.20"), "");
        assert_eq!(check("batch/v1", "CronJob", "1.37"), "");
    }
}
