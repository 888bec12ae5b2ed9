//! Helm's flags: those of every command, and those that several commands share. What one command
//! has alone stands with the command.

pub(super) mod shared;
mod template;

use plimsoll::gotmpl::Compat;

use super::pflag::{Flag, Kind};

use shared::{CHART, INSTALL, RELEASE, SERVER, VALUES};
pub(super) use template::TEMPLATE;

/// What `plimsoll render` knows: all of `helm template`, and what is ours.
pub(crate) const RENDER: [&[Flag]; 9] =
    [RENDER_OWN, template::OWN, INSTALL, RELEASE, VALUES, CHART, SERVER, GLOBAL, LOG];

const RENDER_OWN: &[Flag] = &[
    flag("color", "", Kind::Text, "colours: never, auto, always (default \"auto\")"),
    flag("no-validate", "", Kind::Bool, "do not check manifests against Kubernetes' schemas"),
    flag("env", "e", Kind::Text, "the environment whose values are laid over the others"),
    flag("all-envs", "", Kind::Bool, "every environment there is"),
    flag("each", "", Kind::Text, "a release for each values file that the glob matches"),
    flag("all-services", "", Kind::Bool, "a release for each service of the configuration"),
    flag("print-helm", "", Kind::Bool, "print the equal helm command instead"),
    flag("seed", "", Kind::Text, "what random functions start from, so that they repeat"),
    flag("source-date-epoch", "", Kind::Int, "the time that `now` is, in seconds since 1970"),
    flag("output", "o", Kind::Text, "yaml, json or summary"),
    flag("split", "", Kind::Bool, "a file for each object below --output-dir"),
    flag("no-pager", "", Kind::Bool, "do not page on a terminal"),
    flag("max-steps", "", Kind::Uint, "how many nodes all templates together may run"),
    flag("max-output", "", Kind::Uint, "how many MiB of text all templates together may make"),
    flag("max-depth", "", Kind::Uint, "how deep blocks and includes may be inside of each other"),
];

/// The flags of every command.
pub(super) const EVERYWHERE: &[&[Flag]] = &[GLOBAL, LOG];

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

pub(super) const LOG: &[Flag] = &[
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

/// A flag of a command.
pub(super) const fn flag(
    name: &'static str,
    short: &'static str,
    kind: Kind,
    help: &'static str,
) -> Flag {
    let short = if short.is_empty() { None } else { Some(short.as_bytes()[0] as char) };
    Flag { name, short, kind, only: None, deprecated: None, hidden: false, help }
}

impl Flag {
    pub(in crate::helm) const fn only(mut self, compat: Compat) -> Flag {
        self.only = Some(compat);
        self
    }

    pub(in crate::helm) const fn deprecated(mut self, notice: &'static str) -> Flag {
        self.deprecated = Some(notice);
        self
    }

    pub(in crate::helm) const fn hidden(mut self) -> Flag {
        self.hidden = true;
        self
    }
}
