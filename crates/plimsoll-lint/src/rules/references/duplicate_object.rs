use plimsoll_kube::Object;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Each object stands in the manifests once.
    ///
    /// ## Why
    /// Of two objects with one name the one that is applied last wins, in silence.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: api
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: api
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: api
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: api
    ///   namespace: other
    /// ```
    "duplicate-object", References, Error, [Default], Check::Object(&[], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let (name, set) = (object.name(), cx.set);
    if name.is_empty() {
        return;
    }
    let mut same = set.beside(object, object.group(), object.kind).filter(|one| one.name() == name);
    let Some(first) = same.next().filter(|first| !std::ptr::eq(first.node, object.node)) else {
        return;
    };
    let place = first.document.source.as_deref().map(|source| format!(" (`{source}`)"));
    let Some(metadata) = object.metadata() else { return };
    cx.report(
        (metadata, &["name"]),
        format!("there is a {} `{name}` already{}", object.kind, place.unwrap_or_default()),
        "give one of them another name, or remove it",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn group_and_namespace_count_and_the_version_does_not() {
        let two = |a: &str, b: &str| {
            format!("{{{a}, metadata: {{name: x}}}}\n---\n{{{b}, metadata: {{name: x}}}}\n")
        };
        let path = &["metadata.name"];
        check(&super::RULE, &two("kind: A, apiVersion: g/v1", "kind: A, apiVersion: g/v2"), path);
        check(&super::RULE, &two("kind: A, apiVersion: g/v1", "kind: A, apiVersion: h/v1"), &[]);
        check(&super::RULE, &two("kind: A, apiVersion: g/v1", "kind: B, apiVersion: g/v1"), &[]);
        let generated = "{kind: Job, apiVersion: batch/v1, metadata: {generateName: a}}\n";
        check(&super::RULE, &format!("{generated}---\n{generated}"), &[]);
    }
}
