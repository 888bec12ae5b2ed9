//! The few fields of a document that Helm looks at: its `SimpleHead`.

use plimsoll_gotmpl::Compat;
use plimsoll_source::{FileId, strconv};
use plimsoll_yaml::{Entry, Kind, Node, read_root_entries};

/// helm: manifest.go SimpleHead, decoded as encoding/json decodes structs: keys in any case, the
/// last of equal ones wins, numbers and booleans are taken as text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct SimpleHead {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) annotations: Vec<(String, String)>,
}

impl SimpleHead {
    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        let found = self.annotations.iter().find(|annotation| annotation.0 == key);
        found.map(|annotation| annotation.1.as_str())
    }
}

const METADATA: &str = r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

/// Reads the head of a document; the error is what Helm prints after `YAML parse error on FILE: `.
pub(super) fn read_head(document: &[u8], compat: Compat) -> Result<SimpleHead, String> {
    let root = read_root_entries(document, FileId::NONE, &["apiVersion", "kind", "metadata"])
        .map_err(|error| format!("error converting YAML to JSON: {error}"))?;
    let mut reader = Reader { head: SimpleHead::default(), error: None };
    match &root.kind {
        Kind::Null => {}
        Kind::Map(entries) => reader.root(entries),
        _ => {
            let package = if compat == Compat::Helm3 { "releaseutil" } else { "util" };
            let kind = root.json_kind();
            reader.fail(format!(
                "cannot unmarshal {kind} into Go value of type {package}.SimpleHead"
            ));
        }
    }
    match reader.error {
        None => Ok(reader.head),
        Some(error) => Err(format!("error unmarshaling JSON: while decoding JSON: json: {error}")),
    }
}

struct Reader {
    head: SimpleHead,
    /// encoding/json goes on after a type that does not fit and returns the first such error.
    error: Option<String>,
}

impl Reader {
    fn fail(&mut self, error: String) {
        self.error.get_or_insert(error);
    }

    fn wrong(&mut self, node: &Node, field: &str, ty: &str) {
        let kind = node.json_kind();
        self.fail(format!("cannot unmarshal {kind} into Go struct field {field} of type {ty}"));
    }

    fn root(&mut self, entries: &[Entry]) {
        for Entry { key, value: node, .. } in entries {
            if key.eq_ignore_ascii_case(b"apiVersion") {
                if let Some(text) = self.text(node, "SimpleHead.apiVersion") {
                    self.head.api_version = text;
                }
            } else if key.eq_ignore_ascii_case(b"kind") {
                if let Some(text) = self.text(node, "SimpleHead.kind") {
                    self.head.kind = text;
                }
            } else if key.eq_ignore_ascii_case(b"metadata") {
                self.metadata(node);
            }
        }
    }

    fn metadata(&mut self, node: &Node) {
        match &node.kind {
            Kind::Map(entries) => {
                for Entry { key, value: node, .. } in entries {
                    if key.eq_ignore_ascii_case(b"name") {
                        if let Some(text) = self.text(node, ".metadata.name") {
                            self.head.name = text;
                        }
                    } else if key.eq_ignore_ascii_case(b"annotations") {
                        self.annotations(node);
                    }
                }
            }
            Kind::Null => {
                self.head.name.clear();
                self.head.annotations.clear();
            }
            _ => self.wrong(node, "SimpleHead.metadata", METADATA),
        }
    }

    fn annotations(&mut self, node: &Node) {
        const FIELD: &str = ".metadata.annotations";
        match &node.kind {
            Kind::Map(entries) => {
                for Entry { key, value: node, .. } in entries {
                    let text = match &node.kind {
                        Kind::Null => Some(String::new()),
                        _ => self.text(node, FIELD),
                    };
                    let text = text.unwrap_or_default();
                    let key = String::from_utf8_lossy(key).into_owned();
                    self.head.annotations.retain(|annotation| annotation.0 != key);
                    self.head.annotations.push((key, text));
                }
            }
            Kind::Null => self.head.annotations.clear(),
            _ => self.wrong(node, FIELD, "map[string]string"),
        }
    }

    /// A scalar as text; null leaves the field as it is.
    fn text(&mut self, node: &Node, field: &str) -> Option<String> {
        match &node.kind {
            Kind::Null => None,
            Kind::Bool(value) => Some(value.to_string()),
            Kind::Int(value) => Some(value.to_string()),
            Kind::Uint(value) => Some(value.to_string()),
            Kind::Float(value) => Some(strconv::format_float(*value, b'g', -1, 64)),
            Kind::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            Kind::List(_) | Kind::Map(_) => {
                self.wrong(node, field, "string");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, read: impl Fn(&SimpleHead) -> String, expected: &str) {
        let head = read_head(document.as_bytes(), Compat::Helm4).expect("the head is fine");
        assert_eq!(read(&head), expected, "{document}");
    }

    fn refused(document: &str, expected: &str) {
        let error = read_head(document.as_bytes(), Compat::Helm4).expect_err("it is refused");
        let error = error.replace("error unmarshaling JSON: while decoding JSON: json: ", "");
        assert_eq!(error.replace("cannot unmarshal ", ""), expected, "{document}");
    }

    #[test]
    fn scalars_are_taken_as_text_and_keys_in_any_case() {
        check("kind: 5\nKIND: A\n", |head| head.kind.clone(), "5");
        check("apiVersion: 1.10\n", |head| head.api_version.clone(), "1.1");
        let hook = |head: &SimpleHead| head.annotation("helm.sh/hook").unwrap_or("-").to_owned();
        check("METADATA:\n  ANNOTATIONS:\n    helm.sh/hook: true\n", hook, "true");
        check("metadata:\n  annotations:\n    HELM.SH/HOOK: test\n", hook, "-");
        check("# nothing\n", hook, "-");
    }

    #[test]
    fn what_does_not_fit_is_said_as_go_says_it() {
        refused("- a\n", "array into Go value of type util.SimpleHead");
        refused(
            "kind: [a]\nmetadata: x\n",
            "array into Go struct field SimpleHead.kind of type string",
        );
        refused(
            "metadata:\n  annotations:\n    a: {x: 1}\n",
            "object into Go struct field .metadata.annotations of type string",
        );
        refused(
            "metadata: 5\n",
            &format!("number into Go struct field SimpleHead.metadata of type {METADATA}"),
        );
    }
}
