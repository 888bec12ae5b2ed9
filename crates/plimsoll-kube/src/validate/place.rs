use plimsoll_yaml::Node;

use super::cx::Cx;
use super::names::Words;
use super::node::{Fields as _, NOTHING};

/// A field that need not stand in the manifest: what is said of it is said at the nearest node that
/// does, with the rest of the way written out.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    /// What stands there; nothing, if nothing does.
    pub(super) node: &'a Node,
    anchor: &'a Node,
    below: String,
}

impl<'a> Place<'a> {
    pub(super) fn of(node: &'a Node) -> Place<'a> {
        Place { node, anchor: node, below: String::new() }
    }

    /// A field of the struct that stands here.
    pub(super) fn field(&self, name: &str) -> Place<'a> {
        match self.node.ptr(name) {
            Some(node) => Place::of(node),
            None if self.below.is_empty() => {
                Place { node: &NOTHING, anchor: self.anchor, below: name.to_owned() }
            }
            None => {
                let below = format!("{}.{name}", self.below);
                Place { node: &NOTHING, anchor: self.anchor, below }
            }
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.node.str()
    }

    pub(super) fn error(&self, cx: &mut Cx<'_>, message: String) {
        cx.error(self.anchor, &self.below, message);
    }

    pub(super) fn required(&self, cx: &mut Cx<'_>, detail: &str) {
        cx.required(self.anchor, &self.below, detail);
    }

    pub(super) fn invalid(&self, cx: &mut Cx<'_>, value: &str, detail: &str) {
        cx.invalid_at(self.anchor, &self.below, value, detail);
    }

    pub(super) fn too_long(&self, cx: &mut Cx<'_>, most: usize) {
        cx.too_long(self.anchor, &self.below, most);
    }

    pub(super) fn unsupported(&self, cx: &mut Cx<'_>, values: &[&str]) {
        cx.unsupported(self.anchor, &self.below, self.text(), values);
    }

    /// Says each word about the text that stands here, empty if none does.
    pub(super) fn say(&self, cx: &mut Cx<'_>, words: Words) {
        for word in words {
            self.invalid(cx, &format!("{:?}", self.text()), &word);
        }
    }
}
