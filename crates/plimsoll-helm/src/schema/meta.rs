//! What schemas themselves must look like, as far as mistakes in charts' schemas show it.

use plimsoll_funcs::json::{Target, decode};
use plimsoll_gotmpl::Value;

use super::check::Checker;
use super::printed;
use super::refs::Schema;

/// Checks a schema against the schema of its draft; the error is the library's text.
pub(super) fn check(root: &Value, draft: &str) -> Result<(), String> {
    let path = draft.trim_end_matches('#');
    let path = path.strip_prefix("http://").or(path.strip_prefix("https://")).unwrap_or(path);
    let (name, text) = match path {
        "json-schema.org/draft-04/schema" => ("http://json-schema.org/draft-04/schema", OLD_4),
        "json-schema.org/draft-06/schema" => ("http://json-schema.org/draft-06/schema", OLD),
        "json-schema.org/draft-07/schema" => ("http://json-schema.org/draft-07/schema", OLD),
        "json-schema.org/draft/2019-09/schema" => {
            ("https://json-schema.org/draft/2019-09/schema", NEW)
        }
        _ => ("https://json-schema.org/draft/2020-12/schema", NEW),
    };
    // Draft 2019-09 has a list of schemas under `items` still.
    let text = if name.contains("2019-09") {
        text.replace(ITEMS, r##""items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/$defs/list"}]},"##)
    } else {
        text.to_owned()
    };
    let Ok(meta) = decode(text.as_bytes(), Target::Any) else { return Ok(()) };
    let meta = Schema::new(meta);
    let checker = Checker::new(&meta);
    let Some(failure) = checker.check_all(root) else { return Ok(()) };
    let lines = printed(&failure.into_causes());
    Err(format!(
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation \
         failed with '{name}#'\n{}",
        lines.trim_end_matches('\n')
    ))
}

const ITEMS: &str = r##""items": {"$ref": "#"},"##;

/// Drafts from 2019-09 on, in three vocabularies.
const NEW: &str = r##"{
"type": ["object", "boolean"],
"allOf": [
  {"properties": {
    "$id": {"type": "string"}, "$schema": {"type": "string"}, "$ref": {"type": "string"},
    "$anchor": {"type": "string"}, "$comment": {"type": "string"}, "$defs": {"$ref": "#/$defs/map"}}},
  {"properties": {
    "items": {"$ref": "#"},
    "prefixItems": {"$ref": "#/$defs/list"},
    "contains": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}, "additionalItems": {"$ref": "#"},
    "properties": {"$ref": "#/$defs/map"}, "patternProperties": {"$ref": "#/$defs/map"},
    "dependentSchemas": {"$ref": "#/$defs/map"}, "propertyNames": {"$ref": "#"},
    "if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}, "not": {"$ref": "#"},
    "allOf": {"$ref": "#/$defs/list"}, "anyOf": {"$ref": "#/$defs/list"},
    "oneOf": {"$ref": "#/$defs/list"}}},
  {"properties": {
    "unevaluatedItems": {"$ref": "#"}, "unevaluatedProperties": {"$ref": "#"}}},
  {"properties": {
    "type": {"anyOf": [{"$ref": "#/$defs/type"},
      {"type": "array", "items": {"$ref": "#/$defs/type"}, "minItems": 1, "uniqueItems": true}]},
    "enum": {"type": "array"}, "multipleOf": {"type": "number", "exclusiveMinimum": 0},
    "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
    "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
    "maxLength": {"$ref": "#/$defs/count"}, "minLength": {"$ref": "#/$defs/count"},
    "pattern": {"type": "string"}, "maxItems": {"$ref": "#/$defs/count"},
    "minItems": {"$ref": "#/$defs/count"}, "uniqueItems": {"type": "boolean"},
    "maxContains": {"$ref": "#/$defs/count"}, "minContains": {"$ref": "#/$defs/count"},
    "maxProperties": {"$ref": "#/$defs/count"}, "minProperties": {"$ref": "#/$defs/count"},
    "required": {"$ref": "#/$defs/names"},
    "dependentRequired": {"type": "object", "additionalProperties": {"$ref": "#/$defs/names"}}}},
  {"properties": {
    "title": {"type": "string"}, "description": {"type": "string"}, "deprecated": {"type": "boolean"},
    "readOnly": {"type": "boolean"}, "writeOnly": {"type": "boolean"}, "examples": {"type": "array"}}},
  {"properties": {"format": {"type": "string"}}}],
"$defs": {
  "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
  "list": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
  "count": {"type": "integer", "minimum": 0},
  "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
  "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}}
}"##;

/// Drafts 6 and 7.
const OLD: &str = r##"{
"$schema": "http://json-schema.org/draft-07/schema#",
"type": ["object", "boolean"],
"properties": {
  "$id": {"type": "string"}, "$schema": {"type": "string"}, "$ref": {"type": "string"},
  "$comment": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"},
  "readOnly": {"type": "boolean"}, "examples": {"type": "array"},
  "multipleOf": {"type": "number", "exclusiveMinimum": 0},
  "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
  "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
  "maxLength": {"$ref": "#/definitions/count"}, "minLength": {"$ref": "#/definitions/count"},
  "pattern": {"type": "string"}, "additionalItems": {"$ref": "#"},
  "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/list"}]},
  "maxItems": {"$ref": "#/definitions/count"}, "minItems": {"$ref": "#/definitions/count"},
  "uniqueItems": {"type": "boolean"}, "contains": {"$ref": "#"},
  "maxProperties": {"$ref": "#/definitions/count"}, "minProperties": {"$ref": "#/definitions/count"},
  "required": {"$ref": "#/definitions/names"}, "additionalProperties": {"$ref": "#"},
  "definitions": {"$ref": "#/definitions/map"}, "properties": {"$ref": "#/definitions/map"},
  "patternProperties": {"$ref": "#/definitions/map"},
  "dependencies": {"type": "object",
    "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/names"}]}},
  "propertyNames": {"$ref": "#"}, "enum": {"type": "array"},
  "type": {"anyOf": [{"$ref": "#/definitions/type"},
    {"type": "array", "items": {"$ref": "#/definitions/type"}, "minItems": 1, "uniqueItems": true}]},
  "format": {"type": "string"}, "if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"},
  "allOf": {"$ref": "#/definitions/list"}, "anyOf": {"$ref": "#/definitions/list"},
  "oneOf": {"$ref": "#/definitions/list"}, "not": {"$ref": "#"}},
"definitions": {
  "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
  "list": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
  "count": {"type": "integer", "minimum": 0},
  "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
  "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}}
}"##;

/// Draft 4.
const OLD_4: &str = r##"{
"$schema": "http://json-schema.org/draft-07/schema#",
"type": "object",
"properties": {
  "id": {"type": "string"}, "$schema": {"type": "string"}, "title": {"type": "string"},
  "description": {"type": "string"}, "multipleOf": {"type": "number", "exclusiveMinimum": 0},
  "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "boolean"},
  "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "boolean"},
  "maxLength": {"$ref": "#/definitions/count"}, "minLength": {"$ref": "#/definitions/count"},
  "pattern": {"type": "string"},
  "additionalItems": {"anyOf": [{"type": "boolean"}, {"$ref": "#"}]},
  "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/list"}]},
  "maxItems": {"$ref": "#/definitions/count"}, "minItems": {"$ref": "#/definitions/count"},
  "uniqueItems": {"type": "boolean"},
  "maxProperties": {"$ref": "#/definitions/count"}, "minProperties": {"$ref": "#/definitions/count"},
  "required": {"$ref": "#/definitions/names"},
  "additionalProperties": {"anyOf": [{"type": "boolean"}, {"$ref": "#"}]},
  "definitions": {"$ref": "#/definitions/map"}, "properties": {"$ref": "#/definitions/map"},
  "patternProperties": {"$ref": "#/definitions/map"},
  "dependencies": {"type": "object",
    "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/names"}]}},
  "enum": {"type": "array"},
  "type": {"anyOf": [{"$ref": "#/definitions/type"},
    {"type": "array", "items": {"$ref": "#/definitions/type"}, "minItems": 1, "uniqueItems": true}]},
  "format": {"type": "string"},
  "allOf": {"$ref": "#/definitions/list"}, "anyOf": {"$ref": "#/definitions/list"},
  "oneOf": {"$ref": "#/definitions/list"}, "not": {"$ref": "#"}},
"dependencies": {"exclusiveMaximum": ["maximum"], "exclusiveMinimum": ["minimum"]},
"definitions": {
  "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
  "list": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
  "count": {"type": "integer", "minimum": 0},
  "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
  "names": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": true}}
}"##;
