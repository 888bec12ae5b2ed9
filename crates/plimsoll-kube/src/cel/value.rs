//! Values of expressions. Those of manifests stay where they are in the text.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::ops::Deref;
use std::rc::Rc;

use plimsoll_yaml::Node;

use super::fault::Fault;
use super::net::Url;
use super::object;
use super::semver::Semver;
use crate::crd::Schema;

/// How deep values are compared.
const DEPTH_LIMIT: usize = 200;

/// What an expression yields.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'a>),
    Bytes(Rc<[u8]>),
    /// In nanoseconds.
    Duration(i64),
    Timestamp(jiff::Timestamp),
    List(Rc<Vec<Value<'a>>>),
    Map(Rc<Vec<(Value<'a>, Value<'a>)>>),
    /// A list or a map of a manifest, and its schema if there is one.
    Tree(&'a Node, Option<&'a Schema>),
    Optional(Option<Rc<Value<'a>>>),
    /// A type by its name.
    Kind(Rc<str>),
    Ip(IpAddr),
    Cidr(IpAddr, u8),
    Url(Rc<Url>),
    /// In billionths.
    Quantity(i128),
    Semver(Rc<Semver>),
    Format(&'static str),
}

/// A text of a manifest, of an expression, or one that was made.
#[derive(Clone, Debug)]
pub(crate) enum Text<'a> {
    Here(&'a str),
    Made(Rc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Here(text) => text,
            Text::Made(text) => text,
        }
    }
}

impl<'a> Value<'a> {
    pub(super) fn text(text: impl Into<Rc<str>>) -> Value<'a> {
        Value::Text(Text::Made(text.into()))
    }

    pub(super) fn list(items: Vec<Value<'a>>) -> Value<'a> {
        Value::List(Rc::new(items))
    }

    pub(super) fn some(value: Value<'a>) -> Value<'a> {
        Value::Optional(Some(Rc::new(value)))
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<Vec<Value<'a>>> {
        match self {
            Value::List(items) => Some(items.to_vec()),
            Value::Tree(node, schema) => object::items(node, *schema),
            _ => None,
        }
    }

    /// The entries of a map.
    pub(super) fn entries(&self) -> Option<Vec<(Value<'a>, Value<'a>)>> {
        match self {
            Value::Map(entries) => Some(entries.to_vec()),
            Value::Tree(node, schema) => object::entries(node, *schema),
            _ => None,
        }
    }

    /// How many items, entries, characters or bytes there are.
    pub(super) fn size(&self) -> Option<usize> {
        Some(match self {
            Value::Text(text) => text.chars().count(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(items) => items.len(),
            Value::Map(entries) => entries.len(),
            Value::Tree(node, schema) => object::size(node, *schema),
            _ => return None,
        })
    }

    /// What is found under a key or index; an error of the server's where there is nothing.
    pub(super) fn at(&self, key: &Value<'a>) -> Result<Option<Value<'a>>, Fault> {
        match self {
            Value::List(items) => Ok(index(key)?.and_then(|at| items.get(at).cloned())),
            Value::Map(entries) => {
                for (known, value) in entries.iter() {
                    if known.equals(key, 0)? {
                        return Ok(Some(value.clone()));
                    }
                }
                Ok(None)
            }
            Value::Tree(node, schema) if node.json_kind() == "array" => {
                Ok(index(key)?.and_then(|at| object::item(node, *schema, at)))
            }
            Value::Tree(node, schema) => match key {
                Value::Text(name) => Ok(object::field(node, *schema, name, false)),
                _ => Ok(None),
            },
            _ => Fault::no_overload(),
        }
    }

    /// Whether two values are the same, numbers by their worth.
    pub(super) fn equals(&self, other: &Value<'a>, depth: usize) -> Result<bool, Fault> {
        if depth > DEPTH_LIMIT {
            return Err(Fault::Unknown("the values are nested too deep to compare".to_owned()));
        }
        if let (Some(one), Some(two)) = (self.items(), other.items()) {
            if one.len() != two.len() {
                return Ok(false);
            }
            for (one, two) in one.iter().zip(&two) {
                if !one.equals(two, depth + 1)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        if let (Some(one), Some(two)) = (self.entries(), other.entries()) {
            if one.len() != two.len() {
                return Ok(false);
            }
            for (key, value) in &one {
                match other.at(key)? {
                    Some(other) if value.equals(&other, depth + 1)? => {}
                    _ => return Ok(false),
                }
            }
            return Ok(true);
        }
        Ok(match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Kind(one), Value::Kind(two)) => one == two,
            (Value::Optional(None), Value::Optional(None)) => true,
            (Value::Optional(Some(one)), Value::Optional(Some(two))) => {
                one.equals(two, depth + 1)?
            }
            (Value::Ip(one), Value::Ip(two)) => one == two,
            (Value::Cidr(one, bits), Value::Cidr(two, other)) => one == two && bits == other,
            (Value::Url(one), Value::Url(two)) => one.text == two.text,
            (Value::Quantity(one), Value::Quantity(two)) => one == two,
            (Value::Semver(one), Value::Semver(two)) => one.cmp(two) == Ordering::Equal,
            (Value::Format(one), Value::Format(two)) => one == two,
            _ => self.order(other) == Some(Ordering::Equal),
        })
    }

    /// Which of two values comes first; `None` where they have no order.
    pub(super) fn order(&self, other: &Value<'a>) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(one), Value::Bool(two)) => Some(one.cmp(two)),
            (Value::Text(one), Value::Text(two)) => Some((**one).cmp(&**two)),
            (Value::Bytes(one), Value::Bytes(two)) => Some(one.cmp(two)),
            (Value::Duration(one), Value::Duration(two)) => Some(one.cmp(two)),
            (Value::Timestamp(one), Value::Timestamp(two)) => Some(one.cmp(two)),
            (Value::Int(one), Value::Int(two)) => Some(one.cmp(two)),
            (Value::Uint(one), Value::Uint(two)) => Some(one.cmp(two)),
            (Value::Int(one), Value::Uint(two)) => Some(i128::from(*one).cmp(&i128::from(*two))),
            (Value::Uint(one), Value::Int(two)) => Some(i128::from(*one).cmp(&i128::from(*two))),
            (one, two) => one.number()?.partial_cmp(&two.number()?),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Int(value) => Some(*value as f64),
            Value::Uint(value) => Some(*value as f64),
            Value::Double(value) => Some(*value),
            _ => None,
        }
    }

    /// The type's name, as `type()` knows it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::Text(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::Duration(_) => "google.protobuf.Duration",
            Value::Timestamp(_) => "google.protobuf.Timestamp",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Tree(node, _) if node.json_kind() == "array" => "list",
            Value::Tree(..) => "map",
            Value::Optional(_) => "optional_type",
            Value::Kind(_) => "type",
            Value::Ip(_) => "net.IP",
            Value::Cidr(..) => "net.CIDR",
            Value::Url(_) => "kubernetes.URL",
            Value::Quantity(_) => "kubernetes.Quantity",
            Value::Semver(_) => "kubernetes.Semver",
            Value::Format(_) => "kubernetes.NamedFormat",
        }
    }
}

fn index(key: &Value<'_>) -> Result<Option<usize>, Fault> {
    let at = match key {
        Value::Int(at) => *at,
        Value::Uint(at) => i64::try_from(*at).unwrap_or(i64::MAX),
        Value::Double(at) if at.fract() == 0.0 => *at as i64,
        _ => return Fault::no_overload(),
    };
    Ok(usize::try_from(at).ok())
}
