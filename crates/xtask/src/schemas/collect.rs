use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::kinds::Kinds;
use super::short_name;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    /// A leaf, by the number that the reader knows it by.
    Leaf(u16),
    /// Another type, by its short name.
    Type(String),
    /// A map of texts to what is given.
    Map(Box<Shape>),
    /// A list of what is given, its type and the keys of its map.
    List(Box<Shape>, ListType, Vec<String>),
}

/// How a list is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ListType {
    Atomic = 0,
    Set = 1,
    Map = 2,
}

/// The numbers of leaves.
pub(super) mod leaf {
    pub(in super::super) const ANY: u16 = 0;
    pub(in super::super) const STRING: u16 = 1;
    pub(in super::super) const BOOL: u16 = 2;
    pub(in super::super) const INT32: u16 = 3;
    pub(in super::super) const INT64: u16 = 4;
    pub(in super::super) const DOUBLE: u16 = 5;
    pub(in super::super) const BYTES: u16 = 6;
    pub(in super::super) const TIME: u16 = 7;
    pub(in super::super) const MICRO_TIME: u16 = 8;
    pub(in super::super) const QUANTITY: u16 = 9;
    pub(in super::super) const INT_OR_STRING: u16 = 10;
    pub(in super::super) const SCHEMA_OR_BOOL: u16 = 11;
    pub(in super::super) const SCHEMA_OR_ARRAY: u16 = 12;
    pub(in super::super) const SCHEMA_OR_STRINGS: u16 = 13;
}

/// A field of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

/// What the newest minor tells of a field beyond its shape.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    pub(super) values: Vec<String>,
    /// JSON; empty where the default is the zero value.
    pub(super) default: String,
    pub(super) immutable: bool,
}

/// A type through the minors.
#[derive(Debug, Default)]
pub(super) struct TypeRow {
    /// First minor, last minor, fields.
    pub(super) runs: Vec<(u16, u16, Vec<Field>)>,
    /// By field.
    pub(super) extras: BTreeMap<String, Extra>,
}

/// The types that kinds reach, by short name.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) types: BTreeMap<String, TypeRow>,
}

/// The types of all minors that a kind reaches.
pub(super) fn collect(minors: &[(u16, Json)], kinds: &Kinds) -> Types {
    let mut types = Types::default();
    let roots: BTreeSet<&str> =
        kinds.values().map(|row| row.type_name.as_str()).filter(|name| !name.is_empty()).collect();
    for (minor, definitions) in minors {
        let bodies: BTreeMap<&str, &Json> = definitions
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, body)| (short_name(name), body))
            .collect();
        for (name, fields) in reachable(&roots, &bodies) {
            add_run(types.types.entry(name).or_default(), *minor, fields);
        }
    }
    types
}

fn reachable(
    roots: &BTreeSet<&str>,
    bodies: &BTreeMap<&str, &Json>,
) -> BTreeMap<String, Vec<Field>> {
    let mut found = BTreeMap::new();
    let mut open: Vec<String> = roots.iter().map(|&name| name.to_owned()).collect();
    // The three odd types of CRDs are leaves that lead back to this one.
    while let Some(name) = open.pop() {
        if found.contains_key(&name) {
            continue;
        }
        let Some(body) = bodies.get(name.as_str()) else { continue };
        let fields = fields(body);
        for field in &fields {
            name_types(&field.shape, &mut open);
        }
        found.insert(name, fields);
    }
    found
}

fn name_types(shape: &Shape, open: &mut Vec<String>) {
    match shape {
        Shape::Leaf(_) => {}
        Shape::Type(name) => open.push(name.clone()),
        Shape::Map(inner) | Shape::List(inner, ..) => name_types(inner, open),
    }
}

fn add_run(row: &mut TypeRow, minor: u16, fields: Vec<Field>) {
    match row.runs.last_mut() {
        Some((_, to, known)) if *known == fields && *to + 1 == minor => *to = minor,
        _ => row.runs.push((minor, minor, fields)),
    }
}

fn fields(body: &Json) -> Vec<Field> {
    let required: BTreeSet<&str> =
        body["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let properties: BTreeMap<&String, &Json> =
        body["properties"].as_object().into_iter().flatten().collect();
    properties
        .into_iter()
        .map(|(name, schema)| Field {
            name: name.clone(),
            shape: shape(schema),
            required: required.contains(name.as_str()),
        })
        .collect()
}

fn shape(schema: &Json) -> Shape {
    if let Some(reference) = schema["$ref"].as_str() {
        return referred(reference.rsplit('/').next().unwrap_or_default());
    }
    let format = schema["format"].as_str().unwrap_or_default();
    match kind_of(&schema["type"]) {
        "string" => Shape::Leaf(match format {
            "byte" => leaf::BYTES,
            "date-time" => leaf::TIME,
            _ => leaf::STRING,
        }),
        "boolean" => Shape::Leaf(leaf::BOOL),
        "integer" if format == "int32" => Shape::Leaf(leaf::INT32),
        "integer" => Shape::Leaf(leaf::INT64),
        "number" => Shape::Leaf(leaf::DOUBLE),
        "array" => list(schema),
        "object" if schema["additionalProperties"].is_object() => {
            Shape::Map(Box::new(shape(&schema["additionalProperties"])))
        }
        _ => Shape::Leaf(leaf::ANY),
    }
}

fn kind_of(kind: &Json) -> &str {
    match kind {
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).find(|&kind| kind != "null"),
        kind => kind.as_str(),
    }
    .unwrap_or_default()
}

fn list(schema: &Json) -> Shape {
    let keys: Vec<String> = schema["x-kubernetes-list-map-keys"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect();
    let list_type = match schema["x-kubernetes-list-type"].as_str() {
        Some("map") => ListType::Map,
        Some("set") => ListType::Set,
        _ => ListType::Atomic,
    };
    Shape::List(Box::new(shape(&schema["items"])), list_type, keys)
}

fn referred(name: &str) -> Shape {
    Shape::Leaf(match short_name(name) {
        "api.resource.Quantity" => leaf::QUANTITY,
        "util.intstr.IntOrString" => leaf::INT_OR_STRING,
        "meta.v1.Time" => leaf::TIME,
        "meta.v1.MicroTime" => leaf::MICRO_TIME,
        "meta.v1.FieldsV1" | "meta.v1.Patch" | "runtime.RawExtension" | "apiextensions.v1.JSON" => {
            leaf::ANY
        }
        "apiextensions.v1.JSONSchemaPropsOrBool" => leaf::SCHEMA_OR_BOOL,
        "apiextensions.v1.JSONSchemaPropsOrArray" => leaf::SCHEMA_OR_ARRAY,
        "apiextensions.v1.JSONSchemaPropsOrStringArray" => leaf::SCHEMA_OR_STRINGS,
        name => return Shape::Type(name.to_owned()),
    })
}
