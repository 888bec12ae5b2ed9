use plimsoll_gotmpl::{Compat, Host, Map};
use plimsoll_source::FileId;
use plimsoll_yaml::{Target, unmarshal};

use super::{Linter, Severity};
use crate::chart::disk;
use crate::values::{self, Context, Layer, Nulls, Origins, ValuesTree, lay_table};

const FILE: &str = "values.yaml";

/// helm: lint/rules/values.go.
pub(super) fn check(linter: &mut Linter<'_>, user: &Map, host: &mut dyn Host) {
    let path = linter.folder.join(FILE);
    let exists = disk::stat(&path).map(drop).map_err(|_| "file does not exist".to_owned());
    if linter.run(Severity::Info, FILE, exists) {
        let checked = check_file(linter, user, host);
        linter.run(Severity::Error, FILE, checked);
    }
}

/// The first document of the file alone, under what the user gives, against the chart's schema.
fn check_file(linter: &Linter<'_>, user: &Map, host: &mut dyn Host) -> Result<(), String> {
    let compat = linter.compat();
    let unreadable = |error: String| format!("unable to parse YAML: {error}");
    let text = disk::read(&linter.folder.join(FILE)).map_err(unreadable)?;
    unmarshal(&text, FileId::NONE, Target::Map)
        .map_err(|error| unreadable(named(&error.message, compat)))?;
    // Helm 3 reads values as both do here: the first document.
    let tree = ValuesTree::parse(text, Compat::Helm3).map_err(unreadable)?;
    let mut origins = Origins::off();
    let defaults = tree.to_map(Layer::Defaults, FILE, &mut origins);
    let coalesced = Map::new();
    let mut log = |line| host.log(line);
    let mut context = Context { compat, origins: &mut origins, log: &mut log };
    lay_table(&coalesced, user, String::new(), Nulls::Remove, &mut context);
    lay_table(&coalesced, &defaults, String::new(), Nulls::Remove, &mut context);
    let schema = disk::read(&linter.folder.join("values.schema.json")).unwrap_or_default();
    let skipped = compat == Compat::Helm4 && linter.options.skip_schema_validation;
    if schema.is_empty() || skipped {
        return Ok(());
    }
    crate::schema::validate(&schema, &coalesced)
}

/// The error with the name of Helm's own type of maps.
fn named(error: &str, compat: Compat) -> String {
    let name = values::values_type(compat).name;
    match error.strip_suffix("of type map[string]interface {}") {
        Some(start) => format!("{start}of type {name}"),
        None => error.to_owned(),
    }
}
