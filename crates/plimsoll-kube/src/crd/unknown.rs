use plimsoll_source::Span;
use plimsoll_yaml::{Kind, Node};

use super::schema::{Items, Schema};

/// How deep objects are looked into.
const DEPTH_LIMIT: usize = 1000;

/// A field that the schema does not name, by its path in the server's words.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) path: String,
    pub(crate) span: Span,
    /// The nearest fields that there are.
    pub(crate) known: Vec<String>,
}

/// The fields that the server would drop, and so refuses when it is strict. The root's metadata is
/// not looked into: it has a type of its own.
pub(crate) fn unknown_fields(root: &Node, schema: &Schema) -> Vec<Unknown> {
    let mut found = Vec::new();
    let nothing = Schema::default();
    walk(root, (schema, &nothing), &mut Vec::new(), &mut found);
    found
}

/// A step on the way, written only where something is found.
enum Step<'n> {
    Key(&'n [u8]),
    Index(usize),
}

fn written(path: &[Step<'_>]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Index(at) => out.push_str(&format!("[{at}]")),
            Step::Key(key) => {
                out.push_str(if out.is_empty() { "" } else { "." });
                out.push_str(&String::from_utf8_lossy(key));
            }
        }
    }
    out
}

fn walk<'n>(
    node: &'n Node,
    (schema, nothing): (&Schema, &Schema),
    path: &mut Vec<Step<'n>>,
    found: &mut Vec<Unknown>,
) {
    if path.len() > DEPTH_LIMIT {
        return;
    }
    match &node.kind {
        Kind::List(list) => {
            let items = match &schema.items {
                Some(Items::Of(items)) => items,
                None if !schema.preserve => nothing,
                _ => return,
            };
            for (at, item) in list.iter().enumerate() {
                path.push(Step::Index(at));
                walk(item, (items, nothing), path, found);
                path.pop();
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                let implied =
                    schema.embedded && matches!(&*entry.key, b"apiVersion" | b"kind" | b"metadata");
                if implied {
                    continue;
                }
                let inner = schema.property(&entry.key).or(match &schema.additional {
                    Some(Items::Of(schema)) => Some(schema),
                    _ => None,
                });
                let any = schema.preserve || matches!(schema.additional, Some(Items::Any));
                path.push(Step::Key(&entry.key));
                match inner {
                    Some(inner) => walk(&entry.value, (inner, nothing), path, found),
                    None if any => {}
                    None => found.push(Unknown {
                        path: written(path),
                        span: entry.key_span,
                        known: schema
                            .properties
                            .iter()
                            .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
                            .collect(),
                    }),
                }
                path.pop();
            }
        }
        _ => {}
    }
}
