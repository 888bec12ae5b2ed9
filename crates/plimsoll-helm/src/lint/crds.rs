use plimsoll_gotmpl::Host;

use super::objects::{Object, objects};
use super::{Linter, Severity, not_a_directory};
use crate::chart::{Chart, disk};

const FOLDER: &str = "crds/";

/// helm 4: lint/rules/crds.go.
pub(super) fn check(linter: &mut Linter<'_>, host: &mut dyn Host) {
    let Ok(metadata) = disk::stat(&linter.folder.join("crds")) else { return };
    let is_folder = if metadata.is_dir() { Ok(()) } else { not_a_directory() };
    if !linter.run(Severity::Error, FOLDER, is_folder) {
        return;
    }
    match linter.load(host) {
        Err(error) => drop(linter.run(Severity::Error, FOLDER, Err(error))),
        Ok(chart) => check_all(linter, &chart),
    }
}

/// The CRDs of the chart and of those in it; nothing is looked at after a file that cannot be read.
fn check_all(linter: &mut Linter<'_>, chart: &Chart) {
    let mut todo = vec![chart];
    while let Some(chart) = todo.pop() {
        for crd in chart.crds() {
            let Ok(bytes) = crd.bytes() else { return };
            for object in objects(&bytes, linter.compat()) {
                let path = &crd.name;
                match object {
                    Ok(None) => {}
                    Ok(Some(object)) => {
                        linter.run(Severity::Error, path, api_version(&object));
                        linter.run(Severity::Error, path, kind(&object));
                    }
                    Err(error) => {
                        linter.run(Severity::Error, path, Err(error));
                        return;
                    }
                }
            }
        }
        todo.extend(chart.dependencies.iter().rev().map(|chart| &**chart));
    }
}

fn api_version(object: &Object) -> Result<(), String> {
    if object.api_version.starts_with("apiextensions.k8s.io") {
        return Ok(());
    }
    Err("apiVersion is not in 'apiextensions.k8s.io'".to_owned())
}

fn kind(object: &Object) -> Result<(), String> {
    if object.kind == "CustomResourceDefinition" {
        return Ok(());
    }
    Err("object kind is not 'CustomResourceDefinition'".to_owned())
}
