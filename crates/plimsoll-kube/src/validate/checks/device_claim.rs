//! Claims of devices: requests, constraints, configuration.

use plimsoll_yaml::Node;

use super::meta::{annotations, labels, say};
use super::others::{device_selector, driver};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// `resource.v1.ResourceClaim`.
pub(in crate::validate) fn resource_claim(cx: &mut Cx<'_>) {
    devices(cx, cx.root.of("spec").of("devices"));
}

/// `resource.v1.ResourceClaimTemplate`.
pub(in crate::validate) fn resource_claim_template(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    let meta = spec.of("metadata");
    labels(cx, meta, "labels");
    annotations(cx, meta, "annotations");
    for entry in meta.as_map() {
        let field = String::from_utf8_lossy(&entry.key);
        if !matches!(&*field, "labels" | "annotations") && !is_zero(&entry.value) {
            let told = if field == "uid" { "uID" } else { &*field };
            cx.forbidden(meta, told, "cannot be set");
        }
    }
    devices(cx, spec.of("spec").of("devices"));
}

/// What Go cannot tell from nothing.
fn is_zero(node: &Node) -> bool {
    node.is_null() || node.as_int() == Some(0) || node.as_str() == Some("")
}

fn devices(cx: &mut Cx<'_>, devices: &Node) {
    // Requests of that version are written otherwise.
    let is_old = cx.root.text("apiVersion") == "resource.k8s.io/v1beta1";
    let requests = devices.list("requests");
    let mut known: Vec<String> = Vec::new();
    for request in requests {
        let name = request.text("name");
        request_name(cx, request, "name", name);
        if known.iter().any(|one| one == name) {
            cx.duplicate(request, "", &shown(request));
        }
        known.push(name.to_owned());
        for inner in request.list("firstAvailable") {
            known.push(format!("{name}/{}", inner.text("name")));
        }
        if !is_old {
            one_request(cx, request);
        }
    }
    for constraint in devices.list("constraints") {
        names_of_requests(cx, constraint, &known);
        one_constraint(cx, constraint);
    }
    for config in devices.list("config") {
        names_of_requests(cx, config, &known);
        let opaque = config.of("opaque");
        if opaque.is_null() {
            cx.required(config, "opaque", "");
            continue;
        }
        if opaque.text("driver").is_empty() {
            cx.required(opaque, "driver", "");
        } else {
            driver(cx, opaque);
        }
        if !opaque.has("parameters") {
            cx.required(opaque, "parameters", "");
        }
    }
}

fn request_name(cx: &mut Cx<'_>, holder: &Node, field: &str, name: &str) {
    let mut words = names::label(name);
    if name.contains('.') {
        words = vec!["must not contain dots".to_owned()];
    }
    for word in words {
        cx.invalid_at(holder, field, &format!("{name:?}"), &word);
    }
}

fn one_request(cx: &mut Cx<'_>, request: &Node) {
    let (exactly, any) = (request.of("exactly"), request.list("firstAvailable"));
    if exactly.is_null() == any.is_empty() {
        let detail = if any.is_empty() {
            "exactly one of `exactly` or `firstAvailable` is required"
        } else {
            "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"
        };
        cx.required(request, "", detail);
        return;
    }
    if !exactly.is_null() {
        device_request(cx, exactly);
    }
    for inner in any {
        request_name(cx, inner, "name", inner.text("name"));
        device_request(cx, inner);
    }
}

fn device_request(cx: &mut Cx<'_>, request: &Node) {
    let class = request.text("deviceClassName");
    if class.is_empty() {
        cx.required(request, "deviceClassName", "");
    } else {
        say(cx, request.of("deviceClassName"), names::subdomain(class));
    }
    for selector in request.list("selectors") {
        device_selector(cx, selector);
    }
    cx.maybe_text_of(request, "allocationMode", &["All", "ExactCount"]);
}

fn one_constraint(cx: &mut Cx<'_>, constraint: &Node) {
    let fields = ["matchAttribute", "distinctAttribute"];
    if fields.iter().all(|field| constraint.has(field)) {
        let detail = "exactly one of \"distinctAttribute\" or \"matchAttribute\" is required, but multiple fields are set";
        cx.required(constraint, "", detail);
        return;
    }
    for field in fields.into_iter().filter(|field| constraint.has(field)) {
        let name = constraint.text(field);
        let Some((domain, own)) = name.split_once('/') else {
            let detail = "a fully qualified name must be a domain and a name separated by a slash";
            cx.invalid(constraint.of(field), detail);
            continue;
        };
        say(cx, constraint.of(field), names::subdomain(domain));
        if !names::is_identifier(own) {
            let detail = "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
            cx.invalid(constraint.of(field), detail);
        }
        if own.len() > 32 {
            cx.too_long(constraint, field, 32);
        }
    }
}

/// The requests that a part of a claim is meant for.
fn names_of_requests(cx: &mut Cx<'_>, holder: &Node, known: &[String]) {
    let mut seen: Vec<&str> = Vec::new();
    for node in holder.list("requests") {
        let name = node.str();
        let parts: Vec<&str> = name.splitn(2, '/').collect();
        for part in parts {
            request_name(cx, node, "", part);
        }
        if seen.contains(&name) {
            cx.duplicate(node, "", &format!("{name:?}"));
        }
        seen.push(name);
        if !known.iter().any(|one| one == name) {
            let detail = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
            cx.invalid(node, detail);
        }
    }
}
