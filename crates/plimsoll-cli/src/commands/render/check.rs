//! What an API server would refuse of what was rendered.

use plimsoll::environment::FILE_NAME;
use plimsoll::kube::validate::Validator;
use plimsoll::report::{Style, validation};
use plimsoll::source::Files;
use plimsoll::{ValidateOptions, add_own_crds, add_rendered, documents, validate_manifests};

use super::super::definitions;
use super::super::release::Release;

/// The report on manifests that an API server would refuse; nothing where it would take all of
/// them, where `--no-validate` is given, or where no schemas are known of the version. Wants a
/// large stack.
pub(super) fn refused(text: &[u8], release: &Release) -> Option<String> {
    let parsed = release.parsed();
    if parsed.bool("no-validate") {
        return None;
    }
    let version = parsed.text("kube-version").unwrap_or_default();
    let mut validator = Validator::for_version(version).ok()?;
    if let Err(error) = definitions::add(&mut validator, &release.expanded.schemas, false) {
        return Some(format!("plimsoll render: `schemas` of {FILE_NAME}: {error}\n"));
    }
    let mut files = Files::new();
    let ids = add_rendered(&mut files, text);
    let documents = documents(&files, &ids);
    add_own_crds(&mut validator, &documents);
    let options = ValidateOptions {
        skip: &[],
        reject: &[],
        ignore_missing_schemas: true,
        schemas: None,
        together: true,
        origins: &|_, _| Vec::new(),
    };
    let rows = validate_manifests(&files, &ids, &documents, &validator, &options);
    let wrong: Vec<_> = rows.iter().filter(|row| !row.valid).map(|row| row.row("")).collect();
    if wrong.is_empty() {
        return None;
    }
    let mut told = Vec::new();
    let options = validation::Options { verbose: false, summary: false, style: Style::PLAIN };
    let written = validation::write(&mut told, &wrong, validation::Format::Text, options);
    Some(match written {
        Ok(()) => String::from_utf8_lossy(&told).into_owned(),
        Err(_) => format!("{} manifests would be refused\n", wrong.len()),
    })
}
