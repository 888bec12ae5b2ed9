//! Walks values along a schema.

use std::cell::{Cell, RefCell};

use plimsoll_gotmpl::{Kind, Map, Value};

use super::keywords;
use super::refs::Schema;

/// A place that does not fit, and why.
#[derive(Debug)]
pub(super) struct Failure {
    at: Vec<String>,
    /// Empty for a group of failures of one place.
    text: String,
    pub(super) causes: Vec<Failure>,
}

impl Failure {
    pub(super) fn is_group(&self) -> bool {
        self.text.is_empty()
    }

    /// The failure of what a reference names: those of one place stay together.
    fn of_reference(mut self) -> Failure {
        if self.is_group() {
            self.text.push_str("validation failed");
        }
        self
    }

    /// The failures of a group, or the one failure.
    pub(super) fn into_causes(self) -> Vec<Failure> {
        if self.is_group() { self.causes } else { vec![self] }
    }

    pub(super) fn print(&self, indent: usize, out: &mut String) {
        let path: String = self
            .at
            .iter()
            .map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1")))
            .collect();
        let text = if self.is_group() { "validation failed" } else { &self.text };
        let line = format!(
            "{:indent$}- at {}: {text}\n",
            "",
            keywords::quoted(&path),
            indent = indent * 2
        );
        out.push_str(&line);
        self.causes.iter().for_each(|cause| cause.print(indent + 1, out));
    }
}

/// How deep references may lead without a step into the values.
const DEEPEST: u32 = 500;

/// How often values are held against schemas: a schema may ask for twice as much at each step.
const MOST_CHECKS: u32 = 1_000_000;

pub(super) struct Checker<'a> {
    schema: &'a Schema,
    checks: Cell<u32>,
    /// The schemas that references led into, with the place and kind of the value: who comes back
    /// without a step into the values goes in a circle.
    entered: RefCell<Vec<(Map, usize, Kind)>>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(schema: &'a Schema) -> Checker<'a> {
        Checker { schema, checks: Cell::new(0), entered: RefCell::default() }
    }

    /// The failure of the values as a whole.
    pub(super) fn check_all(&self, values: &Value) -> Option<Failure> {
        if let Value::Map(_, root) = self.schema.root() {
            self.entered.borrow_mut().push((root.clone(), 0, values.kind()));
        }
        self.check(self.schema.root(), values, &[], 0)
    }
}

/// What was found at one place.
pub(super) struct Found<'a> {
    pub(super) at: &'a [String],
    pub(super) failures: Vec<Failure>,
}

impl Found<'_> {
    pub(super) fn add(&mut self, text: impl Into<String>) {
        self.add_with(text, Vec::new());
    }

    fn add_with(&mut self, text: impl Into<String>, causes: Vec<Failure>) {
        self.failures.push(Failure { at: self.at.to_vec(), text: text.into(), causes });
    }
}

impl Checker<'_> {
    /// The failure of a value, if it has one.
    pub(super) fn check(
        &self,
        schema: &Value,
        value: &Value,
        at: &[String],
        depth: u32,
    ) -> Option<Failure> {
        let mut found = Found { at, failures: Vec::new() };
        self.checks.set(self.checks.get() + 1);
        match schema {
            _ if self.checks.get() == MOST_CHECKS => {
                found.add(format!("the schema asks for more than {MOST_CHECKS} checks"));
            }
            _ if self.checks.get() > MOST_CHECKS => self.checks.set(MOST_CHECKS),
            Value::Bool(_, false) => found.add("false schema"),
            Value::Map(_, schema) if depth < DEEPEST => self.all(schema, value, depth, &mut found),
            _ => {}
        }
        match found.failures.len() {
            0 => None,
            1 => found.failures.pop(),
            _ => Some(Failure { at: at.to_vec(), text: String::new(), causes: found.failures }),
        }
    }

    fn all(&self, schema: &Map, value: &Value, depth: u32, found: &mut Found<'_>) {
        let get = |key: &str| schema.get(key.as_bytes());
        let alone = self.schema.is_old && schema.contains(b"$ref");
        if !alone && !keywords::choice(schema, value, found) {
            return;
        }
        if let Some(reference) = get("$ref").as_ref().and_then(Value::as_text) {
            let reference = reference.to_str_lossy();
            if let Some(target) = self.schema.resolve(&reference) {
                self.enter(&reference, &target, value, depth, found);
            }
            if self.schema.is_old {
                return;
            }
        }
        keywords::plain(schema, value, self.schema.is_draft_4, found);
        match value {
            Value::Map(_, map) => self.object(schema, map, depth, found),
            Value::List(_, list) => self.array(schema, list, found),
            _ => {}
        }
        self.logic(schema, value, depth, found);
        self.unevaluated(schema, value, depth, found);
    }

    fn enter(
        &self,
        reference: &str,
        target: &Value,
        value: &Value,
        depth: u32,
        found: &mut Found<'_>,
    ) {
        if let Value::Map(_, map) = target {
            let place = (found.at.len(), value.kind());
            let mut entered = self.entered.borrow_mut();
            if entered.iter().any(|(known, at, kind)| known.same(map) && (*at, *kind) == place) {
                found.add(format!("`{reference}` causes a reference cycle"));
                return;
            }
            entered.push((map.clone(), place.0, place.1));
        }
        let failure = self.check(target, value, found.at, depth + 1);
        found.failures.extend(failure.map(Failure::of_reference));
        if target.as_map().is_some() {
            self.entered.borrow_mut().pop();
        }
    }

    fn logic(&self, schema: &Map, value: &Value, depth: u32, found: &mut Found<'_>) {
        let fits = |schema: &Value| self.check(schema, value, found.at, depth + 1);
        if let Some(not) = schema.get(b"not")
            && fits(&not).is_none()
        {
            found.add("'not' failed");
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let Some(Value::List(_, schemas)) = schema.get(key.as_bytes()) else { continue };
            let results: Vec<Option<Failure>> = schemas
                .iter()
                .map(|schema| self.check(schema, value, found.at, depth + 1))
                .collect();
            let matched: Vec<usize> = results
                .iter()
                .enumerate()
                .filter(|(_, one)| one.is_none())
                .map(|(at, _)| at)
                .collect();
            let failures: Vec<Failure> = results.into_iter().flatten().collect();
            match (key, matched.as_slice()) {
                ("allOf", _) if !failures.is_empty() => found.add_with("'allOf' failed", failures),
                ("anyOf", []) => found.add_with("'anyOf' failed", failures),
                ("oneOf", []) => found.add_with("'oneOf' failed, none matched", failures),
                ("oneOf", [a, b, ..]) => {
                    found.add(format!("'oneOf' failed, subschemas {a}, {b} matched"));
                }
                _ => {}
            }
        }
        if let Some(condition) = schema.get(b"if") {
            let holds = self.check(&condition, value, found.at, depth + 1).is_none();
            if let Some(then) = schema.get(if holds { b"then" } else { b"else" }) {
                found.failures.extend(self.check(&then, value, found.at, depth + 1));
            }
        }
    }

    fn object(&self, schema: &Map, map: &Map, depth: u32, found: &mut Found<'_>) {
        let below = |at: &[String], key: &str| [at, &[key.to_owned()]].concat();
        let table = |key: &str| match schema.get(key.as_bytes()) {
            Some(Value::Map(_, map)) => map,
            _ => Map::new(),
        };
        let (properties, patterns) = (table("properties"), table("patternProperties"));
        let additional = schema.get(b"additionalProperties");
        let mut extra = Vec::new();
        for (key, value) in map.snapshot() {
            let name = key.to_str_lossy();
            let at = below(found.at, &name);
            let mut known = false;
            if let Some(property) = properties.get(&key) {
                known = true;
                found.failures.extend(self.check(&property, &value, &at, 0));
            }
            for (pattern, property) in patterns.snapshot() {
                if keywords::matches(&pattern.to_str_lossy(), &name) {
                    known = true;
                    found.failures.extend(self.check(&property, &value, &at, 0));
                }
            }
            match &additional {
                _ if known => {}
                Some(Value::Bool(_, false)) => extra.push(name.into_owned()),
                Some(property) => found.failures.extend(self.check(property, &value, &at, 0)),
                None => {}
            }
        }
        if !extra.is_empty() {
            let names = keywords::quoted_all(extra.iter().map(String::as_str));
            found.add(format!("additional properties {names} not allowed"));
        }
        self.names(schema, map, depth, found);
    }

    fn names(&self, schema: &Map, map: &Map, depth: u32, found: &mut Found<'_>) {
        if let Some(names) = schema.get(b"propertyNames") {
            for (key, _) in map.snapshot() {
                // The library starts anew here, at the root.
                let failure = self.check(&names, &Value::text(key.clone()), &[], depth + 1);
                if let Some(failure) = failure {
                    let name = keywords::quoted(&key.to_str_lossy());
                    found.add_with(format!("invalid propertyName {name}"), failure.into_causes());
                }
            }
        }
        for key in ["dependencies", "dependentSchemas", "dependentRequired"] {
            let Some(Value::Map(_, table)) = schema.get(key.as_bytes()) else { continue };
            for (name, dependency) in
                table.snapshot().into_iter().filter(|(name, _)| map.contains(name))
            {
                match &dependency {
                    Value::List(_, wanted) => keywords::dependency(&name, wanted, map, found),
                    schema => {
                        let value = Value::map(map.clone());
                        found.failures.extend(self.check(schema, &value, found.at, depth + 1));
                    }
                }
            }
        }
    }

    fn array(&self, schema: &Map, items: &[Value], found: &mut Found<'_>) {
        let prefix = match (schema.get(b"prefixItems"), schema.get(b"items")) {
            (Some(Value::List(_, list)), _) | (None, Some(Value::List(_, list))) => list.to_vec(),
            _ => Vec::new(),
        };
        let rest = match schema.get(b"items") {
            Some(Value::List(..)) => schema.get(b"additionalItems"),
            other => other,
        };
        for (index, item) in items.iter().enumerate() {
            let at = [found.at, &[index.to_string()]].concat();
            match (prefix.get(index), &rest) {
                (Some(schema), _)
                | (None, Some(schema @ (Value::Map(..) | Value::Bool(_, true)))) => {
                    found.failures.extend(self.check(schema, item, &at, 0));
                }
                _ => {}
            }
        }
        if let Some(Value::Bool(_, false)) = rest
            && items.len() > prefix.len()
        {
            if matches!(schema.get(b"items"), Some(Value::List(..))) {
                let count = items.len() - prefix.len();
                found.add(format!("last {count} additionalItem(s) not allowed"));
            } else {
                for (index, item) in items.iter().enumerate().skip(prefix.len()) {
                    let at = [found.at, &[index.to_string()]].concat();
                    let nothing = Value::bool(false);
                    found.failures.extend(self.check(&nothing, item, &at, 0));
                }
            }
        }
        self.contains(schema, items, found);
    }

    fn contains(&self, schema: &Map, items: &[Value], found: &mut Found<'_>) {
        let Some(contained) = schema.get(b"contains") else { return };
        let (mut matched, mut failures) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            let at = [found.at, &[index.to_string()]].concat();
            match self.check(&contained, item, &at, 0) {
                Some(failure) => failures.push(failure),
                None => matched.push(index.to_string()),
            }
        }
        let (count, places) = (matched.len(), matched.join(" "));
        match keywords::limit(schema, "minContains") {
            Some(least) if (count as f64) < least => found.add_with(
                if count == 0 {
                    format!("min {least} items required to match contains schema, but none matched")
                } else {
                    format!(
                        "min {least} items required to match contains schema, but matched {count} \
                         items at {places}"
                    )
                },
                failures,
            ),
            None if count == 0 => found.add_with("no items match contains schema", failures),
            _ => {}
        }
        if let Some(most) = keywords::limit(schema, "maxContains")
            && count as f64 > most
        {
            found.add(format!(
                "max {most} items required to match contains schema, but matched {count} items at \
                 {places}"
            ));
        }
    }

    fn unevaluated(&self, schema: &Map, value: &Value, depth: u32, found: &mut Found<'_>) {
        if let (Some(rest), Value::Map(_, map)) = (schema.get(b"unevaluatedProperties"), value) {
            for (key, item) in map.snapshot() {
                if !self.knows(schema, value, &key, depth, found.at) {
                    let at = [found.at, &[key.to_str_lossy().into_owned()]].concat();
                    found.failures.extend(self.check(&rest, &item, &at, 0));
                }
            }
        }
        if let (Some(rest), Value::List(_, items)) = (schema.get(b"unevaluatedItems"), value) {
            let known = match (schema.get(b"prefixItems"), schema.get(b"items")) {
                (_, Some(Value::List(_, list))) if schema.contains(b"additionalItems") => {
                    items.len().max(list.len())
                }
                (Some(Value::List(_, list)), None) | (None, Some(Value::List(_, list))) => {
                    list.len()
                }
                (_, Some(_)) => items.len(),
                _ => 0,
            };
            for (index, item) in items.iter().enumerate().skip(known) {
                let at = [found.at, &[index.to_string()]].concat();
                found.failures.extend(self.check(&rest, item, &at, 0));
            }
        }
    }

    /// Whether a schema, or one that it is made of and that the value fits, speaks of a property.
    fn knows(&self, schema: &Map, value: &Value, key: &[u8], depth: u32, at: &[String]) -> bool {
        if depth > DEEPEST || schema.contains(b"additionalProperties") {
            return true;
        }
        let named =
            matches!(schema.get(b"properties"), Some(Value::Map(_, map)) if map.contains(key));
        let name = String::from_utf8_lossy(key);
        let fits = |pattern: &[u8]| keywords::matches(&String::from_utf8_lossy(pattern), &name);
        let by_pattern = matches!(schema.get(b"patternProperties"),
            Some(Value::Map(_, map)) if map.entries().iter().any(|(pattern, _)| fits(pattern)));
        if named || by_pattern {
            return true;
        }
        let mut parts = Vec::new();
        for list in ["allOf", "anyOf", "oneOf"] {
            if let Some(Value::List(_, schemas)) = schema.get(list.as_bytes()) {
                parts.extend(schemas.iter().cloned());
            }
        }
        if let Some(reference) = schema.get(b"$ref").as_ref().and_then(Value::as_text) {
            parts.extend(self.schema.resolve(&reference.to_str_lossy()));
        }
        if let Some(condition) = schema.get(b"if") {
            let holds = self.check(&condition, value, at, depth + 1).is_none();
            parts.extend(schema.get(if holds { b"then" } else { b"else" }));
            parts.push(condition);
        }
        parts.iter().any(|part| match part {
            Value::Map(_, map) => {
                self.check(part, value, at, depth + 1).is_none()
                    && (self.knows(map, value, key, depth + 1, at)
                        || map.contains(b"unevaluatedProperties"))
            }
            _ => false,
        })
    }
}
