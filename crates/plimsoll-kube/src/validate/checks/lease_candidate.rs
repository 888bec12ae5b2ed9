//! Servers that would hold a lease.

use std::cmp::Ordering;

use crate::cel::Semver;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::place::Place;

const OLDEST: &str = "OldestEmulationVersion";

/// `coordination.v1beta1.LeaseCandidate`.
pub(in crate::validate) fn lease_candidate(cx: &mut Cx<'_>) {
    let root = Place::of(cx.root);
    let meta = root.field("metadata");
    for name in [meta.field("name"), meta.field("generateName")] {
        if !name.text().is_empty() {
            name.say(cx, names::config_key(name.text()));
        }
    }
    let spec = root.field("spec");
    let lease = spec.field("leaseName");
    if lease.text().is_empty() {
        lease.required(cx, "");
    }
    let emulated = spec.field("emulationVersion");
    let emulation = version(cx, &emulated);
    let binary_at = spec.field("binaryVersion");
    if binary_at.text().is_empty() {
        binary_at.required(cx, "");
    }
    let binary = version(cx, &binary_at);
    if is_before(&binary_at, binary.as_ref(), &emulated, emulation.as_ref()) {
        let value = format!("{:?}", binary_at.text());
        binary_at.invalid(cx, &value, "must be greater than or equal to `emulationVersion`");
    }
    strategy(cx, &spec, emulation.as_ref());
}

fn version(cx: &mut Cx<'_>, at: &Place<'_>) -> Option<Semver> {
    let found = Semver::strict(at.text());
    if found.is_none() && !at.text().is_empty() {
        at.say(cx, vec!["must be a valid semantic version".to_owned()]);
    }
    found
}

/// k8s: a version that cannot be read counts as the lowest.
fn is_before(
    binary_at: &Place<'_>,
    binary: Option<&Semver>,
    emulated: &Place<'_>,
    emulation: Option<&Semver>,
) -> bool {
    if binary_at.text().is_empty() || emulated.text().is_empty() {
        return false;
    }
    match (binary, emulation) {
        (Some(binary), Some(emulation)) => binary.cmp(emulation) == Ordering::Less,
        (None, Some(emulation)) => !emulation.is_zero(),
        _ => false,
    }
}

fn strategy(cx: &mut Cx<'_>, spec: &Place<'_>, emulation: Option<&Semver>) {
    let at = spec.field("strategy");
    let text = at.text();
    if text.is_empty() {
        // 1.31 had a list of preferred ones instead.
        if cx.minor >= 32 {
            at.required(cx, "");
        }
        return;
    }
    if text == OLDEST && emulation.is_none_or(Semver::is_zero) {
        let detail = "must be specified when `strategy` is 'OldestEmulationVersion'";
        spec.field("emulationVersion").required(cx, detail);
    }
    // k8s: the field is named twice.
    let twice = at.field("strategy");
    let value = format!("{text:?}");
    if !text.contains('/') {
        if text != OLDEST {
            twice.error(cx, format!("Unsupported value: {value}: supported values: \"{OLDEST}\""));
        }
        return;
    }
    for word in names::qualified(text) {
        twice.invalid(cx, &value, &word);
    }
}
