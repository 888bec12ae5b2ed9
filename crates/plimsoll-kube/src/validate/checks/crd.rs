//! CustomResourceDefinitions: names, versions, conversion, subresources, columns.

use plimsoll_yaml::Node;

use super::crd_schema;
use super::webhook;
use crate::validate::cx::{Cx, shown};
use crate::validate::names::{self, Words};
use crate::validate::node::Fields as _;

/// `apiextensions.v1.CustomResourceDefinition`.
pub(in crate::validate) fn definition(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let (group, plural) = (spec.text("group"), spec.of("names").text("plural"));
    let name = root.of("metadata").text("name");
    if !name.is_empty() && name != format!("{plural}.{group}") {
        cx.invalid(root.of("metadata").of("name"), "must be spec.names.plural+\".\"+spec.group");
    }
    let prefix = root.of("metadata").text("generateName");
    if !prefix.is_empty() && prefix != format!("{plural}.{group}") {
        let detail = "must be spec.names.plural+\".\"+spec.group";
        cx.invalid(root.of("metadata").of("generateName"), detail);
    }
    if group.is_empty() {
        cx.required(root, "spec.group", "");
    } else {
        let words = names::subdomain(group);
        if words.is_empty() && !group.contains('.') {
            cx.invalid(spec.of("group"), "should be a domain with at least one dot");
        }
        super::meta::say(cx, spec.of("group"), words);
    }
    match spec.text("scope") {
        "" => cx.required(root, "spec.scope", ""),
        "Cluster" | "Namespaced" => {}
        other => cx.unsupported(spec, "scope", other, &["Cluster", "Namespaced"]),
    }
    versions(cx, spec);
    names_of(cx, root, spec.of("names"));
    conversion(cx, spec);
    if spec.is_true("preserveUnknownFields") {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        cx.invalid(spec.of("preserveUnknownFields"), detail);
    }
}

fn versions<'a>(cx: &mut Cx<'a>, spec: &'a Node) {
    let root = cx.root;
    let versions = spec.list("versions");
    let mut seen: Vec<&str> = Vec::new();
    let (mut storage, mut twice) = (0, false);
    for version in versions {
        let name = version.text("name");
        for word in names::label_1035(name) {
            cx.invalid_at(version, "name", &format!("{name:?}"), &word);
        }
        twice |= seen.contains(&name);
        seen.push(name);
        storage += usize::from(version.is_true("storage"));
        deprecation(cx, version);
    }
    if twice {
        cx.invalid_at(
            root,
            "spec.versions",
            &shown(spec.of("versions")),
            "must contain unique version names",
        );
    }
    if storage != 1 {
        let detail = "must have exactly one version marked as storage version";
        cx.invalid_at(root, "spec.versions", "[]", detail);
    }
    if storage == 0 {
        cx.invalid_at(
            root,
            "status.storedVersions",
            "null",
            "must have at least one stored version",
        );
    }
    let all_equal = versions.windows(2).all(|pair| {
        ["schema", "subresources", "additionalPrinterColumns", "selectableFields"]
            .iter()
            .all(|field| shown(pair[0].of(field)) == shown(pair[1].of(field)))
    });
    for (at, version) in versions.iter().enumerate() {
        // k8s: what all versions share is told at the top, where it once stood.
        if all_equal && at > 0 {
            break;
        }
        let place = if all_equal { "spec".to_owned() } else { format!("spec.versions[{at}]") };
        one_version(cx, version, at, &place, all_equal);
    }
}

fn deprecation(cx: &mut Cx<'_>, version: &Node) {
    if !version.has("deprecationWarning") {
        return;
    }
    let text = version.text("deprecationWarning");
    let node = version.of("deprecationWarning");
    if !version.is_true("deprecated") {
        cx.invalid(node, "can only be set for deprecated versions");
    }
    if text.is_empty() {
        cx.invalid(node, "must not be an empty string");
    }
    if text.len() > 256 {
        cx.too_long(version, "deprecationWarning", 256);
    }
}

fn one_version<'a>(cx: &mut Cx<'a>, version: &'a Node, at: usize, place: &str, shared: bool) {
    let root = cx.root;
    let schema = version.of("schema").of("openAPIV3Schema");
    if schema.is_null() {
        cx.required(
            root,
            &format!("spec.versions[{at}].schema.openAPIV3Schema"),
            "schemas are required",
        );
    } else {
        let status = version.of("subresources").has("status");
        let place = if shared {
            "spec.validation.openAPIV3Schema".to_owned()
        } else {
            format!("{place}.schema.openAPIV3Schema")
        };
        crd_schema::check(cx, schema, &place, status);
    }
    scale(cx, version.of("subresources").of("scale"), place);
    columns(cx, version, place);
    selectable(cx, version, schema, place);
}

fn is_simple_path(text: &str) -> bool {
    let fields = |text: &str| {
        text.split('.').all(|part| {
            let (name, subscript) = part.split_once('[').map_or((part, ""), |(n, s)| (n, s));
            let mut bytes = name.bytes();
            bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                && (subscript.is_empty() || subscript.ends_with(']'))
        })
    };
    text.strip_prefix('.').is_some_and(fields)
}

fn scale(cx: &mut Cx<'_>, scale: &Node, place: &str) {
    if scale.is_null() {
        return;
    }
    let root = cx.root;
    for (field, above) in [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")] {
        let path = scale.text(field);
        let told = format!("{place}.subresources.scale.{field}");
        if path.is_empty() {
            cx.required(root, &told, "");
        } else if !is_simple_path(path) {
            cx.invalid_at(
                root,
                &told,
                &format!("{path:?}"),
                "must be a simple json path starting with .",
            );
        } else if !path.starts_with(above) {
            let detail = format!("should be a json path under {}", above.trim_end_matches('.'));
            cx.invalid_at(root, &told, &format!("{path:?}"), &detail);
        }
    }
    let selector = scale.text("labelSelectorPath");
    if !selector.is_empty() {
        let told = format!("{place}.subresources.scale.labelSelectorPath");
        if !is_simple_path(selector) {
            cx.invalid_at(
                root,
                &told,
                &format!("{selector:?}"),
                "must be a simple json path starting with .",
            );
        } else if !selector.starts_with(".spec.") && !selector.starts_with(".status.") {
            let detail = "should be a json path under either .spec or .status";
            cx.invalid_at(root, &told, &format!("{selector:?}"), detail);
        }
    }
}

fn columns(cx: &mut Cx<'_>, version: &Node, place: &str) {
    const TYPES: &[&str] = &["boolean", "date", "integer", "number", "string"];
    const FORMATS: &[&str] =
        &["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
    let root = cx.root;
    for (at, column) in version.list("additionalPrinterColumns").iter().enumerate() {
        let told = |field: &str| format!("{place}.additionalPrinterColumns[{at}].{field}");
        if column.text("name").is_empty() {
            cx.required(root, &told("name"), "");
        }
        let kind = column.text("type");
        let detail = "must be one of boolean,date,integer,number,string";
        if kind.is_empty() {
            cx.required(root, &told("type"), detail);
        } else if !TYPES.contains(&kind) {
            cx.invalid_at(root, &told("type"), &format!("{kind:?}"), detail);
        }
        let format = column.text("format");
        if !format.is_empty() && !FORMATS.contains(&format) {
            let detail = format!("must be one of {}", FORMATS.join(","));
            cx.invalid_at(root, &told("format"), &format!("{format:?}"), &detail);
        }
        let path = column.text("jsonPath");
        if path.is_empty() {
            cx.required(root, &told("JSONPath"), "");
        } else if !path.starts_with('.') {
            let detail = "must be a simple json path starting with .";
            cx.invalid_at(root, &told("JSONPath"), &format!("{path:?}"), detail);
        }
    }
}

fn selectable(cx: &mut Cx<'_>, version: &Node, schema: &Node, place: &str) {
    let root = cx.root;
    let mut seen: Vec<&str> = Vec::new();
    let fields = version.list("selectableFields");
    if fields.len() > 8 {
        cx.too_many(root, &format!("{place}.selectableFields"), fields.len(), 8);
    }
    for (at, field) in fields.iter().enumerate() {
        let told = format!("{place}.selectableFields[{at}].jsonPath");
        let path = field.text("jsonPath");
        if path.is_empty() {
            cx.required(root, &told, "");
            continue;
        }
        let value = format!("{path:?}");
        if !crd_schema::has_field(schema, path) {
            cx.invalid_at(
                root,
                &told,
                &value,
                "is an invalid path: does not refer to a valid field",
            );
        }
        if path.starts_with(".metadata.") {
            cx.invalid_at(root, &told, &value, "must not point to fields in metadata");
        }
        if seen.contains(&path) {
            cx.duplicate(root, &told, &value);
        }
        seen.push(path);
    }
}

fn mixed_case(text: &str) -> Words {
    names::label_1035(&text.to_lowercase())
        .into_iter()
        .map(|word| format!("may have mixed case, but should otherwise match: {word}"))
        .collect()
}

fn names_of(cx: &mut Cx<'_>, root: &Node, all: &Node) {
    let kind = all.text("kind");
    // The server fills these two from the kind.
    let singular = if all.text("singular").is_empty() {
        kind.to_lowercase()
    } else {
        all.text("singular").to_owned()
    };
    let list = if all.text("listKind").is_empty() && !kind.is_empty() {
        format!("{kind}List")
    } else {
        all.text("listKind").to_owned()
    };
    let plural = all.text("plural").to_owned();
    let forms: [(&str, &str, fn(&str) -> Words); 4] = [
        ("plural", &plural, names::label_1035),
        ("singular", &singular, names::label_1035),
        ("kind", kind, mixed_case),
        ("listKind", &list, mixed_case),
    ];
    for (field, text, form) in forms {
        let told = format!("spec.names.{field}");
        if text.is_empty() {
            cx.required(root, &told, "");
            continue;
        }
        for word in form(text) {
            cx.invalid_at(root, &told, &format!("{text:?}"), &word);
        }
    }
    if !kind.is_empty() && kind == list {
        cx.invalid_at(
            root,
            "spec.names.listKind",
            &format!("{list:?}"),
            "kind and listKind may not be the same",
        );
    }
    for field in ["shortNames", "categories"] {
        for (at, name) in all.list(field).iter().enumerate() {
            for word in names::label_1035(name.str()) {
                cx.invalid_at(root, &format!("spec.names.{field}[{at}]"), &shown(name), &word);
            }
        }
    }
}

fn conversion(cx: &mut Cx<'_>, spec: &Node) {
    let conversion = spec.of("conversion");
    if conversion.is_null() {
        return;
    }
    let webhook = conversion.of("webhook");
    let (client, versions) = (webhook.of("clientConfig"), webhook.list("conversionReviewVersions"));
    match conversion.text("strategy") {
        "Webhook" => {
            if client.is_null() {
                cx.required(
                    conversion,
                    "webhookClientConfig",
                    "required when strategy is set to Webhook",
                );
            } else {
                match (client.has("url"), client.has("service")) {
                    (true, false) => webhook::url(cx, client),
                    (false, true) => webhook::service(cx, client.of("service"), false),
                    _ => cx.required(
                        conversion,
                        "webhookClientConfig",
                        "exactly one of url or service is required",
                    ),
                }
            }
            review(cx, conversion, versions);
        }
        "None" => {
            let detail = "should not be set when strategy is not set to Webhook";
            if !client.is_null() {
                cx.forbidden(conversion, "webhookClientConfig", detail);
            }
            if !versions.is_empty() {
                cx.forbidden(conversion, "conversionReviewVersions", detail);
            }
        }
        "" => cx.required(conversion, "strategy", ""),
        other => cx.unsupported(conversion, "strategy", other, &["None", "Webhook"]),
    }
}

fn review(cx: &mut Cx<'_>, conversion: &Node, versions: &[Node]) {
    if versions.is_empty() {
        cx.required(conversion, "conversionReviewVersions", "");
        return;
    }
    if !versions.iter().any(|version| matches!(version.str(), "v1" | "v1beta1")) {
        let detail = "must include at least one of v1, v1beta1";
        cx.invalid_at(conversion, "conversionReviewVersions", "[]", detail);
    }
}
