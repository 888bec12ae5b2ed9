//! Lists in which no item may stand twice.

use std::collections::BTreeMap;

use plimsoll_yaml::{Kind, Node};

use super::check::{Checker, shown};
use super::schema::{Items, ListType, Schema};

/// Tells each item that stood before.
pub(super) fn check(checker: &mut Checker<'_>, items: &[Node], schema: &Schema) {
    match &schema.list_type {
        ListType::Atomic => {}
        ListType::Set => {
            let mut seen: BTreeMap<u64, Vec<&Node>> = BTreeMap::new();
            for (at, item) in items.iter().enumerate() {
                let alike = seen.entry(hash(item)).or_default();
                if alike.iter().any(|other| equal(other, item)) {
                    twice(checker, at, item, shown(item));
                } else {
                    alike.push(item);
                }
            }
        }
        ListType::Map(keys) => map(checker, items, keys, schema),
    }
}

fn twice(checker: &mut Checker<'_>, at: usize, item: &Node, value: String) {
    let path = format!("{}[{at}]", checker.path());
    checker.fault_at(path, item.span, format!("Duplicate value: {value}"));
}

fn map(checker: &mut Checker<'_>, items: &[Node], keys: &[String], schema: &Schema) {
    let inner = schema.items.as_ref().and_then(Items::schema);
    let mut seen: BTreeMap<u64, Vec<Vec<Option<&Node>>>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if !matches!(item.kind, Kind::Map(_)) {
            let path = format!("{}[{at}]", checker.path());
            let words = "must be an object for an array of list-type map";
            checker.fault_at(path, item.span, format!("Invalid value: {}: {words}", shown(item)));
            continue;
        }
        let default = |key: &String| {
            inner.and_then(|inner| inner.property(key.as_bytes())).and_then(|p| p.default.as_ref())
        };
        let values: Vec<Option<&Node>> = keys
            .iter()
            .map(|key| item.get(key).filter(|value| !value.is_null()).or_else(|| default(key)))
            .collect();
        let key =
            values.iter().flatten().fold(0, |sum: u64, value| sum.rotate_left(7) ^ hash(value));
        let same = |other: &[Option<&Node>]| {
            other.iter().zip(&values).all(|pair| match pair {
                (Some(one), Some(other)) => equal(one, other),
                (None, None) => true,
                _ => false,
            })
        };
        let alike = seen.entry(key).or_default();
        if alike.iter().any(|other| same(other)) {
            let told: Vec<String> = keys
                .iter()
                .zip(&values)
                .filter_map(|(key, value)| value.map(|value| format!("{key:?}:{}", shown(value))))
                .collect();
            twice(checker, at, item, format!("{{{}}}", told.join(",")));
        } else {
            alike.push(values);
        }
    }
}

/// Whether two values are the same JSON.
pub(super) fn equal(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::List(one), Kind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Kind::Map(one), Kind::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| one.key == other.key && equal(&one.value, &other.value))
        }
        (one_kind, other_kind) => match (one.as_float(), other.as_float()) {
            (Some(one), Some(other)) => one == other,
            _ => one_kind == other_kind,
        },
    }
}

/// A number that equal values share.
fn hash(node: &Node) -> u64 {
    let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    match &node.kind {
        Kind::Text(text) => {
            text.iter().fold(14_695_981_039_346_656_037, |sum, &byte| mix(sum, byte))
        }
        Kind::List(items) => items.iter().fold(3, |sum: u64, item| sum.rotate_left(5) ^ hash(item)),
        Kind::Map(entries) => entries.iter().fold(5, |sum: u64, entry| {
            let key = entry.key.iter().fold(7, |sum, &byte| mix(sum, byte));
            sum.rotate_left(5) ^ key ^ hash(&entry.value)
        }),
        _ => node.as_float().map_or(u64::from(node.is_null()), f64::to_bits),
    }
}
