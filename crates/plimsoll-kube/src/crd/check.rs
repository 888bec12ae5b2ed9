//! Values against schemas, in the words of the server's validator.

use std::fmt::Write as _;

use plimsoll_source::Span;
use plimsoll_yaml::{Kind, Node};

use super::format;
use super::lists;
use super::schema::{Items, Schema, Type};

/// How deep the nearest of several parts is looked for: each of them is asked once more.
const NEAREST_DEPTH: usize = 12;

/// How deep objects are looked into.
const DEPTH_LIMIT: usize = 1000;

/// What is wrong with a value: its path, its place, the server's words.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) path: String,
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// All that is wrong with an object.
pub(crate) fn check(root: &Node, schema: &Schema) -> Vec<Fault> {
    let mut checker = Checker { path: Vec::new(), faults: Vec::new() };
    checker.value(root, schema);
    checker.faults
}

/// All that is wrong with a value that is no whole object.
pub(crate) fn check_value(node: &Node, schema: &Schema) -> Vec<Fault> {
    let mut checker = Checker { path: vec![Step::Within], faults: Vec::new() };
    checker.value(node, schema);
    checker.faults
}

/// Whether a value fits a schema, without a word about why not.
fn fits(node: &Node, schema: &Schema, depth: usize) -> bool {
    let mut checker = Checker { path: vec![Step::Within; depth + 1], faults: Vec::new() };
    checker.value(node, schema);
    checker.faults.is_empty()
}

pub(super) struct Checker<'n> {
    /// The steps so far, written only where something is found.
    path: Vec<Step<'n>>,
    faults: Vec<Fault>,
}

/// A step on the way to a value.
#[derive(Clone)]
enum Step<'n> {
    /// Nothing: it keeps a value from being taken for a root.
    Within,
    Key(&'n [u8]),
    Index(usize),
}

impl<'n> Checker<'n> {
    pub(super) fn path(&self) -> String {
        let mut out = String::new();
        for (at, step) in self.path.iter().enumerate() {
            match step {
                Step::Within => {}
                Step::Index(at) => write!(out, "[{at}]").expect("texts take all"),
                Step::Key(key) => {
                    out.push_str(if at == 0 { "" } else { "." });
                    out.push_str(&String::from_utf8_lossy(key));
                }
            }
        }
        out
    }

    pub(super) fn fault(&mut self, span: Span, message: String) {
        self.fault_at(self.path(), span, message);
    }

    pub(super) fn fault_at(&mut self, path: String, span: Span, message: String) {
        self.faults.push(Fault { path, span, message });
    }

    fn invalid(&mut self, node: &Node, words: &str) {
        let message = format!("Invalid value: {}: {} in body {words}", shown(node), self.path());
        self.fault(node.span, message);
    }

    fn value(&mut self, node: &'n Node, schema: &Schema) {
        if self.path.len() > DEPTH_LIMIT || node.is_null() && schema.nullable {
            return;
        }
        if !self.typed(node, schema) {
            return;
        }
        match &node.kind {
            Kind::Text(_) => self.text(node, schema),
            Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => self.number(node, schema),
            Kind::List(items) => self.list(node, items, schema),
            Kind::Map(_) => self.object(node, schema),
            _ => {}
        }
        self.among(node, schema);
        self.combined(node, schema);
    }

    fn typed(&mut self, node: &Node, schema: &Schema) -> bool {
        let have = type_name(node);
        if schema.int_or_string {
            if !matches!(have, "integer" | "string") {
                self.invalid(node, &format!("must be of type integer,string: \"{have}\""));
                return false;
            }
            return true;
        }
        let Some(kind) = schema.kind else { return true };
        let want = kind.name();
        // The server's validator lets a list through where a text has a format.
        let odd = have == "array" && kind == Type::String && !schema.format.is_empty();
        if have == want || have == "integer" && kind == Type::Number || odd {
            return true;
        }
        if kind == Type::String
            && format::is_known("string", &schema.format)
            && have != "null"
            && have != "boolean"
        {
            let have = if have == "integer" {
                "int64"
            } else if have == "number" {
                "float64"
            } else {
                have
            };
            self.invalid(node, &format!("must be of type {}: \"{have}\"", schema.format));
            return false;
        }
        self.invalid(node, &format!("must be of type {want}: \"{have}\""));
        false
    }

    fn text(&mut self, node: &Node, schema: &Schema) {
        let Some(text) = node.as_str() else { return };
        let length = text.chars().count() as u64;
        if let Some(most) = schema.length.1.filter(|most| length > *most) {
            self.fault(node.span, format!("Too long: may not be more than {most} bytes"));
        }
        if let Some(least) = schema.length.0.filter(|least| length < *least) {
            self.invalid(node, &format!("should be at least {least} chars long"));
        }
        if let Some(pattern) = schema.pattern.as_ref().filter(|pattern| !pattern.fits(text)) {
            self.invalid(node, &format!("should match '{}'", pattern.text));
        }
        if !format::fits(&schema.format, text) {
            self.invalid(node, &format!("must be of type {}: {text:?}", schema.format));
        }
    }

    fn number(&mut self, node: &Node, schema: &Schema) {
        let Some(value) = node.as_float() else { return };
        if let Some((least, exclusive)) = schema.minimum {
            if exclusive && value <= least {
                self.invalid(node, &format!("should be greater than {least}"));
            } else if value < least {
                self.invalid(node, &format!("should be greater than or equal to {least}"));
            }
        }
        if let Some((most, exclusive)) = schema.maximum {
            if exclusive && value >= most {
                self.invalid(node, &format!("should be less than {most}"));
            } else if value > most {
                self.invalid(node, &format!("should be less than or equal to {most}"));
            }
        }
        if let Some(part) = schema.multiple_of.filter(|part| *part > 0.0) {
            let times = value / part;
            if part < 1.0 && value == 0.0 {
                let path = self.path();
                let message = format!(
                    "Invalid value: {}: factor MultipleOf declared for {path} must be positive: 0",
                    shown(node)
                );
                self.fault(node.span, message);
            } else if (times - times.round()).abs() > 1e-9 {
                self.invalid(node, &format!("should be a multiple of {part}"));
            }
        }
        let (least, most) = match &*schema.format {
            "int32" => (f64::from(i32::MIN), f64::from(i32::MAX)),
            "int64" => (i64::MIN as f64, i64::MAX as f64),
            _ => return,
        };
        if schema.kind == Some(Type::Integer) && !(least..=most).contains(&value) {
            let words = format!("must be of type {}: \"float64\"", schema.format);
            self.invalid(node, &words);
        }
    }

    fn list(&mut self, node: &'n Node, items: &'n [Node], schema: &Schema) {
        let count = items.len() as u64;
        if let Some(least) = schema.item_count.0.filter(|least| count < *least) {
            self.invalid(node, &format!("should have at least {least} items"));
        }
        if let Some(most) = schema.item_count.1.filter(|most| count > *most) {
            let message = format!("Too many: {count}: must have at most {most} items");
            self.fault(node.span, message);
        }
        if let Some(Items::Of(inner)) = &schema.items {
            for (at, item) in items.iter().enumerate() {
                self.path.push(Step::Index(at));
                self.value(item, inner);
                self.path.pop();
            }
        }
        lists::check(self, items, schema);
    }

    fn object(&mut self, node: &'n Node, schema: &Schema) {
        let entries = node.as_map();
        for name in &schema.required {
            let default =
                schema.property(name.as_bytes()).is_some_and(|inner| inner.default.is_some());
            let there =
                node.get(name).is_some_and(|value| !value.is_null() || is_nullable(schema, name));
            if !there && !default {
                let path = self.below(name);
                self.fault_at(path, node.span, "Required value".to_owned());
            }
        }
        let count = entries.len() as u64;
        if let Some(most) = schema.key_count.1.filter(|most| count > *most) {
            self.fault(node.span, format!("Too many: {count}: must have at most {most} items"));
        }
        if let Some(least) = schema.key_count.0.filter(|least| count < *least) {
            self.invalid(node, &format!("should have at least {least} properties"));
        }
        let at_root = self.path.is_empty();
        for entry in entries {
            if at_root && matches!(&*entry.key, b"apiVersion" | b"kind" | b"metadata") {
                continue;
            }
            let inner = schema
                .property(&entry.key)
                .or_else(|| schema.additional.as_ref().and_then(Items::schema));
            let Some(inner) = inner else { continue };
            // A null that may not be one is taken away before anything looks at it.
            if entry.value.is_null() && !inner.nullable {
                continue;
            }
            self.path.push(Step::Key(&entry.key));
            self.value(&entry.value, inner);
            self.path.pop();
        }
    }

    fn below(&self, name: &str) -> String {
        let path = self.path();
        if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
    }

    fn among(&mut self, node: &Node, schema: &Schema) {
        if schema.values.is_empty() || schema.values.iter().any(|known| lists::equal(known, node)) {
            return;
        }
        let values: Vec<String> = schema.values.iter().map(shown).collect();
        let message =
            format!("Unsupported value: {}: supported values: {}", shown(node), values.join(", "));
        self.fault(node.span, message);
    }

    fn combined(&mut self, node: &'n Node, schema: &Schema) {
        let depth = self.path.len();
        for part in &schema.all_of {
            self.value(node, part);
        }
        // A number or a text is said with two types, one of which always fits.
        if !schema.any_of.is_empty() && !schema.any_of.iter().any(|part| fits(node, part, depth)) {
            let message = format!("\"{}\" must validate at least one schema (anyOf)", self.path());
            self.fault(node.span, format!("Invalid value: {}: {message}", shown(node)));
            self.nearest(node, &schema.any_of);
        }
        if !schema.one_of.is_empty() {
            let count = schema.one_of.iter().filter(|part| fits(node, part, depth)).count();
            if count != 1 {
                let found = if count == 0 {
                    "none valid".to_owned()
                } else {
                    format!("{count} valid alternatives")
                };
                let message = format!(
                    "\"{}\" must validate one and only one schema (oneOf). Found {found}",
                    self.path()
                );
                self.fault(node.span, format!("Invalid value: {}: {message}", shown(node)));
                if count == 0 {
                    self.nearest(node, &schema.one_of);
                }
            }
        }
        if let Some(part) = &schema.not
            && fits(node, part, depth)
        {
            let message = format!("\"{}\" must not validate the schema (not)", self.path());
            self.fault(node.span, format!("Invalid value: {}: {message}", shown(node)));
        }
    }
}

impl<'n> Checker<'n> {
    /// Where no part fits, the faults of the one that comes nearest are told too.
    fn nearest(&mut self, node: &'n Node, parts: &[Schema]) {
        if self.path.len() > NEAREST_DEPTH {
            return;
        }
        let faults = parts.iter().map(|part| {
            let mut checker = Checker { path: self.path.clone(), faults: Vec::new() };
            checker.value(node, part);
            checker.faults
        });
        self.faults.extend(faults.min_by_key(Vec::len).unwrap_or_default());
    }
}

fn is_nullable(schema: &Schema, name: &str) -> bool {
    schema.property(name.as_bytes()).is_some_and(|inner| inner.nullable)
}

/// The type as the validator calls it: a float without a fraction is an integer.
fn type_name(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "boolean",
        Kind::Int(_) | Kind::Uint(_) => "integer",
        Kind::Float(value) if value.fract() == 0.0 && value.abs() < 1e21 => "integer",
        Kind::Float(_) => "number",
        Kind::Text(_) => "string",
        Kind::List(_) => "array",
        Kind::Map(_) => "object",
    }
}

pub(super) fn shown(node: &Node) -> String {
    crate::validate::shown(node)
}
