use plimsoll_kube::{Container, ContainerRole, Node, Object};
use plimsoll_source::{Finding, Severity, Span};

use crate::{ObjectSet, Rule, Settings};

/// What a rule is given: the objects around it, the settings, and a place for what it finds.
#[derive(Debug)]
pub struct Context<'a> {
    /// All objects.
    pub set: &'a ObjectSet<'a>,
    /// The settings of the run.
    pub settings: &'a Settings,
    /// The object that is looked at.
    pub object: Object<'a>,
    rule: &'static Rule,
    severity: Severity,
    found: Vec<Found>,
}

/// A finding and its place in the manifest. Its `locations` are empty: who knows the files and where
/// their text came from fills them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub finding: Finding,
    /// The field, or the nearest place where it would stand.
    pub span: Span,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        set: &'a ObjectSet<'a>,
        settings: &'a Settings,
        (rule, severity): (&'static Rule, Severity),
        object: Object<'a>,
    ) -> Context<'a> {
        Context { set, settings, object, rule, severity, found: Vec::new() }
    }

    /// Turns to another object.
    pub(crate) fn turn_to(&mut self, object: &Object<'a>) {
        self.object = *object;
    }

    pub(crate) fn into_found(self) -> Vec<Found> {
        self.found
    }

    /// Reports a field: `keys` below `node` of the object, there or missing. The help says what to do.
    pub fn report(
        &mut self,
        (node, keys): (&Node, &[&str]),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (path, span) = self.object.resolve(node, keys);
        let finding = Finding {
            rule: self.rule.name,
            severity: self.severity,
            message: message.into(),
            object: Some(self.object.id()),
            path,
            locations: Vec::new(),
            help: help.into(),
            fix: None,
        };
        self.found.push(Found { finding, span });
    }
}

/// How messages call a container: ``init container `setup` ``.
pub(crate) fn called(container: &Container<'_>) -> String {
    let role = match container.role {
        ContainerRole::Init => "init container",
        ContainerRole::Sidecar => "sidecar",
        ContainerRole::Main => "container",
        ContainerRole::Ephemeral => "ephemeral container",
    };
    match container.name() {
        "" => format!("{role} without a name"),
        name => format!("{role} `{name}`"),
    }
}
