//! Versions and constraints as Masterminds/semver 3.5 reads them, which Helm uses everywhere:
//! `semverCompare`, dependencies, `kubeVersion`.

mod constraint;
mod object;
mod version;

pub use constraint::Constraint;
pub use version::{Error, Version};

use plimsoll_gotmpl::{CallError, Function, Text, Value, function};

pub(crate) const SEMVER: &[Function] = &[
    Function { result: object::POINTER, ..function!("semver", semver) },
    function!("semverCompare", semver_compare),
];

/// `semver "v1.2"` → an object with the methods of Go's `*semver.Version`.
fn semver(version: Text) -> Result<Value, CallError> {
    Ok(Value::object(parse_version(&version)?))
}

/// `semverCompare "^1.2" "1.3.0"` → `true`
fn semver_compare(constraint: Text, version: Text) -> Result<bool, CallError> {
    let constraint = Constraint::parse(constraint.as_bytes()).map_err(message)?;
    Ok(constraint.check(&parse_version(&version)?))
}

fn parse_version(text: &Text) -> Result<Version, CallError> {
    Version::parse(text.as_bytes()).map_err(message)
}

fn message(error: Error) -> CallError {
    CallError::Message(error.to_string())
}
