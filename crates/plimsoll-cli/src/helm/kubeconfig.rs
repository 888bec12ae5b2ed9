//! The namespace of a release: a flag, the environment, the kubeconfig file, `default`.

use plimsoll::helm::release::kubeconfig_namespace;

use super::pflag::Parsed;
use crate::io::Io;

/// helm: environment.go Namespace.
pub(super) fn namespace(parsed: &Parsed, io: &Io) -> String {
    let given = parsed.text("namespace").map(str::to_owned).or_else(|| io.env("HELM_NAMESPACE"));
    match given {
        Some(namespace) if !namespace.is_empty() => namespace,
        _ => from_file(parsed, io).unwrap_or_else(|| "default".to_owned()),
    }
}

fn from_file(parsed: &Parsed, io: &Io) -> Option<String> {
    let context = parsed.text("kube-context").map(str::to_owned);
    let context = context.or_else(|| io.env("HELM_KUBECONTEXT")).unwrap_or_default();
    let explicit = parsed.text("kubeconfig").filter(|path| !path.is_empty());
    let paths = match explicit {
        Some(path) => vec![path.to_owned()],
        None => match io.env("KUBECONFIG").filter(|paths| !paths.is_empty()) {
            Some(paths) => std::env::split_paths(&paths)
                .map(|path| path.to_string_lossy().into_owned())
                .collect(),
            None => vec![format!("{}/.kube/config", io.env("HOME")?)],
        },
    };
    paths.iter().find_map(|path| kubeconfig_namespace(&std::fs::read(path).ok()?, &context))
}
