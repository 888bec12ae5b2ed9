use plimsoll_kube::Container;

use crate::context::called;
use crate::image::Image;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Images come from registries that are still filled.
    ///
    /// ## Why
    /// `k8s.gcr.io` and Google's old folders are frozen, and Bitnami's free images moved to
    /// `bitnamilegacy`, where they get no fixes: what is pulled from there is old, or soon not there.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   containers:
    ///     - name: api
    ///       image: k8s.gcr.io/pause:3.5
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   containers:
    ///     - name: api
    ///       image: registry.k8s.io/pause:3.10
    /// ```
    "image-deprecated-registry", Images, Warning, [Default], Check::Container(check)
}

/// Registry, first part of the repository, what to do.
const OLD: [(&str, &str, &str); 6] = [
    ("k8s.gcr.io", "", "pull from `registry.k8s.io`"),
    ("gcr.io", "google-containers", "pull from `registry.k8s.io`"),
    ("gcr.io", "google_containers", "pull from `registry.k8s.io`"),
    ("docker.io", "bitnami", "choose another maintained image, or Bitnami's paid ones"),
    ("docker.io", "bitnamilegacy", "choose another maintained image: this one gets no fixes"),
    ("quay.io", "kubernetes-ingress-controller", "pull from `registry.k8s.io/ingress-nginx`"),
];

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let Some(image) = Image::parse(container.image()) else { return };
    let folder = image.repository.split('/').next().unwrap_or_default();
    let docker = matches!(image.registry, "index.docker.io" | "registry-1.docker.io");
    let registry = if docker { "docker.io" } else { image.registry };
    let known = |(one, first, _): &&(&str, &str, &str)| {
        *one == registry && (first.is_empty() || *first == folder)
    };
    let Some((_, first, help)) = OLD.iter().find(known) else { return };
    let slash = if first.is_empty() { "" } else { "/" };
    cx.report(
        (container.node, &["image"]),
        format!(
            "{} is pulled from `{registry}{slash}{first}`, which is no longer filled",
            called(container)
        ),
        *help,
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn folders_are_compared_whole() {
        let image = |text: &str| container(&format!("image: '{text}'"));
        for text in ["k8s.gcr.io/pause:3", "bitnami/redis:7", "docker.io/bitnami/redis:7"] {
            check(&super::RULE, &image(text), &["spec.containers[0].image"]);
        }
        for text in ["registry.k8s.io/pause:3", "bitnamiother/x:1", "reg.example/bitnami/redis:7"] {
            check(&super::RULE, &image(text), &[]);
        }
    }
}
