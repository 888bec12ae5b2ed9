use plimsoll::helm::release::on_large_stack;
use plimsoll::kube::validate::Validator;
use plimsoll::report::{Style, validation};
use plimsoll::source::Files;
use plimsoll::{ValidateOptions, Validated, add_crds, add_rendered, documents, validate_manifests};

use crate::io::Io;

/// What an API server would refuse is told; the manifests were printed all the same. A version that
/// no schemas are known of is not judged.
pub(super) fn validate(text: &[u8], version: &str, io: &mut Io) -> u8 {
    let Ok(mut validator) = Validator::for_version(version) else { return 0 };
    let rows = on_large_stack(|| {
        let mut files = Files::new();
        let ids = add_rendered(&mut files, text);
        let documents = documents(&files, &ids);
        add_crds(&mut validator, &documents);
        let options = ValidateOptions {
            skip: &[],
            reject: &[],
            ignore_missing_schemas: true,
            origins: &|_, _| Vec::new(),
        };
        validate_manifests(&files, &ids, &documents, &validator, &options)
    });
    let wrong: Vec<_> = rows.iter().filter(|row| !row.valid).map(row).collect();
    if wrong.is_empty() {
        return 0;
    }
    let mut told = Vec::new();
    let options = validation::Options { verbose: false, summary: false, style: Style::PLAIN };
    if validation::write(&mut told, &wrong, validation::Format::Text, options).is_ok() {
        io.error(&String::from_utf8_lossy(&told));
    }
    1
}

fn row(row: &Validated) -> validation::Row<'_> {
    validation::Row {
        file: &row.file,
        line: row.line,
        object: row.object.as_ref(),
        skipped: row.skipped,
        valid: row.valid,
        findings: &row.findings,
        kube_version: "",
    }
}
