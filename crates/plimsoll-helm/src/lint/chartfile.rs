use plimsoll_funcs::semver::{Constraint, Version};
use plimsoll_gotmpl::Compat;
use plimsoll_source::FileId;
use plimsoll_source::go_path;
use plimsoll_yaml::{Kind, Target, unmarshal};

use super::address::{is_email, is_request_url, is_url};
use super::{Linter, Severity};
use crate::chart::{Metadata, disk};
use crate::text::quote;

const FILE: &str = "Chart.yaml";

/// helm: lint/rules/chartfile.go.
pub(super) fn check(linter: &mut Linter<'_>) {
    let path = linter.folder.join(FILE);
    let is_folder = disk::stat(&path).is_ok_and(|metadata| metadata.is_dir());
    let kind = if is_folder { fails("should be a file, not a directory") } else { Ok(()) };
    linter.run(Severity::Error, FILE, kind);
    let mut metadata = Metadata::default();
    let text = disk::read(&path);
    let read = text.as_deref().map_err(String::clone);
    let read = read.and_then(|text| metadata.decode(text, linter.compat()));
    let read = read.map_err(|error| format!("unable to parse YAML\n\t{error}"));
    if !linter.run(Severity::Error, FILE, read) {
        return;
    }
    let text = text.unwrap_or_default();
    if linter.compat() == Compat::Helm4 {
        let strict = Metadata::check_strictly(&text);
        let strict =
            strict.map_err(|why| format!("failed to strictly parse chart metadata file\n\t{why}"));
        linter.run(Severity::Warning, FILE, strict);
    }
    let mut run = |result| linter.run(Severity::Error, FILE, result);
    run(name(&metadata));
    run(api_version(&metadata));
    run(is_text(&text, "version"));
    run(version(&metadata));
    run(is_text(&text, "appVersion"));
    run(maintainers(&metadata));
    run(sources(&metadata));
    let icon = if metadata.icon.is_empty() { fails("icon is recommended") } else { Ok(()) };
    linter.run(Severity::Info, FILE, icon);
    let mut run = |result| linter.run(Severity::Error, FILE, result);
    run(icon_url(&metadata));
    run(kind_of_chart(&metadata));
    run(dependencies(&metadata));
    if linter.compat() == Compat::Helm4 {
        let strict = Version::parse_strict(&metadata.version).map(drop);
        let strict =
            strict.map_err(|_| format!("version '{}' is not a valid SemVerV2", metadata.version));
        linter.run(Severity::Warning, FILE, strict);
    }
}

fn fails(text: &str) -> Result<(), String> {
    Err(text.to_owned())
}

fn name(metadata: &Metadata) -> Result<(), String> {
    let name = &metadata.name;
    if name.is_empty() {
        return fails("name is required");
    }
    if go_path::base(name) == name {
        Ok(())
    } else {
        Err(format!("chart name {} is invalid", quote(name)))
    }
}

fn api_version(metadata: &Metadata) -> Result<(), String> {
    const KNOWN: &str = "The value must be either \"v1\" or \"v2\"";
    match metadata.api_version.as_str() {
        "" => Err(format!("apiVersion is required. {KNOWN}")),
        "v1" | "v2" => Ok(()),
        other => Err(format!("apiVersion '{other}' is not valid. {KNOWN}")),
    }
}

/// A version that is no text loses digits: `1.10` is 1.1.
fn is_text(text: &[u8], key: &str) -> Result<(), String> {
    let Ok(root) = unmarshal(text, FileId::NONE, Target::Map) else { return Ok(()) };
    let Some(value) = root.get(key) else { return Ok(()) };
    let go_type = match &value.kind {
        Kind::Text(_) => return Ok(()),
        Kind::Null => "<nil>",
        Kind::Bool(_) => "bool",
        Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => "float64",
        Kind::List(_) => "[]interface {}",
        Kind::Map(_) => "map[string]interface {}",
    };
    Err(format!("{key} should be of type string but it's of type {go_type}"))
}

fn version(metadata: &Metadata) -> Result<(), String> {
    let text = &metadata.version;
    if text.is_empty() {
        return fails("version is required");
    }
    let Ok(version) = Version::parse(text) else {
        return Err(format!("version '{text}' is not a valid SemVer"));
    };
    let least = Constraint::parse(">0.0.0-0");
    if least.is_ok_and(|least| least.check(&version)) {
        Ok(())
    } else {
        Err(format!("version {version} is less than or equal to 0.0.0-0"))
    }
}

fn maintainers(metadata: &Metadata) -> Result<(), String> {
    for maintainer in metadata.maintainers.iter().flatten() {
        let (name, email, url) = (&maintainer.name, &maintainer.email, &maintainer.url);
        if maintainer.missing {
            return fails("a maintainer entry is empty");
        }
        if name.is_empty() {
            return fails("each maintainer requires a name");
        }
        if !email.is_empty() && !is_email(email) {
            return Err(format!("invalid email '{email}' for maintainer '{name}'"));
        }
        if !url.is_empty() && !is_url(url) {
            return Err(format!("invalid url '{url}' for maintainer '{name}'"));
        }
    }
    Ok(())
}

fn sources(metadata: &Metadata) -> Result<(), String> {
    let mut sources = metadata.sources.iter().flatten();
    let wrong = sources.find(|source| !is_request_url(source));
    wrong.map_or(Ok(()), |source| Err(format!("invalid source URL '{source}'")))
}

fn icon_url(metadata: &Metadata) -> Result<(), String> {
    let icon = &metadata.icon;
    if icon.is_empty() || is_request_url(icon) {
        Ok(())
    } else {
        Err(format!("invalid icon URL '{icon}'"))
    }
}

fn kind_of_chart(metadata: &Metadata) -> Result<(), String> {
    let version = &metadata.api_version;
    if metadata.kind.is_empty() || version == "v2" {
        return Ok(());
    }
    Err(format!(
        "chart type is not valid in apiVersion '{version}'. It is valid in apiVersion 'v2'"
    ))
}

fn dependencies(metadata: &Metadata) -> Result<(), String> {
    let version = &metadata.api_version;
    if metadata.dependencies.as_ref().is_none_or(Vec::is_empty) || version == "v2" {
        return Ok(());
    }
    Err(format!(
        "dependencies are not valid in the Chart file with apiVersion '{version}'. They are valid \
         in apiVersion 'v2'"
    ))
}
