use plimsoll_kube::{Container, Fields};

use crate::context::called;
use crate::image::Image;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Images are pulled when what they name may have changed.
    ///
    /// `imagePullPolicy: Never`, and `IfNotPresent` with an image that has no version.
    ///
    /// ## Why
    /// `Never` runs only where somebody has put the image on every node. `IfNotPresent` with `latest`
    /// runs what each node happened to pull first.
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
    ///       image: registry.example/api:1.4.2
    ///       imagePullPolicy: Never
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
    ///       imagePullPolicy: IfNotPresent
    /// ```
    "image-pull-policy", Images, Warning, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let latest = || Image::parse(container.image()).is_some_and(|image| image.is_latest());
    let (message, help) = match container.node.text("imagePullPolicy") {
        "Never" => ("never pulls its image", "remove `imagePullPolicy`, or write `IfNotPresent`"),
        "IfNotPresent" if latest() => (
            "keeps the `latest` that its node pulled first",
            "name a version of the image, or write `Always`",
        ),
        _ => return,
    };
    cx.report(
        (container.node, &["imagePullPolicy"]),
        format!("{} {message}", called(container)),
        help,
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn a_version_may_stay_where_it_is() {
        let policy = |text: &str| container(&format!("imagePullPolicy: {text}"));
        let path = "spec.containers[0].imagePullPolicy";
        check(&super::RULE, &policy("Never, image: 'a:1'"), &[path]);
        check(&super::RULE, &policy("IfNotPresent, image: 'a:1'"), &[]);
        check(&super::RULE, &policy("IfNotPresent, image: a"), &[path]);
        check(&super::RULE, &policy("Always, image: a"), &[]);
    }
}
