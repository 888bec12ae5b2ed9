//! Schemas of custom resources: what makes them structural, and that their defaults fit.

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Entry, Kind, Node};

use super::crd_cost::Ruled;
use crate::crd;
use crate::validate::cx::{Cx, shown};
use crate::validate::node::Fields as _;

/// How deep schemas are looked into.
const DEPTH_LIMIT: usize = 200;

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

/// Where a schema stands, which changes what it may say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Field,
    Item,
    /// Below `allOf`, `anyOf`, `oneOf` or `not`.
    Value,
}

/// Checks a version's schema, told at `place`.
pub(super) fn check<'a>(cx: &mut Cx<'a>, schema: &'a Node, place: &str, has_status: bool) {
    let before = cx.problems.len();
    let mut checker =
        Checker { cx, path: place.to_owned(), depth: 0, patterns: Vec::new(), ruled: Vec::new() };
    let kind = schema.text("type");
    if has_status && !kind.is_empty() && kind != "object" {
        let detail = "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled";
        checker.invalid("type", &format!("{kind:?}"), detail);
    }
    if !kind.is_empty() && kind != "object" {
        checker.invalid("type", &format!("{kind:?}"), "must be object at the root");
    }
    checker.schema(schema, Level::Root, false);
    // k8s: the costs of rules are asked for where their schemas are in order.
    let ruled = checker.ruled;
    if !ruled.is_empty() && cx.problems.len() == before {
        super::crd_cost::check(cx, schema, place, &ruled);
    }
}

/// Whether a path such as `.spec.size` leads to a field of a plain type.
pub(super) fn has_field(schema: &Node, path: &str) -> bool {
    let Some(path) = path.strip_prefix('.') else { return false };
    let mut schema = schema;
    for part in path.split('.') {
        match schema.of("properties").get(part) {
            Some(inner) => schema = inner,
            None => return false,
        }
    }
    true
}

pub(super) struct Checker<'c, 'a> {
    cx: &'c mut Cx<'a>,
    path: String,
    depth: usize,
    /// The schemas that have rules, in the order in which they stand.
    pub(super) ruled: Vec<Ruled<'a>>,
    /// Patterns that are in order.
    patterns: Vec<&'a str>,
}

/// What a plain schema holds.
#[derive(Default)]
struct Plain<'a> {
    kind: &'a str,
    pattern: &'a str,
    properties: &'a [Entry],
    items: Option<&'a Node>,
}

impl<'a> Plain<'a> {
    fn of(schema: &'a Node) -> Option<Plain<'a>> {
        let mut plain = Plain::default();
        for entry in schema.as_map() {
            match (&*entry.key, &entry.value.kind) {
                (
                    b"description" | b"enum" | b"format" | b"maximum" | b"maxItems" | b"maxLength"
                    | b"minimum" | b"minItems" | b"minLength" | b"required" | b"title",
                    _,
                ) => {}
                (b"type", _) => plain.kind = entry.value.str(),
                (b"pattern", _) => plain.pattern = entry.value.str(),
                (b"properties", Kind::Map(properties)) => plain.properties = properties,
                (b"items", Kind::Map(_)) => plain.items = Some(&entry.value),
                _ => return None,
            }
        }
        Some(plain)
    }
}

impl<'a> Checker<'_, 'a> {
    fn tell(&mut self, field: &str, message: String) {
        let path = match field {
            "" => self.path.clone(),
            field if field.starts_with('[') => format!("{}{field}", self.path),
            field => format!("{}.{field}", self.path),
        };
        self.cx.error_at(path, Span::new(FileId::NONE, 0, 0), message);
    }

    pub(super) fn invalid(&mut self, field: &str, value: &str, detail: &str) {
        self.tell(field, format!("Invalid value: {value}: {detail}"));
    }

    pub(super) fn required(&mut self, field: &str, detail: &str) {
        self.tell(field, format!("Required value: {detail}"));
    }

    fn forbidden(&mut self, field: &str, detail: &str) {
        self.tell(field, format!("Forbidden: {detail}"));
    }

    pub(super) fn unsupported(&mut self, field: &str, value: &str, values: &[&str]) {
        let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        let message =
            format!("Unsupported value: {value:?}: supported values: {}", values.join(", "));
        self.tell(field, message);
    }

    fn below(&mut self, step: &str, run: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        self.depth += 1;
        run(self);
        self.depth -= 1;
        self.path.truncate(length);
    }

    fn schema(&mut self, schema: &'a Node, level: Level, in_metadata: bool) {
        if self.depth > DEPTH_LIMIT {
            return self.invalid("", "…", "is nested too deep");
        }
        if self.is_plain(schema, level, in_metadata) {
            return;
        }
        self.kind(schema, level);
        if level == Level::Value {
            self.value_only(schema);
        } else {
            self.extensions(schema);
            super::crd_rules::rules(self, schema, level == Level::Root);
            self.default(schema, level);
        }
        self.never(schema);
        self.pattern(schema.text("pattern"));
        self.root_fields(schema, level);
        self.inner(schema, level, in_metadata);
    }

    fn kind(&mut self, schema: &Node, level: Level) {
        let kind = schema.text("type");
        let free = schema.is_true("x-kubernetes-int-or-string")
            || schema.is_true("x-kubernetes-preserve-unknown-fields");
        if kind == "null" {
            self.forbidden("type", "type cannot be set to null, use nullable as an alternative");
        }
        if !kind.is_empty() && !TYPES.contains(&kind) {
            self.unsupported("type", kind, TYPES);
        }
        match (kind.is_empty(), level) {
            (true, Level::Root) => self.required("type", "must not be empty at the root"),
            (true, Level::Field) if !free => {
                self.required("type", "must not be empty for specified object fields");
            }
            (true, Level::Item) if !free => {
                self.required("type", "must not be empty for specified array items");
            }
            _ => {}
        }
    }

    /// What may not stand below `allOf` and its like.
    fn value_only(&mut self, schema: &Node) {
        if !schema.text("type").is_empty() {
            self.forbidden("type", "must be empty to be structural");
        }
        for field in ["description", "title"] {
            if !schema.text(field).is_empty() {
                self.forbidden(field, "must be empty to be structural");
            }
        }
        for field in ["default", "additionalProperties"] {
            if schema.has(field) {
                self.forbidden(field, "must be undefined to be structural");
            }
        }
        for field in [
            "nullable",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
        ] {
            if schema.is_true(field) {
                self.forbidden(field, "must be false to be structural");
            }
        }
        if !schema.list("x-kubernetes-validations").is_empty() {
            self.forbidden("x-kubernetes-validations", "must be empty to be structural");
        }
    }

    fn never(&mut self, schema: &Node) {
        for (field, name) in [
            ("$ref", "$ref"),
            ("dependencies", "dependencies"),
            ("definitions", "definitions"),
            ("patternProperties", "patternProperties"),
            ("additionalItems", "additionalItems"),
            ("id", "id"),
            ("$schema", "$schema"),
        ] {
            let node = schema.of(field);
            let is_empty = matches!(&node.kind, Kind::Map(entries) if entries.is_empty())
                && matches!(field, "definitions" | "patternProperties");
            if !node.is_null() && node.as_str() != Some("") && !is_empty {
                self.forbidden(field, &format!("{name} is not supported"));
            }
        }
        if schema.is_true("uniqueItems") {
            let detail =
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
            self.forbidden("uniqueItems", detail);
        }
        if schema.of("additionalProperties").kind == Kind::Bool(false) {
            self.forbidden("additionalProperties", "additionalProperties cannot be set to false");
        }
        if schema.has("additionalProperties") && !schema.map("properties").is_empty() {
            self.forbidden(
                "additionalProperties",
                "additionalProperties and properties are mutual exclusive",
            );
        }
    }

    fn pattern(&mut self, pattern: &'a str) {
        if pattern.is_empty() || self.patterns.contains(&pattern) {
            return;
        }
        match crd::pattern_fault(pattern) {
            None => self.patterns.push(pattern),
            Some(why) => {
                let detail = format!("must be a valid regular expression, but isn't: {why}");
                self.invalid("pattern", &format!("{pattern:?}"), &detail);
            }
        }
    }

    /// A schema that says what most say and nothing else; whether it is one. Asking each schema of a
    /// definition for every word that it might hold would be most of the work.
    fn is_plain(&mut self, schema: &'a Node, level: Level, in_metadata: bool) -> bool {
        let Some(plain) = Plain::of(schema) else { return false };
        let known = TYPES.contains(&plain.kind);
        let is_list = plain.kind == "array";
        if !known
            || !matches!(level, Level::Field | Level::Item)
            || is_list != plain.items.is_some()
        {
            return false;
        }
        self.pattern(plain.pattern);
        for entry in plain.properties {
            self.property(entry, Level::Field, in_metadata);
        }
        if let Some(items) = plain.items {
            self.below(".items", |checker| checker.schema(items, Level::Item, in_metadata));
        }
        true
    }

    fn property(&mut self, entry: &'a Entry, level: Level, in_metadata: bool) {
        let length = self.path.len();
        self.path.push_str(".properties[");
        self.path.push_str(&String::from_utf8_lossy(&entry.key));
        self.path.push(']');
        self.depth += 1;
        self.schema(&entry.value, level, in_metadata);
        self.depth -= 1;
        self.path.truncate(length);
    }

    fn extensions(&mut self, schema: &Node) {
        let kind = schema.text("type");
        let preserve = schema.of("x-kubernetes-preserve-unknown-fields");
        if preserve.as_bool() == Some(false) {
            self.invalid(
                "x-kubernetes-preserve-unknown-fields",
                "false",
                "must be true or undefined",
            );
        }
        if schema.is_true("x-kubernetes-embedded-resource") {
            if kind != "object" {
                let detail = "must be object if x-kubernetes-embedded-resource is true";
                self.invalid("type", &format!("{kind:?}"), detail);
            }
            if schema.map("properties").is_empty() && preserve.as_bool() != Some(true) {
                let detail = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
                self.required("properties", detail);
            }
        }
        if schema.has("x-kubernetes-map-type") {
            if kind != "object" {
                let detail = "must be object if x-kubernetes-map-type is specified";
                if kind.is_empty() {
                    self.required("type", detail);
                } else {
                    self.invalid("type", &format!("{kind:?}"), detail);
                }
            }
            let map_type = schema.text("x-kubernetes-map-type");
            if !matches!(map_type, "atomic" | "granular") {
                self.unsupported("x-kubernetes-map-type", map_type, &["atomic", "granular"]);
            }
        }
        self.list_type(schema, kind);
    }

    fn list_type(&mut self, schema: &Node, kind: &str) {
        let keys = schema.list("x-kubernetes-list-map-keys");
        let list_type = schema.text("x-kubernetes-list-type");
        if schema.has("x-kubernetes-list-type") {
            if kind != "array" {
                let detail = "must be array if x-kubernetes-list-type is specified";
                if kind.is_empty() {
                    self.required("type", detail);
                } else {
                    self.invalid("type", &format!("{kind:?}"), detail);
                }
            }
            if !matches!(list_type, "atomic" | "map" | "set") {
                self.unsupported("x-kubernetes-list-type", list_type, &["atomic", "map", "set"]);
            }
        }
        if !keys.is_empty() && list_type != "map" {
            let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
            if schema.has("x-kubernetes-list-type") {
                self.invalid("x-kubernetes-list-type", &format!("{list_type:?}"), detail);
            } else {
                self.required("x-kubernetes-list-type", detail);
            }
        }
        match list_type {
            "map" => self.list_map(schema, keys),
            "set" => self.list_set(schema.of("items")),
            _ => {}
        }
    }

    fn list_map(&mut self, schema: &Node, keys: &[Node]) {
        if keys.is_empty() {
            let detail = "must not be empty if x-kubernetes-list-type is map";
            self.required("x-kubernetes-list-map-keys", detail);
        }
        let items = schema.of("items");
        if items.is_null() {
            self.required("items", "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if items.text("type") != "object" {
            let value = format!("{:?}", items.text("type"));
            self.invalid(
                "items.type",
                &value,
                "must be object if parent array's x-kubernetes-list-type is map",
            );
        }
        let mut seen: Vec<&str> = Vec::new();
        for key in keys {
            let told = shown(schema.of("x-kubernetes-list-map-keys"));
            let Some(inner) = items.of("properties").get(key.str()) else {
                self.invalid(
                    "x-kubernetes-list-map-keys",
                    &told,
                    "entries must all be names of item properties",
                );
                continue;
            };
            if matches!(inner.text("type"), "array" | "object") {
                let step = format!("items.properties[{}].type", key.str());
                self.invalid(
                    &step,
                    &format!("{:?}", inner.text("type")),
                    "must be a scalar type if parent array's x-kubernetes-list-type is map",
                );
            }
            if seen.contains(&key.str()) {
                self.invalid(
                    "x-kubernetes-list-map-keys",
                    &told,
                    "must not contain duplicate entries",
                );
            }
            seen.push(key.str());
            let required = items.list("required").iter().any(|name| name.str() == key.str());
            if !required && !inner.has("default") {
                let step = format!("items.properties[{}].default", key.str());
                self.required(&step, "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            }
        }
    }

    fn list_set(&mut self, items: &Node) {
        if items.is_true("nullable") {
            self.forbidden(
                "items.nullable",
                "cannot be nullable when x-kubernetes-list-type is set",
            );
        }
        let atomic = |node: &Node, field: &str| node.text(field) == "atomic";
        match items.text("type") {
            "array" if !matches!(items.text("x-kubernetes-list-type"), "" | "atomic") => {
                let value = format!("{:?}", items.text("x-kubernetes-list-type"));
                self.invalid(
                    "items.x-kubernetes-list-type",
                    &value,
                    "must be atomic as item of a list with x-kubernetes-list-type=set",
                );
            }
            "object" if !atomic(items, "x-kubernetes-map-type") => {
                let value = shown(items.of("x-kubernetes-map-type"));
                self.invalid(
                    "items.x-kubernetes-map-type",
                    &value,
                    "must be atomic as item of a list with x-kubernetes-list-type=set",
                );
            }
            _ => {}
        }
    }

    fn default(&mut self, schema: &Node, level: Level) {
        let default = schema.of("default");
        if default.is_null() {
            return;
        }
        if level == Level::Root {
            self.forbidden("default", "must not be set");
        }
        let compiled = crd::Schema::read_part(schema);
        for _ in crd::unknown_fields(default, &compiled) {
            self.invalid("default", &shown(default), "must not have unknown fields");
        }
        let faults = crd::check_value(default, &compiled);
        // What is below may have defaults of its own: rules are asked of plain values alone. k8s: they
        // are not asked below a map.
        let is_plain = !matches!(default.kind, Kind::Map(_) | Kind::List(_))
            && !self.path.contains(".additionalProperties");
        let broken = if faults.is_empty() && is_plain && compiled.ruled {
            crd::judge(default, &compiled).faults
        } else {
            Vec::new()
        };
        for fault in faults.into_iter().chain(broken) {
            self.tell("default", fault.message);
        }
    }

    fn root_fields(&mut self, schema: &Node, level: Level) {
        let embedded = level == Level::Root || schema.is_true("x-kubernetes-embedded-resource");
        if !embedded {
            return;
        }
        for field in ["apiVersion", "kind", "metadata"] {
            let inner = schema.of("properties").of(field);
            if inner.is_null() {
                continue;
            }
            let want = if field == "metadata" { "object" } else { "string" };
            if inner.text("type") != want {
                let value = format!("{:?}", inner.text("type"));
                self.invalid(
                    &format!("properties[{field}].type"),
                    &value,
                    &format!("must be {want}"),
                );
            }
        }
        let metadata = schema.of("properties").of("metadata");
        let allowed = |entry: &Entry| {
            matches!(&*entry.key, b"type" | b"description" | b"properties") || entry.value.is_null()
        };
        let named = metadata
            .map("properties")
            .iter()
            .all(|entry| matches!(&*entry.key, b"name" | b"generateName"));
        if !metadata.as_map().iter().all(allowed) || !named {
            let detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
            self.forbidden("properties[metadata]", detail);
        }
    }

    fn inner(&mut self, schema: &'a Node, level: Level, in_metadata: bool) {
        let field = if level == Level::Value { Level::Value } else { Level::Field };
        let item = if level == Level::Value { Level::Value } else { Level::Item };
        for entry in schema.map("properties") {
            self.property(entry, field, in_metadata);
        }
        let additional = schema.of("additionalProperties");
        if matches!(additional.kind, Kind::Map(_)) {
            self.below(".additionalProperties", |checker| {
                checker.schema(additional, field, in_metadata);
            });
        }
        let items = schema.of("items");
        match items.kind {
            Kind::Map(_) => {
                self.below(".items", |checker| checker.schema(items, item, in_metadata));
            }
            Kind::List(_) => {
                self.forbidden("items", "items must be a schema object and not an array");
            }
            _ if schema.text("type") == "array" && level != Level::Value => {
                self.required("items", "must be specified");
            }
            _ => {}
        }
        for name in ["allOf", "anyOf", "oneOf"] {
            let may = level != Level::Value;
            let either = name == "anyOf" && may && is_either(schema);
            for (at, part) in schema.list(name).iter().enumerate() {
                if either || name == "allOf" && may && is_either(part) {
                    continue;
                }
                self.below(&format!(".{name}[{at}]"), |checker| {
                    checker.schema(part, Level::Value, in_metadata);
                });
            }
        }
        if matches!(schema.of("not").kind, Kind::Map(_)) {
            self.below(".not", |checker| {
                checker.schema(schema.of("not"), Level::Value, in_metadata);
            });
        }
    }
}

/// `anyOf` of `{type: integer}` and `{type: string}`, in this order, as numbers or texts are written.
fn is_either(schema: &Node) -> bool {
    let alone = |part: &Node, kind: &str| part.text("type") == kind && part.as_map().len() == 1;
    matches!(schema.list("anyOf"), [one, other] if alone(one, "integer") && alone(other, "string"))
}
