use plimsoll_funcs::yaml_of;
use plimsoll_gotmpl::{Map, Text, Value};
use serde_json::Value as Json;

use crate::chart::{Dependency, Lock, Maintainer, Metadata};

/// `Chart.yaml` as Helm writes it: sorted keys, known fields alone, empty ones left out.
pub fn chart_yaml(metadata: &Metadata) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.text("name", &metadata.name);
    fields.text("home", &metadata.home);
    fields.texts("sources", metadata.sources.as_deref());
    fields.text("version", &metadata.version);
    fields.text("description", &metadata.description);
    fields.texts("keywords", metadata.keywords.as_deref());
    fields.list("maintainers", metadata.maintainers.as_deref(), maintainer);
    fields.text("icon", &metadata.icon);
    fields.text("apiVersion", &metadata.api_version);
    fields.text("condition", &metadata.condition);
    fields.text("tags", &metadata.tags);
    fields.text("appVersion", &metadata.app_version);
    if metadata.deprecated {
        fields.add("deprecated", Value::bool(true));
    }
    let annotations = metadata.annotations.as_deref().unwrap_or_default();
    if !annotations.is_empty() {
        let entry = |(key, value): &(String, String)| (Text::from(key.as_str()), text(value));
        fields.add("annotations", Value::map(annotations.iter().map(entry).collect_map()));
    }
    fields.text("kubeVersion", &metadata.kube_version);
    fields.list("dependencies", metadata.dependencies.as_deref(), dependency);
    fields.text("type", &metadata.kind);
    fields.yaml()
}

/// `Chart.lock` as Helm writes it, with the time as Go writes it.
pub fn lock_yaml(lock: &Lock, generated: &str) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.add("generated", text(generated));
    fields.add("digest", text(&lock.digest));
    let dependencies = lock.dependencies.as_deref();
    fields.add(
        "dependencies",
        match dependencies {
            None => Value::Nil,
            Some(all) => Value::list(all.iter().map(dependency).collect()),
        },
    );
    fields.yaml()
}

fn maintainer(maintainer: &Maintainer) -> Value {
    let mut fields = Fields::default();
    fields.text("name", &maintainer.name);
    fields.text("email", &maintainer.email);
    fields.text("url", &maintainer.url);
    fields.value()
}

fn dependency(dependency: &Dependency) -> Value {
    let mut fields = Fields::default();
    fields.add("name", text(&dependency.name));
    fields.text("version", &dependency.version);
    fields.add("repository", text(&dependency.repository));
    fields.text("condition", &dependency.condition);
    fields.texts("tags", dependency.tags.as_deref());
    if dependency.enabled {
        fields.add("enabled", Value::bool(true));
    }
    fields.list("import-values", dependency.import_values.as_deref(), from_json);
    fields.text("alias", &dependency.alias);
    fields.value()
}

fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::bool(*value),
        Json::Number(number) => Value::float(number.as_f64().unwrap_or_default()),
        Json::String(value) => text(value),
        Json::Array(items) => Value::list(items.iter().map(from_json).collect()),
        Json::Object(entries) => {
            let entry =
                |(key, value): (&String, &Json)| (Text::from(key.as_str()), from_json(value));
            Value::map(entries.iter().map(entry).collect_map())
        }
    }
}

fn text(text: &str) -> Value {
    Value::text(text)
}

/// The fields of a Go struct that `omitempty` leaves.
#[derive(Default)]
struct Fields(Vec<(Text, Value)>);

impl Fields {
    fn add(&mut self, name: &str, value: Value) {
        self.0.push((Text::from(name), value));
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.add(name, text(value));
        }
    }

    fn texts(&mut self, name: &str, values: Option<&[String]>) {
        self.list(name, values, |value| text(value));
    }

    fn list<T>(&mut self, name: &str, items: Option<&[T]>, value: impl Fn(&T) -> Value) {
        let items = items.unwrap_or_default();
        if !items.is_empty() {
            self.add(name, Value::list(items.iter().map(value).collect()));
        }
    }

    fn value(self) -> Value {
        Value::map(Map::from_entries(self.0))
    }

    fn yaml(self) -> Vec<u8> {
        let mut yaml = yaml_of(&self.value()).as_bytes().to_vec();
        yaml.push(b'\n');
        yaml
    }
}

trait CollectMap {
    fn collect_map(self) -> Map;
}

impl<I: Iterator<Item = (Text, Value)>> CollectMap for I {
    fn collect_map(self) -> Map {
        Map::from_entries(self.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_left_out_and_keys_sorted() {
        let mut dependency = Dependency::default();
        dependency.name.push('d');
        let metadata = Metadata {
            name: "c".to_owned(),
            version: "1.0".to_owned(),
            keywords: Some(Vec::new()),
            dependencies: Some(vec![dependency]),
            ..Metadata::default()
        };
        let want = "dependencies:\n- name: d\n  repository: \"\"\nname: c\nversion: \"1.0\"\n";
        assert_eq!(String::from_utf8_lossy(&chart_yaml(&metadata)), want);
    }
}
