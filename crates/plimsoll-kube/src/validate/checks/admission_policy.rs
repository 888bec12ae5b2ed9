//! Policies of admission that are written in CEL, and their bindings.

use plimsoll_yaml::Node;

use super::cel::{self, Scope, Want};
use super::meta::say;
use super::selector::label_selector;
use super::webhook::rule_with_operations;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// `admissionregistration.v1.ValidatingAdmissionPolicy`.
pub(in crate::validate) fn validating(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    cx.maybe_one_of(spec, "failurePolicy", &["Fail", "Ignore"]);
    param_kind(cx, spec);
    constraints(cx, root, spec, false);
    cel::match_conditions(cx, spec);
    variables(cx, spec);
    if spec.list("validations").is_empty() && spec.list("auditAnnotations").is_empty() {
        let detail = "validations or auditAnnotations must contain at least one item";
        cx.required(root, "spec.validations", detail);
        cx.required(root, "spec.auditAnnotations", detail);
    }
    for validation in spec.list("validations") {
        one_validation(cx, spec, validation);
    }
    annotations(cx, spec);
}

fn param_kind(cx: &mut Cx<'_>, spec: &Node) {
    let kind = spec.of("paramKind");
    if kind.is_null() {
        return;
    }
    let version = kind.text("apiVersion");
    if version.is_empty() {
        cx.required(kind, "apiVersion", "");
    } else if version.matches('/').count() > 1 {
        cx.invalid(kind.of("apiVersion"), &format!("unexpected GroupVersion string: {version}"));
    }
    if kind.text("kind").is_empty() {
        cx.required(kind, "kind", "");
    } else {
        let words = names::label_1035(&kind.text("kind").to_lowercase());
        for word in words {
            let detail = format!("may have mixed case, but should otherwise match: {word}");
            cx.invalid(kind.of("kind"), &detail);
        }
    }
}

fn constraints(cx: &mut Cx<'_>, root: &Node, spec: &Node, mutating: bool) {
    let match_constraints = spec.of("matchConstraints");
    if match_constraints.is_null() {
        cx.required(root, "spec.matchConstraints", "");
        return;
    }
    if match_constraints.list("resourceRules").is_empty() {
        cx.required(match_constraints, "resourceRules", "");
    }
    match_resources(cx, match_constraints, mutating);
}

fn match_resources(cx: &mut Cx<'_>, resources: &Node, mutating: bool) {
    for field in ["namespaceSelector", "objectSelector"] {
        label_selector(cx, resources.of(field));
    }
    cx.maybe_one_of(resources, "matchPolicy", &["Equivalent", "Exact"]);
    for field in ["resourceRules", "excludeResourceRules"] {
        for rule in resources.list(field) {
            rule_with_operations(cx, rule);
            resource_names(cx, rule);
        }
    }
    if !mutating {
        return;
    }
    // k8s: told without the rule's number.
    let allowed = ["*", "CONNECT", "CREATE", "UPDATE"];
    for rule in resources.list("resourceRules") {
        for operation in rule.list("operations") {
            if !allowed.contains(&operation.str()) {
                cx.unsupported(resources, "resourceRules.operations", operation.str(), &allowed);
            }
        }
    }
}

fn resource_names(cx: &mut Cx<'_>, rule: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    for name in rule.list("resourceNames") {
        say(cx, name, names::path_segment(name.str()));
        if seen.contains(&name.str()) {
            cx.duplicate(name, "", &shown(name));
        }
        seen.push(name.str());
    }
}

fn variables(cx: &mut Cx<'_>, spec: &Node) {
    for (at, variable) in spec.list("variables").iter().enumerate() {
        let name = variable.text("name");
        if name.is_empty() {
            cx.required(variable, "name", "name is not specified");
        } else if !names::is_identifier(name) {
            cx.invalid(variable.of("name"), "must be a valid CEL identifier");
        }
        if variable.text("expression").trim().is_empty() {
            cx.required(variable, "expression", "expression is not specified");
        } else {
            let before = &spec.list("variables")[..at];
            let scope = Scope { variables: Some(before), ..scope(spec) };
            cel::policy_expression(cx, variable, "expression", Want::Anything, scope);
        }
    }
}

/// What the expressions of a policy may name.
fn scope(spec: &Node) -> Scope<'_> {
    Scope {
        variables: Some(spec.list("variables")),
        params: spec.has("paramKind"),
        authorizer: true,
        makes_objects: false,
    }
}

fn one_validation(cx: &mut Cx<'_>, spec: &Node, validation: &Node) {
    if validation.text("expression").trim().is_empty() {
        cx.required(validation, "expression", "expression is not specified");
    } else {
        cel::policy_expression(cx, validation, "expression", Want::Bool, scope(spec));
    }
    if !validation.text("messageExpression").trim().is_empty() {
        let scope = Scope { authorizer: false, ..scope(spec) };
        cel::policy_expression(cx, validation, "messageExpression", Want::String, scope);
    }
    let message = validation.text("message");
    if !message.is_empty() && message.trim().is_empty() {
        cx.invalid(validation.of("message"), "message must be non-empty if specified");
    } else if message.trim().contains(['\n', '\r']) {
        cx.invalid(validation.of("message"), "must not contain line breaks");
    }
    let reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];
    cx.maybe_one_of(validation, "reason", &reasons);
}

fn annotations(cx: &mut Cx<'_>, spec: &Node) {
    let meta = cx.root.of("metadata");
    let name = match meta.text("name") {
        // The server appends five characters of its own.
        "" => format!("{}x7x7x", meta.text("generateName")),
        name => name.to_owned(),
    };
    let mut seen: Vec<&str> = Vec::new();
    for annotation in spec.list("auditAnnotations") {
        let key = annotation.text("key");
        let whole = format!("{name}/{key}");
        for word in names::qualified(&whole) {
            cx.invalid_at(annotation, "key", &format!("{whole:?}"), &word);
        }
        if seen.contains(&key) {
            cx.duplicate(annotation, "key", &format!("{key:?}"));
        }
        seen.push(key);
        if annotation.text("valueExpression").trim().is_empty() {
            cx.required(annotation, "valueExpression", "valueExpression is not specified");
        } else {
            let want = Want::StringOrNull;
            cel::policy_expression(cx, annotation, "valueExpression", want, scope(spec));
        }
    }
}

/// `admissionregistration.v1.MutatingAdmissionPolicy`.
pub(in crate::validate) fn mutating(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    cx.maybe_one_of(spec, "failurePolicy", &["Fail", "Ignore"]);
    param_kind(cx, spec);
    constraints(cx, root, spec, true);
    cel::match_conditions(cx, spec);
    variables(cx, spec);
    if spec.list("mutations").is_empty() {
        cx.required(root, "spec.mutations", "mutations must contain at least one item");
    }
    for mutation in spec.list("mutations") {
        one_mutation(cx, spec, mutation);
    }
    match spec.text("reinvocationPolicy") {
        "" => cx.required(root, "spec.reinvocationPolicy", ""),
        "Never" | "IfNeeded" => {}
        other => cx.unsupported(spec, "reinvocationPolicy", other, &["IfNeeded", "Never"]),
    }
}

fn one_mutation(cx: &mut Cx<'_>, spec: &Node, mutation: &Node) {
    const KINDS: &[(&str, &str, Want)] = &[
        ("ApplyConfiguration", "applyConfiguration", Want::Object),
        ("JSONPatch", "jsonPatch", Want::Patches),
    ];
    let kind = mutation.text("patchType");
    if kind.is_empty() {
        cx.required(mutation, "patchType", "");
        return;
    }
    if !KINDS.iter().any(|(name, ..)| *name == kind) {
        cx.unsupported(mutation, "patchType", kind, &["ApplyConfiguration", "JSONPatch"]);
        return;
    }
    for &(name, field, want) in KINDS {
        let patch = mutation.of(field);
        if name != kind {
            if !patch.is_null() {
                let detail = format!("must not be specified when patchType is {kind}");
                cx.invalid_at(mutation, field, &shown(patch), &detail);
            }
        } else if patch.is_null() {
            cx.required(mutation, field, &format!("must be specified when patchType is {kind}"));
        } else if patch.text("expression").trim().is_empty() {
            cx.required(patch, "expression", "");
        } else {
            let scope = Scope { makes_objects: true, ..scope(spec) };
            cel::policy_expression(cx, patch, "expression", want, scope);
        }
    }
}

/// `admissionregistration.v1.ValidatingAdmissionPolicyBinding` and its mutating twin.
pub(in crate::validate) fn binding(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let name = spec.text("policyName");
    if name.is_empty() {
        cx.required(root, "spec.policyName", "");
    } else {
        say(cx, spec.of("policyName"), names::subdomain(name));
    }
    if spec.has("paramRef") {
        param_ref(cx, spec.of("paramRef"));
    }
    if spec.has("matchResources") {
        match_resources(cx, spec.of("matchResources"), false);
    }
    if root.text("kind").starts_with("Validating") {
        actions(cx, root, spec);
    }
}

fn param_ref(cx: &mut Cx<'_>, reference: &Node) {
    let (name, selector) = (reference.text("name"), reference.has("selector"));
    match (name.is_empty(), selector) {
        (true, false) => cx.required(reference, "", "one of name or selector must be specified"),
        (false, true) => {
            cx.forbidden(reference, "name", "name and selector are mutually exclusive");
        }
        _ => {}
    }
    if !name.is_empty() {
        super::meta::say(cx, reference.of("name"), names::path_segment(name));
    }
    label_selector(cx, reference.of("selector"));
    match reference.text("parameterNotFoundAction") {
        "" => cx.required(reference, "parameterNotFoundAction", ""),
        "Deny" | "Allow" => {}
        other => cx.unsupported(reference, "parameterNotFoundAction", other, &["Deny", "Allow"]),
    }
}

fn actions(cx: &mut Cx<'_>, root: &Node, spec: &Node) {
    let list = spec.list("validationActions");
    if list.is_empty() {
        cx.required(root, "spec.validationActions", "");
    }
    let mut seen: Vec<&str> = Vec::new();
    for action in list {
        if !matches!(action.str(), "Audit" | "Deny" | "Warn") {
            cx.unsupported(action, "", action.str(), &["Audit", "Deny", "Warn"]);
        }
        if seen.contains(&action.str()) {
            cx.duplicate(action, "", &shown(action));
        }
        seen.push(action.str());
    }
    if seen.contains(&"Deny") && seen.contains(&"Warn") {
        let detail = "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
        cx.invalid_at(spec, "validationActions", &shown(spec.of("validationActions")), detail);
    }
}
