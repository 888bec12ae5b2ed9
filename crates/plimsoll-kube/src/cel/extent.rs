//! How large values of a schema may become, which is what the server estimates costs from.

use super::object::unescape;
use crate::crd::{Items, Schema, Type as SchemaType};

/// The largest request that the server takes, in bytes.
const REQUEST_LIMIT: u64 = 3 * 1024 * 1024;

/// How deep schemas are read.
const DEPTH_LIMIT: usize = 100;

/// How many required fields are looked at for one size: rules may ask for the same size again and
/// again. What has more counts as longer, and so as less often there.
const FIELD_LIMIT: usize = 100;

/// The same for listed values, of which the longest counts.
const VALUE_LIMIT: usize = 1000;

/// Values of a schema, or what the server adds to a resource's schema.
#[derive(Clone, Copy)]
pub(crate) enum Extent<'s> {
    /// The flag tells a whole resource.
    Of(&'s Schema, bool),
    /// A key of a map.
    Key,
    /// The metadata of a resource.
    Metadata,
    /// A name or a version of a resource.
    Name,
}

impl<'s> Extent<'s> {
    /// Characters of a text, items of a list, entries of a map; nothing for other values.
    pub(super) fn most(self) -> u64 {
        match self {
            Extent::Of(schema, _) => most(schema),
            Extent::Name => REQUEST_LIMIT - 2,
            Extent::Key | Extent::Metadata => 0,
        }
    }

    /// How often values of the schema fit into a request.
    pub(crate) fn fitting(self) -> Option<u64> {
        match self {
            Extent::Of(schema, is_resource) => {
                Some(REQUEST_LIMIT / shortest_of(schema, is_resource)?.saturating_add(1))
            }
            _ => None,
        }
    }

    /// What lies behind a step: a field, `@items`, `@keys`, `@values`.
    pub(super) fn behind(self, step: &str) -> Option<Extent<'s>> {
        let (schema, is_resource) = match self {
            Extent::Of(schema, is_resource) => (schema, is_resource),
            Extent::Metadata => {
                return matches!(step, "name" | "generateName").then_some(Extent::Name);
            }
            Extent::Key | Extent::Name => return None,
        };
        if schema.int_or_string {
            return None;
        }
        match (schema.kind, step) {
            (Some(SchemaType::Array), "@items" | "@values") => inner(schema.items.as_ref()),
            (Some(SchemaType::Object), _) if values(schema).is_some() => match step {
                "@items" | "@values" => inner(schema.additional.as_ref()),
                "@keys" => Some(Extent::Key),
                _ => None,
            },
            (Some(SchemaType::Object), name) => field(schema, is_resource, name),
            _ => None,
        }
    }
}

fn inner(items: Option<&Items>) -> Option<Extent<'_>> {
    let schema = items?.schema()?;
    Some(Extent::Of(schema, schema.embedded))
}

fn values(schema: &Schema) -> Option<&Schema> {
    schema.additional.as_ref().and_then(Items::schema)
}

fn field<'s>(schema: &'s Schema, is_resource: bool, name: &str) -> Option<Extent<'s>> {
    if is_resource && matches!(name, "apiVersion" | "kind" | "metadata") && !has_names(schema) {
        return Some(if name == "metadata" { Extent::Metadata } else { Extent::Name });
    }
    let inner = schema.property(unescape(name).as_bytes())?;
    Some(Extent::Of(inner, inner.embedded))
}

fn most(schema: &Schema) -> u64 {
    let length = schema.length.1.map(|most| most.saturating_mul(4));
    if schema.int_or_string {
        return length.unwrap_or(REQUEST_LIMIT - 2);
    }
    match schema.kind {
        Some(SchemaType::String) => text(schema, length),
        Some(SchemaType::Array) => schema.item_count.1.unwrap_or_else(|| {
            let items = schema.items.as_ref().and_then(Items::schema);
            let items = items.and_then(|items| shortest_of(items, items.embedded));
            (REQUEST_LIMIT - 2) / items.unwrap_or(0).saturating_add(1)
        }),
        Some(SchemaType::Object) => match values(schema) {
            Some(values) => schema.key_count.1.unwrap_or_else(|| {
                let values = shortest_of(values, values.embedded);
                (REQUEST_LIMIT - 2) / values.unwrap_or(0).saturating_add(6)
            }),
            None => 0,
        },
        _ => 0,
    }
}

fn text(schema: &Schema, length: Option<u64>) -> u64 {
    match &*schema.format {
        // Bytes are counted as they are.
        "byte" => schema.length.1.unwrap_or(REQUEST_LIMIT - 2),
        "duration" | "date-time" => 32,
        "date" => 12,
        _ => {
            let longest = schema
                .values
                .iter()
                .take(VALUE_LIMIT)
                .filter_map(|value| value.as_str())
                .map(str::len);
            let listed = (!schema.values.is_empty()).then(|| longest.max().unwrap_or(0) as u64);
            length.or(listed).unwrap_or(REQUEST_LIMIT - 2)
        }
    }
}

/// Bytes of the shortest JSON; `None` for what expressions do not see.
fn shortest_of(schema: &Schema, is_resource: bool) -> Option<u64> {
    let mut left = FIELD_LIMIT;
    let found = shortest(schema, is_resource, 0, &mut left);
    if left == 0 { Some(u64::MAX) } else { found }
}

fn shortest(schema: &Schema, is_resource: bool, depth: usize, left: &mut usize) -> Option<u64> {
    if depth > DEPTH_LIMIT {
        *left = 0;
    }
    if schema.int_or_string {
        return Some(1);
    }
    if *left == 0 {
        return None;
    }
    let mut inner = |inner: &Schema| shortest(inner, inner.embedded, depth + 1, left);
    Some(match schema.kind? {
        SchemaType::Boolean => 4,
        SchemaType::Integer | SchemaType::Number => 1,
        SchemaType::String => match &*schema.format {
            "duration" => 3,
            "date" => 12,
            "date-time" => 21,
            _ => 2,
        },
        SchemaType::Array => {
            inner(schema.items.as_ref()?.schema()?)?;
            2
        }
        SchemaType::Object => match values(schema) {
            Some(values) => {
                inner(values)?;
                2
            }
            None => structure(schema, is_resource, depth, left),
        },
    })
}

/// An object has its required fields, but for those with defaults.
fn structure(schema: &Schema, is_resource: bool, depth: usize, left: &mut usize) -> u64 {
    let replaced = is_resource && !schema.required.is_empty() && !has_names(schema);
    let mut total: u64 = 2;
    for name in &schema.required {
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
        let own = if replaced && matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
            Some(2)
        } else {
            let field = schema.property(name.as_bytes()).filter(|field| field.default.is_none());
            field.and_then(|field| shortest(field, field.embedded, depth + 1, left))
        };
        total =
            total.saturating_add(own.map_or(0, |own| own.saturating_add(name.len() as u64 + 4)));
    }
    total
}

/// Whether a resource's schema says all that the server would add to it.
fn has_names(schema: &Schema) -> bool {
    let is = |schema: &Schema, name: &str, kind: SchemaType| {
        schema.property(name.as_bytes()).is_some_and(|field| field.kind == Some(kind))
    };
    let text = SchemaType::String;
    let metadata = schema.property(b"metadata");
    is(schema, "kind", text)
        && is(schema, "apiVersion", text)
        && metadata.is_some_and(|metadata| {
            metadata.kind == Some(SchemaType::Object)
                && is(metadata, "name", text)
                && is(metadata, "generateName", text)
        })
}
