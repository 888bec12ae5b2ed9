//! How large values of a schema may become, which is what the server estimates costs from.

use super::object::escape;
use crate::crd::{Items, Schema, Type as SchemaType};

/// The largest request that the server takes, in bytes.
pub(crate) const REQUEST_LIMIT: u64 = 3 * 1024 * 1024;

/// How deep schemas are read.
const DEPTH_LIMIT: usize = 100;

/// The extent of a schema's values.
#[derive(Debug, Default)]
pub(crate) struct Extent {
    /// Characters of a text, items of a list, entries of a map; nothing for other values.
    pub(super) most: u64,
    /// Bytes of the shortest JSON.
    pub(crate) shortest: u64,
    /// Of a list's items or a map's values.
    pub(super) items: Option<Box<Extent>>,
    /// Whether it is a map.
    pub(super) is_map: bool,
    /// Of fields, by their names in expressions, in order.
    fields: Vec<(String, Extent)>,
}

/// A key of a map.
static KEY: Extent =
    Extent { most: 0, shortest: 2, items: None, is_map: false, fields: Vec::new() };

impl Extent {
    /// The extent of a schema; `None` for what expressions do not see.
    pub(crate) fn of(schema: &Schema, is_resource: bool) -> Option<Extent> {
        of(schema, is_resource, 0)
    }

    /// What lies behind a step: a field, `@items`, `@keys`, `@values`.
    pub(super) fn behind(&self, step: &str) -> Option<&Extent> {
        match step {
            "@items" | "@values" => self.items.as_deref(),
            "@keys" => self.is_map.then_some(&KEY),
            name => {
                let at =
                    self.fields.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
                Some(&self.fields[at].1)
            }
        }
    }
}

fn scalar(most: u64, shortest: u64) -> Extent {
    Extent { most, shortest, ..Extent::default() }
}

fn of(schema: &Schema, is_resource: bool, depth: usize) -> Option<Extent> {
    if depth > DEPTH_LIMIT {
        return None;
    }
    let length = schema.length.1.map(|most| most.saturating_mul(4));
    if schema.int_or_string {
        return Some(scalar(length.unwrap_or(REQUEST_LIMIT - 2), 1));
    }
    let inner = |inner: &Schema| of(inner, inner.embedded, depth + 1);
    Some(match schema.kind? {
        SchemaType::Boolean => scalar(0, 4),
        SchemaType::Integer | SchemaType::Number => scalar(0, 1),
        SchemaType::String => text(schema, length),
        SchemaType::Array => {
            let items = inner(schema.items.as_ref()?.schema()?)?;
            let fitting = (REQUEST_LIMIT - 2) / (items.shortest + 1);
            let most = schema.item_count.1.unwrap_or(fitting);
            Extent { most, shortest: 2, items: Some(Box::new(items)), ..Extent::default() }
        }
        SchemaType::Object => match schema.additional.as_ref().and_then(Items::schema) {
            Some(values) => {
                let values = inner(values)?;
                let fitting = (REQUEST_LIMIT - 2) / (values.shortest + 6);
                let most = schema.key_count.1.unwrap_or(fitting);
                let items = Some(Box::new(values));
                Extent { most, shortest: 2, items, is_map: true, ..Extent::default() }
            }
            None => structure(schema, is_resource, depth),
        },
    })
}

fn text(schema: &Schema, length: Option<u64>) -> Extent {
    match &*schema.format {
        // Bytes are counted as they are.
        "byte" => scalar(schema.length.1.unwrap_or(REQUEST_LIMIT - 2), 2),
        "duration" => scalar(32, 3),
        "date" => scalar(12, 12),
        "date-time" => scalar(32, 21),
        _ => {
            let longest = schema.values.iter().filter_map(|value| value.as_str()).map(str::len);
            let listed = (!schema.values.is_empty()).then(|| longest.max().unwrap_or(0) as u64);
            scalar(length.or(listed).unwrap_or(REQUEST_LIMIT - 2), 2)
        }
    }
}

fn structure(schema: &Schema, is_resource: bool, depth: usize) -> Extent {
    let mut fields = Vec::new();
    let mut shortest = 2;
    let replaced = is_resource && !has_names(schema);
    for (name, field) in &schema.properties {
        let name = String::from_utf8_lossy(name);
        if replaced && matches!(&*name, "apiVersion" | "kind" | "metadata") {
            continue;
        }
        let Some(extent) = of(field, field.embedded, depth + 1) else { continue };
        if field.default.is_none() && schema.required.iter().any(|known| *known == name) {
            shortest += name.len() as u64 + extent.shortest + 4;
        }
        fields.extend(escape(&name).map(|name| (name, extent)));
    }
    if replaced {
        let any = || scalar(REQUEST_LIMIT - 2, 2);
        let mut names = Extent { shortest: 2, ..Extent::default() };
        names.fields = ["generateName", "name"].map(|name| (name.to_owned(), any())).into();
        // They may be required, which makes the object longer.
        for (name, extent) in [("apiVersion", any()), ("kind", any()), ("metadata", names)] {
            if schema.required.iter().any(|known| known == name) {
                shortest += name.len() as u64 + extent.shortest + 4;
            }
            fields.push((name.to_owned(), extent));
        }
    }
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    Extent { shortest, fields, ..Extent::default() }
}

/// Whether a resource's schema says all that the server would add to it.
fn has_names(schema: &Schema) -> bool {
    let field = |schema: &'_ Schema, name: &str, kind: SchemaType| {
        let at = schema.properties.iter().position(|(known, _)| known == name.as_bytes());
        at.filter(|at| schema.properties[*at].1.kind == Some(kind))
    };
    let text = SchemaType::String;
    let metadata = field(schema, "metadata", SchemaType::Object);
    field(schema, "kind", text).is_some()
        && field(schema, "apiVersion", text).is_some()
        && metadata.is_some_and(|at| {
            let metadata = &schema.properties[at].1;
            field(metadata, "name", text).is_some()
                && field(metadata, "generateName", text).is_some()
        })
}
