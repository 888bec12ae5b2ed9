//! `index.yaml`: what a repository holds.

use std::cmp::Ordering;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{Dependency, Maintainer, Metadata};
use plimsoll::helm::funcs::semver::{Constraint, Version};
use plimsoll::helm::{Level, Log, go_log, slog};
use plimsoll::source::FileId;
use plimsoll::yaml::{Kind, Node, read_json, read_strict};

use super::files::read;
use super::index_slice::{parts, slice};
use super::quote;
use super::repositories::text_of;

/// An index, the versions of each chart from the newest to the oldest.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By the charts' names.
    pub(crate) entries: Vec<(String, Vec<ChartVersion>)>,
    /// As written.
    pub(crate) generated: String,
    /// `null` and nothing differ where an index is written.
    pub(crate) public_keys: Option<Vec<String>>,
    /// Free notes.
    pub(crate) annotations: Option<Vec<(String, String)>>,
}

/// A version of a chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChartVersion {
    pub(crate) metadata: Metadata,
    /// Absolute, or below the repository's own.
    pub(crate) urls: Vec<String>,
    /// As written.
    pub(crate) created: String,
    pub(crate) removed: bool,
    /// The hash of the archive, if the index has one; with or without `sha256:`.
    pub(crate) digest: String,
    /// The version, read.
    version: Option<Version>,
}

impl ChartVersion {
    /// A version that is not in an index yet.
    pub(crate) fn new(metadata: Metadata, url: String, digest: String, created: String) -> Self {
        let version = Version::parse(&metadata.version).ok();
        ChartVersion { metadata, urls: vec![url], created, removed: false, digest, version }
    }

    /// The version, if it is one.
    pub(crate) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }
}

/// An index of more bytes is read in parts.
const LARGE: usize = 256 << 10;

/// What an index is read with.
pub(crate) struct Reading<'a> {
    pub(crate) compat: Compat,
    /// Where it comes from, for the log.
    pub(crate) source: &'a str,
    pub(crate) log: Log<'a>,
}

impl Index {
    /// Reads an index from a file; the error is Helm's text, and says of a missing file what Go says.
    pub(crate) fn load(path: &str, compat: Compat, log: Log<'_>) -> Result<Index, String> {
        let bytes = read(path)?;
        let mut reading = Reading { compat, source: path, log };
        Index::parse(&bytes, &mut reading).map_err(|why| format!("error loading {path}: {why}"))
    }

    /// The same for what is said of one chart.
    pub(crate) fn load_chart(
        path: &str,
        chart: &str,
        compat: Compat,
        log: Log<'_>,
    ) -> Result<Index, String> {
        let bytes = read(path)?;
        let mut reading = Reading { compat, source: path, log };
        if let Some(part) = slice(&bytes, chart)
            && let Ok(index) = Index::parse(&part, &mut reading)
        {
            return Ok(index);
        }
        Index::parse(&bytes, &mut reading).map_err(|why| format!("error loading {path}: {why}"))
    }

    /// Reads an index; entries that Helm would not take are logged and left out.
    /// helm: repo/v1/index.go `loadIndex`.
    pub(crate) fn parse(bytes: &[u8], reading: &mut Reading<'_>) -> Result<Index, String> {
        if bytes.is_empty() {
            return Err("empty index.yaml file".to_owned());
        }
        if bytes.len() > LARGE
            && let Some(index) = Index::parse_parts(bytes, reading)
        {
            return Ok(index);
        }
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
        let read = if is_json { read_json } else { read_strict };
        let node = read(bytes, FileId::NONE)
            .map_err(|error| format!("error converting YAML to JSON: {error}"))?;
        Index::decode(&node, !is_json, reading)
    }

    /// Reads a large index chart by chart; nothing where that fails, whatever the reason.
    fn parse_parts(bytes: &[u8], reading: &mut Reading<'_>) -> Option<Index> {
        let (around, charts) = parts(bytes)?;
        let mut index =
            Index::decode(&read_strict(&around, FileId::NONE).ok()?, true, reading).ok()?;
        for chart in charts {
            let node = read_strict(&[b"entries:\n", chart].concat(), FileId::NONE).ok()?;
            for entry in node.get("entries")?.as_map() {
                let name = String::from_utf8_lossy(&entry.key).into_owned();
                let versions = chart_versions(&name, &entry.value, true, reading).ok()?;
                index.entries.push((name, versions));
            }
        }
        index.entries.sort_by(|a, b| a.0.cmp(&b.0));
        let is_twice = |two: &[(String, Vec<ChartVersion>)]| two[0].0 == two[1].0;
        index.sort();
        (!index.entries.windows(2).any(is_twice)).then_some(index)
    }

    fn decode(node: &Node, strict: bool, reading: &mut Reading<'_>) -> Result<Index, String> {
        if !matches!(node.kind, Kind::Null | Kind::Map(_)) {
            return Err(mismatch(node, "value of type repo.IndexFile"));
        }
        if strict {
            check_fields(node, INDEX_FIELDS)?;
        }
        let mut index = Index {
            generated: node.get("generated").and_then(text_of).unwrap_or_default(),
            public_keys: node.get("publicKeys").map(texts),
            annotations: node.get("annotations").map(text_map),
            ..Index::default()
        };
        for entry in node.get("entries").map(Node::as_map).unwrap_or_default() {
            let name = String::from_utf8_lossy(&entry.key).into_owned();
            let versions = chart_versions(&name, &entry.value, strict, reading)?;
            index.entries.push((name, versions));
        }
        index.sort();
        let is_versioned =
            node.get("apiVersion").and_then(text_of).is_some_and(|it| !it.is_empty());
        if is_versioned { Ok(index) } else { Err("no API version specified".to_owned()) }
    }

    /// Sorts each chart's versions from the newest to the oldest.
    pub(crate) fn sort(&mut self) {
        for (_, versions) in &mut self.entries {
            versions.sort_by(|a, b| order(b, a));
        }
    }

    /// The versions of a chart.
    pub(crate) fn chart(&self, name: &str) -> Option<&[ChartVersion]> {
        let found = self.entries.iter().find(|(known, _)| known == name);
        found.map(|(_, versions)| versions.as_slice())
    }

    /// The newest version of a chart that a constraint allows; the newest release without one.
    /// helm: repo/v1/index.go `Get`.
    pub(crate) fn get(
        &self,
        name: &str,
        wanted: &str,
        compat: Compat,
        log: Log<'_>,
    ) -> Result<&ChartVersion, String> {
        let versions = self.chart(name).ok_or("no chart name found")?;
        if versions.is_empty() {
            return Err("no chart version found".to_owned());
        }
        let constraint = if wanted.is_empty() { "*" } else { wanted };
        let constraint = Constraint::parse(constraint).map_err(|error| error.to_string())?;
        if let Some(exact) = versions.iter().find(|it| it.metadata.version == wanted)
            && !wanted.is_empty()
        {
            return Ok(exact);
        }
        let fits = |it: &&ChartVersion| it.version().is_some_and(|v| constraint.check(v));
        let found = versions.iter().find(fits);
        let found = found.ok_or_else(|| format!("no chart version found for {name}-{wanted}"))?;
        if compat == Compat::Helm4 && !wanted.is_empty() && !is_range(wanted) {
            let message = "unable to find exact version requested; falling back to closest \
                           available version";
            let selected = found.metadata.version.as_str();
            let attributes = [("chart", name), ("requested", wanted), ("selected", selected)];
            log(slog(Level::Warn, message, &attributes));
        }
        Ok(found)
    }

    /// Whether a version of a chart is there.
    pub(crate) fn has(&self, name: &str, version: &str) -> bool {
        self.get(name, version, Compat::Helm3, &mut drop).is_ok()
    }

    /// Adds a version of a chart.
    pub(crate) fn push(&mut self, version: ChartVersion) {
        let name = &version.metadata.name;
        match self.entries.iter_mut().find(|(known, _)| known == name) {
            Some((_, versions)) => versions.push(version),
            None => self.entries.push((name.clone(), vec![version])),
        }
    }
}

fn order(a: &ChartVersion, b: &ChartVersion) -> Ordering {
    match (a.version(), b.version()) {
        (Some(a), Some(b)) => a.compare(b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// helm: repo/v1/index.go isVersionRange.
fn is_range(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    version.contains(['^', '~', '<', '>', '=', '!', '*'])
        || version.contains("||")
        || version.contains(" - ")
        || core.contains(['x', 'X'])
}

fn chart_versions(
    name: &str,
    list: &Node,
    strict: bool,
    reading: &mut Reading<'_>,
) -> Result<Vec<ChartVersion>, String> {
    let items = match &list.kind {
        Kind::Null => return Ok(Vec::new()),
        Kind::List(items) => items,
        _ => {
            return Err(mismatch(
                list,
                "struct field IndexFile.entries of type repo.ChartVersions",
            ));
        }
    };
    let mut versions = Vec::with_capacity(items.len());
    // Helm goes from the last to the first, which shows in the log.
    for item in items.iter().rev() {
        if let Some(version) = chart_version(name, item, strict, reading)? {
            versions.push(version);
        }
    }
    versions.reverse();
    Ok(versions)
}

fn chart_version(
    name: &str,
    item: &Node,
    strict: bool,
    reading: &mut Reading<'_>,
) -> Result<Option<ChartVersion>, String> {
    if item.is_null() {
        (reading.log)(skipped(reading.compat, name, None, reading.source, ""));
        return Ok(None);
    }
    if strict {
        check_version_fields(item)?;
    }
    let mut metadata = Metadata::from_node(item, reading.compat)?;
    if metadata.api_version.is_empty() {
        "v1".clone_into(&mut metadata.api_version);
    }
    if let Err(why) = metadata.validate()
        && !why.starts_with("validation: more than one dependency with name or alias")
    {
        let version = Some(metadata.version.as_str());
        (reading.log)(skipped(reading.compat, name, version, reading.source, &why));
        return Ok(None);
    }
    let text = |key: &str| item.get(key).and_then(text_of).unwrap_or_default();
    Ok(Some(ChartVersion {
        version: Version::parse(&metadata.version).ok(),
        metadata,
        urls: item.get("urls").map(texts).unwrap_or_default(),
        created: text("created"),
        removed: item.get("removed").and_then(Node::as_bool).unwrap_or_default(),
        digest: text("digest"),
    }))
}

/// Helm's line for an entry that is passed over.
fn skipped(compat: Compat, name: &str, version: Option<&str>, source: &str, why: &str) -> String {
    let message = "skipping loading invalid entry for chart";
    match (compat, version) {
        (Compat::Helm4, None) => {
            let attributes = [("name", name), ("source", source)];
            slog(Level::Warn, &format!("{message}: empty entry"), &attributes)
        }
        (Compat::Helm4, Some(version)) => {
            let attributes =
                [("name", name), ("version", version), ("source", source), ("error", why)];
            slog(Level::Warn, message, &attributes)
        }
        (Compat::Helm3, None) => {
            let text = format!("{message} {} from {source}: empty entry", quote(name));
            go_log(compat, "index.go:359", &text)
        }
        (Compat::Helm3, Some(version)) => {
            let (name, version) = (quote(name), quote(version));
            go_log(
                compat,
                "index.go:371",
                &format!("{message} {name} {version} from {source}: {why}"),
            )
        }
    }
}

const INDEX_FIELDS: &[&str] =
    &["serverInfo", "apiVersion", "generated", "entries", "publicKeys", "annotations"];

/// What a version has beside what its Chart.yaml says.
const VERSION_FIELDS: &[&str] =
    &["urls", "created", "removed", "digest", "checksum", "engine", "tillerVersion", "url"];

fn check_version_fields(item: &Node) -> Result<(), String> {
    check_fields(item, &[Metadata::FIELDS, VERSION_FIELDS].concat())?;
    let inner = |key: &str| item.get(key).map(Node::as_list).unwrap_or_default();
    inner("maintainers").iter().try_for_each(|it| check_fields(it, Maintainer::FIELDS))?;
    inner("dependencies").iter().try_for_each(|it| check_fields(it, Dependency::FIELDS))
}

/// Go: `DisallowUnknownFields`.
fn check_fields(node: &Node, known: &[&str]) -> Result<(), String> {
    for entry in node.as_map() {
        let key = String::from_utf8_lossy(&entry.key);
        if !known.iter().any(|field| *field == key)
            && !known.iter().any(|field| field.eq_ignore_ascii_case(&key))
        {
            let key = quote(&key);
            return Err(format!(
                "error unmarshaling JSON: while decoding JSON: json: unknown field {key}"
            ));
        }
    }
    Ok(())
}

fn mismatch(node: &Node, place: &str) -> String {
    let kind = node.json_kind();
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go {place}"
    )
}

fn texts(node: &Node) -> Vec<String> {
    node.as_list().iter().filter_map(text_of).collect()
}

fn text_map(node: &Node) -> Vec<(String, String)> {
    let entry = |entry: &plimsoll::yaml::Entry| {
        let key = String::from_utf8_lossy(&entry.key).into_owned();
        (key, text_of(&entry.value).unwrap_or_default())
    };
    node.as_map().iter().map(entry).collect()
}

/// A dependency as Go's JSON has it, in the order of the struct's fields.
#[derive(serde::Serialize)]
pub(crate) struct DependencyJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'a str,
    repository: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    condition: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    enabled: bool,
    #[serde(rename = "import-values", skip_serializing_if = "<[_]>::is_empty")]
    import_values: &'a [serde_json::Value],
    #[serde(skip_serializing_if = "str::is_empty")]
    alias: &'a str,
}

impl<'a> DependencyJson<'a> {
    /// The fields of a dependency.
    pub(crate) fn of(dependency: &'a Dependency) -> DependencyJson<'a> {
        DependencyJson {
            name: &dependency.name,
            version: &dependency.version,
            repository: &dependency.repository,
            condition: &dependency.condition,
            tags: dependency.tags.as_deref().unwrap_or_default(),
            enabled: dependency.enabled,
            import_values: dependency.import_values.as_deref().unwrap_or_default(),
            alias: &dependency.alias,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(Index, Vec<String>), String> {
        let mut lines = Vec::new();
        let mut log = |line| lines.push(line);
        let mut reading = Reading { compat: Compat::Helm4, source: "s", log: &mut log };
        let index = Index::parse(text.as_bytes(), &mut reading)?;
        Ok((index, lines))
    }

    const INDEX: &str = "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.2.0, urls: [x]}\n  \
                         - {name: a, version: 2.0.0-rc.1}\n  - {name: a, version: 1.10.0}\n  \
                         - {name: a, version: 1.1}\n";

    #[test]
    fn the_newest_version_that_fits_is_taken() {
        let (index, lines) = parse(INDEX).expect("it can be read");
        assert!(lines.is_empty(), "{lines:?}");
        let check = |wanted: &str, expected: &str| {
            let got = index.get("a", wanted, Compat::Helm3, &mut drop);
            assert_eq!(
                got.map_or_else(|e| e, |it| it.metadata.version.clone()),
                expected,
                "{wanted}"
            );
        };
        check("", "1.10.0");
        check(">0.0.0-0", "2.0.0-rc.1");
        check("~1.2", "1.2.0");
        check("1.1", "1.1");
        check("1.1.0", "1.1");
        check("3", "no chart version found for a-3");
        assert!(
            index.get("b", "", Compat::Helm3, &mut drop).is_err_and(|e| e == "no chart name found")
        );
    }

    #[test]
    fn another_version_than_the_one_that_was_asked_for_is_said() {
        let (index, _) = parse(INDEX).expect("it can be read");
        let said = |wanted: &str| {
            let mut lines = Vec::new();
            let found = index.get("a", wanted, Compat::Helm4, &mut |line| lines.push(line));
            assert!(found.is_ok());
            lines.join("\n")
        };
        assert_eq!(
            said("1"),
            "level=WARN msg=\"unable to find exact version requested; falling back to closest \
             available version\" chart=a requested=1 selected=1.10.0"
        );
        assert_eq!(said("1.x"), "");
        assert_eq!(said("1.2.0"), "");
    }

    #[test]
    fn entries_without_use_are_logged_and_left_out() {
        let text = "apiVersion: v1\nentries: {a: [null, {name: a}, {name: a, version: x}, {version: '1'}]}";
        let (index, lines) = parse(text).expect("it can be read");
        assert_eq!(index.chart("a").map(<[_]>::len), Some(0));
        assert!(lines[0].contains("error=\"validation: chart.metadata.name is required\""));
        assert!(lines[3].contains("msg=\"skipping loading invalid entry for chart: empty entry\""));
    }

    #[test]
    fn what_is_no_index_is_said() {
        let check = |text: &str, expected: &str| {
            assert_eq!(parse(text).err().unwrap_or_default(), expected, "{text}");
        };
        check("", "empty index.yaml file");
        check("entries: {}", "no API version specified");
        let json = "error unmarshaling JSON: while decoding JSON: json: ";
        check("apiVersion: v1\nfoo: 1", &format!("{json}unknown field \"foo\""));
        check(
            "hello",
            &format!("{json}cannot unmarshal string into Go value of type repo.IndexFile"),
        );
        check("{\"apiVersion\": \"v1\", \"foo\": 1}", "");
    }
}
