use plimsoll_funcs::convert::value_of;
use plimsoll_source::Origin;
use plimsoll_yaml::Node;

use super::check::{Checker, Failure};
use super::quick;
use super::refs::Schema;

/// A JSON schema that many objects are checked against.
pub struct Compiled {
    schema: Schema,
}

impl Compiled {
    /// Reads a schema of JSON. The error says what is wrong with it.
    pub fn read(text: &[u8]) -> Result<Compiled, String> {
        Ok(Compiled { schema: Schema::read(text, None)? })
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
