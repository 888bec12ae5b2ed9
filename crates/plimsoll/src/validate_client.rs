//! What kubectl says of a text before any server sees an object.

use plimsoll_kube::validate::Problem;
use plimsoll_kube::{Document, Framing, Node, Object};
use plimsoll_source::{FileId, Severity, Span};

/// What kubectl makes of the place where a document stands.
pub(crate) fn of_framing(document: &Document) -> Option<Problem> {
    let (rule, severity, message, help) = match &document.framing {
        Framing::Plain => return None,
        Framing::Marker(rest) => (
            "unreadable",
            Severity::Error,
            format!("invalid Yaml document separator: {rest}"),
            "kubectl takes nothing but a comment behind `---`",
        ),
        Framing::Directive => (
            "kubectl-refuses",
            Severity::Warning,
            "kubectl cuts between a directive and its `---`: did not find expected <document start>"
                .to_owned(),
            "leave the line with `%` out",
        ),
        Framing::Unread => (
            "unread-document",
            Severity::Warning,
            "kubectl does not read what stands here: the document before it has ended".to_owned(),
            "write `---` before it",
        ),
    };
    Some(Problem {
        rule,
        severity,
        path: String::new(),
        message,
        span: Span::new(FileId::NONE, 0, 0),
        help: help.to_owned(),
    })
}

/// What is said of a key that stands twice, which is more where a whole object does.
pub(crate) fn of_repeated(document: &Document) -> Option<Problem> {
    let mut problem = plimsoll_kube::validate::unreadable(document.repeated.as_ref()?);
    let both = ["\"apiVersion\"", "\"kind\""];
    if both.iter().all(|key| problem.message.contains(key)) {
        "write `---` between two objects: kubectl takes the last one alone"
            .clone_into(&mut problem.help);
    }
    Some(problem)
}

/// What is said of an object that leaves its name to the server.
pub(crate) fn of_name(object: &Object<'_>) -> Option<Problem> {
    let prefix = object.metadata()?.get("generateName").and_then(Node::as_str)?;
    if prefix.is_empty() || !object.name().is_empty() {
        return None;
    }
    Some(Problem {
        rule: "generate-name",
        severity: Severity::Info,
        path: "metadata.generateName".to_owned(),
        message: format!("from {prefix}: cannot use generate name with apply"),
        span: object.metadata()?.get("generateName")?.span,
        help: "`kubectl create` and Helm take it".to_owned(),
    })
}

/// An item of a list that is no object.
pub(crate) fn of_stray(node: &Node, why: String) -> Problem {
    Problem {
        rule: "decode",
        severity: Severity::Error,
        path: String::new(),
        message: why,
        span: node.span,
        help: String::new(),
    }
}
