//! What signers of certificates are given: bundles of authorities, requests of pods.

use super::meta::say;
use crate::validate::cx::{Cx, shown};
use crate::validate::der::{self, Key};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

const USAGES: &[&str] = &[
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

const OMITTED: &str = "\"<value omitted>\"";

/// `certificates.v1.ClusterTrustBundle`.
pub(in crate::validate) fn trust_bundle(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let signer = spec.field("signerName");
    bundle_name(cx, signer.text());
    if !signer.text().is_empty() {
        signer_name(cx, &signer);
    }
    anchors(cx, &spec.field("trustBundle"));
}

/// k8s: the name begins with the signer's, slashes made colons.
fn bundle_name(cx: &mut Cx<'_>, signer: &str) {
    let meta = Place::of(cx.root).field("metadata");
    let (name, prefix) = (meta.field("name"), meta.field("generateName"));
    if !name.text().is_empty() {
        one_name(cx, &name, name.text(), signer);
    }
    if !prefix.text().is_empty() {
        // What is appended begins with a letter or a digit.
        one_name(cx, &prefix, &format!("{}x", prefix.text()), signer);
    }
}

fn one_name(cx: &mut Cx<'_>, name: &Place<'_>, text: &str, signer: &str) {
    if signer.is_empty() {
        let colon = "ClusterTrustBundle without signer name must not have \":\" in its name";
        let words =
            if text.contains(':') { vec![colon.to_owned()] } else { names::subdomain(text) };
        name.say(cx, words);
        return;
    }
    let prefix = format!("{}:", signer.replace('/', ":"));
    let words = match text.strip_prefix(&prefix) {
        Some(rest) => names::subdomain(rest),
        None => vec![format!(
            "ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}"
        )],
    };
    name.say(cx, words);
}

fn anchors(cx: &mut Cx<'_>, bundle: &Place<'_>) {
    if bundle.text().len() > 1 << 20 {
        bundle.too_long(cx, 1 << 20);
        return;
    }
    // Go's reader of such texts takes more than ours: nothing is said of what is not clear.
    let Some(blocks) = der::blocks(bundle.text()) else { return };
    let before = cx.problems.len();
    for (at, block) in blocks.iter().enumerate() {
        let detail = if block.kind != "CERTIFICATE" {
            format!("entry {at} has bad block type: {}", block.kind)
        } else if block.has_headers {
            format!("entry {at} has PEM block headers")
        } else {
            match der::is_authority(&block.bytes) {
                Some(true) => continue,
                Some(false) => format!("entry {at} does not have the CA bit set"),
                None => format!("entry {at} does not parse as X.509"),
            }
        };
        bundle.invalid(cx, OMITTED, &detail);
    }
    if cx.problems.len() > before {
        return;
    }
    if blocks.is_empty() {
        bundle.invalid(cx, OMITTED, "at least one trust anchor must be provided");
    }
    for (at, block) in blocks.iter().enumerate() {
        let same = |(_, other): &(usize, &der::Block)| other.bytes == block.bytes;
        let all: Vec<String> =
            blocks.iter().enumerate().filter(same).map(|(at, _)| at.to_string()).collect();
        if all.len() > 1 && all[0] == at.to_string() {
            let detail = format!("duplicate trust anchor (indices [{}])", all.join(" "));
            bundle.invalid(cx, OMITTED, &detail);
        }
    }
}

/// The name of a signer: `example.com/signer-name`.
pub(super) fn signer_name(cx: &mut Cx<'_>, signer: &Place<'_>) {
    let text = signer.text();
    let parts: Vec<&str> = text.split('/').collect();
    let [domain, path] = parts[..] else {
        if text.is_empty() {
            signer.required(cx, "");
        } else {
            let detail =
                "must be a fully qualified domain and path of the form 'example.com/signer-name'";
            signer.invalid(cx, &format!("{text:?}"), detail);
        }
        return;
    };
    if domain.len() > 253 {
        signer.too_long(cx, 253);
    }
    labels_of(cx, signer, domain, names::label);
    if !domain.contains('.') {
        let detail = "should be a domain with at least two segments separated by dots";
        signer.invalid(cx, &format!("{domain:?}"), detail);
    }
    labels_of(cx, signer, path, names::subdomain);
    if text.len() > 571 {
        signer.too_long(cx, 571);
    }
}

/// The first part between full stops that is wrong.
fn labels_of(cx: &mut Cx<'_>, at: &Place<'_>, text: &str, form: fn(&str) -> names::Words) {
    let wrong =
        text.split('.').map(|label| (label, form(label))).find(|(_, words)| !words.is_empty());
    let Some((label, words)) = wrong else { return };
    for word in words {
        at.invalid(cx, &format!("{text:?}"), &format!("validating label {label:?}: {word}"));
    }
}

/// `certificates.v1.PodCertificateRequest`.
pub(in crate::validate) fn pod_certificate(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let signer = spec.field("signerName");
    signer_name(cx, &signer);
    user_annotations(cx, &spec);
    for (name, uid) in [
        ("podName", "podUID"),
        ("serviceAccountName", "serviceAccountUID"),
        ("nodeName", "nodeUID"),
    ] {
        let (name, uid) = (spec.field(name), spec.field(uid));
        name.say(cx, names::subdomain(name.text()));
        if uid.text().is_empty() {
            uid.invalid(cx, "\"\"", "must not be empty");
        }
        if uid.text().len() > 128 {
            uid.too_long(cx, 128);
        }
    }
    let host = signer.text().split('/').next().unwrap_or_default();
    let own = host == "kubernetes.io" || host.ends_with(".kubernetes.io");
    let most = if own { 86_400 } else { 7_862_400 };
    let seconds = spec.field("maxExpirationSeconds");
    // The default is a day.
    let number = seconds.node.as_int().unwrap_or(86_400);
    if !(3600..=most).contains(&number) {
        seconds.invalid(cx, &number.to_string(), &format!("must be in the range [3600, {most}]"));
    }
    proof(cx, &spec);
}

fn user_annotations(cx: &mut Cx<'_>, spec: &Place<'_>) {
    let holder = spec.node;
    for entry in holder.map("unverifiedUserAnnotations") {
        let key = String::from_utf8_lossy(&entry.key).to_lowercase();
        let all = holder.of("unverifiedUserAnnotations");
        if key.is_empty() {
            cx.required(all, "", "");
            continue;
        }
        let mut words = names::qualified(&key);
        if words.is_empty() && !key.contains('/') {
            words.push("must be a domain-prefixed key (such as \"acme.io/foo\")".to_owned());
        }
        for word in words {
            cx.invalid_at(all, "", &format!("{key:?}"), &word);
        }
    }
}

/// A request, or in older versions a key with a signature.
fn proof(cx: &mut Cx<'_>, spec: &Place<'_>) {
    let bytes =
        |field: &str| crate::validate::from_base64(spec.node.text(field)).unwrap_or_default();
    let (request, key) = (bytes("stubPKCS10Request"), bytes("pkixPublicKey"));
    let signature = bytes("proofOfPossession");
    match (request.is_empty(), key.is_empty(), signature.is_empty()) {
        (false, true, true) => stub_request(cx, spec, &request),
        (true, false, false) => old_key(cx, spec, &key, &signature),
        // 1.34 had nothing but the key.
        _ if cx.minor < 37 && request.is_empty() => {}
        _ => {
            let detail = "exactly one of (stubPKCS10Request) or (pkixPublicKey, proofOfPossession) must be set";
            omitted(cx, spec, detail);
        }
    }
}

/// k8s: some invalid values are told without the value.
fn omitted(cx: &mut Cx<'_>, place: &Place<'_>, detail: &str) {
    place.error(cx, format!("Invalid value: {detail}"));
}

fn stub_request(cx: &mut Cx<'_>, spec: &Place<'_>, bytes: &[u8]) {
    let at = spec.field("stubPKCS10Request");
    if bytes.len() > 10 * 1024 {
        at.too_long(cx, 10 * 1024);
        return;
    }
    match der::request_key(bytes) {
        None => omitted(cx, &at, "must be a valid PKCS#10 CSR"),
        Some(key) => {
            key_size(cx, &at, key, "elliptic public keys must use curve P256, P384, or P521");
        }
    }
}

fn old_key(cx: &mut Cx<'_>, spec: &Place<'_>, bytes: &[u8], signature: &[u8]) {
    let at = spec.field("pkixPublicKey");
    if bytes.len() > 10 * 1024 {
        at.too_long(cx, 10 * 1024);
    } else if signature.len() > 10 * 1024 {
        spec.field("proofOfPossession").too_long(cx, 10 * 1024);
    } else {
        match der::public_key(bytes) {
            None => say(cx, at.node, vec!["must be a valid PKIX-serialized public key".to_owned()]),
            Some(key) => key_size(cx, &at, key, "elliptic public keys must use curve P256 or P384"),
        }
    }
}

fn key_size(cx: &mut Cx<'_>, at: &Place<'_>, key: Key, curves: &str) {
    match key {
        Key::Curve(name @ "P-224") => at.invalid(cx, &format!("\"curve {name}\""), curves),
        Key::Rsa(bits) if bits != 3072 && bits != 4096 => {
            let detail = "RSA keys must have modulus size 3072 or 4096";
            at.invalid(cx, &format!("\"{bits}-bit modulus\""), detail);
        }
        _ => {}
    }
}

/// `certificates.v1.CertificateSigningRequest`.
pub(in crate::validate) fn signing_request(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let usages = spec.field("usages");
    if usages.node.as_list().is_empty() {
        usages.required(cx, "");
    }
    for (at, usage) in usages.node.as_list().iter().enumerate() {
        if !USAGES.contains(&usage.str()) {
            Place::of(usage).unsupported(cx, USAGES);
        }
        if usages.node.as_list()[..at].iter().any(|other| other.str() == usage.str()) {
            cx.duplicate(usage, "", &shown(usage));
        }
    }
    signer_name(cx, &spec.field("signerName"));
    request_block(cx, &spec.field("request"));
    if spec.node.int("expirationSeconds").is_some_and(|seconds| seconds < 600) {
        let detail = "may not specify a duration less than 600 seconds (10 minutes)";
        cx.invalid(spec.node.of("expirationSeconds"), detail);
    }
}

/// Whether the request is a block of the right kind at all.
fn request_block(cx: &mut Cx<'_>, request: &Place<'_>) {
    let bytes = crate::validate::from_base64(request.text()).unwrap_or_default();
    let Some(blocks) = der::blocks(&String::from_utf8_lossy(&bytes)) else { return };
    if blocks.first().is_none_or(|block| block.kind != "CERTIFICATE REQUEST") {
        request.invalid(cx, &shown(request.node), "PEM block type must be CERTIFICATE REQUEST");
    }
}
