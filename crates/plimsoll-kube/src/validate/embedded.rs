//! Pods within kinds that Kubernetes does not know: their own server takes the object, but the pods
//! that are made of it are refused.

use plimsoll_source::Severity;
use plimsoll_yaml::{Kind, Node};

use super::checks::{pod_spec, pod_template};
use super::cx::Cx;
use super::decode::decode_part;
use super::node::Fields as _;
use super::problem::Problem;

const HELP: &str = "the kind's own server may take it; the pods that are made of it are refused";

/// How many pods of one object are looked at.
const LIMIT: usize = 100;

/// What a server would say of the pods within an object, as warnings.
pub(super) fn check(root: &Node, minor: u16) -> Vec<Problem> {
    let mut found = Vec::new();
    for (holder, is_usual) in holders(root) {
        let mut cx = Cx::new(root, None, minor);
        decode_part(&mut cx, holder.of("spec"), "core.v1.PodSpec");
        if cx.failed() {
            // Elsewhere it only looks like a pod.
            if is_usual {
                found.append(&mut cx.problems);
            }
            continue;
        }
        if is_usual {
            let claims = claims(root);
            pod_template(&mut cx, holder, &claims);
            // A Knative service may leave the name of its one container out.
            cx.problems.retain(|problem| {
                let unnamed = problem.path.ends_with("spec.containers[0].name");
                !(unnamed && problem.message == "Required value")
            });
        } else {
            pod_spec(&mut cx, holder, "spec", &[], true);
            // What it mounts may be given by whoever makes the pod.
            cx.problems.retain(|problem| !problem.message.starts_with("Not found"));
        }
        found.append(&mut cx.problems);
    }
    for problem in &mut found {
        if problem.severity == Severity::Error {
            problem.severity = Severity::Warning;
            problem.rule = "embedded-pod";
            if problem.help.is_empty() {
                HELP.clone_into(&mut problem.help);
            }
        }
    }
    found
}

/// Names of volumes that the kind itself makes.
fn claims(root: &Node) -> Vec<&str> {
    let templates = root.of("spec").list("volumeClaimTemplates");
    templates.iter().map(|claim| claim.of("metadata").text("name")).collect()
}

/// The nodes whose `spec` is a pod's, and whether they stand where workloads have them.
fn holders(root: &Node) -> Vec<(&Node, bool)> {
    let template = root.of("spec").of("template");
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::List(items) => open.extend(items.iter()),
            Kind::Map(entries) => {
                let (is_root, is_usual) = (std::ptr::eq(node, root), std::ptr::eq(node, template));
                // An object within the object has a server of its own.
                if !is_root && node.has("apiVersion") && node.has("kind") {
                    continue;
                }
                if is_root || !is_pod(node.of("spec"), is_usual) {
                    open.extend(entries.iter().map(|entry| &entry.value));
                    continue;
                }
                found.push((node, is_usual));
                if found.len() >= LIMIT {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// A pod is known by its containers: all have an image, and a name unless there is only one.
fn is_pod(spec: &Node, is_usual: bool) -> bool {
    let containers = spec.list("containers");
    !containers.is_empty()
        && containers.iter().all(|container| {
            !container.text("image").is_empty() && (is_usual || !container.text("name").is_empty())
        })
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    #[track_caller]
    fn check_text(spec: &str, want: &[&str]) {
        let text = format!("{{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {spec}}}");
        let node = plimsoll_yaml::read(text.as_bytes(), FileId(0)).unwrap();
        let found = check(&node, 37);
        let got: Vec<&str> = found.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(got, want, "{found:?}");
        assert!(found.iter().all(|problem| problem.severity == Severity::Warning));
    }

    #[test]
    fn pods_of_foreign_kinds_are_looked_at() {
        check_text("{template: {spec: {containers: [{name: a, image: b}]}}}", &[]);
        check_text(
            "{template: {spec: {containers: [{name: A, image: b}]}}}",
            &["spec.template.spec.containers[0].name"],
        );
        check_text(
            "{template: {spec: {containers: [{name: a, image: b, imag: c}]}}}",
            &["spec.template.spec.containers[0].imag"],
        );
        check_text(
            "{jobs: [{t: {spec: {containers: [{name: A, image: b}]}}}]}",
            &["spec.jobs[0].t.spec.containers[0].name"],
        );
    }

    #[test]
    fn what_is_only_like_a_pod_is_left_alone() {
        check_text("{parts: {spec: {containers: [{name: A, image: b, size: 1}]}}}", &[]);
        check_text("{parts: {spec: {containers: [{name: A}]}}}", &[]);
        check_text(
            "{object: {apiVersion: v1, kind: Pod, spec: {containers: [{name: A, image: b}]}}}",
            &[],
        );
    }
}
