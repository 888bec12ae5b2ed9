//! Ingresses and their classes.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::text_at;
use crate::validate::cx::{Cx, shown};
use crate::validate::names::{self, Words};
use crate::validate::net;
use crate::validate::node::Fields as _;

/// `networking.v1.Ingress`.
pub(in crate::validate) fn ingress(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    if spec.list("rules").is_empty() && !spec.has("defaultBackend") {
        let detail = "either `defaultBackend` or `rules` must be specified";
        cx.invalid_at(root, "spec", &shown(spec), detail);
    }
    if spec.has("defaultBackend") {
        backend(cx, spec.of("defaultBackend"));
    }
    for rule in spec.list("rules") {
        one_rule(cx, rule);
    }
    for tls in spec.list("tls") {
        for host in tls.list("hosts") {
            say(cx, host, host_words(host.str()));
        }
        if !tls.text("secretName").is_empty() {
            say(cx, tls.of("secretName"), names::subdomain(tls.text("secretName")));
        }
    }
    if spec.has("ingressClassName") {
        say(cx, spec.of("ingressClassName"), names::subdomain(spec.text("ingressClassName")));
        if root.of("metadata").of("annotations").has("kubernetes.io/ingress.class") {
            let annotations = root.of("metadata").of("annotations");
            let node = annotations.of("kubernetes.io/ingress.class");
            if node.str() != spec.text("ingressClassName") {
                cx.invalid(node, "must match `ingressClassName` when both are specified");
            }
        }
    }
}

fn host_words(host: &str) -> Words {
    if host.contains('*') { names::wildcard(host) } else { names::subdomain(host) }
}

fn one_rule(cx: &mut Cx<'_>, rule: &Node) {
    let host = rule.text("host");
    if !host.is_empty() {
        if host.parse::<std::net::IpAddr>().is_ok() || net::parse_ip(host).is_some() {
            cx.invalid(rule.of("host"), "must be a DNS name, not an IP address");
        }
        say(cx, rule.of("host"), host_words(host));
    }
    let http = rule.of("http");
    if http.is_null() {
        return;
    }
    if http.list("paths").is_empty() {
        cx.required(http, "paths", "");
    }
    for path in http.list("paths") {
        one_path(cx, path);
    }
}

fn one_path(cx: &mut Cx<'_>, path: &Node) {
    let text = path.text("path");
    if path.has("pathType") {
        match path.text("pathType") {
            "Exact" | "Prefix" => path_words(cx, path, text),
            "ImplementationSpecific" => {
                if !text.is_empty() && !text.starts_with('/') {
                    cx.invalid(path.of("path"), "must be an absolute path");
                }
            }
            other => {
                cx.unsupported(
                    path,
                    "pathType",
                    other,
                    &["Exact", "ImplementationSpecific", "Prefix"],
                );
            }
        }
    } else {
        cx.required(path, "pathType", "pathType must be specified");
    }
    if path.has("backend") {
        backend(cx, path.of("backend"));
    } else {
        cx.invalid_at(path, "backend", "{}", "resource or service backend is required");
    }
}

fn path_words(cx: &mut Cx<'_>, holder: &Node, text: &str) {
    if !text.starts_with('/') {
        cx.invalid_at(holder, "path", &format!("{text:?}"), "must be an absolute path");
    }
    if text.is_empty() {
        return;
    }
    for part in ["//", "/./", "/../", "%2f", "%2F"] {
        if text.contains(part) {
            cx.invalid(holder.of("path"), &format!("must not contain '{part}'"));
        }
    }
    for end in ["/..", "/."] {
        if text.ends_with(end) {
            cx.invalid(holder.of("path"), &format!("cannot end with '{end}'"));
        }
    }
}

fn backend(cx: &mut Cx<'_>, backend: &Node) {
    let (service, resource) = (backend.of("service"), backend.of("resource"));
    match (service.is_null(), resource.is_null()) {
        (false, false) => {
            cx.invalid_at(backend, "", "", "cannot set both resource and service backends");
        }
        (true, true) => {
            cx.invalid_at(backend, "", "", "resource or service backend is required");
        }
        (true, false) => resource_backend(cx, resource),
        (false, true) => service_backend(cx, backend, service),
    }
}

fn resource_backend(cx: &mut Cx<'_>, resource: &Node) {
    for field in ["kind", "name"] {
        if resource.text(field).is_empty() {
            cx.required(resource, field, "");
        } else {
            say(cx, resource.of(field), names::path_segment(resource.text(field)));
        }
    }
    if resource.has("apiGroup") {
        say(cx, resource.of("apiGroup"), names::subdomain(resource.text("apiGroup")));
    }
}

fn service_backend(cx: &mut Cx<'_>, backend: &Node, service: &Node) {
    if service.text("name").is_empty() {
        cx.required(service, "name", "");
    } else {
        let form = if cx.minor >= 36 { names::label } else { names::label_1035 };
        text_at(cx, service, "name", form);
    }
    let port = service.of("port");
    let (name, number) = (port.text("name"), port.int("number").unwrap_or(0));
    match (name.is_empty(), number == 0) {
        (false, false) => {
            cx.invalid_at(backend, "", "", "cannot set both port name & port number");
        }
        (true, true) => cx.required(backend, "", "port name or number is required"),
        (false, true) => say(cx, port.of("name"), names::port_name(name)),
        (true, false) => say(cx, port.of("number"), names::port_number(number)),
    }
}

/// `networking.v1.IngressClass`.
pub(in crate::validate) fn ingress_class(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let controller = spec.text("controller");
    if controller.is_empty() {
        cx.required(root, "spec.controller", "");
    } else {
        if controller.len() > 250 {
            cx.too_long(spec, "controller", 250);
        }
        say(cx, spec.of("controller"), names::domain_prefixed(controller));
    }
    let parameters = spec.of("parameters");
    if parameters.is_null() {
        return;
    }
    resource_backend(cx, parameters);
    let scope = match parameters.text("scope") {
        "" if !parameters.has("scope") => "Cluster",
        scope => scope,
    };
    let namespace = parameters.has("namespace");
    match scope {
        "Cluster" if namespace => {
            cx.forbidden(parameters, "namespace", "`parameters.scope` is set to 'Cluster'");
        }
        "Namespace" if parameters.text("namespace").is_empty() => {
            cx.required(parameters, "namespace", "`parameters.scope` is set to 'Namespace'");
        }
        "Namespace" => {
            say(cx, parameters.of("namespace"), names::label(parameters.text("namespace")));
        }
        "Cluster" => {}
        other => cx.unsupported(parameters, "scope", other, &["Cluster", "Namespace"]),
    }
}
