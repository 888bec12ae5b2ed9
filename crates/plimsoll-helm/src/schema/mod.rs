//! Checks values against `values.schema.json`, in the words of the library that Helm uses
//! (santhosh-tekuri/jsonschema): drafts 4 to 2020-12, formats not asserted, nothing fetched.

mod check;
mod keywords;
mod meta;
mod outside;
mod plain;
mod quick;
mod refs;

use plimsoll_funcs::json::{Target, decode};
use plimsoll_gotmpl::{Map, Value};

use self::check::{Checker, Failure};
pub use self::outside::LoadSchema;
pub(crate) use self::refs::Schema;

/// Checks a chart's values against the bytes of its schema. The error is Helm's text for one
/// chart: it ends in a line break where the values are at fault, and in none where the schema is.
pub fn validate(schema: &[u8], values: &Map) -> Result<(), String> {
    validate_with(schema, values, None)
}

/// The same, where schemas that are referred to over http may be loaded.
pub fn validate_with(
    schema: &[u8],
    values: &Map,
    load: Option<LoadSchema<'_>>,
) -> Result<(), String> {
    Schema::read(schema, load)?.validate(values)
}

impl Schema {
    /// Reads a schema of JSON. The error says what is wrong with it.
    pub(crate) fn read(text: &[u8], load: Option<LoadSchema<'_>>) -> Result<Schema, String> {
        if text.trim_ascii().is_empty() {
            return Err("EOF".to_owned());
        }
        let root = decode(text, Target::Any).map_err(|error| streamed(error.message))?;
        let draft = root.as_map().and_then(|map| map.get(b"$schema"));
        let draft = draft.as_ref().and_then(Value::as_text).map(|text| text.to_str_lossy());
        let draft = draft.as_deref().unwrap_or_default();
        if !plain::is_schema(&root, draft.contains("draft-04"), 0) {
            meta::check(&root, draft)?;
        }
        let mut schema = Schema::new(root);
        load.map_or(Ok(()), |load| schema.load_others(load))?;
        schema.check_refs()?;
        Ok(schema)
    }

    /// Checks a chart's values, as [`validate`] does.
    pub(crate) fn validate(&self, values: &Map) -> Result<(), String> {
        let instance = Value::map(values.clone());
        if quick::surely_fits(self, &instance) {
            return Ok(());
        }
        let checker = Checker::new(self);
        match checker.check_all(&instance) {
            None => Ok(()),
            Some(failure) if failure.is_group() => Err(printed(&failure.causes)),
            Some(failure) => Err(printed(&[failure])),
        }
    }
}

/// The words of a decoder that reads a stream, as the library's does.
fn streamed(error: String) -> String {
    if error == "unexpected end of JSON input" {
        return "unexpected EOF".to_owned();
    }
    if error.ends_with(" after top-level value") {
        return "invalid character after top-level value".to_owned();
    }
    error
}

fn printed(failures: &[Failure]) -> String {
    let mut text = String::new();
    for failure in failures {
        failure.print(0, &mut text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &str, values: &str, expected: &str) {
        let values = decode(values.as_bytes(), Target::Map).expect("the values are JSON");
        let Value::Map(_, values) = values else { panic!("the values are a map") };
        let got = validate(schema.as_bytes(), &values).err().unwrap_or_default();
        assert_eq!(got, expected, "{schema}");
    }

    #[test]
    fn types_and_names_are_said() {
        let schema = r#"{"required":["b"],"properties":{"a":{"type":["integer","null"]}}}"#;
        check(
            schema,
            r#"{"a":"x"}"#,
            "- at '': missing property 'b'\n- at '/a': got string, want null or integer\n",
        );
        check(schema, r#"{"a":1,"b":1}"#, "");
    }

    #[test]
    fn several_failures_of_one_place_are_a_group() {
        check(
            r#"{"required":["q"],"properties":{"d":{"required":["x","y"],"additionalProperties":false}}}"#,
            r#"{"d":{"e":1}}"#,
            "- at '': missing property 'q'\n- at '/d': validation failed\n  - at '/d': missing properties 'x', 'y'\n  - at '/d': \
             additional properties 'e' not allowed\n",
        );
    }

    #[test]
    fn references_are_followed() {
        let schema = r##"{"$ref":"#/$defs/a","$defs":{"a":{"properties":{"n":{"maximum":5}}}}}"##;
        check(schema, r#"{"n":70000}"#, "- at '/n': maximum: got 70,000, want 5\n");
        let large = "- at '/n': maximum: got 9.9999999×10⁰⁷, want 5\n";
        check(schema, r#"{"n":99999999}"#, large);
        let schema = r##"{"properties":{"n":{"$ref":"#"}}}"##;
        check(schema, r#"{"n":{"n":{}}}"#, "");
    }

    #[test]
    fn what_cannot_be_read_or_loaded_is_said() {
        check("", "{}", "EOF");
        check("{bad", "{}", "invalid character 'b' looking for beginning of object key string");
        check(
            r#"{"$ref":"./other.json"}"#,
            "{}",
            "failing loading \"file:///other.json\": open /other.json: no such file or directory",
        );
    }

    #[test]
    fn circles_of_references_are_failures() {
        check(r##"{"$ref":"#"}"##, "{}", "- at '': `#` causes a reference cycle\n");
        let twice = r##"{"allOf":[{"$ref":"#"},{"$ref":"#"}]}"##;
        let why = "  - at '': `#` causes a reference cycle\n";
        check(twice, "{}", &format!("- at '': 'allOf' failed\n{why}{why}"));
        // What comes back with a step into the values is no circle.
        check(r##"{"additionalProperties":{"$ref":"#"}}"##, r#"{"a":{"b":{}}}"#, "");
        check(
            r##"{"propertyNames":{"$ref":"#/$defs/n"},"$defs":{"n":{"type":"string"}}}"##,
            r#"{"a":1}"#,
            "",
        );
    }

    #[test]
    fn doubled_references_end() {
        let each = |at: u32| {
            format!(
                r##""a{at}":{{"allOf":[{{"$ref":"#/$defs/a{0}"}},{{"$ref":"#/$defs/a{0}"}}]}}"##,
                at + 1
            )
        };
        let defs: Vec<String> = (0..60).map(each).collect();
        let schema =
            format!(r##"{{"$ref":"#/$defs/a0","$defs":{{{},"a60":true}}}}"##, defs.join(","));
        let Value::Map(_, values) = Value::map(plimsoll_gotmpl::Map::new()) else {
            panic!("it is a map")
        };
        let failure = validate(schema.as_bytes(), &values).expect_err("it is too much");
        assert!(failure.contains("the schema asks for more than"), "{failure}");
    }

    #[test]
    fn choices_say_why_none_fits() {
        check(
            r#"{"anyOf":[{"required":["w"]}],"oneOf":[{"required":["q"]},{"type":"string"}]}"#,
            "{}",
            "- at '': 'anyOf' failed\n  - at '': missing property 'w'\n- at '': 'oneOf' failed, \
             none matched\n  - at '': missing property 'q'\n  - at '': got object, want string\n",
        );
    }
}
