//! Rules of `x-kubernetes-validations` over an object that is about to be created.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Kind, Node};

use super::check::Fault;
use super::schema::{Items, Schema, Type};
use crate::cel::{self, CALL_LIMIT, OBJECT_LIMIT, Program, Run, Value};

/// The longest message that an expression may make, in bytes.
const MESSAGE_LIMIT: usize = 5 << 10;

/// A rule of `x-kubernetes-validations`.
#[derive(Debug, Default)]
pub struct Rule {
    /// The expression.
    pub rule: String,
    /// What to say; empty where the rule itself is said.
    pub message: String,
    /// An expression for what to say.
    pub message_expression: String,
    /// Where to say it, from the schema on: `.replicas`.
    pub field_path: String,
    /// `FieldValueInvalid` and its like.
    pub reason: String,
    /// Whether the rule also holds where there is no older object.
    pub optional_old_self: bool,
    programs: OnceLock<[Option<Program>; 2]>,
    /// It has spent too much once, and is not tried again.
    exhausted: AtomicBool,
}

impl Rule {
    pub(super) fn read(node: &Node) -> Rule {
        let text = |field: &str| {
            node.get(field).and_then(Node::as_str).unwrap_or_default().trim().to_owned()
        };
        Rule {
            rule: text("rule"),
            message: text("message"),
            message_expression: text("messageExpression"),
            field_path: text("fieldPath"),
            reason: text("reason"),
            optional_old_self: node.get("optionalOldSelf").and_then(Node::as_bool) == Some(true),
            ..Rule::default()
        }
    }

    /// The rule and the expression of its message, where they can be read.
    fn programs(&self) -> &[Option<Program>; 2] {
        let read = |text: &String| {
            Some(text).filter(|text| !text.is_empty()).and_then(|text| Program::parse(text).ok())
        };
        self.programs.get_or_init(|| [read(&self.rule), read(&self.message_expression)])
    }

    /// How errors of its evaluation call it.
    fn called(&self) -> &str {
        if self.message.is_empty() { &self.rule } else { &self.message }
    }
}

/// What the rules of a schema say of an object.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) faults: Vec<Fault>,
    /// Rules that could not be evaluated, and why.
    pub(crate) unknown: Vec<String>,
}

/// Asks every rule. The object has its defaults and fits its schema.
pub(crate) fn judge(root: &Node, schema: &Schema) -> Judged {
    let mut judge = Judge { left: OBJECT_LIMIT, path: String::new(), found: Judged::default() };
    judge.value(root, schema, schema, root.span);
    judge.found
}

struct Judge {
    left: u64,
    path: String,
    found: Judged,
}

impl Judge {
    /// The rules of `asked` over a value of `schema`: they differ below `allOf`.
    fn value(&mut self, node: &Node, asked: &Schema, schema: &Schema, near: Span) {
        if !asked.ruled || node.is_null() {
            return;
        }
        let near = if node.span.file == FileId::NONE { near } else { node.span };
        for rule in &asked.rules {
            self.rule(node, rule, schema, near);
        }
        for part in &asked.all_of {
            self.value(node, part, schema, near);
        }
        match &node.kind {
            Kind::List(items) => {
                let (Some(asked), Some(inner)) =
                    (inner(asked.items.as_ref()), inner(schema.items.as_ref()))
                else {
                    return;
                };
                for (at, item) in items.iter().enumerate() {
                    self.below(&format!("[{at}]"), |judge| judge.value(item, asked, inner, near));
                }
            }
            Kind::Map(entries) => {
                for entry in entries {
                    self.entry(&entry.key, &entry.value, asked, schema, near);
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, key: &[u8], value: &Node, asked: &Schema, schema: &Schema, near: Span) {
        let name = String::from_utf8_lossy(key);
        if let (Some(asked), Some(inner)) = (asked.property(key), schema.property(key)) {
            let stop = if self.path.is_empty() { "" } else { "." };
            self.below(&format!("{stop}{name}"), |judge| judge.value(value, asked, inner, near));
        } else if let (Some(asked), Some(inner)) =
            (inner(asked.additional.as_ref()), inner(schema.additional.as_ref()))
        {
            self.below(&format!("[{name}]"), |judge| judge.value(value, asked, inner, near));
        }
    }

    fn below(&mut self, step: &str, inner: impl FnOnce(&mut Judge)) {
        let length = self.path.len();
        self.path.push_str(step);
        inner(self);
        self.path.truncate(length);
    }

    fn rule(&mut self, node: &Node, rule: &Rule, schema: &Schema, near: Span) {
        if rule.rule.is_empty() {
            return;
        }
        let [Some(program), _] = rule.programs() else {
            return self.unknown(rule, "it cannot be read");
        };
        let is_transition = program.mentions("oldSelf");
        if is_transition && !rule.optional_old_self {
            return;
        }
        if rule.exhausted.load(Ordering::Relaxed) || self.left == 0 {
            return self.unknown(rule, "it costs too much");
        }
        let mut run = Run::new();
        run.bind("self", node, Some(schema));
        if is_transition {
            run.bind_none("oldSelf");
        }
        let (result, spent) = run.eval(program, CALL_LIMIT.min(self.left));
        self.left -= spent.min(self.left);
        match result {
            Ok(Value::Bool(true)) => {}
            Ok(Value::Bool(false)) => self.broken(node, rule, schema, &mut run, near),
            Ok(_) => self.unknown(rule, "it yields no boolean"),
            Err(cel::Fault::Budget) => {
                rule.exhausted.store(true, Ordering::Relaxed);
                self.unknown(rule, "it costs too much");
            }
            Err(cel::Fault::Unknown(why) | cel::Fault::Wrong(why)) => self.unknown(rule, &why),
            Err(cel::Fault::Error(message)) => {
                let told = if message.starts_with("no such overload") {
                    format!(
                        "'{message}': call arguments did not match a supported operator, function or macro signature for rule: {}",
                        rule.called()
                    )
                } else {
                    format!("{message} evaluating rule: {}", rule.called())
                };
                let kind = schema.kind.map_or("", Type::name);
                self.fault("", near, format!("Invalid value: {kind:?}: {told}"));
            }
        }
    }

    fn broken<'a>(
        &mut self,
        node: &'a Node,
        rule: &'a Rule,
        schema: &Schema,
        run: &mut Run<'a>,
        near: Span,
    ) {
        let made = rule.programs()[1].as_ref().and_then(|program| {
            let (result, spent) = run.eval(program, CALL_LIMIT.min(self.left));
            self.left -= spent.min(self.left);
            match result {
                Ok(Value::Text(text)) => Some(text.trim().to_owned()),
                _ => None,
            }
        });
        let usable =
            |text: &String| !text.is_empty() && text.len() <= MESSAGE_LIMIT && !text.contains('\n');
        let detail = made.filter(usable).unwrap_or_else(|| {
            if rule.message.is_empty() {
                format!("failed rule: {}", rule.rule)
            } else {
                rule.message.clone()
            }
        });
        let omitted = matches!(schema.kind, Some(Type::Object | Type::Array));
        let message = match rule.reason.as_str() {
            "FieldValueForbidden" => format!("Forbidden: {detail}"),
            "FieldValueRequired" => format!("Required value: {detail}"),
            "FieldValueDuplicate" if omitted => "Duplicate value".to_owned(),
            "FieldValueDuplicate" => format!("Duplicate value: {}", super::check::shown(node)),
            _ if omitted => format!("Invalid value: {detail}"),
            _ => format!("Invalid value: {}: {detail}", super::check::shown(node)),
        };
        let place = field_at(node, &rule.field_path).map_or(near, |node| node.span);
        let place = if place.file == FileId::NONE { near } else { place };
        self.fault(&normal(&rule.field_path, schema), place, message);
    }

    fn fault(&mut self, below: &str, span: Span, message: String) {
        let path = match (self.path.is_empty(), below.strip_prefix('.')) {
            (true, Some(name)) => name.to_owned(),
            _ => format!("{}{below}", self.path),
        };
        self.found.faults.push(Fault { path, span, message });
    }

    fn unknown(&mut self, rule: &Rule, why: &str) {
        let told = format!("the rule `{}` was not evaluated: {why}", rule.rule);
        if !self.found.unknown.contains(&told) {
            self.found.unknown.push(told);
        }
    }
}

fn inner(items: Option<&Items>) -> Option<&Schema> {
    items.and_then(Items::schema)
}

/// The steps of a rule's `fieldPath`: `.a['b']`.
fn steps(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("['") {
            let (name, after) = after.split_once("']").unwrap_or((after, ""));
            found.push(name.replace("\\'", "'"));
            rest = after;
        } else {
            let after = rest.strip_prefix('.').unwrap_or(rest);
            let (name, after) = after.split_at(after.find(['.', '[']).unwrap_or(after.len()));
            if name.is_empty() {
                break;
            }
            found.push(name.to_owned());
            rest = after;
        }
    }
    found
}

fn field_at<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    steps(path).iter().try_fold(node, |node, step| node.get(step))
}

/// A `fieldPath` as the server writes paths: keys of maps in brackets.
fn normal(path: &str, schema: &Schema) -> String {
    let mut out = String::new();
    let mut schema = Some(schema);
    for step in steps(path) {
        let field = schema.and_then(|schema| schema.property(step.as_bytes()));
        let is_key = field.is_none() && schema.is_some_and(|schema| schema.additional.is_some());
        out += &if is_key { format!("[{step}]") } else { format!(".{step}") };
        schema = field.or_else(|| schema.and_then(|schema| inner(schema.additional.as_ref())));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Node {
        plimsoll_yaml::read(text.as_bytes(), FileId(0)).unwrap()
    }

    fn judged(properties: &str, rules: &str, object: &str) -> Judged {
        let text = format!(
            "{{type: object, properties: {{spec: {{type: object, properties: {properties}, x-kubernetes-validations: {rules}}}}}}}"
        );
        judge(&read(&format!("spec: {object}")), &Schema::read_root(&read(&text)))
    }

    #[track_caller]
    fn check(properties: &str, rules: &str, object: &str, want: &[&str]) {
        let found = judged(properties, rules, object);
        let got: Vec<String> = found
            .faults
            .iter()
            .map(|fault| format!("{}: {}", fault.path, fault.message))
            .chain(found.unknown)
            .collect();
        assert_eq!(got, want, "{rules} {object}");
    }

    const NUMBERS: &str = "{min: {type: integer}, max: {type: integer}, name: {type: string}, tags: {type: array, items: {type: string}}, wait: {type: string, format: duration}, labels: {type: object, additionalProperties: {type: string}}, port: {x-kubernetes-int-or-string: true}}";

    #[test]
    fn rules_hold_or_are_told() {
        let rule = "[{rule: self.min <= self.max, message: too small, fieldPath: .min}]";
        check(NUMBERS, rule, "{min: 1, max: 2}", &[]);
        check(NUMBERS, rule, "{min: 3, max: 2}", &["spec.min: Invalid value: too small"]);
        check(
            NUMBERS,
            rule,
            "{min: 3}",
            &["spec: Invalid value: \"object\": no such key: max evaluating rule: too small"],
        );
        let rule = "[{rule: '!has(self.name) || self.name != \"a\"', messageExpression: \"'not ' + self.name\", reason: FieldValueForbidden}]";
        check(NUMBERS, rule, "{name: a}", &["spec: Forbidden: not a"]);
        check(NUMBERS, rule, "{}", &[]);
        check(
            NUMBERS,
            "[{rule: 'self.min == 1'}]",
            "{min: 2}",
            &["spec: Invalid value: failed rule: self.min == 1"],
        );
    }

    #[test]
    fn libraries_are_there() {
        for rule in [
            "self.tags.all(t, t.matches('^[a-z]+$')) && self.tags.exists_one(t, t == 'b')",
            "duration('1m') < self.wait && self.wait.getMinutes() == 90",
            "self.labels.all(k, v, k.startsWith('x') && v != '')",
            "type(self.port) == int ? self.port > 79 : self.port.endsWith('%')",
            "quantity('1Gi').isGreaterThan(quantity('500M')) && isIP('10.0.0.1')",
            "cidr('10.0.0.0/8').containsIP('10.1.1.1') && url('https://a:1/b').getPort() == '1'",
            "self.?nothing.orValue('x') == 'x' && !self.?nothing.hasValue()",
            "self.tags.map(t, t.size()).sum() == 3 && ['b', 'a'].sort() == ['a', 'b']",
            "'%s is %d'.format(['a', 1]) == 'a is 1' && 'a,b'.split(',')[1] == 'b'",
            "semver('1.2.3').isLessThan(semver('1.10.0')) && !isSemver('v1')",
            "!format.dns1123Label().validate('Bad_').hasValue() == false",
            "sets.contains(self.tags, ['a']) && self.tags.filter(t, t in ['a']).size() == 1",
            "timestamp('2024-01-02T03:04:05Z').getFullYear() == 2024 && [1,2,3].slice(0,2) == [1,2]",
            "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2} && 5 / 2 == 2 && -5 % 3 == -2",
            "oldSelf.min == self.min",
            "1.0 == double(1) && 2 > 1.5 && uint(2) == 2u && string(1.5) == '1.5'",
            "optional.of(1).optMap(x, x + 1).value() == 2 && b'a' == bytes('a')",
            "false && self.nothing.at.all == 1 || self.min == 1",
        ] {
            let rules = format!("[{{rule: {rule:?}}}]");
            let object = "{min: 1, tags: [a, bb, b], wait: 1h30m, labels: {xa: b}, port: 80}";
            let object =
                if rule.contains("sum()") { object.replace(", b]", "]") } else { object.into() };
            check(NUMBERS, &rules, &object, &[]);
        }
    }

    #[test]
    fn what_cannot_be_evaluated_is_said_and_rejects_nothing() {
        let found = judged(NUMBERS, "[{rule: 'self.min > foo'}]", "{min: 1}");
        assert!(found.faults.is_empty());
        assert_eq!(found.unknown.len(), 1);
        let found = judged(NUMBERS, "[{rule: 'self.min >'}]", "{min: 1}");
        assert_eq!((found.faults.len(), found.unknown.len()), (0, 1));
    }

    #[test]
    fn hostile_rules_end() {
        let tags: Vec<String> = (0..2000).map(|at| format!("a{at}")).collect();
        let object = format!("{{min: 1, tags: [{}]}}", tags.join(","));
        for rule in [
            "self.tags.all(a, self.tags.all(b, self.tags.all(c, self.tags.all(d, a + b + c != d))))",
            "self.tags.map(a, self.tags.map(b, self.tags)).flatten().size() > 0",
            "[1,2,3,4,5,6,7,8].map(a, self.tags.join('x').replace('x', self.tags.join('y'))).size() > 0",
            "self.tags.join('').matches('(a{1000}){1000}')",
            "lists.range(100000000).size() > 0",
            "lists.range(10000).map(x, lists.range(10000)).distinct().size() > 0",
        ] {
            let found = judged(NUMBERS, &format!("[{{rule: {rule:?}}}]"), &object);
            assert!(found.faults.len() + found.unknown.len() <= 1, "{rule} {found:?}");
        }
    }
}
