//! `helm env`

use plimsoll::gotmpl::Compat;

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::kubeconfig;
use super::pflag::{Parsed, parse_bool};
use super::settings::{
    Homes, content_cache, is_debug, join, registry_config, repository_cache, repository_config,
    setting,
};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "env",
    help: "the environment that Helm sees",
    args: Args::AtMost(1),
    run: Some(run),
    ..BASE
};

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let variables = variables(&call.parsed, call.compat, io);
    let text: String = match call.parsed.args.first() {
        None => variables.iter().map(|(name, value)| format!("{name}=\"{value}\"\n")).collect(),
        Some(asked) => {
            let found = variables.iter().find(|(name, _)| name == asked);
            format!("{}\n", found.map_or("", |(_, value)| value))
        }
    };
    io.print(text.as_bytes());
    Ok(())
}

/// helm: environment.go EnvVars, sorted by name.
fn variables(parsed: &Parsed, compat: Compat, io: &Io) -> Vec<(&'static str, String)> {
    let homes = Homes::new(io);
    let given = |flag: &str, name: &str| setting(parsed, io, flag, name, String::new);
    let integer = |text: Option<String>, or: i64| {
        text.and_then(|text| text.parse().ok()).unwrap_or(or).to_string()
    };
    let plugins = io.env("HELM_PLUGINS").unwrap_or_else(|| join(&homes.data, "plugins"));
    let flag = |name: &str| parsed.text(name).map(str::to_owned);
    let burst = flag("burst-limit").or_else(|| io.env("HELM_BURST_LIMIT"));
    let insecure = given("kube-insecure-skip-tls-verify", "HELM_KUBEINSECURE_SKIP_TLS_VERIFY");
    let mut variables = vec![
        ("HELM_BIN", std::env::args().next().unwrap_or_default()),
        ("HELM_BURST_LIMIT", integer(burst, 100)),
        ("HELM_CACHE_HOME", homes.cache),
        ("HELM_CONFIG_HOME", homes.config),
        ("HELM_CONTENT_CACHE", content_cache(parsed, io)),
        ("HELM_DATA_HOME", homes.data),
        ("HELM_DEBUG", is_debug(parsed, io).to_string()),
        ("HELM_KUBEAPISERVER", given("kube-apiserver", "HELM_KUBEAPISERVER")),
        ("HELM_KUBEASGROUPS", groups(parsed, io)),
        ("HELM_KUBEASUSER", given("kube-as-user", "HELM_KUBEASUSER")),
        ("HELM_KUBECAFILE", given("kube-ca-file", "HELM_KUBECAFILE")),
        ("HELM_KUBECONTEXT", given("kube-context", "HELM_KUBECONTEXT")),
        ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", parse_bool(&insecure).unwrap_or(false).to_string()),
        ("HELM_KUBETLS_SERVER_NAME", given("kube-tls-server-name", "HELM_KUBETLS_SERVER_NAME")),
        ("HELM_KUBETOKEN", given("kube-token", "HELM_KUBETOKEN")),
        ("HELM_MAX_HISTORY", integer(io.env("HELM_MAX_HISTORY"), 10)),
        ("HELM_NAMESPACE", kubeconfig::namespace(parsed, io)),
        ("HELM_PLUGINS", plugins),
        ("HELM_QPS", format!("{:.2}", qps(parsed, io))),
        ("HELM_REGISTRY_CONFIG", registry_config(parsed, io)),
        ("HELM_REPOSITORY_CACHE", repository_cache(parsed, io)),
        ("HELM_REPOSITORY_CONFIG", repository_config(parsed, io)),
    ];
    // helm: the flag's default puts away what the variable said.
    let kubeconfig = flag("kubeconfig").unwrap_or_default();
    if !kubeconfig.is_empty() {
        variables.push(("KUBECONFIG", kubeconfig));
    }
    if compat == Compat::Helm3 {
        variables.retain(|(name, _)| *name != "HELM_CONTENT_CACHE");
    }
    variables
}

fn groups(parsed: &Parsed, io: &Io) -> String {
    let flags = parsed.array("kube-as-group");
    if !flags.is_empty() {
        // helm: the flags are read twice, and each reading adds to what is there.
        return [flags.as_slice(), &flags].concat().join(",");
    }
    io.env("HELM_KUBEASGROUPS").unwrap_or_default().trim_matches([',', ' ']).to_owned()
}

fn qps(parsed: &Parsed, io: &Io) -> f32 {
    let text = parsed.text("qps").map(str::to_owned).or_else(|| io.env("HELM_QPS"));
    text.and_then(|text| text.parse().ok()).unwrap_or(0.0)
}
