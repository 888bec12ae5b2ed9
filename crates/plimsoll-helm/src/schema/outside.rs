//! Schemas that a schema refers to and that somebody else keeps.

use plimsoll_funcs::json::{Target, decode};
use plimsoll_gotmpl::{Map, Value};

use super::refs::{Schema, join, text_of, walk};
use super::streamed;

/// Gives the bytes of the document at a URL; the error is what Helm says behind
/// `failing loading "URL": `.
pub type LoadSchema<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// No chart needs as many.
const MOST_DOCUMENTS: usize = 256;

impl Schema {
    /// Loads what references over http lead to, and what is referred to there.
    pub(super) fn load_others(&mut self, load: LoadSchema<'_>) -> Result<(), String> {
        loop {
            let Some(url) = self.first_missing() else { return Ok(()) };
            let failing = |why: String| format!("failing loading \"{url}\": {why}");
            if self.others.len() == MOST_DOCUMENTS {
                return Err(failing(format!("more than {MOST_DOCUMENTS} schemas are referred to")));
            }
            let bytes = load(&url).map_err(failing)?;
            let document =
                decode(&bytes, Target::Any).map_err(|error| failing(streamed(error.message)))?;
            let absolute = with_absolute_references(&document, &url);
            self.others.push((url, absolute));
        }
    }

    fn first_missing(&self) -> Option<String> {
        let mut missing: Vec<String> = Vec::new();
        let documents = self.others.iter().map(|(_, document)| document);
        for document in std::iter::once(self.root()).chain(documents) {
            walk(document, &mut |value| {
                let url = text_of(value, "$ref").and_then(|reference| self.outside(&reference));
                let is_known = |url: &String| self.others.iter().any(|(known, _)| known == url);
                let is_http =
                    |url: &String| url.starts_with("http://") || url.starts_with("https://");
                missing.extend(url.filter(|url| is_http(url) && !is_known(url)));
            });
        }
        missing.sort();
        missing.into_iter().next()
    }
}

/// A document whose `$ref`s mean the same wherever they stand.
fn with_absolute_references(value: &Value, base: &str) -> Value {
    match value {
        Value::Map(_, map) => {
            let entries = map.entries();
            let entries = entries.iter().map(|(key, value)| {
                let reference = value.as_text().filter(|_| key.as_bytes() == b"$ref");
                let value = match reference {
                    Some(text) => Value::from(absolute(&text.to_str_lossy(), base).as_str()),
                    None => with_absolute_references(value, base),
                };
                (key.clone(), value)
            });
            Value::map(Map::from_entries(entries.collect()))
        }
        Value::List(_, list) => {
            Value::list(list.iter().map(|item| with_absolute_references(item, base)).collect())
        }
        other => other.clone(),
    }
}

fn absolute(reference: &str, base: &str) -> String {
    match reference.split_once('#') {
        Some(("", fragment)) => format!("{base}#{fragment}"),
        Some((document, fragment)) => format!("{}#{fragment}", join(base, document)),
        None => join(base, reference),
    }
}

#[cfg(test)]
mod tests {
    use super::super::validate_with;
    use super::*;

    fn load(url: &str) -> Result<Vec<u8>, String> {
        match url {
            "http://h/a.json" => Ok(br#"{"$ref":"b.json#/definitions/n"}"#.to_vec()),
            "http://h/b.json" => {
                Ok(br##"{"definitions":{"n":{"$ref":"#/definitions/i"},"i":{"type":"integer"}}}"##
                    .to_vec())
            }
            "http://h/bad" => Ok(b"{bad".to_vec()),
            _ => Err(format!("HTTP request to {url} returned status 404 (Not Found)")),
        }
    }

    fn check(reference: &str, values: &str, expected: &str) {
        let schema = format!(r#"{{"properties":{{"n":{{"$ref":"{reference}"}}}}}}"#);
        let values = decode(values.as_bytes(), Target::Map).expect("the values are JSON");
        let Value::Map(_, values) = values else { panic!("the values are a map") };
        let got = validate_with(schema.as_bytes(), &values, Some(&load)).err().unwrap_or_default();
        assert_eq!(got, expected, "{reference}");
    }

    #[test]
    fn references_lead_from_document_to_document() {
        check("http://h/a.json", r#"{"n":1}"#, "");
        check("http://h/a.json", r#"{"n":"x"}"#, "- at '/n': got string, want integer\n");
    }

    #[test]
    fn what_cannot_be_loaded_is_said() {
        check(
            "http://h/c",
            "{}",
            "failing loading \"http://h/c\": HTTP request to http://h/c returned status 404 (Not Found)",
        );
        let error = "invalid character 'b' looking for beginning of object key string";
        check("http://h/bad", "{}", &format!("failing loading \"http://h/bad\": {error}"));
    }
}
