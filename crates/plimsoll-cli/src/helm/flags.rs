//! Helm's flags.

use plimsoll::gotmpl::Compat;

use super::pflag::{Flag, Kind};

/// What `helm template` knows: its own flags, the global ones, and those of Kubernetes' log that
/// Helm takes and hides.
pub(super) const TEMPLATE: [&[Flag]; 3] = [OWN, GLOBAL, LOG];

/// What `plimsoll render` knows: all of `helm template`, and what is ours.
pub(crate) const RENDER: [&[Flag]; 4] = [RENDER_OWN, OWN, GLOBAL, LOG];

const RENDER_OWN: &[Flag] = &[
    flag("color", "", Kind::Text, "colours: never, auto, always (default \"auto\")"),
    flag("no-validate", "", Kind::Bool, "do not check manifests against Kubernetes' schemas"),
];

/// The flags of every command.
pub(super) const EVERYWHERE: [&[Flag]; 2] = [GLOBAL, LOG];

const OWN: &[Flag] = &[
    flag(
        "api-versions",
        "a",
        Kind::Strings,
        "API versions that `.Capabilities.APIVersions` holds beside Helm's own (may be repeated)",
    ),
    flag("atomic", "", Kind::Bool, "roll the release back when it fails; nothing to `template`")
        .deprecated("use --rollback-on-failure instead"),
    flag(
        "ca-file",
        "",
        Kind::Text,
        "the certificate authorities that a chart's server is checked with",
    ),
    flag("cert-file", "", Kind::Text, "the certificate that is shown to a chart's server"),
    flag(
        "create-namespace",
        "",
        Kind::Bool,
        "create the namespace if it is missing; nothing to `template`",
    ),
    flag("dependency-update", "", Kind::Bool, "fetch dependencies that are missing first"),
    flag("description", "", Kind::Text, "a description of the release"),
    flag("devel", "", Kind::Bool, "take pre-releases of the chart too, as with version '>0.0.0-0'"),
    flag(
        "disable-openapi-validation",
        "",
        Kind::Bool,
        "do not check manifests against the cluster's OpenAPI schema",
    ),
    flag("dry-run", "", Kind::DryRun, "\"client\" does not ask the cluster, \"server\" does"),
    flag("enable-dns", "", Kind::Bool, "let templates resolve host names"),
    flag("force", "", Kind::Bool, "replace resources to update them; nothing to `template`")
        .deprecated("use --force-replace instead"),
    flag(
        "force-conflicts",
        "",
        Kind::Bool,
        "let server-side apply win conflicts; nothing to `template`",
    )
    .only(Compat::Helm4),
    flag(
        "force-replace",
        "",
        Kind::Bool,
        "replace resources to update them; nothing to `template`",
    )
    .only(Compat::Helm4),
    flag("generate-name", "g", Kind::Bool, "make a name up, and take no NAME"),
    flag("hide-notes", "", Kind::Bool, "do not show notes; nothing to `template`")
        .deprecated("this flag has no effect for 'helm template' and will be removed in Helm 5"),
    flag("include-crds", "", Kind::Bool, "print the files of crds/ too"),
    flag(
        "insecure-skip-tls-verify",
        "",
        Kind::Bool,
        "do not check the certificate of a chart's server",
    ),
    flag("is-upgrade", "", Kind::Bool, "set .Release.IsUpgrade, not .Release.IsInstall"),
    flag(
        "key-file",
        "",
        Kind::Text,
        "the key of the certificate that is shown to a chart's server",
    ),
    flag("keyring", "", Kind::Text, "the public keys that charts are verified with"),
    flag("kube-version", "", Kind::Text, "the version of Kubernetes that templates see"),
    flag(
        "labels",
        "l",
        Kind::Pairs,
        "labels of the release's record, as key=value with commas between",
    ),
    flag("name-template", "", Kind::Text, "a template that gives the release's name"),
    flag("no-hooks", "", Kind::Bool, "leave hooks out"),
    flag("output-dir", "", Kind::Text, "write files under this folder, not standard output"),
    flag("pass-credentials", "", Kind::Bool, "send credentials to every domain"),
    flag("password", "", Kind::Text, "the password for the chart's repository"),
    flag("plain-http", "", Kind::Bool, "fetch charts without TLS"),
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
    flag("release-name", "", Kind::Bool, "write under the release's name in the output folder"),
    flag("render-subchart-notes", "", Kind::Bool, "show subcharts' notes; nothing to `template`")
        .deprecated("this flag has no effect for 'helm template' and will be removed in Helm 5"),
    flag(
        "replace",
        "",
        Kind::Bool,
        "take the name of a deleted release again; nothing to `template`",
    ),
    flag("repo", "", Kind::Text, "the URL of the repository that the chart is in"),
    flag(
        "rollback-on-failure",
        "",
        Kind::Bool,
        "roll the release back when it fails; nothing to `template`",
    )
    .only(Compat::Helm4),
    flag(
        "server-side",
        "",
        Kind::Bool,
        "apply on the server; nothing to `template` (default true)",
    )
    .only(Compat::Helm4),
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
    flag("show-only", "s", Kind::Array, "print what these templates gave alone (may be repeated)"),
    flag("skip-crds", "", Kind::Bool, "do not install CRDs; nothing to `template`"),
    flag(
        "skip-schema-validation",
        "",
        Kind::Bool,
        "do not check values against values.schema.json",
    ),
    flag("skip-tests", "", Kind::Bool, "leave test hooks out"),
    flag("take-ownership", "", Kind::Bool, "take over resources of others; nothing to `template`"),
    flag(
        "timeout",
        "",
        Kind::Duration,
        "how long one operation on the cluster may take (default 5m0s)",
    ),
    flag("username", "", Kind::Text, "the user of the chart's repository"),
    flag("validate", "", Kind::Bool, "check manifests with the cluster")
        .deprecated("use '--dry-run=server' instead"),
    flag(
        "values",
        "f",
        Kind::Strings,
        "a file of values, `-` for standard input (may be repeated)",
    ),
    flag("verify", "", Kind::Bool, "verify the chart's signature first"),
    flag("version", "", Kind::Text, "a constraint on the chart's version, where it is fetched"),
    flag("wait", "", Kind::Wait, "wait for resources; nothing to `template`"),
    flag("wait-for-jobs", "", Kind::Bool, "wait for jobs with --wait; nothing to `template`"),
];

/// The flags that `--help` lists as global.
pub(super) const GLOBAL: &[Flag] = &[
    flag(
        "burst-limit",
        "",
        Kind::Int,
        "how many requests may go to the cluster at once (default 100)",
    ),
    flag("color", "", Kind::Text, "colours: never, auto, always (default \"auto\")")
        .only(Compat::Helm4),
    flag("colour", "", Kind::Text, "the same as --color").only(Compat::Helm4),
    flag("content-cache", "", Kind::Text, "the folder of fetched charts").only(Compat::Helm4),
    flag("debug", "", Kind::Bool, "say more"),
    flag("kube-apiserver", "", Kind::Text, "the address of the Kubernetes API server"),
    flag("kube-as-group", "", Kind::Array, "a group to act as (may be repeated)"),
    flag("kube-as-user", "", Kind::Text, "the user to act as"),
    flag("kube-ca-file", "", Kind::Text, "the certificate authority of the Kubernetes API server"),
    flag("kube-context", "", Kind::Text, "the context of the kubeconfig file"),
    flag(
        "kube-insecure-skip-tls-verify",
        "",
        Kind::Bool,
        "do not check the certificate of the Kubernetes API server",
    ),
    flag(
        "kube-tls-server-name",
        "",
        Kind::Text,
        "the name in the certificate of the Kubernetes API server",
    ),
    flag("kube-token", "", Kind::Text, "the bearer token for the Kubernetes API server"),
    flag("kubeconfig", "", Kind::Text, "the kubeconfig file"),
    flag("namespace", "n", Kind::Text, "the namespace of the release"),
    flag("qps", "", Kind::Float, "requests to the cluster in a second"),
    flag("registry-config", "", Kind::Text, "the registries' configuration file"),
    flag("repository-cache", "", Kind::Text, "the folder of fetched repository indexes"),
    flag("repository-config", "", Kind::Text, "the file of repository names and URLs"),
];

const LOG: &[Flag] = &[
    flag("add-dir-header", "", Kind::Bool, "").hidden(),
    flag("alsologtostderr", "", Kind::Bool, "").hidden(),
    flag("log-backtrace-at", "", Kind::Text, "").hidden(),
    flag("log-dir", "", Kind::Text, "").hidden(),
    flag("log-file", "", Kind::Text, "").hidden(),
    flag("log-file-max-size", "", Kind::Int, "").hidden(),
    flag("logtostderr", "", Kind::Bool, "").hidden(),
    flag("one-output", "", Kind::Bool, "").hidden(),
    flag("skip-headers", "", Kind::Bool, "").hidden(),
    flag("skip-log-headers", "", Kind::Bool, "").hidden(),
    flag("stderrthreshold", "", Kind::Text, "").hidden(),
    flag("v", "v", Kind::Text, "").hidden(),
    flag("vmodule", "", Kind::Text, "").hidden(),
];

const fn flag(name: &'static str, short: &'static str, kind: Kind, help: &'static str) -> Flag {
    let short = if short.is_empty() { None } else { Some(short.as_bytes()[0] as char) };
    Flag { name, short, kind, only: None, deprecated: None, hidden: false, help }
}

impl Flag {
    const fn only(mut self, compat: Compat) -> Flag {
        self.only = Some(compat);
        self
    }

    const fn deprecated(mut self, notice: &'static str) -> Flag {
        self.deprecated = Some(notice);
        self
    }

    const fn hidden(mut self) -> Flag {
        self.hidden = true;
        self
    }
}
