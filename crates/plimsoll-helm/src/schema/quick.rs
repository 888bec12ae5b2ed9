//! Whether values fit a schema, without the reasons why not: nearly all do, and what this cannot
//! say for sure is asked of [`super::check::Checker`].

use std::cell::{Cell, RefCell};

use plimsoll_gotmpl::{List, Map, Text, Value};
use regex::Regex;

use super::keywords;
use super::refs::Schema;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fits {
    Yes,
    No,
    Unsure,
}

impl Fits {
    const fn sure(fits: bool) -> Fits {
        if fits { Fits::Yes } else { Fits::No }
    }

    /// Of several that must all hold.
    fn all(mut each: impl Iterator<Item = Fits>) -> Fits {
        each.find(|one| *one != Fits::Yes).unwrap_or(Fits::Yes)
    }
}

/// How deep schemas are followed here.
const DEEPEST: u32 = 100;

/// How often values are held against schemas here.
const MOST_CHECKS: u32 = 500_000;

/// Whether the values surely fit.
pub(super) fn surely_fits(schema: &Schema, value: &Value) -> bool {
    let quick = Quick {
        schema,
        checks: Cell::new(0),
        resolved: RefCell::default(),
        patterns: RefCell::default(),
    };
    quick.check(schema.root(), value, 0) == Fits::Yes
}

struct Quick<'a> {
    schema: &'a Schema,
    checks: Cell<u32>,
    resolved: RefCell<Vec<(Text, Option<Value>)>>,
    patterns: RefCell<Vec<(Text, Option<Regex>)>>,
}

impl Quick<'_> {
    fn check(&self, schema: &Value, value: &Value, depth: u32) -> Fits {
        self.checks.set(self.checks.get().saturating_add(1));
        match schema {
            _ if depth == DEEPEST || self.checks.get() > MOST_CHECKS => Fits::Unsure,
            Value::Bool(_, fits) => Fits::sure(*fits),
            Value::Map(_, map) => match map.get(b"$ref") {
                Some(Value::Text(_, reference)) if self.schema.is_old => {
                    self.reference(&reference, value, depth)
                }
                _ => {
                    let rules = map.entries();
                    Fits::all(rules.iter().map(|rule| self.rule(map, rule, value, depth)))
                }
            },
            _ => Fits::Yes,
        }
    }

    fn rule(&self, schema: &Map, (key, rule): &(Text, Value), value: &Value, depth: u32) -> Fits {
        match (key.as_bytes(), rule) {
            (b"$ref", Value::Text(_, reference)) => self.reference(reference, value, depth),
            (b"type", _) => Fits::sure(keywords::is_of_type(rule, value)),
            (b"const", _) => Fits::sure(keywords::equal(rule, value)),
            (b"enum", Value::List(_, all)) => {
                Fits::sure(all.iter().any(|one| keywords::equal(one, value)))
            }
            (b"not", _) => match self.check(rule, value, depth + 1) {
                Fits::Yes => Fits::No,
                Fits::No => Fits::Yes,
                Fits::Unsure => Fits::Unsure,
            },
            (b"allOf", Value::List(_, all)) => Fits::all(self.each(all, value, depth)),
            (b"anyOf", Value::List(_, any)) => {
                let fits: Vec<Fits> = self.each(any, value, depth).collect();
                let found = [Fits::Yes, Fits::Unsure].into_iter().find(|one| fits.contains(one));
                found.unwrap_or(Fits::No)
            }
            (b"oneOf", Value::List(_, one)) => {
                let fits: Vec<Fits> = self.each(one, value, depth).collect();
                match fits.iter().filter(|one| **one == Fits::Yes).count() {
                    _ if fits.contains(&Fits::Unsure) => Fits::Unsure,
                    count => Fits::sure(count == 1),
                }
            }
            (
                b"if"
                | b"unevaluatedProperties"
                | b"unevaluatedItems"
                | b"dependencies"
                | b"dependentSchemas"
                | b"dependentRequired"
                | b"propertyNames"
                | b"contains",
                _,
            ) => Fits::Unsure,
            (key, _) => match value {
                Value::Map(_, map) => self.of_map(schema, (key, rule), map, depth),
                Value::List(_, list) => self.of_list(schema, (key, rule), list, depth),
                Value::Text(_, text) => self.of_text((key, rule), text),
                Value::Nil | Value::Bool(..) => Fits::Yes,
                _ => self.of_number((key, rule), value),
            },
        }
    }

    fn each<'v>(
        &'v self,
        schemas: &'v List,
        value: &'v Value,
        depth: u32,
    ) -> impl Iterator<Item = Fits> + 'v {
        schemas.iter().map(move |one| self.check(one, value, depth + 1))
    }

    fn reference(&self, reference: &Text, value: &Value, depth: u32) -> Fits {
        let known = self.resolved.borrow().iter().find(|(known, _)| known == reference).cloned();
        let target = if let Some((_, target)) = known {
            target
        } else {
            let target = self.schema.resolve(&reference.to_str_lossy());
            self.resolved.borrow_mut().push((reference.clone(), target.clone()));
            target
        };
        target.map_or(Fits::Yes, |target| self.check(&target, value, depth + 1))
    }

    fn of_map(&self, schema: &Map, (key, rule): (&[u8], &Value), map: &Map, depth: u32) -> Fits {
        match (key, rule) {
            (b"properties", Value::Map(_, properties)) => {
                let properties = properties.entries();
                let each = properties.iter().filter_map(|(name, property)| {
                    Some(self.check(property, &map.get(name)?, depth + 1))
                });
                Fits::all(each)
            }
            (b"required", Value::List(_, names)) => {
                let mut names = names.iter().filter_map(Value::as_text);
                Fits::sure(names.all(|name| map.contains(name)))
            }
            (b"additionalProperties", Value::Bool(_, true)) => Fits::Yes,
            (b"additionalProperties", _) if schema.contains(b"patternProperties") => Fits::Unsure,
            (b"additionalProperties", _) => {
                let properties = schema.get(b"properties");
                let known = |name: &Text| match &properties {
                    Some(Value::Map(_, properties)) => properties.contains(name),
                    _ => false,
                };
                let entries = map.entries();
                let others = entries.iter().filter(|(name, _)| !known(name));
                Fits::all(others.map(|(_, value)| self.check(rule, value, depth + 1)))
            }
            (b"minProperties" | b"maxProperties" | b"patternProperties", _) => Fits::Unsure,
            _ => Fits::Yes,
        }
    }

    fn of_list(&self, schema: &Map, (key, rule): (&[u8], &Value), list: &List, depth: u32) -> Fits {
        match (key, rule) {
            (b"items", Value::Map(..)) if !schema.contains(b"prefixItems") => {
                Fits::all(list.iter().map(|item| self.check(rule, item, depth + 1)))
            }
            (b"uniqueItems", Value::Bool(_, false)) => Fits::Yes,
            (b"minItems", Value::Float(_, least)) => Fits::sure(list.len() as f64 >= *least),
            (b"maxItems", Value::Float(_, most)) => Fits::sure(list.len() as f64 <= *most),
            (
                b"items" | b"prefixItems" | b"additionalItems" | b"uniqueItems" | b"minItems"
                | b"maxItems" | b"minContains" | b"maxContains",
                _,
            ) => Fits::Unsure,
            _ => Fits::Yes,
        }
    }

    fn of_text(&self, (key, rule): (&[u8], &Value), text: &Text) -> Fits {
        let length = || text.to_str_lossy().chars().count() as f64;
        match (key, rule) {
            (b"minLength", Value::Float(_, least)) => Fits::sure(length() >= *least),
            (b"maxLength", Value::Float(_, most)) => Fits::sure(length() <= *most),
            (b"pattern", Value::Text(_, pattern)) => Fits::sure(self.matches(pattern, text)),
            (b"minLength" | b"maxLength", _) => Fits::Unsure,
            _ => Fits::Yes,
        }
    }

    /// A pattern that cannot be read matches everything.
    fn matches(&self, pattern: &Text, text: &Text) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        let at = patterns.iter().position(|(known, _)| known == pattern).unwrap_or_else(|| {
            patterns.push((pattern.clone(), Regex::new(&pattern.to_str_lossy()).ok()));
            patterns.len() - 1
        });
        let regex = patterns[at].1.as_ref();
        regex.is_none_or(|regex| regex.is_match(&text.to_str_lossy()))
    }

    fn of_number(&self, (key, rule): (&[u8], &Value), value: &Value) -> Fits {
        let numbers = keywords::number(value).zip(keywords::number(rule));
        match (key, numbers) {
            (b"minimum", Some((number, least))) if !self.schema.is_draft_4 => {
                Fits::sure(number >= least)
            }
            (b"maximum", Some((number, most))) if !self.schema.is_draft_4 => {
                Fits::sure(number <= most)
            }
            (
                b"minimum" | b"maximum" | b"exclusiveMinimum" | b"exclusiveMaximum" | b"multipleOf",
                _,
            ) => Fits::Unsure,
            _ => Fits::Yes,
        }
    }
}
