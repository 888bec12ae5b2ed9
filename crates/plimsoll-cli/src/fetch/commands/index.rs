//! `helm repo index`

use plimsoll::source::go_path;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{LoadOptions, Metadata, load};
use serde::Serialize;

use crate::fetch::files::{join, read, write_atomically};
use crate::fetch::index::{ChartVersion, DependencyJson, Index};
use crate::fetch::yaml::{go_json_indented, marshal};
use crate::fetch::{sha256, url};
use crate::helm::now;
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// `helm repo index DIR`
pub(crate) fn index(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let folder = parsed.args.first().map_or(".", String::as_str);
    let folder = std::path::absolute(folder).map_err(|error| error.to_string())?;
    let folder = go_path::clean(&folder.to_string_lossy());
    let base = parsed.text("url").unwrap_or_default();
    let generated = now(io, compat);
    let mut index = Index { generated: generated.clone(), ..Index::default() };
    index_folder(&folder, base, &mut index, compat, io)?;
    let as_json = parsed.bool("json");
    if let Some(other) = parsed.text("merge").filter(|other| !other.is_empty()) {
        if Path::new(other).exists() {
            let mut log = |line: String| io.error(&format!("{line}\n"));
            let other = Index::load(other, compat, &mut log)
                .map_err(|why| format!("merge failed: {why}"))?;
            merge(&mut index, other);
        } else {
            // helm: an index that is not there is made, empty.
            let empty = Index { generated, ..Index::default() };
            let _ = save(&empty, other, as_json);
        }
    }
    index.sort();
    save(&index, &join(&folder, "index.yaml"), as_json)
}

/// helm: repo/v1/index.go `IndexDirectory`: the folder and the folders in it.
fn index_folder(
    folder: &str,
    base: &str,
    index: &mut Index,
    compat: Compat,
    io: &mut Io,
) -> Result<(), String> {
    let mut archives: Vec<(String, String)> = Vec::new();
    let top = entries(Path::new(folder));
    archives.extend(top.iter().filter_map(|at| archive_name(at)).map(|it| (String::new(), it)));
    for inner in top.iter().filter(|at| at.is_dir()) {
        let parent = inner.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found = entries(inner);
        let names = found.iter().filter_map(|at| archive_name(at));
        archives.extend(names.map(|name| (parent.clone(), name)));
    }
    for (parent, name) in archives {
        let path = join(&join(folder, &parent), &name);
        let mut log = |line: String| io.error(&format!("{line}\n"));
        // helm: what cannot be loaded is taken for no chart.
        let Ok(chart) = load(Path::new(&path), &LoadOptions { compat }, &mut log) else { continue };
        let digest = sha256(&read(&path)?);
        let joined = url::join(base, &parent).unwrap_or_else(|_| go_path::join(&[base, &parent]));
        let url = match joined.as_str() {
            "" => name.clone(),
            joined => url::join(joined, &name).unwrap_or_else(|_| go_path::join(&[joined, &name])),
        };
        let created = now(io, compat);
        index.push(ChartVersion::new(chart.metadata.clone(), url, digest, created));
    }
    Ok(())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = read.map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn archive_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    // helm: the glob is `*.tgz`, whatever the file system makes of cases.
    let is_archive = path.extension().is_some_and(|extension| extension == "tgz");
    (is_archive && !path.is_dir()).then_some(name)
}

/// helm: repo/v1/index.go `Merge`: what is there already stays.
fn merge(index: &mut Index, other: Index) {
    for version in other.entries.into_iter().flat_map(|(_, versions)| versions) {
        if !index.has(&version.metadata.name, &version.metadata.version) {
            index.push(version);
        }
    }
}

fn save(index: &Index, path: &str, as_json: bool) -> Result<(), String> {
    let file = IndexJson::of(index);
    let bytes = if as_json { go_json_indented(&file).into_bytes() } else { marshal(&file) };
    write_atomically(path, &bytes, 0o644)
}

/// An index as Go's JSON has it, in the order of the struct's fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IndexJson<'a> {
    api_version: &'a str,
    generated: &'a str,
    entries: BTreeMap<&'a str, Vec<VersionJson<'a>>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    public_keys: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionJson<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    home: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    sources: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    keywords: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    maintainers: Vec<MaintainerJson<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    icon: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    api_version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    condition: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    tags: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    app_version: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    kube_version: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<DependencyJson<'a>>,
    #[serde(rename = "type", skip_serializing_if = "str::is_empty")]
    kind: &'a str,
    urls: &'a [String],
    created: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    removed: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    digest: &'a str,
}

#[derive(Serialize)]
struct MaintainerJson<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
}

impl<'a> IndexJson<'a> {
    fn of(index: &'a Index) -> IndexJson<'a> {
        let versions =
            |versions: &'a [ChartVersion]| versions.iter().map(VersionJson::of).collect();
        let entries = index.entries.iter();
        IndexJson {
            api_version: "v1",
            generated: &index.generated,
            entries: entries.map(|(name, list)| (name.as_str(), versions(list))).collect(),
            public_keys: index.public_keys.as_deref().unwrap_or_default(),
            annotations: pairs(index.annotations.as_deref()),
        }
    }
}

impl<'a> VersionJson<'a> {
    fn of(version: &'a ChartVersion) -> VersionJson<'a> {
        let metadata: &Metadata = &version.metadata;
        let maintainers = metadata.maintainers.iter().flatten();
        VersionJson {
            name: &metadata.name,
            home: &metadata.home,
            sources: metadata.sources.as_deref().unwrap_or_default(),
            version: &metadata.version,
            description: &metadata.description,
            keywords: metadata.keywords.as_deref().unwrap_or_default(),
            maintainers: maintainers
                .map(|it| MaintainerJson { name: &it.name, email: &it.email, url: &it.url })
                .collect(),
            icon: &metadata.icon,
            api_version: &metadata.api_version,
            condition: &metadata.condition,
            tags: &metadata.tags,
            app_version: &metadata.app_version,
            deprecated: metadata.deprecated,
            annotations: pairs(metadata.annotations.as_deref()),
            kube_version: &metadata.kube_version,
            dependencies: metadata.dependencies.iter().flatten().map(DependencyJson::of).collect(),
            kind: &metadata.kind,
            urls: &version.urls,
            created: if version.created.is_empty() { ZERO } else { &version.created },
            removed: version.removed,
            digest: &version.digest,
        }
    }
}

/// Go's zero time.
const ZERO: &str = "0001-01-01T00:00:00Z";

fn pairs(list: Option<&[(String, String)]>) -> BTreeMap<&str, &str> {
    list.unwrap_or_default().iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
