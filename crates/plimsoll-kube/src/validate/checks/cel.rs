//! Expressions of CEL within built-in kinds.

use plimsoll_yaml::Node;

use crate::cel::{Checker, Fault, Program, Struct, Type, check};
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// What an expression has to yield.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::validate) enum Want {
    Anything,
    Bool,
    String,
    StringOrNull,
    Object,
    Patches,
}

impl Want {
    fn takes(self, kind: &Type) -> bool {
        match self {
            Want::Anything => true,
            Want::Bool => *kind == Type::Bool,
            Want::String => *kind == Type::Text,
            Want::StringOrNull => matches!(kind, Type::Text | Type::Null),
            Want::Object => kind.to_string() == "Object",
            Want::Patches => {
                matches!(kind, Type::List(item) if matches!(&**item, Type::Dyn | Type::Struct(_)))
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Want::Anything | Want::Bool => "bool",
            Want::String => "string",
            Want::StringOrNull => "one of [string null_type]",
            Want::Object => "Object",
            Want::Patches => "list(JSONPatch)",
        }
    }
}

/// `matchConditions` of a webhook or a policy.
pub(in crate::validate) fn match_conditions(cx: &mut Cx<'_>, holder: &Node) {
    let scope = Scope { params: holder.has("paramKind"), authorizer: true, ..Scope::default() };
    let conditions = holder.list("matchConditions");
    if conditions.len() > 64 {
        cx.too_many(holder, "matchConditions", conditions.len(), 64);
    }
    let mut seen: Vec<&str> = Vec::new();
    for condition in conditions {
        let name = condition.text("name");
        if name.is_empty() {
            cx.required(condition, "name", "");
        } else {
            for word in names::qualified(name) {
                cx.invalid(condition.of("name"), &word);
            }
            if seen.contains(&name) {
                cx.duplicate(condition, "name", &format!("{name:?}"));
            }
            seen.push(name);
        }
        if condition.text("expression").trim().is_empty() {
            cx.required(condition, "expression", "");
        } else {
            policy_expression(cx, condition, "expression", Want::Bool, scope);
        }
    }
}

/// What an expression of a policy or a webhook may name beside `object` and `request`.
#[derive(Clone, Copy, Default)]
pub(in crate::validate) struct Scope<'n> {
    /// Expressions by name, each over those before it.
    pub(in crate::validate) variables: Option<&'n [Node]>,
    pub(in crate::validate) params: bool,
    pub(in crate::validate) authorizer: bool,
    /// Whether objects and patches can be made.
    pub(in crate::validate) makes_objects: bool,
}

/// An expression of a policy or a webhook.
pub(in crate::validate) fn policy_expression(
    cx: &mut Cx<'_>,
    holder: &Node,
    field: &str,
    want: Want,
    scope: Scope<'_>,
) {
    let text = holder.text(field);
    let shown = format!("{text:?}");
    match typed(text, scope, &known(scope)) {
        // cel-go knows more of some types than is known here.
        Ok(Type::Dyn) => {}
        Ok(kind) if want.takes(&kind) => {}
        Ok(kind) => {
            let kind = if kind == Type::Null { "null_type".to_owned() } else { kind.to_string() };
            let detail = format!("must evaluate to {} but got {kind}", want.name());
            cx.invalid_at(holder, field, &shown, &detail);
        }
        Err(Fault::Wrong(message)) => {
            cx.invalid_at(holder, field, &shown, &format!("compilation failed: {message}"));
        }
        Err(_) => {}
    }
}

fn typed(text: &str, scope: Scope<'_>, known: &[(&str, Type)]) -> Result<Type, Fault> {
    let mut checker = Checker::new(known);
    checker.makes_objects = scope.makes_objects;
    checker.check(&Program::parse(text)?)
}

fn known(scope: Scope<'_>) -> Vec<(&'static str, Type)> {
    let mut known = vec![
        ("object", Type::Dyn),
        ("oldObject", Type::Dyn),
        ("request", request()),
        ("namespaceObject", namespace()),
    ];
    if scope.params {
        known.push(("params", Type::Dyn));
    }
    if scope.authorizer {
        known.push(("authorizer", Type::Opaque("kubernetes.authorization.Authorizer")));
        let check = Type::Opaque("kubernetes.authorization.ResourceCheck");
        known.push(("authorizer.requestResource", check));
    }
    let Some(variables) = scope.variables else { return known };
    let mut fields: Vec<(String, Type)> = Vec::new();
    for variable in variables {
        let name = variable.text("name");
        if !names::is_identifier(name) {
            continue;
        }
        known.push(("variables", Struct::of("kubernetes.variables", fields.clone())));
        let kind = typed(variable.text("expression"), scope, &known).unwrap_or(Type::Dyn);
        known.pop();
        fields.push((name.to_owned(), kind));
    }
    known.push(("variables", Struct::of("kubernetes.variables", fields)));
    known
}

fn fields(names: &[(&str, &Type)]) -> Vec<(String, Type)> {
    names.iter().map(|(name, kind)| ((*name).to_owned(), (*kind).clone())).collect()
}

fn request() -> Type {
    let text = &Type::Text;
    let kind = &Struct::of(
        "kubernetes.GroupVersionKind",
        fields(&[("group", text), ("version", text), ("kind", text)]),
    );
    let resource = &Struct::of(
        "kubernetes.GroupVersionResource",
        fields(&[("group", text), ("version", text), ("resource", text)]),
    );
    let texts = &Type::list(Type::Text);
    let extra = &Type::map(Type::Text, texts.clone());
    let user = &Struct::of(
        "kubernetes.UserInfo",
        fields(&[("username", text), ("uid", text), ("groups", texts), ("extra", extra)]),
    );
    Struct::of(
        "kubernetes.AdmissionRequest",
        fields(&[
            ("kind", kind),
            ("resource", resource),
            ("subResource", text),
            ("requestKind", kind),
            ("requestResource", resource),
            ("requestSubResource", text),
            ("name", text),
            ("namespace", text),
            ("operation", text),
            ("userInfo", user),
            ("dryRun", &Type::Bool),
            ("options", &Type::Dyn),
        ]),
    )
}

fn namespace() -> Type {
    let (text, time) = (&Type::Text, &Type::Timestamp);
    let (texts, words) = (&Type::list(Type::Text), &Type::map(Type::Text, Type::Text));
    let meta = &Struct::of(
        "kubernetes.NamespaceMetadata",
        fields(&[
            ("name", text),
            ("generateName", text),
            ("namespace", text),
            ("labels", words),
            ("annotations", words),
            ("UID", text),
            ("creationTimestamp", time),
            ("deletionGracePeriodSeconds", &Type::Int),
            ("deletionTimestamp", time),
            ("generation", &Type::Int),
            ("resourceVersion", text),
            ("finalizers", texts),
        ]),
    );
    let spec = &Struct::of("kubernetes.NamespaceSpec", fields(&[("finalizers", texts)]));
    let status = &Struct::of(
        "kubernetes.NamespaceStatus",
        fields(&[("phase", text), ("conditions", &Type::list(Type::Dyn))]),
    );
    Struct::of(
        "kubernetes.Namespace",
        fields(&[("metadata", meta), ("spec", spec), ("status", status)]),
    )
}

/// An expression over a `device`.
pub(in crate::validate) fn device_expression(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    if !holder.has(field) {
        return cx.required(holder, field, "");
    }
    let text = holder.text(field);
    let inner = Type::map(Type::Text, Type::Dyn);
    let amounts = Type::map(Type::Text, Type::Opaque("kubernetes.Quantity"));
    let device = Struct::of(
        "kubernetes.DRADevice",
        fields(&[
            ("driver", &Type::Text),
            ("attributes", &Type::map(Type::Text, inner)),
            ("capacity", &Type::map(Type::Text, amounts)),
            ("allowMultipleAllocations", &Type::Bool),
        ]),
    );
    let detail =
        match Program::parse(text).and_then(|program| check(&program, &[("device", device)])) {
            Ok(Type::Bool | Type::Dyn) => return,
            Ok(kind) => format!("must evaluate to bool or the unknown type, not {kind}"),
            Err(Fault::Wrong(message)) => format!("compilation failed: {message}"),
            Err(_) => return,
        };
    cx.invalid_at(holder, field, &format!("{text:?}"), &detail);
}
