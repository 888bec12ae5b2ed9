//! ConfigMaps and Secrets.

use plimsoll_source::encoding::decode_base64;
use plimsoll_yaml::Node;

use crate::json;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// How many bytes all values may have together.
const LIMIT: usize = 1024 * 1024;

/// `core.v1.ConfigMap`.
pub(in crate::validate) fn config_map(cx: &mut Cx<'_>) {
    let root = cx.root;
    let mut size = 0;
    for entry in root.map("data") {
        key(cx, "data", &entry.value, &entry.key);
        let name = String::from_utf8_lossy(&entry.key);
        if root.of("binaryData").get(&name).is_some() {
            cx.invalid_at(
                root,
                &format!("data[{name}]"),
                &format!("{name:?}"),
                "duplicate of key present in binaryData",
            );
        }
        size += entry.value.str().len();
    }
    for entry in root.map("binaryData") {
        key(cx, "binaryData", &entry.value, &entry.key);
        size += decode_base64(entry.value.str().as_bytes()).map_or(0, |bytes| bytes.len());
    }
    if size > LIMIT {
        cx.too_long(root, "", LIMIT);
    }
}

fn key(cx: &mut Cx<'_>, field: &str, value: &Node, key: &[u8]) {
    let name = String::from_utf8_lossy(key);
    for word in names::config_key(&name) {
        let (path, message) =
            (format!("{field}[{name}]"), format!("Invalid value: {name:?}: {word}"));
        cx.error_at(path, value.span, message);
    }
}

/// `core.v1.Secret`.
pub(in crate::validate) fn secret(cx: &mut Cx<'_>) {
    let root = cx.root;
    let mut size = 0;
    for entry in root.map("data") {
        key(cx, "data", &entry.value, &entry.key);
        let name = String::from_utf8_lossy(&entry.key);
        if root.of("stringData").get(&name).is_none() {
            size += decode_base64(entry.value.str().as_bytes()).map_or(0, |bytes| bytes.len());
        }
    }
    for entry in root.map("stringData") {
        if root.of("data").get(&String::from_utf8_lossy(&entry.key)).is_none() {
            key(cx, "data", &entry.value, &entry.key);
        }
        size += entry.value.str().len();
    }
    if size > LIMIT {
        cx.too_long(root, "data", LIMIT);
    }
    typed(cx, root);
}

/// The value of a key, whichever way it is given.
pub(super) fn value(root: &Node, key: &str) -> Option<Vec<u8>> {
    if let Some(text) = root.of("stringData").get(key) {
        return Some(text.str().as_bytes().to_vec());
    }
    root.of("data").get(key).map(|text| decode_base64(text.str().as_bytes()).unwrap_or_default())
}

fn typed(cx: &mut Cx<'_>, root: &Node) {
    match root.text("type") {
        "kubernetes.io/service-account-token" => {
            let name =
                root.of("metadata").of("annotations").text("kubernetes.io/service-account.name");
            if name.is_empty() {
                let below = "metadata.annotations[kubernetes.io/service-account.name]";
                cx.required(root, below, "");
            }
        }
        "kubernetes.io/dockercfg" => docker(cx, root, ".dockercfg"),
        "kubernetes.io/dockerconfigjson" => docker(cx, root, ".dockerconfigjson"),
        "kubernetes.io/basic-auth"
            if value(root, "username").is_none() && value(root, "password").is_none() =>
        {
            cx.required(root, "data[username]", "");
            cx.required(root, "data[password]", "");
        }
        "kubernetes.io/ssh-auth"
            if value(root, "ssh-privatekey").is_none_or(|key| key.is_empty()) =>
        {
            cx.required(root, "data[ssh-privatekey]", "");
        }
        "kubernetes.io/tls" => {
            for key in ["tls.crt", "tls.key"] {
                if value(root, key).is_none() {
                    cx.required(root, &format!("data[{key}]"), "");
                }
            }
        }
        _ => {}
    }
}

fn docker(cx: &mut Cx<'_>, root: &Node, key: &str) {
    let below = format!("data[{key}]");
    let Some(text) = value(root, key) else { return cx.required(root, &below, "") };
    if let Err(words) = json::object(&text) {
        cx.invalid_at(root, &below, "\"<secret contents redacted>\"", &words);
    }
}
