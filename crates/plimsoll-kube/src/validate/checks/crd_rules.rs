//! `x-kubernetes-validations` of a CustomResourceDefinition: that each rule is one, and compiles.

use plimsoll_yaml::{Kind, Node};

use super::crd_cost::Ruled;
use super::crd_schema::Checker;
use crate::cel::{Extent, Fault, Program, Type, check, cost, type_of, unplanned};
use crate::crd::Schema;
use crate::validate::node::Fields as _;

const REASONS: &[&str] =
    &["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/// Checks the rules of a schema.
pub(super) fn rules<'a>(checker: &mut Checker<'_, 'a>, schema: &'a Node, at_root: bool) {
    let rules = schema.list("x-kubernetes-validations");
    if rules.is_empty() {
        return;
    }
    let read = Schema::read_part(schema);
    let is_resource = at_root || read.embedded;
    let kind = type_of(&read, is_resource);
    let extent = Extent::Of(&read, is_resource);
    let mut ruled = Ruled { schema, fitting: extent.fitting(), costs: Vec::new() };
    for (at, rule) in rules.iter().enumerate() {
        let told = |field: &str| format!("x-kubernetes-validations[{at}].{field}");
        let text = rule.text("rule").trim();
        let parsed = Parsed::of(rule);
        if text.is_empty() {
            checker.required(&told("rule"), "rule is not specified");
        } else if let Some(kind) = &kind {
            let old = if rule.is_true("optionalOldSelf") {
                Type::Optional(kind.clone().into())
            } else {
                kind.clone()
            };
            let variables = [("self", kind.clone()), ("oldSelf", old)];
            compiles(checker, rule, &parsed, &variables, at);
            let cost = |one: &Result<Program, Fault>| {
                one.as_ref().ok().and_then(|one| cost(one, &variables, extent))
            };
            let message = parsed.message.as_ref().map_or(Some(0), cost);
            ruled.costs.push([cost(&parsed.rule), message]);
        }
        let is_transition =
            parsed.rule.or_else(|_| Program::parse(text)).is_ok_and(|one| one.mentions("oldSelf"));
        let old = rule.get("optionalOldSelf").and_then(Node::as_bool);
        if let Some(old) = old.filter(|_| !is_transition) {
            let detail = "may not be set if oldSelf is not used in rule";
            checker.invalid(&told("optionalOldSelf"), &old.to_string(), detail);
        }
        let message = rule.text("message");
        if !message.is_empty() && message.trim().is_empty() {
            checker.invalid(
                &told("message"),
                &format!("{message:?}"),
                "message must be non-empty if specified",
            );
        } else if message.trim().contains(['\n', '\r']) {
            checker.invalid(
                &told("message"),
                &format!("{message:?}"),
                "message must not contain line breaks",
            );
        }
        if text.contains(['\n', '\r']) && message.is_empty() {
            checker.required(
                &told("message"),
                "message must be specified if rule contains line breaks",
            );
        }
        let reason = rule.text("reason");
        if rule.has("reason") && !REASONS.contains(&reason) {
            checker.unsupported(&told("reason"), reason, REASONS);
        }
        let path = rule.text("fieldPath");
        if !path.is_empty() && !leads_somewhere(schema, path) {
            checker.invalid(&told("fieldPath"), &format!("{path:?}"), "must be a valid path");
        }
    }
    checker.ruled.push(ruled);
}

/// The expressions of a rule.
struct Parsed {
    rule: Result<Program, Fault>,
    /// None if there is none.
    message: Option<Result<Program, Fault>>,
}

impl Parsed {
    fn of(rule: &Node) -> Parsed {
        let message = Some(rule.text("messageExpression")).filter(|text| !text.is_empty());
        Parsed { rule: Program::parse(rule.text("rule")), message: message.map(Program::parse) }
    }
}

/// The rule and the expression of its message, typed over `self` and `oldSelf`.
fn compiles(
    checker: &mut Checker<'_, '_>,
    rule: &Node,
    parsed: &Parsed,
    variables: &[(&str, Type)],
    at: usize,
) {
    let told = match typed(&parsed.rule, variables) {
        Err(message) => Some(("rule", format!("compilation failed: {message}"))),
        Ok(None | Some(Type::Bool | Type::Dyn)) => {
            match parsed.rule.as_ref().ok().and_then(unplanned) {
                Some(why) => Some(("rule", format!("program instantiation failed: {why}"))),
                None => message(parsed.message.as_ref(), variables),
            }
        }
        Ok(Some(_)) => Some(("rule", "cel expression must evaluate to a bool".to_owned())),
    };
    if let Some((field, detail)) = told {
        checker.invalid(&format!("x-kubernetes-validations[{at}].{field}"), &shown(rule), &detail);
    }
}

/// The type of an expression, if it is known; an error is what the server says of it.
fn typed(
    program: &Result<Program, Fault>,
    variables: &[(&str, Type)],
) -> Result<Option<Type>, String> {
    let checked = match program {
        Ok(program) => check(program, variables),
        Err(Fault::Wrong(message)) => return Err(message.clone()),
        Err(_) => return Ok(None),
    };
    match checked {
        Ok(kind) => Ok(Some(kind)),
        Err(Fault::Wrong(message)) => Err(message),
        Err(_) => Ok(None),
    }
}

fn message(
    program: Option<&Result<Program, Fault>>,
    variables: &[(&str, Type)],
) -> Option<(&'static str, String)> {
    let detail = match typed(program?, variables) {
        Err(message) => format!("messageExpression compilation failed: {message}"),
        Ok(None | Some(Type::Text | Type::Dyn)) => return None,
        Ok(Some(_)) => "messageExpression must evaluate to a string".to_owned(),
    };
    Some(("messageExpression", detail))
}

/// The rule as Go prints the server's own struct.
fn shown(rule: &Node) -> String {
    let text = |field: &str| {
        let plain = format!("{:?}", rule.text(field)).replace("\\'", "'");
        plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    };
    let reason = if rule.has("reason") { text("reason") } else { "null".to_owned() };
    let old = rule.get("optionalOldSelf").and_then(Node::as_bool);
    format!(
        "{{\"Rule\":{},\"Message\":{},\"MessageExpression\":{},\"Reason\":{reason},\"FieldPath\":{},\"OptionalOldSelf\":{}}}",
        text("rule"),
        text("message"),
        text("messageExpression"),
        text("fieldPath"),
        old.map_or("null".to_owned(), |old| old.to_string()),
    )
}

/// Whether a rule's `fieldPath` names a field of its schema.
fn leads_somewhere(schema: &Node, path: &str) -> bool {
    let mut schema = schema;
    let mut rest = path;
    while !rest.is_empty() {
        let (name, behind) = if let Some(text) = rest.strip_prefix('.') {
            let end = text.find(['.', '[']).unwrap_or(text.len());
            text.split_at(end)
        } else if let Some(text) = rest.strip_prefix("['") {
            match text.split_once("']") {
                Some(parts) => parts,
                None => return false,
            }
        } else {
            return false;
        };
        schema = match schema.of("properties").get(name) {
            Some(inner) => inner,
            None if matches!(schema.of("additionalProperties").kind, Kind::Map(_)) => {
                schema.of("additionalProperties")
            }
            None => return false,
        };
        rest = behind;
    }
    true
}
