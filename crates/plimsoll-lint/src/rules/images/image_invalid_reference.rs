use plimsoll_kube::Container;

use crate::context::called;
use crate::image::Image;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Images can be named as they are.
    ///
    /// ## Why
    /// The kubelet cannot pull what is no reference of an image: the pod stays in `InvalidImageName`.
    /// Most often a value of the chart is missing or has a space too much.
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
    ///       image: "registry.example/api:"
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
    "image-invalid-reference", Images, Error, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let image = container.image();
    if image.is_empty() || Image::parse(image).is_some() {
        return;
    }
    cx.report(
        (container.node, &["image"]),
        format!("{} has the image `{image}`, which is no reference", called(container)),
        "write it as `registry/repository:tag`, in lower case up to the tag",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn half_a_reference_is_none() {
        let image = |text: &str| container(&format!("image: '{text}'"));
        for text in ["api:", ":1", "Api:1", "a b:1", "x:1:2"] {
            check(&super::RULE, &image(text), &["spec.containers[0].image"]);
        }
        check(&super::RULE, &image("a/b_c/d-e:V1.2_3"), &[]);
        check(&super::RULE, &container(""), &[]);
    }
}
