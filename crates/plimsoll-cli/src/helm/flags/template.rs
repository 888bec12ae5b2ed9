//! The flags of `helm template`.

use super::super::pflag::{Flag, Kind};
use super::flag;
use super::shared::{CHART, INSTALL, KUBE_VERSION, RELEASE, SERVER, VALUES};

/// What `helm template` knows beside the flags of every command.
pub(in crate::helm) const TEMPLATE: &[&[Flag]] = &[OWN, INSTALL, RELEASE, VALUES, CHART, SERVER];

pub(super) const OWN: &[Flag] = &[
    flag(
        "api-versions",
        "a",
        Kind::Strings,
        "API versions that `.Capabilities.APIVersions` holds beside Helm's own (may be repeated)",
    ),
    flag("hide-notes", "", Kind::Bool, "do not show notes").deprecated(NO_EFFECT),
    flag("include-crds", "", Kind::Bool, "print the files of crds/ too"),
    flag("is-upgrade", "", Kind::Bool, "set .Release.IsUpgrade, not .Release.IsInstall"),
    KUBE_VERSION,
    flag("output-dir", "", Kind::Text, "write files under this folder, not standard output"),
    flag("release-name", "", Kind::Bool, "write under the release's name in the output folder"),
    flag("render-subchart-notes", "", Kind::Bool, "show subcharts' notes").deprecated(NO_EFFECT),
    flag("show-only", "s", Kind::Array, "print what these templates gave alone (may be repeated)"),
    flag("skip-tests", "", Kind::Bool, "leave test hooks out"),
    flag("validate", "", Kind::Bool, "check manifests with the cluster")
        .deprecated("use '--dry-run=server' instead"),
];

const NO_EFFECT: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";
