//! kubectl's JSONPath: `--jsonpath` of `helm show values`.

mod eval;
mod parse;

use plimsoll_gotmpl::Value;

/// A template of text and paths in braces: `{.image.tag}`, `{range .ports[*]}{.name} {end}`.
#[derive(Clone, Debug)]
pub struct JsonPath {
    parts: Vec<Node>,
}

impl JsonPath {
    /// Reads a template; the error is that of Kubernetes' library.
    pub fn parse(text: &str) -> Result<JsonPath, String> {
        parse::parse(text, 0).map(|parts| JsonPath { parts })
    }

    /// Prints what the template finds. Where it fails nothing is printed, as `helm show` does.
    pub fn print(&self, values: &Value, out: &mut Vec<u8>) {
        let mut printed = Vec::new();
        if eval::print(&self.parts, values, &mut printed).is_ok() {
            out.extend_from_slice(&printed);
        }
    }
}

#[derive(Clone, Debug)]
enum Node {
    /// What stands in one pair of braces.
    List(Vec<Node>),
    Text(String),
    Field(String),
    Array([Param; 3]),
    Filter {
        left: Vec<Node>,
        right: Vec<Node>,
        operator: String,
    },
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    Identifier(String),
}

/// Start, end and step of a part of a list.
#[derive(Clone, Copy, Debug, Default)]
struct Param {
    value: Option<i64>,
    /// Whether this end follows from the start alone: `[3]` means `[3:4]`.
    derived: bool,
}
