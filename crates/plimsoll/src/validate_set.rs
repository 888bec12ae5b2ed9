//! What is said of objects because of the others, or of their size.

use plimsoll_kube::validate::Problem;
use plimsoll_kube::{Document, Node};
use plimsoll_source::{ObjectId, Severity};

use crate::validate_manifests::Validated;

/// What etcd takes in one request, in bytes.
const ETCD_LIMIT: usize = 1_572_864;
/// What `kubectl apply` may write into its annotation, in bytes.
const APPLIED_LIMIT: usize = 262_144;

/// What the size of an object alone decides.
pub(crate) fn of_size(document: &Document, object: &Node) -> Option<Problem> {
    // Hardly any object is longer as JSON than as YAML.
    if document.range.len() < APPLIED_LIMIT / 2 {
        return None;
    }
    let size = json_size(object);
    let (rule, severity, message) = if size > ETCD_LIMIT {
        let message = format!("etcdserver: request is too large: {size} bytes of {ETCD_LIMIT}");
        ("object-size", Severity::Error, message)
    } else if size > APPLIED_LIMIT {
        let message = format!(
            "metadata.annotations: Too long: may not be more than {APPLIED_LIMIT} bytes: `kubectl apply` writes the object there unless it is told `--server-side`"
        );
        ("last-applied-size", Severity::Info, message)
    } else {
        return None;
    };
    Some(Problem {
        rule,
        severity,
        path: String::new(),
        message,
        span: object.span,
        help: String::new(),
    })
}

/// How many bytes a value takes as JSON.
fn json_size(root: &Node) -> usize {
    use plimsoll_kube::Kind;
    let of = |node: &Node| match &node.kind {
        Kind::Text(text) => {
            3 + text.len() + text.iter().filter(|b| matches!(b, b'"' | b'\\' | b'\n')).count()
        }
        Kind::Map(entries) => 3 + entries.iter().map(|entry| entry.key.len() + 3).sum::<usize>(),
        Kind::List(_) => 3,
        _ => 5,
    };
    root.walk().map(of).sum()
}

/// Says of each object that stands twice where it stood before; rows of one set, in order.
pub(crate) fn duplicates(rows: &mut [Validated], from: usize) {
    let mut seen: Vec<(String, usize)> = rows[from..]
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.skipped)
        .filter_map(|(at, row)| Some((key(row.object.as_ref()?)?, from + at)))
        .collect();
    seen.sort();
    let mut first = 0;
    for at in 1..seen.len() {
        if seen[at].0 != seen[first].0 {
            first = at;
            continue;
        }
        let before = &rows[seen[first].1];
        let message = format!(
            "the same object stands at {}:{} too: create refuses the second, apply lets the last one win",
            before.file, before.line
        );
        rows[seen[at].1].add_warning("duplicate-object", message);
    }
}

/// Group, kind, namespace and name; versions of a group are the same object.
fn key(object: &ObjectId) -> Option<String> {
    if object.name.is_empty() {
        return None;
    }
    let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
    Some(format!("{group}/{}/{}/{}", object.kind, object.namespace, object.name))
}

/// Leaves out what has been said of an object before, word for word: rules that no object of a kind
/// can be asked.
pub(crate) fn say_once(rows: &mut [Validated]) {
    let mut said: Vec<String> = Vec::new();
    for row in rows {
        row.findings.retain(|finding| {
            if finding.rule != "rule-not-evaluated" {
                return true;
            }
            let known = said.contains(&finding.message);
            if !known {
                said.push(finding.message.clone());
            }
            !known
        });
    }
}
