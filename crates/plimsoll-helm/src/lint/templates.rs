use plimsoll_source::go_path;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Host, Map};
use plimsoll_source::FileId;
use plimsoll_yaml::{Kind, Node, read_json};

use super::objects::{Object, objects};
use super::{Linter, Severity, deprecation, names, not_a_directory};
use crate::chart::{Chart, ChartFile, disk};
use crate::log::Log;
use crate::render::{Capabilities, KubeVersion, Release, RenderOptions, RenderedFile, render};
use crate::text::quote;
use crate::values::{Context, Origins, ValuesOptions, process_dependencies};

const FOLDER: &str = "templates/";

/// helm: lint/rules/template.go.
pub(super) fn check(linter: &mut Linter<'_>, user: &Map, host: &mut dyn Host) {
    let Some(is_folder) = folder(linter) else { return };
    let severity = match linter.compat() {
        Compat::Helm3 => Severity::Warning,
        Compat::Helm4 => Severity::Error,
    };
    if !linter.run(severity, FOLDER, is_folder) {
        return;
    }
    let rendered = linter.load(host).map(|chart| {
        let rendered = rendered(linter, &chart, user, host)?;
        rendered.map(|files| (chart, files)).map_err(Some)
    });
    match rendered {
        Ok(Ok((chart, files))) => {
            for template in &chart.templates {
                let path = format!("{}/{}", chart.name(), template.name);
                let text = files.iter().find(|file| file.path == go_path::clean(&path));
                let text = text.map(|file| file.text.as_bytes()).unwrap_or_default();
                if !check_template(linter, template, text) {
                    return;
                }
            }
        }
        Ok(Err(None)) => {}
        Ok(Err(Some(error))) | Err(error) => drop(linter.run(Severity::Error, FOLDER, Err(error))),
    }
}

/// Whether there is a folder to look at: `None` where Helm says no more of it.
fn folder(linter: &mut Linter<'_>) -> Option<Result<(), String>> {
    let stat = disk::stat(&linter.folder.join("templates"));
    match (stat, linter.compat()) {
        (Ok(metadata), _) if metadata.is_dir() => Some(Ok(())),
        (Ok(_), _) => Some(not_a_directory()),
        (Err(_), Compat::Helm3) => Some(Ok(())),
        (Err(error), Compat::Helm4) if error.ends_with("no such file or directory") => {
            let missing = Err("directory does not exist".to_owned());
            linter.run(Severity::Warning, FOLDER, missing);
            None
        }
        (Err(error), Compat::Helm4) => Some(Err(error)),
    }
}

/// The texts of the templates. No text and no error: Helm says nothing of values that do not fit
/// together.
fn rendered(
    linter: &Linter<'_>,
    chart: &Arc<Chart>,
    user: &Map,
    host: &mut dyn Host,
) -> Result<Result<Vec<RenderedFile>, String>, Option<String>> {
    let (compat, options) = (linter.compat(), linter.options);
    let mut origins = Origins::off();
    let mut log = |line| host.log(line);
    let log: Log<'_> = &mut log;
    let tree = process_dependencies(chart, user, compat, &mut origins, log).map_err(|_| None)?;
    let mut context = Context { compat, origins: &mut origins, log };
    let values = tree.coalesce(user, &mut context).map_err(|_| None)?;
    let skip_schema = options.skip_schema_validation;
    let values_options = ValuesOptions { compat, skip_schema, validate: None };
    let root = tree.render_values(&values, &values_options, &mut origins, log);
    let root = root.map_err(|error| Some(error.message))?;
    let render_options = RenderOptions {
        compat,
        release: Release {
            name: "test-release".to_owned(),
            namespace: options.namespace.clone(),
            revision: 0,
            is_install: false,
            is_upgrade: false,
        },
        capabilities: Capabilities { kube_version: kube_version(linter), api_versions: Vec::new() },
        limits: plimsoll_gotmpl::Limits::default(),
    };
    Ok(render(&root, &render_options, host, None).map_err(|error| error.message))
}

fn kube_version(linter: &Linter<'_>) -> KubeVersion {
    let given = linter.options.kube_version.clone();
    given.unwrap_or_else(|| KubeVersion::default_of(linter.compat()))
}

/// Whether the templates after this one are looked at.
fn check_template(linter: &mut Linter<'_>, template: &ChartFile, text: &[u8]) -> bool {
    let path = &*template.name;
    let extension = go_path::ext(path);
    linter.run(Severity::Error, path, allowed(extension));
    if linter.compat() == Compat::Helm3 {
        let source = template.bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        linter.run(Severity::Warning, path, no_crd_hook(&source));
        linter.run(Severity::Error, path, no_release_time(&source));
    }
    let is_yaml = match linter.compat() {
        Compat::Helm3 => extension == ".yaml",
        Compat::Helm4 => matches!(extension.to_lowercase().as_str(), ".yaml" | ".yml"),
    };
    let shown = String::from_utf8_lossy(text);
    if !is_yaml || shown.trim().is_empty() {
        return true;
    }
    linter.run(Severity::Warning, path, indent(&shown));
    for object in objects(text, linter.compat()) {
        match object {
            Ok(None) => {}
            Ok(Some(object)) => check_object(linter, path, &object, text),
            Err(error) => {
                linter.run(Severity::Error, path, Err(error));
                return false;
            }
        }
    }
    true
}

fn check_object(linter: &mut Linter<'_>, path: &str, object: &Object, text: &[u8]) {
    linter.run(Severity::Warning, path, names::check(&object.kind, &object.name));
    let version = linter.options.kube_version.as_ref();
    let version =
        version.map_or_else(|| deprecation::default_version(linter.compat()), KubeVersion::clone);
    let deprecated = deprecation::check(&object.api_version, &object.kind, &version);
    linter.run(Severity::Warning, path, deprecated);
    linter.run(Severity::Error, path, selector(object, text));
    linter.run(Severity::Error, path, annotations(object, text, linter.compat()));
}

fn allowed(extension: &str) -> Result<(), String> {
    match extension {
        ".yaml" | ".yml" | ".tpl" | ".txt" => Ok(()),
        _ => Err(format!(
            "file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or \
             .txt"
        )),
    }
}

fn no_crd_hook(source: &[u8]) -> Result<(), String> {
    let found = memchr::memmem::find_iter(source, b"helm.sh/hook").any(|at| {
        let rest = &source[at + b"helm.sh/hook".len()..];
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        let Some(value) = rest.strip_prefix(b":") else { return false };
        let start = value.iter().position(|byte| !blank(byte)).unwrap_or(0);
        start > 0 && value[start..].starts_with(b"crd-install")
    });
    if !found {
        return Ok(());
    }
    Err("manifest is a crd-install hook. This hook is no longer supported in v3 and all CRDs \
         should also exist the crds/ directory at the top level of the chart"
        .to_owned())
}

fn no_release_time(source: &[u8]) -> Result<(), String> {
    if memchr::memmem::find(source, b".Release.Time").is_none() {
        return Ok(());
    }
    Err(".Release.Time has been removed in v3, please replace with the `now` function in your \
         templates"
        .to_owned())
}

/// Go's scanner of lines takes no longer ones.
const LONGEST_LINE: usize = 64 * 1024;

fn indent(text: &str) -> Result<(), String> {
    for line in text.split('\n') {
        if line.len() >= LONGEST_LINE {
            return Err("bufio.Scanner: token too long".to_owned());
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            let line = quote(line);
            return Err(format!(
                "document starts with an illegal indent: {line}, which may cause parsing problems"
            ));
        }
        return Ok(());
    }
    Ok(())
}

/// helm: a search in the whole file.
fn selector(object: &Object, text: &[u8]) -> Result<(), String> {
    let has = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    let Object { kind, name, .. } = object;
    match kind.as_str() {
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet"
            if !has("matchLabels") && !has("matchExpressions") =>
        {
            let name = quote(name);
            Err(format!(
                "a {kind} must contain matchLabels or matchExpressions, and {name} does not"
            ))
        }
        _ => Ok(()),
    }
}

/// helm: of a list the first document of the file is looked at.
fn annotations(object: &Object, text: &[u8], compat: Compat) -> Result<(), String> {
    if object.kind != "List" {
        return Ok(());
    }
    let root = read_json(text, FileId::NONE);
    let root = root
        .map_err(|error| format!("unable to parse YAML: error converting YAML to JSON: {error}"))?;
    let items = root.get("items").map(|items| &items.kind);
    let Some(Kind::List(items)) = items else { return Ok(()) };
    let has = |item: &Node| {
        let annotations = item.get("metadata").and_then(|one| one.get("annotations"));
        annotations.is_some_and(|one| one.get("helm.sh/resource-policy").is_some())
    };
    if !items.iter().any(has) {
        return Ok(());
    }
    let annotation = if compat == Compat::Helm3 { "Annotation" } else { "annotation" };
    Err(format!("{annotation} 'helm.sh/resource-policy' within List objects are ignored"))
}
