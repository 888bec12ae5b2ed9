use std::fmt::Write as _;

use plimsoll_source::{Severity, Span};
use plimsoll_yaml::{Kind, Node};

use super::path::{self, Step};
use super::problem::Problem;
use crate::schema::Type;

/// How many errors of one object are told, and how many warnings.
const LIMIT: usize = 500;

/// An object under examination, and what has been found in it.
pub(super) struct Cx<'a> {
    /// The whole object.
    pub(super) root: &'a Node,
    /// The root's type; `None` for custom resources.
    pub(super) root_type: Option<Type>,
    /// The minor version of the server.
    pub(super) minor: u16,
    /// What was found so far.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(root: &'a Node, root_type: Option<Type>, minor: u16) -> Cx<'a> {
        Cx { root, root_type, minor, problems: Vec::new() }
    }

    /// Whether an error was found.
    pub(super) fn failed(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The path of a node of the object.
    pub(super) fn path(&self, node: &Node) -> String {
        path::write(&self.steps(node), self.root_type, self.minor)
    }

    pub(super) fn steps(&self, node: &Node) -> Vec<Step<'a>> {
        path::steps(self.root, node).unwrap_or_default()
    }

    /// Whether so much of a kind was found that the rest is left out: each place costs a walk to it.
    /// Warnings never keep an error from being told.
    pub(super) fn is_full_of(&self, severity: Severity) -> bool {
        self.problems.len() >= LIMIT
            && self.problems.iter().filter(|known| known.severity == severity).count() >= LIMIT
    }

    /// An error of the server's validation below a node.
    pub(super) fn error(&mut self, node: &Node, below: &str, message: String) {
        if self.is_full_of(Severity::Error) {
            return;
        }
        let path = path::join(&self.path(node), below);
        self.error_at(path, node.span, message);
    }

    pub(super) fn error_at(&mut self, path: String, span: Span, message: String) {
        self.problems.push(Problem {
            rule: "invalid",
            severity: Severity::Error,
            path,
            message,
            span,
            help: String::new(),
        });
    }

    /// The server's warning about a node.
    pub(super) fn warn(&mut self, node: &Node, below: &str, message: String) {
        if self.is_full_of(Severity::Warning) {
            return;
        }
        let path = path::join(&self.path(node), below);
        self.problems.push(Problem {
            rule: "server-warning",
            severity: Severity::Warning,
            path,
            message,
            span: node.span,
            help: String::new(),
        });
    }

    pub(super) fn required(&mut self, node: &Node, below: &str, detail: &str) {
        self.error(node, below, with_detail("Required value", detail));
    }

    pub(super) fn invalid(&mut self, node: &Node, detail: &str) {
        self.error(node, "", with_detail(&format!("Invalid value: {}", shown(node)), detail));
    }

    /// An invalid value at a place that is not the node's own.
    pub(super) fn invalid_at(&mut self, node: &Node, below: &str, value: &str, detail: &str) {
        self.error(node, below, with_detail(&format!("Invalid value: {value}"), detail));
    }

    pub(super) fn forbidden(&mut self, node: &Node, below: &str, detail: &str) {
        self.error(node, below, with_detail("Forbidden", detail));
    }

    pub(super) fn duplicate(&mut self, node: &Node, below: &str, value: &str) {
        self.error(node, below, format!("Duplicate value: {value}"));
    }

    pub(super) fn not_found(&mut self, node: &Node, below: &str, value: &str) {
        self.error(node, below, format!("Not found: {value}"));
    }

    pub(super) fn unsupported(&mut self, node: &Node, below: &str, value: &str, values: &[&str]) {
        let mut message = format!("Unsupported value: \"{value}\": supported values: ");
        for (at, value) in values.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(message, "{comma}\"{value}\"").expect("texts take all");
        }
        self.error(node, below, message);
    }

    pub(super) fn too_long(&mut self, node: &Node, below: &str, most: usize) {
        self.error(node, below, format!("Too long: may not be more than {most} bytes"));
    }

    pub(super) fn too_many(&mut self, node: &Node, below: &str, have: usize, most: usize) {
        self.error(node, below, format!("Too many: {have}: must have at most {most} items"));
    }

    /// The text of a field is one of some values: [`Cx::unsupported`] else.
    pub(super) fn one_of(&mut self, node: &Node, field: &str, values: &[&str]) -> bool {
        use super::node::Fields as _;
        let value = node.text(field);
        let known = values.contains(&value);
        if !known {
            self.unsupported(node, field, value, values);
        }
        known
    }

    /// The same for a field that has a default where it is empty.
    pub(super) fn maybe_text_of(&mut self, node: &Node, field: &str, values: &[&str]) {
        use super::node::Fields as _;
        if !node.text(field).is_empty() {
            self.one_of(node, field, values);
        }
    }

    /// The same for a field that may be absent; one that is there and empty is not among them.
    pub(super) fn maybe_one_of(&mut self, node: &Node, field: &str, values: &[&str]) {
        use super::node::Fields as _;
        if node.has(field) {
            self.one_of(node, field, values);
        }
    }
}

fn with_detail(message: &str, detail: &str) -> String {
    if detail.is_empty() { message.to_owned() } else { format!("{message}: {detail}") }
}

/// A value as the server's messages show it.
pub(crate) fn shown(node: &Node) -> String {
    let mut out = String::new();
    show(node, &mut out, 0);
    out
}

fn show(node: &Node, out: &mut String, depth: usize) {
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => write!(out, "{value}").expect("texts take all"),
        Kind::Int(value) => write!(out, "{value}").expect("texts take all"),
        Kind::Uint(value) => write!(out, "{value}").expect("texts take all"),
        Kind::Float(value) => write!(out, "{value}").expect("texts take all"),
        Kind::Text(text) => {
            write!(out, "{:?}", String::from_utf8_lossy(text)).expect("texts take all");
        }
        _ if depth > 6 => out.push('…'),
        Kind::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                show(item, out, depth + 1);
            }
            out.push(']');
        }
        Kind::Map(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write!(out, "{:?}:", String::from_utf8_lossy(&entry.key)).expect("texts take all");
                show(&entry.value, out, depth + 1);
            }
            out.push('}');
        }
    }
}
