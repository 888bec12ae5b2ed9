use plimsoll_gotmpl::Compat;
use plimsoll_source::FileId;
use plimsoll_yaml::{Kind, Node, read_json};
use serde_json::Value as Json;

use super::dependency::{Dependency, Lock};
use super::json_struct::StructDecoder;
use super::sanitize::sanitize;
use crate::text::quote;

/// `Chart.yaml`. `None` where the file has no such list; in Go a nil slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// The chart's name.
    pub name: String,
    /// The project's page.
    pub home: String,
    /// Where the sources are.
    pub sources: Option<Vec<String>>,
    /// The chart's version.
    pub version: String,
    /// What the chart is, in a sentence.
    pub description: String,
    /// Words to find it by.
    pub keywords: Option<Vec<String>>,
    /// Who looks after it.
    pub maintainers: Option<Vec<Maintainer>>,
    /// A picture for it.
    pub icon: String,
    /// `v1` or `v2`.
    pub api_version: String,
    /// Not used by Helm.
    pub condition: String,
    /// Not used by Helm.
    pub tags: String,
    /// The version of what it installs.
    pub app_version: String,
    /// Whether it should not be used any more.
    pub deprecated: bool,
    /// Free notes, sorted by key.
    pub annotations: Option<Vec<(String, String)>>,
    /// The versions of Kubernetes that it runs on.
    pub kube_version: String,
    /// The charts that it needs.
    pub dependencies: Option<Vec<Dependency>>,
    /// `type`: `application`, `library` or nothing.
    pub kind: String,
}

/// Who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maintainer {
    /// A name.
    pub name: String,
    /// A mail address.
    pub email: String,
    /// A page.
    pub url: String,
    /// Whether the list has `null` here, which Helm refuses.
    pub(crate) missing: bool,
}

impl Maintainer {
    /// The fields that Helm knows.
    pub const FIELDS: &'static [&'static str] = &["name", "email", "url"];
}

impl Dependency {
    /// The fields that Helm knows.
    pub const FIELDS: &'static [&'static str] = &[
        "name",
        "version",
        "repository",
        "condition",
        "tags",
        "enabled",
        "import-values",
        "alias",
    ];
}

impl Metadata {
    /// The fields that Helm knows, which are also those of a version in an index.
    pub const FIELDS: &'static [&'static str] = &[
        "name",
        "home",
        "sources",
        "version",
        "description",
        "keywords",
        "maintainers",
        "icon",
        "apiVersion",
        "condition",
        "tags",
        "appVersion",
        "deprecated",
        "annotations",
        "kubeVersion",
        "dependencies",
        "type",
    ];

    /// Whether only the chart's partials count.
    pub fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// Decodes YAML over what is there already; the error is Helm's text behind `cannot load X: `.
    pub(crate) fn decode(&mut self, text: &[u8], compat: Compat) -> Result<(), String> {
        self.decode_node(&read_yaml(text)?, compat)
    }

    /// What a node holds, such as an entry of a repository's index; the error is Go's text.
    pub fn from_node(node: &Node, compat: Compat) -> Result<Metadata, String> {
        let mut metadata = Metadata::default();
        metadata.decode_node(node, compat)?;
        Ok(metadata)
    }

    fn decode_node(&mut self, node: &Node, compat: Compat) -> Result<(), String> {
        let package = package(compat);
        let root = format!("{package}.Metadata");
        StructDecoder::root(
            node,
            ("Metadata", &root),
            Metadata::FIELDS,
            &mut |decoder, field, node| {
                self.set(decoder, field, node, package);
            },
        )
    }

    /// What speaks against a `Chart.yaml` that is read strictly: keys that are given twice or that
    /// Helm does not know. helm 4: `StrictLoadChartfile`.
    pub(crate) fn check_strictly(text: &[u8]) -> Result<(), String> {
        let doubled = plimsoll_yaml::read_strict(text, FileId::NONE);
        doubled.map_err(|error| format!("error converting YAML to JSON: {error}"))?;
        let (node, mut metadata) = (read_yaml(text)?, Metadata::default());
        let names = ("Metadata", "v2.Metadata");
        StructDecoder::strict_root(&node, names, Metadata::FIELDS, &mut |decoder, field, node| {
            metadata.set(decoder, field, node, "v2");
        })
    }

    fn set(&mut self, decoder: &mut StructDecoder, field: &str, node: &Node, package: &str) {
        match field {
            "name" => decoder.text(node, &mut self.name),
            "home" => decoder.text(node, &mut self.home),
            "sources" => decoder.texts(node, &mut self.sources),
            "version" => decoder.text(node, &mut self.version),
            "description" => decoder.text(node, &mut self.description),
            "keywords" => decoder.texts(node, &mut self.keywords),
            "maintainers" => maintainers(decoder, node, &mut self.maintainers, package),
            "icon" => decoder.text(node, &mut self.icon),
            "apiVersion" => decoder.text(node, &mut self.api_version),
            "condition" => decoder.text(node, &mut self.condition),
            "tags" => decoder.text(node, &mut self.tags),
            "appVersion" => decoder.text(node, &mut self.app_version),
            "deprecated" => decoder.boolean(node, &mut self.deprecated),
            "annotations" => decoder.text_map(node, &mut self.annotations),
            "kubeVersion" => decoder.text(node, &mut self.kube_version),
            "dependencies" => dependencies(decoder, node, &mut self.dependencies, package),
            _ => decoder.text(node, &mut self.kind),
        }
    }

    /// Whether a chart may have this, after its texts were cleaned; the error is Helm's text.
    /// helm: metadata.go `Validate`.
    pub fn validate(&mut self) -> Result<(), String> {
        self.sanitize();
        self.check().map_err(|message| format!("validation: {message}"))
    }

    fn sanitize(&mut self) {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            sanitize(text);
        }
        self.sources.iter_mut().flatten().for_each(sanitize);
        self.keywords.iter_mut().flatten().for_each(sanitize);
    }

    fn check(&mut self) -> Result<(), String> {
        let name = quote(&self.name);
        if self.api_version.is_empty() {
            return Err("chart.metadata.apiVersion is required".to_owned());
        }
        if self.name.is_empty() {
            return Err("chart.metadata.name is required".to_owned());
        }
        if self.name == "." || self.name == ".." {
            return Err(format!("chart.metadata.name {name} is not allowed"));
        }
        if self.name != plimsoll_source::go_path::base(&self.name) {
            return Err(format!("chart.metadata.name {name} is invalid"));
        }
        if self.version.is_empty() {
            return Err("chart.metadata.version is required".to_owned());
        }
        if !crate::semver::is_version(&self.version) {
            return Err(format!("chart.metadata.version {} is invalid", quote(&self.version)));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return Err("chart.metadata.type must be application or library".to_owned());
        }
        self.check_lists()
    }

    fn check_lists(&mut self) -> Result<(), String> {
        for maintainer in self.maintainers.iter_mut().flatten() {
            if maintainer.missing {
                return Err("maintainers must not contain empty or null nodes".to_owned());
            }
            sanitize(&mut maintainer.name);
            sanitize(&mut maintainer.email);
            sanitize(&mut maintainer.url);
        }
        let mut seen: Vec<String> = Vec::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            if dependency.missing {
                return Err("dependencies must not contain empty or null nodes".to_owned());
            }
            dependency.validate()?;
            let key = dependency.key().to_owned();
            if seen.contains(&key) {
                return Err(format!("more than one dependency with name or alias {}", quote(&key)));
            }
            seen.push(key);
        }
        Ok(())
    }
}

impl Lock {
    /// Decodes `Chart.lock`; the error is Helm's text behind `cannot load X: `.
    pub(super) fn decode(text: &[u8], compat: Compat) -> Result<Lock, String> {
        let node = read_yaml(text)?;
        let package = package(compat);
        let mut lock = Lock::default();
        let root = format!("{package}.Lock");
        let fields = &["generated", "digest", "dependencies"];
        StructDecoder::root(
            &node,
            ("Lock", &root),
            fields,
            &mut |decoder, field, node| match field {
                "generated" => super::lock_time::decode(decoder, node, &mut lock.generated),
                "digest" => decoder.text(node, &mut lock.digest),
                _ => dependencies(decoder, node, &mut lock.dependencies, package),
            },
        )?;
        Ok(lock)
    }
}

/// The `apiVersion` alone, as Helm 4 reads it before it chooses how to load the chart.
pub(super) fn api_version(text: &[u8]) -> Result<String, String> {
    let node = read_yaml(text)?;
    let mut version = String::new();
    let names = ("chartBase", "loader.chartBase");
    StructDecoder::root(&node, names, &["apiVersion"], &mut |decoder, _, node| {
        decoder.text(node, &mut version);
    })?;
    Ok(version)
}

fn read_yaml(text: &[u8]) -> Result<Node, String> {
    let node = read_json(text, FileId::NONE);
    node.map_err(|error| format!("error converting YAML to JSON: {error}"))
}

/// The node as JSON; every number is a float, as Go decodes them.
fn to_json(node: &Node) -> Json {
    match &node.kind {
        Kind::Null => Json::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => node.as_float().into(),
        Kind::Text(text) => String::from_utf8_lossy(text).into(),
        Kind::List(items) => items.iter().map(to_json).collect(),
        Kind::Map(entries) => {
            let key = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
            entries.iter().map(|entry| (key(&entry.key), to_json(&entry.value))).collect()
        }
    }
}

/// The Go package that the structs are of, as error texts have it.
const fn package(compat: Compat) -> &'static str {
    match compat {
        Compat::Helm4 => "v2",
        Compat::Helm3 => "chart",
    }
}

fn maintainers(
    decoder: &mut StructDecoder,
    node: &Node,
    into: &mut Option<Vec<Maintainer>>,
    package: &str,
) {
    let go_type = format!("{package}.Maintainer");
    decoder.list(node, &format!("[]*{go_type}"), into, &mut |decoder, node, one| {
        one.missing = node.is_null();
        if one.missing {
            return;
        }
        let names = ("Maintainer", go_type.as_str());
        decoder.item(node, names, Maintainer::FIELDS, &mut |decoder, field, node| match field {
            "name" => decoder.text(node, &mut one.name),
            "email" => decoder.text(node, &mut one.email),
            _ => decoder.text(node, &mut one.url),
        });
    });
}

fn dependencies(
    decoder: &mut StructDecoder,
    node: &Node,
    into: &mut Option<Vec<Dependency>>,
    package: &str,
) {
    let go_type = format!("{package}.Dependency");
    decoder.list(node, &format!("[]*{go_type}"), into, &mut |decoder, node, one| {
        one.missing = node.is_null();
        if one.missing {
            return;
        }
        let names = ("Dependency", go_type.as_str());
        decoder.item(node, names, Dependency::FIELDS, &mut |decoder, field, node| match field {
            "name" => decoder.text(node, &mut one.name),
            "version" => decoder.text(node, &mut one.version),
            "repository" => decoder.text(node, &mut one.repository),
            "condition" => decoder.text(node, &mut one.condition),
            "tags" => decoder.texts(node, &mut one.tags),
            "enabled" => decoder.boolean(node, &mut one.enabled),
            "import-values" => decoder.list(
                node,
                "[]interface {}",
                &mut one.import_values,
                &mut |_, node, json: &mut Json| *json = to_json(node),
            ),
            _ => decoder.text(node, &mut one.alias),
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let mut metadata = Metadata { api_version: "v2".to_owned(), ..Metadata::default() };
        let result = metadata
            .decode(text.as_bytes(), Compat::Helm4)
            .and_then(|()| metadata.validate())
            .map_err(|error| {
                error.replace("error unmarshaling JSON: while decoding JSON: json: ", "")
            });
        match expected {
            Ok(part) => {
                let shown = format!("{metadata:?}");
                assert!(result.is_ok() && shown.contains(part), "{text}: {result:?} {shown}");
            }
            Err(error) => assert_eq!(result, Err(error.to_owned()), "{text}"),
        }
    }

    #[test]
    fn scalars_become_text_where_text_is_wanted() {
        check("{name: true, version: 1.10}", Ok(r#"name: "true""#));
        check("{name: c, version: 1.10}", Ok(r#"version: "1.1""#));
        check("{name: c, version: 1, annotations: {a: 5}}", Ok(r#"("a", "5")"#));
        check("{NAME: c, version: 1, maintainers: [{name: 5}]}", Ok(r#"name: "5""#));
    }

    #[test]
    fn the_first_mistake_by_key_is_reported() {
        check(
            "{type: [], keywords: [1, {a: 1}]}",
            Err("cannot unmarshal object into Go struct field Metadata.keywords of type string"),
        );
        check(
            "{maintainers: [{name: [a]}]}",
            Err("cannot unmarshal array into Go struct field Maintainer.maintainers.name \
                 of type string"),
        );
        check(
            "{dependencies: [{name: a, tags: x, import-values: 5}]}",
            Err("cannot unmarshal number into Go struct field \
                 Dependency.dependencies.import-values of type []interface {}"),
        );
        check("[1]", Err("cannot unmarshal array into Go value of type v2.Metadata"));
    }

    #[test]
    fn what_helm_refuses_is_refused_in_its_order() {
        check("{}", Err("validation: chart.metadata.name is required"));
        check("{name: ..}", Err("validation: chart.metadata.name \"..\" is not allowed"));
        check("{name: a/b}", Err("validation: chart.metadata.name \"a/b\" is invalid"));
        check("{name: a}", Err("validation: chart.metadata.version is required"));
        check(
            "{name: a, version: '1', type: App}",
            Err("validation: chart.metadata.type must be application or library"),
        );
        check(
            "{name: a, version: '1', maintainers: [null]}",
            Err("validation: maintainers must not contain empty or null nodes"),
        );
        check(
            "{name: a, version: '1', dependencies: [{name: s}, {name: t, alias: s}]}",
            Err("validation: more than one dependency with name or alias \"s\""),
        );
    }
}
