//! Claims of devices: requests, constraints, configuration.

use plimsoll_yaml::Node;

use super::device_taint::device_tolerations;
use super::meta::{annotations, labels, say};
use super::others::{device_selector, driver};
use super::slice_pool::in_bytes;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

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
    for (at, request) in requests.iter().enumerate() {
        let name = request.text("name");
        request_name(cx, request, "name", name);
        if requests[..at].iter().any(|one| one.text("name") == name) {
            cx.duplicate(request, "", &shown(request));
        }
        known.push(name.to_owned());
        for inner in request.list("firstAvailable") {
            known.push(format!("{name}/{}", inner.text("name")));
        }
        one_request(cx, request, is_old);
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
        let parameters = opaque.of("parameters");
        if parameters.is_null() {
            cx.required(opaque, "parameters", "");
        } else if parameters.json_kind() != "object" {
            let detail = "must be a valid JSON object";
            cx.invalid_at(parameters, "", "\"<value omitted>\"", detail);
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

/// What makes a request of v1beta1 one for a class.
const FLAT: &[&str] = &[
    "deviceClassName",
    "selectors",
    "allocationMode",
    "count",
    "adminAccess",
    "tolerations",
    "capacity",
    "derivedAttributes",
];

fn one_request(cx: &mut Cx<'_>, request: &Node, is_old: bool) {
    let any = request.list("firstAvailable");
    let exactly = if is_old { request } else { request.of("exactly") };
    let is_set = |field: &&str| {
        let node = request.of(field);
        !node.is_null() && node.as_str() != Some("") && node.as_int() != Some(0)
    };
    let has_class = if is_old { FLAT.iter().any(is_set) } else { !exactly.is_null() };
    match (has_class, any.is_empty()) {
        (false, true) => {
            let detail = "exactly one of `exactly` or `firstAvailable` is required";
            cx.required(request, "", detail);
        }
        (true, false) => {
            let detail = "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set";
            cx.invalid_at(request, "", "null", detail);
        }
        (true, true) => {
            let before = cx.problems.len();
            // k8s: in v1beta1 the default waits for a class.
            let has_default = !is_old || !request.text("deviceClassName").is_empty();
            device_request(cx, exactly, has_default);
            if is_old {
                told_as_new(cx, before, request);
            }
        }
        (false, false) => sub_requests(cx, request),
    }
}

/// k8s: checks that no tag makes know the newest version alone, where such fields stand in `exactly`.
fn told_as_new(cx: &mut Cx<'_>, before: usize, request: &Node) {
    let own = cx.path(request);
    for problem in &mut cx.problems[before..] {
        let by_tag = ["operator", "effect", "key", "allocationMode"]
            .iter()
            .any(|field| problem.path.ends_with(&format!(".{field}")));
        if let Some(rest) = problem.path.strip_prefix(&own).filter(|_| !by_tag) {
            problem.path = format!("{own}.exactly{rest}");
        }
    }
}

fn sub_requests(cx: &mut Cx<'_>, request: &Node) {
    let any = request.list("firstAvailable");
    if any.len() > 8 {
        cx.too_many(request, "firstAvailable", any.len(), 8);
        return;
    }
    for (at, inner) in any.iter().enumerate() {
        request_name(cx, inner, "name", inner.text("name"));
        if any[..at].iter().any(|one| one.text("name") == inner.text("name")) {
            cx.duplicate(inner, "", &shown(inner));
        }
        device_request(cx, inner, true);
    }
}

fn device_request(cx: &mut Cx<'_>, request: &Node, has_default: bool) {
    let class = request.text("deviceClassName");
    if class.is_empty() {
        cx.required(request, "deviceClassName", "");
    } else {
        say(cx, request.of("deviceClassName"), names::subdomain(class));
    }
    for selector in request.list("selectors") {
        device_selector(cx, selector);
    }
    let count = request.int("count").unwrap_or(0);
    match request.text("allocationMode") {
        "" if !has_default => {
            cx.unsupported(request, "allocationMode", "", &["All", "ExactCount"]);
        }
        "" | "ExactCount" if count < 0 => {
            cx.invalid_at(request, "count", &count.to_string(), "must be greater than zero");
        }
        "" | "ExactCount" => {}
        "All" if count != 0 => {
            let detail = "must not be specified when allocationMode is 'All'";
            cx.invalid_at(request, "count", &count.to_string(), detail);
        }
        "All" => {}
        _ => {
            cx.one_of(request, "allocationMode", &["All", "ExactCount"]);
        }
    }
    device_tolerations(cx, request);
}

fn one_constraint(cx: &mut Cx<'_>, constraint: &Node) {
    let fields = ["matchAttribute", "distinctAttribute"];
    if !fields.iter().any(|field| constraint.has(field)) {
        if cx.minor >= 36 {
            // k8s: so it says where none is set.
            let detail = "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set";
            cx.required(constraint, "", detail);
        } else if !constraint.has("distinctAttribute") {
            cx.required(constraint, "matchAttribute", "");
        }
    }
    for field in fields.into_iter().filter(|field| constraint.has(field)) {
        attribute_name(cx, constraint, field);
    }
}

/// The whole name of an attribute: a domain, a slash, a C identifier.
fn attribute_name(cx: &mut Cx<'_>, constraint: &Node, field: &str) {
    let at = Place::of(constraint).field(field);
    let name = at.text();
    let parts: Vec<&str> = name.split('/').collect();
    let own = match parts[..] {
        [own] => {
            let detail = "a fully qualified name must be a domain and a name separated by a slash";
            at.invalid(cx, &format!("{name:?}"), detail);
            own
        }
        [domain, own] => {
            if domain.is_empty() {
                at.invalid(cx, "\"\"", "prefix must not be empty");
            } else {
                if domain.len() > 63 {
                    at.too_long(cx, 63);
                }
                for word in in_bytes(names::subdomain(&domain.to_lowercase())) {
                    at.invalid(cx, &format!("{domain:?}"), &format!("prefix: {word}"));
                }
            }
            if own.is_empty() {
                at.invalid(cx, "\"\"", "name must not be empty");
                return;
            }
            own
        }
        // k8s: more slashes are not looked at.
        _ => return,
    };
    if own.len() > 32 {
        at.too_long(cx, 32);
    }
    for word in names::identifier(own) {
        at.invalid(cx, &format!("{own:?}"), &word);
    }
}

/// The requests that a part of a claim is meant for.
fn names_of_requests(cx: &mut Cx<'_>, holder: &Node, known: &[String]) {
    let mut seen: Vec<&str> = Vec::new();
    for node in holder.list("requests") {
        let name = node.str();
        let parts: Vec<&str> = name.split('/').collect();
        if parts.len() <= 2 {
            for part in parts {
                request_name(cx, node, "", part);
            }
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
