//! Warnings of files in volumes that would stand in each other's place.

use plimsoll_yaml::Node;

use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;

/// A file and where it comes from; nothing for the only source of a volume.
#[derive(PartialEq, Eq)]
struct File<'n> {
    path: &'n str,
    source: String,
}

impl File<'_> {
    fn shown(&self) -> String {
        if self.source.is_empty() {
            return format!("{:?}", self.path);
        }
        format!("{:?} ({})", self.path, self.source)
    }

    /// Whether one of both is the other or a folder that it would lie in.
    fn meets(&self, other: &File<'_>) -> bool {
        let below = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !self.path.is_empty()
            && !other.path.is_empty()
            && (below(self.path, other.path) || below(other.path, self.path))
    }
}

/// Warns of one volume of a pod.
pub(super) fn overlaps(cx: &mut Cx<'_>, volume: &Node) {
    let kinds = [("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret")];
    for (field, name, kind) in kinds {
        let source = volume.of(field);
        if source.list("items").len() > 1 {
            let what = format!("{kind} {:?}", source.text(name));
            one_volume(cx, volume, &what, files(source, ""));
        }
    }
    if volume.of("downwardAPI").list("items").len() > 1 {
        one_volume(cx, volume, "DownwardAPI", files(volume.of("downwardAPI"), ""));
    }
    let projected = volume.of("projected");
    if !projected.is_null() {
        let all = projected.list("sources").iter().flat_map(projection).collect();
        one_volume(cx, volume, "Projected", all);
    }
}

fn files<'n>(source: &'n Node, name: &str) -> Vec<File<'n>> {
    let items = source.list("items").iter();
    items.map(|item| File { path: item.text("path"), source: name.to_owned() }).collect()
}

/// The files of one source among several.
fn projection(source: &Node) -> Vec<File<'_>> {
    for (field, kind) in [("configMap", "ConfigMap"), ("secret", "Secret")] {
        let inner = source.of(field);
        if inner.has("items") {
            return files(inner, &format!("{kind} {:?}", inner.text("name")));
        }
    }
    if source.of("downwardAPI").has("items") {
        return files(source.of("downwardAPI"), "DownwardAPI");
    }
    let file = |path, source: &str| File { path, source: source.to_owned() };
    let token = source.of("serviceAccountToken");
    if !token.is_null() {
        return vec![file(token.text("path"), "ServiceAccountToken")];
    }
    let bundle = source.of("clusterTrustBundle");
    if !bundle.is_null() {
        let name = if bundle.has("name") { "name" } else { "signerName" };
        let name = format!("ClusterTrustBundle {:?}", bundle.text(name));
        return vec![file(bundle.text("path"), &name)];
    }
    let certificate = source.of("podCertificate");
    let parts = [
        ("certificateChainPath", "PodCertificate chain"),
        ("keyPath", "PodCertificate key"),
        ("credentialBundlePath", "PodCertificate credential bundle"),
    ];
    parts.iter().map(|(field, name)| file(certificate.text(field), name)).collect()
}

fn one_volume(cx: &mut Cx<'_>, volume: &Node, what: &str, mut files: Vec<File<'_>>) {
    for file in &mut files {
        file.path = file.path.trim_end_matches('/');
    }
    for (at, file) in files.iter().enumerate() {
        for other in files[..at].iter().filter(|other| file.meets(other)) {
            let (file, other) = (file.shown(), other.shown());
            let name = volume.text("name");
            let text = format!("volume {name:?} ({what}): overlapping paths: {file} with {other}");
            cx.warn(volume, "", text);
        }
    }
}
