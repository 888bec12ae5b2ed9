use plimsoll_funcs::convert::value_of;
use plimsoll_funcs::json::{Target, decode};
use plimsoll_gotmpl::Value;
use plimsoll_source::Origin;
use plimsoll_yaml::Node;

use super::check::{Checker, Failure};
use super::refs::Schema;
use super::{meta, plain, quick, streamed};

/// A JSON schema that many objects are checked against.
pub struct Compiled {
    schema: Schema,
}

impl Compiled {
    /// Reads a schema of JSON. The error says what is wrong with it.
    pub fn read(text: &[u8]) -> Result<Compiled, String> {
        let root = decode(text, Target::Any).map_err(|error| streamed(error.message))?;
        let draft = root.as_map().and_then(|map| map.get(b"$schema"));
        let draft = draft.as_ref().and_then(Value::as_text).map(|text| text.to_str_lossy());
        let draft = draft.as_deref().unwrap_or_default();
        if !plain::is_schema(&root, draft.contains("draft-04"), 0) {
            meta::check(&root, draft)?;
        }
        let schema = Schema::new(root);
        schema.check_refs()?;
        Ok(Compiled { schema })
    }

    /// What does not fit: the keys and indices that lead there, and why.
    pub fn faults(&self, object: &Node) -> Vec<(Vec<String>, String)> {
        let instance = value_of(object.clone(), &mut |_| Origin::default());
        if quick::surely_fits(&self.schema, &instance) {
            return Vec::new();
        }
        let checker = Checker::new(&self.schema);
        let failure = checker.check_all(&instance);
        let failures = failure.map(Failure::into_causes).unwrap_or_default();
        failures.iter().map(Failure::told).collect()
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    #[test]
    fn faults_have_their_place() {
        let schema = br#"{"properties":{"a":{"items":{"type":"integer"}},"b":{"type":"string"}}}"#;
        let schema = Compiled::read(schema).unwrap();
        let check = |text: &[u8]| {
            let faults = schema.faults(&plimsoll_yaml::read(text, FileId(0)).unwrap());
            faults.into_iter().map(|(at, why)| format!("{}: {why}", at.join("."))).collect()
        };
        let found: Vec<String> = check(b"{a: [1, x]}");
        assert_eq!(found, ["a.1: got string, want integer"]);
        let found: Vec<String> = check(b"{a: [1], b: x}");
        assert!(found.is_empty());
        assert!(Compiled::read(b"{").is_err());
    }
}
