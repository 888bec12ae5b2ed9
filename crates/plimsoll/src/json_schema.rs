//! A JSON schema of a catalog, checked with the `jsonschema` crate. Nothing is fetched, patterns never
//! look back, and references that turn in circles or multiply are refused before anything is compiled.

use std::collections::BTreeMap;

use jsonschema::{PatternOptions, Retrieve, Uri, Validator};
use plimsoll_kube::{Kind, Node};
use serde_json::Value;

/// How large a compiled pattern may be, in bytes.
const PATTERN_LIMIT: usize = 4 << 20;

/// How deep an object may be nested.
const DEPTH_LIMIT: usize = 1000;

/// What references to other documents are relative to.
const BASE: &str = "schema:///";

/// How many schemas one value may have to be checked against.
const WORK_LIMIT: u64 = 100_000;

/// How many faults of one object are told.
const MOST_FAULTS: usize = 500;

/// A schema that objects are checked against.
#[derive(Debug)]
pub(crate) struct JsonSchema(Validator);

impl JsonSchema {
    /// Reads a schema of JSON. The error says what is wrong with it.
    pub(crate) fn read(text: &[u8]) -> Result<JsonSchema, String> {
        let schema: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        work(&schema, &schema, &mut BTreeMap::new(), 0)?;
        let options = jsonschema::options()
            .with_retriever(Nowhere)
            .with_base_uri(BASE)
            .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_LIMIT));
        options.build(&schema).map(JsonSchema).map_err(|error| error.masked().to_string())
    }

    /// What does not fit: the keys and indices that lead there, and why.
    pub(crate) fn faults(&self, object: &Node) -> Vec<(Vec<String>, String)> {
        let Some(instance) = json(object, 0) else {
            return vec![(Vec::new(), format!("is nested deeper than {DEPTH_LIMIT}"))];
        };
        let told = self.0.iter_errors(&instance).take(MOST_FAULTS);
        told.map(|error| {
            let at = error.instance_path().as_str().split('/').skip(1);
            (at.map(unescaped).collect(), error.masked().to_string())
        })
        .collect()
    }
}

/// Where references to other documents lead.
struct Nowhere;

impl Retrieve for Nowhere {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let place = uri.as_str().strip_prefix(BASE).unwrap_or(uri.as_str());
        Err(format!("`$ref` to `{place}`: other documents are not read").into())
    }
}

/// A step of a JSON pointer.
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn json(node: &Node, depth: usize) -> Option<Value> {
    if depth > DEPTH_LIMIT {
        return None;
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some(match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Int(value) => (*value).into(),
        Kind::Uint(value) => (*value).into(),
        Kind::Float(value) => (*value).into(),
        Kind::Text(value) => text(value).into(),
        Kind::List(items) => {
            items.iter().map(|item| json(item, depth + 1)).collect::<Option<_>>()?
        }
        Kind::Map(entries) => {
            let entry = |entry: &plimsoll_kube::Entry| {
                Some((text(&entry.key), json(&entry.value, depth + 1)?))
            };
            Value::Object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
    })
}

/// How many schemas a value is checked against where it stands, for each schema of a document: an
/// error where one of them asks itself, or where there are too many.
fn work<'s>(
    root: &'s Value,
    schema: &'s Value,
    known: &mut BTreeMap<*const Value, Option<u64>>,
    depth: usize,
) -> Result<u64, String> {
    if depth > DEPTH_LIMIT {
        return Err("references in it lie too deep".to_owned());
    }
    let key = std::ptr::from_ref(schema);
    match known.get(&key) {
        Some(Some(work)) => return Ok(*work),
        Some(None) => return Err("references in it turn in circles".to_owned()),
        None => {}
    }
    known.insert(key, None);
    let mut sum = 1;
    for inner in in_place(root, schema) {
        sum += work(root, inner, known, depth + 1)?;
        if sum > WORK_LIMIT {
            return Err("references in it multiply beyond measure".to_owned());
        }
    }
    known.insert(key, Some(sum));
    // What stands below is another value's, and may ask for this schema again.
    for inner in below(schema) {
        if !known.contains_key(&std::ptr::from_ref(inner)) {
            work(root, inner, known, depth + 1)?;
        }
    }
    Ok(sum)
}

/// The schemas that are asked of the same value.
fn in_place<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let target = ["$ref", "$dynamicRef", "$recursiveRef"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_str()?.strip_prefix('#'))
        .filter_map(|pointer| root.pointer(pointer));
    let lists = ["allOf", "anyOf", "oneOf"];
    let listed = lists.into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    let single = ["not", "if", "then", "else"].into_iter().filter_map(|key| schema.get(key));
    let named = schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
    target.chain(listed).chain(single).chain(named.map(|(_, inner)| inner)).collect()
}

/// All that stands within a schema.
fn below(schema: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match schema {
        Value::Object(fields) => Box::new(fields.values()),
        Value::Array(items) => Box::new(items.iter()),
        _ => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    #[track_caller]
    fn check(schema: &str, object: &str, want: &[&str]) {
        let object = plimsoll_yaml::read(object.as_bytes(), FileId(0)).unwrap();
        let got: Vec<String> = match JsonSchema::read(schema.as_bytes()) {
            Ok(schema) => schema
                .faults(&object)
                .into_iter()
                .map(|(at, why)| format!("{}: {why}", at.join(".")))
                .collect(),
            Err(error) => vec![error],
        };
        assert_eq!(got, want, "{schema}");
    }

    #[test]
    fn faults_have_their_place_and_keep_values_to_themselves() {
        let schema = r#"{"properties":{"a":{"items":{"type":"integer"}},"b/c":{"minLength":2}},"additionalProperties":false}"#;
        check(
            schema,
            "{a: [1, secret], b/c: x}",
            &["a.1: value is not of type \"integer\"", "b/c: value is shorter than 2 characters"],
        );
        check(schema, "{a: [1], b/c: xy}", &[]);
        check("{", "{}", &["EOF while parsing an object at line 1 column 1"]);
    }

    #[test]
    fn references_stay_within_the_document() {
        let tree = r##"{"$defs":{"tree":{"properties":{"next":{"$ref":"#/$defs/tree"}},"required":["a"]}},"$ref":"#/$defs/tree"}"##;
        check(tree, "{a: 1, next: {a: 1}}", &[]);
        check(tree, "{a: 1, next: {}}", &["next: \"a\" is a required property"]);
        for place in ["https://x.example/a.json", "file:///etc/passwd", "other.json#/a"] {
            let schema = format!(r#"{{"$ref":"{place}"}}"#);
            let error = JsonSchema::read(schema.as_bytes()).unwrap_err();
            assert!(error.contains("other documents are not read"), "{error}");
        }
    }

    #[test]
    fn hostile_schemas_are_refused() {
        let circle = ["references in it turn in circles"];
        check(r##"{"$ref":"#"}"##, "{}", &circle);
        check(r##"{"allOf":[{"anyOf":[{"$ref":"#/allOf/0"}]}]}"##, "{}", &circle);
        check(r##"{"properties":{"a":{"not":{"$ref":"#/properties/a"}}}}"##, "{}", &circle);
        let twice: Vec<String> = (0..40)
            .map(|at| format!(r##""a{at}":{{"allOf":[{{"$ref":"#/$defs/a{0}"}},{{"$ref":"#/$defs/a{0}"}}]}}"##, at + 1))
            .collect();
        let schema =
            format!(r##"{{"$defs":{{{},"a40":{{}}}},"$ref":"#/$defs/a0"}}"##, twice.join(","));
        check(&schema, "{}", &["references in it multiply beyond measure"]);
        let back = JsonSchema::read(br#"{"pattern":"(a+)+\\1$"}"#).unwrap_err();
        assert!(back.contains("regex"), "{back}");
        let slow = format!("{}b", "a".repeat(5000));
        check(r#"{"pattern":"^(a+)+$"}"#, &slow, &[": value does not match \"^(a+)+$\""]);
        let chain: Vec<String> =
            (0..5000).map(|at| format!(r##""a{at}":{{"$ref":"#/$defs/a{}"}}"##, at + 1)).collect();
        let schema =
            format!(r##"{{"$defs":{{{},"a5000":{{}}}},"$ref":"#/$defs/a0"}}"##, chain.join(","));
        check(&schema, "{}", &["references in it lie too deep"]);
        let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
        check("{}", &deep, &[": is nested deeper than 1000"]);
    }
}
