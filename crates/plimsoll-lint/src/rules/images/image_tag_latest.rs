use plimsoll_kube::Container;

use crate::context::called;
use crate::image::Image;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Images have a version.
    ///
    /// A tag other than `latest`, or a digest. Without either, `latest` is what runs.
    ///
    /// ## Why
    /// What `latest` means changes under your feet: two pods of one Deployment may run different
    /// programs, and a rollback brings back nothing.
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
    ///       image: registry.example/api
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
    ///       image: registry.example/api:1.4.2
    /// ```
    "image-tag-latest", Images, Error, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let Some(image) = Image::parse(container.image()).filter(Image::is_latest) else { return };
    cx.report(
        (container.node, &["image"]),
        match image.tag {
            Some(tag) => format!("{} runs whatever is tagged `{tag}`", called(container)),
            None => {
                format!("{} runs an image without a tag, which means `latest`", called(container))
            }
        },
        "name a version: a tag that is never moved, or a digest",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn ports_are_no_tags_and_digests_are_versions() {
        let image = |text: &str| container(&format!("image: '{text}'"));
        let digest = "a".repeat(64);
        for text in ["nginx", "nginx:latest", "reg:5000/x"] {
            check(&super::RULE, &image(text), &["spec.containers[0].image"]);
        }
        for text in ["nginx:1", "reg:5000/x:1", &format!("x@sha256:{digest}"), ""] {
            check(&super::RULE, &image(text), &[]);
        }
    }
}
