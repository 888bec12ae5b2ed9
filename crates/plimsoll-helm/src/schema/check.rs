//! Walks values along a schema.

use plimsoll_gotmpl::{Map, Value};

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

pub(super) struct Checker<'a> {
    pub(super) schema: &'a Schema,
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
        match schema {
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
        if let Some(reference) = get("$ref").as_ref().and_then(Value::as_text) {
            if let Some(target) = self.schema.resolve(&reference.to_str_lossy()) {
                found.failures.extend(self.check(&target, value, found.at, depth + 1));
            }
            if self.schema.is_old {
                return;
            }
        }
        keywords::plain(schema, value, self.schema.is_draft_4, found);
        match value {
            Value::Map(_, map) => self.object(schema, map, depth, found),
            Value::List(_, list) => self.array(schema, list, depth, found),
            _ => {}
        }
        self.logic(schema, value, depth, found);
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
                let failure = self.check(&names, &Value::text(key.clone()), found.at, depth + 1);
                if let Some(failure) = failure {
                    let name = keywords::quoted(&key.to_str_lossy());
                    found.add_with(format!("invalid propertyName {name}"), vec![failure]);
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

    fn array(&self, schema: &Map, items: &[Value], depth: u32, found: &mut Found<'_>) {
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
            let count = items.len() - prefix.len();
            found.add(format!("last {count} additionalItem(s) not allowed"));
        }
        if let Some(contained) = schema.get(b"contains") {
            let failures =
                items.iter().map(|item| self.check(&contained, item, found.at, depth + 1));
            let failures: Vec<Option<Failure>> = failures.collect();
            if failures.iter().all(Option::is_some) {
                let failures = failures.into_iter().flatten().collect();
                found.add_with("no items match contains schema", failures);
            }
        }
    }
}
