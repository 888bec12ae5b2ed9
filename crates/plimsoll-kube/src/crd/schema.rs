use plimsoll_yaml::{Kind, Node};

use super::pattern::Pattern;
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
    pub pattern: Option<Pattern>,
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
        let mut schema = Schema::read(node, 0);
        schema.embedded = true;
        schema
    }

    /// A schema that stands within another.
    pub(crate) fn read_part(node: &Node) -> Schema {
        Schema::read(node, 0)
    }

    fn read(node: &Node, depth: usize) -> Schema {
        if depth > DEPTH_LIMIT {
            return Schema { preserve: true, ..Schema::default() };
        }
        let inner = |field: &str| node.get(field).filter(|node| !node.is_null());
        let flag = |field: &str| inner(field).and_then(Node::as_bool) == Some(true);
        let text = |field: &str| inner(field).and_then(Node::as_str).unwrap_or_default();
        let number = |field: &str| inner(field).and_then(Node::as_float);
        let count = |field: &str| number(field).map(|count| count.max(0.0) as u64);
        let list = |field: &str| -> Vec<Schema> {
            let items = inner(field).map(Node::as_list).unwrap_or_default();
            items.iter().map(|item| Schema::read(item, depth + 1)).collect()
        };
        let mut schema = Schema {
            kind: kind(text("type")),
            nullable: flag("nullable"),
            preserve: flag("x-kubernetes-preserve-unknown-fields"),
            embedded: flag("x-kubernetes-embedded-resource"),
            int_or_string: flag("x-kubernetes-int-or-string"),
            properties: inner("properties")
                .map(Node::as_map)
                .unwrap_or_default()
                .iter()
                .map(|entry| (entry.key.clone(), Schema::read(&entry.value, depth + 1)))
                .collect(),
            additional: inner("additionalProperties").and_then(|node| items(node, depth)),
            items: inner("items").and_then(|node| items(node, depth)),
            required: texts(inner("required")),
            values: inner("enum").map(Node::as_list).unwrap_or_default().to_vec(),
            pattern: Some(text("pattern")).filter(|text| !text.is_empty()).map(Pattern::new),
            format: text("format").to_owned(),
            minimum: number("minimum").map(|least| (least, flag("exclusiveMinimum"))),
            maximum: number("maximum").map(|most| (most, flag("exclusiveMaximum"))),
            multiple_of: number("multipleOf"),
            length: (count("minLength"), count("maxLength")),
            item_count: (count("minItems"), count("maxItems")),
            key_count: (count("minProperties"), count("maxProperties")),
            list_type: match text("x-kubernetes-list-type") {
                "set" => ListType::Set,
                "map" => ListType::Map(texts(inner("x-kubernetes-list-map-keys"))),
                _ => ListType::Atomic,
            },
            default: inner("default").cloned(),
            all_of: list("allOf"),
            any_of: list("anyOf"),
            one_of: list("oneOf"),
            not: inner("not").map(|node| Box::new(Schema::read(node, depth + 1))),
            rules: inner("x-kubernetes-validations")
                .map(Node::as_list)
                .unwrap_or_default()
                .iter()
                .map(Rule::read)
                .collect(),
            ruled: false,
        };
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

fn items(node: &Node, depth: usize) -> Option<Items> {
    match node.kind {
        Kind::Bool(allowed) => allowed.then_some(Items::Any),
        Kind::Map(_) => Some(Items::Of(Box::new(Schema::read(node, depth + 1)))),
        _ => None,
    }
}

fn texts(node: Option<&Node>) -> Vec<String> {
    let items = node.map(Node::as_list).unwrap_or_default();
    items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}
