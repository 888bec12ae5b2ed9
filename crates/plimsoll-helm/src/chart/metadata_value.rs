use plimsoll_gotmpl::{Compat, Elem, Kind, List, Map, MapType, Object, Text, Value};

use super::{Dependency, Maintainer, Metadata};

/// What templates see as `.Chart`: a map with Go's field names in Helm 4, a struct in Helm 3.
///
/// `imports` are, dependency by dependency, the pairs of child and parent that Helm made of
/// `import-values`.
pub fn chart_value(
    metadata: &Metadata,
    imports: &[Vec<(String, String)>],
    is_root: bool,
    compat: Compat,
) -> Value {
    let mut fields = metadata_fields(metadata, imports, compat);
    match compat {
        Compat::Helm4 => {
            fields.push(("IsRoot", "", Value::bool(is_root)));
            as_map(fields)
        }
        Compat::Helm3 => {
            // The embedded struct's fields come first in JSON too; `IsRoot` has no tag.
            fields.push(("IsRoot", "IsRoot", Value::bool(is_root)));
            let name = "struct { chart.Metadata; IsRoot bool }";
            Value::object(GoStruct { name, kind: Kind::Struct, fields })
        }
    }
}

/// Go's name, the JSON name (nothing is left out of JSON if it starts with `+`) and the value.
type Field = (&'static str, &'static str, Value);

fn metadata_fields(
    metadata: &Metadata,
    imports: &[Vec<(String, String)>],
    compat: Compat,
) -> Vec<Field> {
    let maintainers = metadata.maintainers.iter().flatten().map(maintainer_fields);
    let dependencies = metadata.dependencies.iter().flatten().enumerate();
    let dependencies = dependencies.map(|(index, dependency)| {
        dependency_fields(dependency, imports.get(index).map_or(&[], Vec::as_slice), compat)
    });
    vec![
        ("Name", "name", text(&metadata.name)),
        ("Home", "home", text(&metadata.home)),
        ("Sources", "sources", texts(metadata.sources.as_deref(), compat)),
        ("Version", "version", text(&metadata.version)),
        ("Description", "description", text(&metadata.description)),
        ("Keywords", "keywords", texts(metadata.keywords.as_deref(), compat)),
        ("Maintainers", "maintainers", structs(maintainers, "*chart.Maintainer", compat)),
        ("Icon", "icon", text(&metadata.icon)),
        ("APIVersion", "apiVersion", text(&metadata.api_version)),
        ("Condition", "condition", text(&metadata.condition)),
        ("Tags", "tags", text(&metadata.tags)),
        ("AppVersion", "appVersion", text(&metadata.app_version)),
        ("Deprecated", "deprecated", Value::bool(metadata.deprecated)),
        ("Annotations", "annotations", annotations(metadata)),
        ("KubeVersion", "kubeVersion", text(&metadata.kube_version)),
        ("Dependencies", "dependencies", structs(dependencies, "*chart.Dependency", compat)),
        ("Type", "type", text(&metadata.kind)),
    ]
}

fn maintainer_fields(maintainer: &Maintainer) -> Vec<Field> {
    vec![
        ("Name", "name", text(&maintainer.name)),
        ("Email", "email", text(&maintainer.email)),
        ("URL", "url", text(&maintainer.url)),
    ]
}

fn dependency_fields(
    dependency: &Dependency,
    imports: &[(String, String)],
    compat: Compat,
) -> Vec<Field> {
    let imports: Vec<Value> = imports.iter().map(import).collect();
    let imports = if imports.is_empty() && compat == Compat::Helm3 {
        Value::from(List::nil(Elem::Any))
    } else {
        Value::list(imports)
    };
    vec![
        ("Name", "+name", text(&dependency.name)),
        ("Version", "version", text(&dependency.version)),
        ("Repository", "+repository", text(&dependency.repository)),
        ("Condition", "condition", text(&dependency.condition)),
        ("Tags", "tags", texts(dependency.tags.as_deref(), compat)),
        ("Enabled", "enabled", Value::bool(dependency.enabled)),
        ("ImportValues", "import-values", imports),
        ("Alias", "alias", text(&dependency.alias)),
    ]
}

fn import((child, parent): &(String, String)) -> Value {
    let entries = vec![("child".into(), text(child)), ("parent".into(), text(parent))];
    Value::map(Map::of(MapType::STRINGS, entries))
}

fn text(text: &str) -> Value {
    Value::text(text)
}

/// Helm 4 makes a `[]interface {}` of every slice, of a nil slice an empty one.
fn texts(list: Option<&[String]>, compat: Compat) -> Value {
    match (compat, list) {
        (Compat::Helm4, list) => {
            Value::list(list.unwrap_or_default().iter().map(|one| text(one)).collect())
        }
        (Compat::Helm3, None) => Value::from(List::nil(Elem::String)),
        (Compat::Helm3, Some(list)) => Value::strings(list.iter().map(String::as_str)),
    }
}

fn annotations(metadata: &Metadata) -> Value {
    let Some(annotations) = &metadata.annotations else {
        return Value::map(Map::nil(MapType::STRINGS));
    };
    let entry = |(key, value): &(String, String)| (Text::from(key.as_str()), text(value));
    Value::map(Map::of(MapType::STRINGS, annotations.iter().map(entry).collect()))
}

fn structs(items: impl Iterator<Item = Vec<Field>>, name: &'static str, compat: Compat) -> Value {
    match compat {
        Compat::Helm4 => Value::list(items.map(as_map).collect()),
        Compat::Helm3 => {
            let kind = Kind::Pointer;
            let items = items.map(|fields| Value::object(GoStruct { name, kind, fields }));
            let items: Vec<Value> = items.collect();
            let elem = Elem::Named(name);
            if items.is_empty() { List::nil(elem) } else { List::new(elem, items) }.into()
        }
    }
}

fn as_map(fields: Vec<Field>) -> Value {
    let entries = fields.into_iter().map(|(name, _, value)| (Text::from(name), value));
    Value::map(Map::from_entries(entries.collect()))
}

/// A struct of Helm 3's, or a pointer to one.
#[derive(Debug)]
struct GoStruct {
    name: &'static str,
    kind: Kind,
    fields: Vec<Field>,
}

impl Object for GoStruct {
    fn type_name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Kind {
        self.kind
    }

    fn field(&self, name: &str) -> Option<Value> {
        let found = self.fields.iter().find(|(known, ..)| *known == name);
        found.map(|(.., value)| value.clone())
    }

    fn to_json(&self) -> Value {
        let shown = self.fields.iter().filter_map(|(_, json, value)| {
            let always = json.strip_prefix('+');
            let name = always.unwrap_or(json);
            (always.is_some() || name == "IsRoot" || value.is_true())
                .then(|| (Text::from(name), value.clone()))
        });
        Value::map(Map::from_entries(shown.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        let dependency = Dependency { name: "s".to_owned(), ..Dependency::default() };
        Metadata {
            name: "c".to_owned(),
            dependencies: Some(vec![dependency]),
            ..Metadata::default()
        }
    }

    #[test]
    fn helm_4_shows_a_map_with_all_fields() {
        let imports = [vec![("exports.a".to_owned(), ".".to_owned())]];
        let value = chart_value(&metadata(), &imports, true, Compat::Helm4);
        let map = value.as_map().expect("it is a map");
        assert_eq!(map.len(), 18);
        assert_eq!(
            map.get(b"Keywords").map(|list| list.type_name()),
            Some("[]interface {}".into())
        );
        let shown = format!("{:?}", map.get(b"Dependencies"));
        assert!(shown.contains("exports.a"), "{shown}");
    }

    #[test]
    fn helm_3_shows_a_struct_whose_json_leaves_out_what_is_empty() {
        let value = chart_value(&metadata(), &[], true, Compat::Helm3);
        let Value::Object(_, object) = &value else { panic!("it is a struct") };
        assert!(object.field("Nope").is_none());
        let json = object.to_json();
        let keys: Vec<_> =
            json.as_map().expect("an object").entries().iter().map(|e| e.0.clone()).collect();
        assert_eq!(keys, ["IsRoot", "dependencies", "name"].map(Text::from));
    }
}
