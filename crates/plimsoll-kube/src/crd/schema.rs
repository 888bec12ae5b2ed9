use std::sync::Arc;

use plimsoll_yaml::{Entry, Kind, Node};

use super::pattern::{Pattern, Patterns};
use super::rules::Rule;

/// How deep schemas may lie in each other; what lies deeper takes anything.
const DEPTH_LIMIT: usize = 200;

/// What a value has to be. A field without a word stands for the type's zero value.
#[derive(Debug, Default)]
pub struct Schema {
    /// `None` where any type will do.
    pub kind: Option<Type>,
    /// `null` is a value.
    pub nullable: bool,
    /// Fields that are not named are kept, not refused.
    pub preserve: bool,
    /// An object with apiVersion, kind and metadata of its own.
    pub embedded: bool,
    /// A number or a text.
    pub int_or_string: bool,
    /// In byte order of their names.
    pub properties: Vec<(Vec<u8>, Schema)>,
    /// What other keys hold; `None` where there may be none.
    pub additional: Option<Items>,
    /// What items of a list hold.
    pub items: Option<Items>,
    /// Fields that have to be there.
    pub required: Vec<String>,
    /// The only values; empty where all will do.
    pub values: Vec<Node>,
    /// The text's pattern.
    pub pattern: Option<Arc<Pattern>>,
    /// The text's format.
    pub format: String,
    /// Least value, and whether it is itself too small.
    pub minimum: Option<(f64, bool)>,
    /// Largest value, and whether it is itself too large.
    pub maximum: Option<(f64, bool)>,
    /// What the number is a multiple of.
    pub multiple_of: Option<f64>,
    /// Least and largest number of characters.
    pub length: (Option<u64>, Option<u64>),
    /// Least and largest number of items.
    pub item_count: (Option<u64>, Option<u64>),
    /// Least and largest number of keys.
    pub key_count: (Option<u64>, Option<u64>),
    /// How items are told apart.
    pub list_type: ListType,
    /// What stands where nothing does.
    pub default: Option<Node>,
    /// All of these too.
    pub all_of: Vec<Schema>,
    /// At least one of these too.
    pub any_of: Vec<Schema>,
    /// Exactly one of these too.
    pub one_of: Vec<Schema>,
    /// Not this.
    pub not: Option<Box<Schema>>,
    /// Rules in CEL.
    pub rules: Vec<Rule>,
    /// Whether there are rules here or below.
    pub ruled: bool,
}

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A map.
    Object,
    /// A list.
    Array,
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
}

impl Type {
    /// As schemas write it.
    pub fn name(self) -> &'static str {
        match self {
            Type::Object => "object",
            Type::Array => "array",
            Type::String => "string",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
        }
    }
}

/// What the items of a list or the values of a map are.
#[derive(Debug)]
pub enum Items {
    /// Anything.
    Any,
    /// What a schema says.
    Of(Box<Schema>),
}

impl Items {
    /// The schema, where there is one.
    pub fn schema(&self) -> Option<&Schema> {
        match self {
            Items::Any => None,
            Items::Of(schema) => Some(schema),
        }
    }
}

/// How the items of a list are told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListType {
    /// Not at all.
    #[default]
    Atomic,
    /// By value.
    Set,
    /// By these fields.
    Map(Vec<String>),
}

impl Schema {
    /// A schema at the root of a kind: every object has apiVersion, kind and metadata.
    pub fn read_root(node: &Node) -> Schema {
        let mut schema = Schema::read(node, 0, &mut Patterns::default());
        schema.embedded = true;
        schema
    }

    /// A schema that stands within another.
    pub(crate) fn read_part(node: &Node) -> Schema {
        Schema::read(node, 0, &mut Patterns::default())
    }

    fn read(node: &Node, depth: usize, patterns: &mut Patterns) -> Schema {
        if depth > DEPTH_LIMIT {
            return Schema { preserve: true, ..Schema::default() };
        }
        let mut schema = Schema::default();
        let mut keys: &[Node] = &[];
        let (mut least_exclusive, mut most_exclusive) = (false, false);
        // One pass over what is there: a search for each word that may be there costs far more.
        for entry in node.as_map() {
            let value = &entry.value;
            if value.is_null() {
                continue;
            }
            let is_true = value.as_bool() == Some(true);
            match &*entry.key {
                b"description" => {}
                b"type" => schema.kind = kind(value.as_str().unwrap_or_default()),
                b"properties" => {
                    let read = |entry: &Entry| {
                        (entry.key.clone(), Schema::read(&entry.value, depth + 1, patterns))
                    };
                    schema.properties = value.as_map().iter().map(read).collect();
                }
                b"items" => schema.items = items(value, depth, patterns),
                b"additionalProperties" => schema.additional = items(value, depth, patterns),
                b"required" => schema.required = texts(value.as_list()),
                b"format" => value.as_str().unwrap_or_default().clone_into(&mut schema.format),
                b"enum" => schema.values = value.as_list().to_vec(),
                b"default" => schema.default = Some(value.clone()),
                b"pattern" => schema.pattern = patterns.get(value.as_str().unwrap_or_default()),
                b"nullable" => schema.nullable = is_true,
                b"minimum" => schema.minimum = value.as_float().map(|least| (least, false)),
                b"maximum" => schema.maximum = value.as_float().map(|most| (most, false)),
                b"exclusiveMinimum" => least_exclusive = is_true,
                b"exclusiveMaximum" => most_exclusive = is_true,
                b"multipleOf" => schema.multiple_of = value.as_float(),
                b"minLength" => schema.length.0 = count(value),
                b"maxLength" => schema.length.1 = count(value),
                b"minItems" => schema.item_count.0 = count(value),
                b"maxItems" => schema.item_count.1 = count(value),
                b"minProperties" => schema.key_count.0 = count(value),
                b"maxProperties" => schema.key_count.1 = count(value),
                b"allOf" => schema.all_of = parts(value, depth, patterns),
                b"anyOf" => schema.any_of = parts(value, depth, patterns),
                b"oneOf" => schema.one_of = parts(value, depth, patterns),
                b"not" => schema.not = Some(Box::new(Schema::read(value, depth + 1, patterns))),
                b"x-kubernetes-preserve-unknown-fields" => schema.preserve = is_true,
                b"x-kubernetes-embedded-resource" => schema.embedded = is_true,
                b"x-kubernetes-int-or-string" => schema.int_or_string = is_true,
                b"x-kubernetes-list-map-keys" => keys = value.as_list(),
                b"x-kubernetes-list-type" => {
                    schema.list_type = match value.as_str() {
                        Some("set") => ListType::Set,
                        Some("map") => ListType::Map(Vec::new()),
                        _ => ListType::Atomic,
                    }
                }
                b"x-kubernetes-validations" => {
                    schema.rules = value.as_list().iter().map(Rule::read).collect();
                }
                _ => {}
            }
        }
        if let ListType::Map(names) = &mut schema.list_type {
            *names = texts(keys);
        }
        if let Some((_, exclusive)) = &mut schema.minimum {
            *exclusive = least_exclusive;
        }
        if let Some((_, exclusive)) = &mut schema.maximum {
            *exclusive = most_exclusive;
        }
        schema.ruled = !schema.rules.is_empty() || schema.is_ruled_below();
        schema
    }

    fn is_ruled_below(&self) -> bool {
        let within = |items: &Option<Items>| {
            items.as_ref().and_then(Items::schema).is_some_and(|inner| inner.ruled)
        };
        self.properties.iter().any(|(_, inner)| inner.ruled)
            || within(&self.items)
            || within(&self.additional)
            || self.all_of.iter().any(|part| part.ruled)
    }

    /// The schema of a field that is named.
    pub fn property(&self, name: &[u8]) -> Option<&Schema> {
        let at = self.properties.binary_search_by(|(known, _)| known.as_slice().cmp(name)).ok()?;
        Some(&self.properties[at].1)
    }
}

fn kind(name: &str) -> Option<Type> {
    Some(match name {
        "object" => Type::Object,
        "array" => Type::Array,
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        _ => return None,
    })
}

fn items(node: &Node, depth: usize, patterns: &mut Patterns) -> Option<Items> {
    match node.kind {
        Kind::Bool(allowed) => allowed.then_some(Items::Any),
        Kind::Map(_) => Some(Items::Of(Box::new(Schema::read(node, depth + 1, patterns)))),
        _ => None,
    }
}

fn parts(node: &Node, depth: usize, patterns: &mut Patterns) -> Vec<Schema> {
    node.as_list().iter().map(|item| Schema::read(item, depth + 1, patterns)).collect()
}

fn count(node: &Node) -> Option<u64> {
    node.as_float().map(|count| count.max(0.0) as u64)
}

fn texts(items: &[Node]) -> Vec<String> {
    items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}
