//! Strict decoding as the server does it: what is no field, what has the wrong type, what does not
//! parse. Types are wrong in order of keys, the first one ends it; unknown fields are all told.

use plimsoll_source::Severity;
use plimsoll_source::encoding::decode_base64;
use plimsoll_yaml::{Kind, Node};

use super::cx::Cx;
use super::list_keys;
use super::problem::Problem;
use super::suggest;
use super::value::{quantity, time};
use crate::schema::{Body, Leaf, ListType, Shape, Type, find_type};

/// How deep structs may lie in each other; schemas of CRDs are the only ones without an end.
const DEPTH_LIMIT: usize = 400;

/// Decodes an object into its type.
pub(super) fn decode(cx: &mut Cx<'_>, root: Type) {
    let mut decoder = Decoder { cx, depth: 0, stopped: false, lenient: false, parents: Vec::new() };
    let node = decoder.cx.root;
    decoder.strukt(node, root);
}

/// Decodes a part of an object, such as the metadata of a custom resource.
pub(super) fn decode_part(cx: &mut Cx<'_>, node: &Node, name: &str) {
    let Some(root) = find_type(name) else { return };
    let mut decoder = Decoder { cx, depth: 0, stopped: false, lenient: false, parents: Vec::new() };
    decoder.strukt(node, root);
}

struct Decoder<'c, 'a> {
    cx: &'c mut Cx<'a>,
    depth: usize,
    /// A wrong type was met: nothing behind it is looked at.
    stopped: bool,
    /// Within lists of schemas and the like, which decode by another way, nothing is unknown.
    lenient: bool,
    /// The bodies that lie above, for the hint about indentation.
    parents: Vec<Body>,
}

impl Decoder<'_, '_> {
    fn strukt(&mut self, node: &Node, name: Type) {
        let Some(body) = name.body(self.cx.minor) else { return };
        let entries = match &node.kind {
            Kind::Null => return,
            Kind::Map(entries) => entries,
            _ => return self.wrong_type(node, &go_name(name)),
        };
        if self.depth >= DEPTH_LIMIT {
            return self.stop(node, "exceeded max depth".to_owned());
        }
        self.depth += 1;
        self.parents.push(body);
        let mut fields = body.cursor();
        for entry in entries {
            if self.stopped {
                break;
            }
            match fields.seek(&entry.key) {
                Some(field) => self.shape(&entry.value, field.shape()),
                None if self.lenient => {}
                None => self.unknown(node, &entry.key, entry.key_span, body),
            }
        }
        self.parents.pop();
        self.depth -= 1;
    }

    fn shape(&mut self, node: &Node, shape: Shape) {
        if node.is_null() {
            return;
        }
        match (shape, &node.kind) {
            (Shape::Leaf(leaf), _) => self.leaf(node, leaf),
            (Shape::Type(name), _) => self.strukt(node, name),
            (Shape::Map(inner), Kind::Map(entries)) => {
                for entry in entries {
                    if self.stopped {
                        return;
                    }
                    self.shape(&entry.value, inner.shape());
                }
            }
            (Shape::List(inner, sort), Kind::List(items)) => {
                for item in items {
                    if self.stopped {
                        return;
                    }
                    self.shape(item, inner.shape());
                }
                if let ListType::Map(keys) = sort {
                    list_keys::check(self.cx, items, inner.shape(), keys);
                }
            }
            (shape, _) => self.wrong_type(node, &go_type(shape)),
        }
    }

    fn leaf(&mut self, node: &Node, leaf: Leaf) {
        match (leaf, &node.kind) {
            (Leaf::Any, _)
            | (Leaf::String | Leaf::IntOrString, Kind::Text(_))
            | (Leaf::Bool | Leaf::SchemaOrBool, Kind::Bool(_))
            | (Leaf::Double, Kind::Int(_) | Kind::Uint(_) | Kind::Float(_)) => {}
            (Leaf::Int32 | Leaf::IntOrString, _) => {
                self.integer(node, i32::MIN.into(), i32::MAX.into(), "int32");
            }
            (Leaf::Int64, _) => self.integer(node, i64::MIN, i64::MAX, "int64"),
            (Leaf::Bytes, Kind::Text(text)) => {
                if let Err(at) = decode_base64(text) {
                    self.stop(node, format!("illegal base64 data at input byte {at}"));
                }
            }
            (Leaf::Bytes, Kind::List(items)) if items.iter().all(is_byte) => {}
            (Leaf::Time | Leaf::MicroTime, Kind::Text(text)) => {
                let text = String::from_utf8_lossy(text);
                if let Err(message) = time(&text, leaf == Leaf::MicroTime) {
                    self.stop(node, message);
                }
            }
            (Leaf::Time | Leaf::MicroTime, _) => {
                let kind = node.json_kind();
                self.stop(
                    node,
                    format!("json: cannot unmarshal {kind} into Go value of type string"),
                );
            }
            (Leaf::Quantity, _) => self.quantity(node),
            (Leaf::SchemaOrBool | Leaf::SchemaOrArray | Leaf::SchemaOrStrings, _) => {
                self.schema_or(node, leaf);
            }
            _ => self.wrong_type(node, &go_type(Shape::Leaf(leaf))),
        }
    }

    fn integer(&mut self, node: &Node, least: i64, most: i64, name: &str) {
        let good = match node.kind {
            Kind::Int(value) => least <= value && value <= most,
            // A float without a fraction is written without one on its way through JSON.
            Kind::Float(value) => {
                value.fract() == 0.0
                    && value >= least as f64
                    && value <= most as f64
                    && value.abs() < 9.3e18
            }
            _ => false,
        };
        if !good {
            self.wrong_type(node, name);
        }
    }

    fn quantity(&mut self, node: &Node) {
        let good = match &node.kind {
            Kind::Text(text) => {
                std::str::from_utf8(text).is_ok_and(|text| quantity(text.trim_matches(' ')).is_ok())
            }
            Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => true,
            _ => false,
        };
        if !good {
            let message = match &node.kind {
                Kind::Text(text) => quantity(String::from_utf8_lossy(text).trim_matches(' ')).err(),
                _ => None,
            };
            self.stop(node, message.unwrap_or(super::value::QUANTITY_FORM).to_owned());
        }
    }

    fn schema_or(&mut self, node: &Node, leaf: Leaf) {
        let schema = find_type("apiextensions.v1.JSONSchemaProps");
        let was_lenient = std::mem::replace(&mut self.lenient, true);
        self.schema_or_inner(node, leaf, schema);
        self.lenient = was_lenient;
    }

    fn schema_or_inner(&mut self, node: &Node, leaf: Leaf, schema: Option<Type>) {
        match (&node.kind, leaf, schema) {
            (Kind::Map(_), _, Some(schema)) => self.strukt(node, schema),
            (Kind::List(items), Leaf::SchemaOrArray, Some(schema)) => {
                for item in items {
                    if !self.stopped {
                        self.strukt(item, schema);
                    }
                }
            }
            (Kind::List(items), Leaf::SchemaOrStrings, _) => {
                for item in items {
                    if !self.stopped && !item.is_null() {
                        self.leaf(item, Leaf::String);
                    }
                }
            }
            (_, Leaf::SchemaOrBool, _) => {
                self.stop(node, "boolean or JSON schema expected".to_owned());
            }
            // Anything else decodes into nothing.
            _ => {}
        }
    }

    fn unknown(&mut self, node: &Node, key: &[u8], span: plimsoll_source::Span, body: Body) {
        if self.cx.is_full_of(Severity::Error) {
            return;
        }
        let key = String::from_utf8_lossy(key);
        let path = super::path::join(&dotted(self.cx, node), &key);
        let above: &[Body] = &self.parents[..self.parents.len() - 1];
        self.cx.problems.push(Problem {
            rule: "unknown-field",
            severity: Severity::Error,
            message: format!("strict decoding error: unknown field \"{path}\""),
            path,
            span,
            help: suggest::field(&key, body, above, self.cx.minor),
        });
    }

    fn wrong_type(&mut self, node: &Node, want: &str) {
        let kind = match (&node.kind, want) {
            (Kind::Int(_) | Kind::Uint(_) | Kind::Float(_), "int32" | "int64") => {
                format!("number {}", super::cx::shown(node))
            }
            _ => node.json_kind().to_owned(),
        };
        let owner = self.parents.last().map_or(String::new(), |body| go_name(body.owner()));
        let owner = owner.rsplit('.').next().unwrap_or_default().to_owned();
        let path: String = self
            .cx
            .steps(node)
            .iter()
            .filter_map(|step| match step {
                super::path::Step::Key(key) => Some(format!(".{}", String::from_utf8_lossy(key))),
                super::path::Step::Index(_) => None,
            })
            .collect();
        self.stop(
            node,
            format!(
                "json: cannot unmarshal {kind} into Go struct field {owner}{path} of type {want}"
            ),
        );
    }

    fn stop(&mut self, node: &Node, message: String) {
        self.stopped = true;
        let path = self.cx.path(node);
        self.cx.problems.push(Problem {
            rule: "decode",
            severity: Severity::Error,
            path,
            message,
            span: node.span,
            help: String::new(),
        });
    }
}

/// The server's decoder writes keys of maps like fields.
fn dotted(cx: &Cx<'_>, node: &Node) -> String {
    super::path::write(&cx.steps(node), None, cx.minor)
}

fn is_byte(node: &Node) -> bool {
    matches!(node.kind, Kind::Int(0..=255))
}

/// `v1.Container`, as Go calls `core.v1.Container`.
fn go_name(name: Type) -> String {
    let words: Vec<&str> = name.name().rsplitn(3, '.').collect();
    match words[..] {
        [name, version, _] => format!("{version}.{name}"),
        _ => name.name().to_owned(),
    }
}

fn go_type(shape: Shape) -> String {
    match shape {
        Shape::Type(name) => go_name(name),
        Shape::Map(inner) => format!("map[string]{}", go_type(inner.shape())),
        Shape::List(inner, _) => format!("[]{}", go_type(inner.shape())),
        Shape::Leaf(leaf) => match leaf {
            Leaf::String => "string",
            Leaf::Bool => "bool",
            Leaf::Int32 => "int32",
            Leaf::Int64 => "int64",
            Leaf::Double => "float64",
            Leaf::Bytes => "[]uint8",
            Leaf::Time => "v1.Time",
            Leaf::MicroTime => "v1.MicroTime",
            Leaf::Quantity => "resource.Quantity",
            Leaf::IntOrString => "intstr.IntOrString",
            _ => "v1.JSON",
        }
        .to_owned(),
    }
}
