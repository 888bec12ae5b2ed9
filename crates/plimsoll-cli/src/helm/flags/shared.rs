//! Flags that several commands share.

use plimsoll::gotmpl::Compat;

use super::super::pflag::{Flag, Kind};
use super::flag;

/// How values are given.
pub(in crate::helm) const VALUES: &[Flag] = &[
    flag("set", "", Kind::Array, "values as key=value, with commas between (may be repeated)"),
    flag("set-file", "", Kind::Array, "values as key=path: the text of the file (may be repeated)"),
    flag(
        "set-json",
        "",
        Kind::Array,
        "values as key=json, with commas between, or a JSON object (may be repeated)",
    ),
    flag(
        "set-literal",
        "",
        Kind::Array,
        "a value as key=text that is taken as it is (may be repeated)",
    ),
    flag("set-string", "", Kind::Array, "values as key=text that stay text (may be repeated)"),
    flag(
        "values",
        "f",
        Kind::Strings,
        "a file of values, `-` for standard input (may be repeated)",
    ),
];

/// How a server of charts is spoken to.
pub(in crate::helm) const SERVER: &[Flag] = &[
    flag("ca-file", "", Kind::Text, "the certificate authorities that the server is checked with"),
    flag("cert-file", "", Kind::Text, "the certificate that is shown to the server"),
    flag("insecure-skip-tls-verify", "", Kind::Bool, "do not check the server's certificate"),
    flag("key-file", "", Kind::Text, "the key of the certificate that is shown to the server"),
    flag("password", "", Kind::Text, "the password for the server"),
    flag("plain-http", "", Kind::Bool, "speak without TLS"),
    flag("username", "", Kind::Text, "the user that the server knows"),
];

pub(in crate::helm) const KEYRING: Flag =
    flag("keyring", "", Kind::Text, "the public keys that signatures are checked with");

pub(in crate::helm) const VERIFY: Flag =
    flag("verify", "", Kind::Bool, "check the chart's signature first");

pub(in crate::helm) const DEVEL: Flag =
    flag("devel", "", Kind::Bool, "take pre-releases of the chart too, as with version '>0.0.0-0'");

/// Which chart is meant, beside its name.
pub(in crate::helm) const CHART: &[Flag] = &[
    DEVEL,
    KEYRING,
    flag("pass-credentials", "", Kind::Bool, "send credentials to every domain"),
    flag("repo", "", Kind::Text, "the URL of the repository that the chart is in"),
    VERIFY,
    flag("version", "", Kind::Text, "a constraint on the chart's version, where it is fetched"),
];

pub(in crate::helm) const SKIP_SCHEMA: Flag = flag(
    "skip-schema-validation",
    "",
    Kind::Bool,
    "do not check values against values.schema.json",
);

pub(in crate::helm) const KUBE_VERSION: Flag =
    flag("kube-version", "", Kind::Text, "the version of Kubernetes that templates see");

pub(in crate::helm) const OUTPUT: Flag =
    flag("output", "o", Kind::Format, "how it is printed: table, json, yaml (default table)");

pub(in crate::helm) const DESCRIPTION: Flag =
    flag("description", "", Kind::Text, "a description of the release");

pub(in crate::helm) const NO_HOOKS: Flag = flag("no-hooks", "", Kind::Bool, "leave hooks out");

pub(in crate::helm) const TIMEOUT: Flag = flag(
    "timeout",
    "",
    Kind::Duration,
    "how long one operation on the cluster may take (default 5m0s)",
);

pub(in crate::helm) const WAIT: Flag = flag("wait", "", Kind::Wait, "wait for resources");

pub(in crate::helm) const WAIT_FOR_JOBS: Flag =
    flag("wait-for-jobs", "", Kind::Bool, "wait for jobs with --wait");

pub(in crate::helm) const FORCE_CONFLICTS: Flag =
    flag("force-conflicts", "", Kind::Bool, "let server-side apply win conflicts")
        .only(Compat::Helm4);

pub(in crate::helm) const FORCE_REPLACE: Flag =
    flag("force-replace", "", Kind::Bool, "replace resources to update them").only(Compat::Helm4);

pub(in crate::helm) const FORCE: Flag =
    flag("force", "", Kind::Bool, "replace resources to update them")
        .deprecated("use --force-replace instead");

pub(in crate::helm) const DRY_RUN: Flag =
    flag("dry-run", "", Kind::DryRun, "\"client\" does not ask the cluster, \"server\" does");

/// What `install`, `upgrade` and `template` share beside values and the chart.
pub(in crate::helm) const RELEASE: &[Flag] = &[
    flag("atomic", "", Kind::Bool, "roll the release back when it fails")
        .deprecated("use --rollback-on-failure instead"),
    flag("create-namespace", "", Kind::Bool, "create the namespace if it is missing"),
    flag("dependency-update", "", Kind::Bool, "fetch dependencies that are missing first"),
    DESCRIPTION,
    flag(
        "disable-openapi-validation",
        "",
        Kind::Bool,
        "do not check manifests against the cluster's OpenAPI schema",
    ),
    DRY_RUN,
    flag("enable-dns", "", Kind::Bool, "let templates resolve host names"),
    FORCE,
    FORCE_CONFLICTS,
    FORCE_REPLACE,
    flag(
        "labels",
        "l",
        Kind::Pairs,
        "labels of the release's record, as key=value with commas between",
    ),
    NO_HOOKS,
    flag(
        "post-renderer",
        "",
        Kind::PostRenderer,
        "what the manifests are passed through: a plugin (Helm 4) or a program (Helm 3)",
    ),
    flag(
        "post-renderer-args",
        "",
        Kind::Array,
        "an argument for the post-renderer (may be repeated)",
    ),
    flag("rollback-on-failure", "", Kind::Bool, "roll the release back when it fails")
        .only(Compat::Helm4),
    flag("skip-crds", "", Kind::Bool, "do not install CRDs"),
    SKIP_SCHEMA,
    flag("take-ownership", "", Kind::Bool, "take over resources of others"),
    TIMEOUT,
    WAIT,
    WAIT_FOR_JOBS,
];

/// What `install` and `template` share beside that.
pub(in crate::helm) const INSTALL: &[Flag] = &[
    flag("generate-name", "g", Kind::Bool, "make a name up, and take no NAME"),
    flag("name-template", "", Kind::Text, "a template that gives the release's name"),
    flag("replace", "", Kind::Bool, "take the name of a deleted release again"),
    flag("server-side", "", Kind::Bool, "apply on the server (default true)").only(Compat::Helm4),
];
