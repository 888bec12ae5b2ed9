//! JSON schemas of kinds that neither Kubernetes nor a definition knows, found by kubeconform's
//! templates of places.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use plimsoll_kube::Node;
use plimsoll_kube::validate::Problem;
use plimsoll_source::Severity;

use crate::json_schema::JsonSchema;

/// Where a location that names no file has its schemas.
const USUAL: &str = "/{{.NormalizedKubernetesVersion}}-standalone{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json";

/// How a file or a URL is read: `None` where there is nothing.
pub type ReadSchema<'r> = dyn Fn(&str) -> Result<Option<Vec<u8>>, String> + 'r;

/// Schemas by their places, each read once.
pub struct JsonSchemas<'r> {
    locations: Vec<String>,
    /// `v1.34.0` or `master`.
    version: String,
    read: &'r ReadSchema<'r>,
    known: RefCell<BTreeMap<String, Known>>,
}

type Known = Result<Option<Rc<JsonSchema>>, String>;

impl<'r> JsonSchemas<'r> {
    /// Schemas at locations, tried in their order; `default` is what is built in and is asked before.
    /// `version` is the user's: `1.34`, `v1.34.2`, or nothing.
    pub fn new(locations: &[String], version: &str, read: &'r ReadSchema<'r>) -> JsonSchemas<'r> {
        let locations = locations.iter().filter(|location| *location != "default");
        let whole = |location: &String| {
            if location.ends_with("json") {
                location.clone()
            } else {
                format!("{}{USUAL}", location.trim_end_matches('/'))
            }
        };
        JsonSchemas {
            locations: locations.map(whole).collect(),
            version: normalized(version),
            read,
            known: RefCell::default(),
        }
    }

    /// What the first schema that there is for a kind says of an object; `None` where there is none.
    pub(crate) fn check(&self, object: &Node, version: &str, kind: &str) -> Option<Vec<Problem>> {
        for location in &self.locations {
            for strict in ["-strict", ""] {
                let place = filled(location, version, kind, &self.version, strict);
                match self.schema(&place) {
                    Ok(Some(schema)) => return Some(judged(object, &schema)),
                    Ok(None) => {}
                    Err(error) => {
                        let message = format!("the schema `{place}` cannot be read: {error}");
                        return Some(vec![problem("unreadable-schema", "", message, object)]);
                    }
                }
                if !location.contains("StrictSuffix") {
                    break;
                }
            }
        }
        None
    }

    fn schema(&self, place: &str) -> Known {
        if let Some(known) = self.known.borrow().get(place) {
            return known.clone();
        }
        let read = match (self.read)(place) {
            Ok(Some(text)) => JsonSchema::read(&text).map(|schema| Some(Rc::new(schema))),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        self.known.borrow_mut().insert(place.to_owned(), read.clone());
        read
    }
}

/// `v1.34.0`, as kubeconform's folders are called; `master` for the newest.
fn normalized(version: &str) -> String {
    let plain = version.trim_start_matches('v');
    match plain.matches('.').count() {
        _ if plain.is_empty() || plain == "master" => "master".to_owned(),
        1 => format!("v{plain}.0"),
        _ => format!("v{plain}"),
    }
}

/// A location with its placeholders filled in.
fn filled(location: &str, api_version: &str, kind: &str, release: &str, strict: &str) -> String {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let first = api_version.split('/').next().unwrap_or_default();
    let first = first.split('.').next().unwrap_or_default().to_lowercase();
    let suffix = match group {
        "" => format!("-{first}"),
        _ => format!("-{first}-{}", version.to_lowercase()),
    };
    let mut out = String::new();
    let mut rest = location;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            rest = &rest[before.len()..];
            break;
        };
        match name.trim_matches(|c: char| c == '-' || c.is_whitespace()) {
            ".Group" => out.push_str(group),
            ".ResourceKind" => out.push_str(&kind.to_lowercase()),
            ".ResourceAPIVersion" => out.push_str(version),
            ".KindSuffix" => out.push_str(&suffix),
            ".NormalizedKubernetesVersion" => out.push_str(release),
            ".StrictSuffix" => out.push_str(strict),
            _ => {}
        }
        rest = behind;
    }
    out + rest
}

fn judged(object: &Node, schema: &JsonSchema) -> Vec<Problem> {
    let faults = schema.faults(object);
    let one = |(at, why): (Vec<String>, String)| {
        let (path, node) = placed(object, &at);
        problem("schema", &path, why, node)
    };
    faults.into_iter().map(one).collect()
}

/// A path as the server writes it, and the last node on it that is there.
fn placed<'n>(object: &'n Node, at: &[String]) -> (String, &'n Node) {
    let mut path = String::new();
    let mut node = object;
    for step in at {
        let item = step.parse::<usize>().ok().and_then(|index| node.as_list().get(index));
        if let Some(item) = item {
            path.push_str(&format!("[{step}]"));
            node = item;
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(step);
            node = node.get(step).unwrap_or(node);
        }
    }
    (path, node)
}

fn problem(rule: &'static str, path: &str, message: String, node: &Node) -> Problem {
    Problem {
        rule,
        severity: Severity::Error,
        path: path.to_owned(),
        message,
        span: node.span,
        help: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(location: &str, api_version: &str, kind: &str, want: &str) {
        let read = |_: &str| Ok(None);
        let schemas = JsonSchemas::new(&[location.to_owned()], "1.34", &read);
        let got = filled(&schemas.locations[0], api_version, kind, &schemas.version, "-strict");
        assert_eq!(got, want);
    }

    #[test]
    fn locations_are_kubeconforms() {
        check(
            "https://x/{{.Group}}/{{ .ResourceKind }}_{{.ResourceAPIVersion}}.json",
            "argoproj.io/v1alpha1",
            "Rollout",
            "https://x/argoproj.io/rollout_v1alpha1.json",
        );
        check(
            "schemas/",
            "apps/v1",
            "Deployment",
            "schemas/v1.34.0-standalone-strict/deployment-apps-v1.json",
        );
        check("schemas", "v1", "Service", "schemas/v1.34.0-standalone-strict/service-v1.json");
        check("a{{b.json", "v1", "Service", "a{{b.json");
    }

    #[test]
    fn objects_are_judged_by_the_first_schema_that_is_there() {
        let read = |place: &str| {
            let schema = r#"{"properties":{"spec":{"required":["size"]}}}"#;
            Ok((place == "b/thing.json").then(|| schema.as_bytes().to_vec()))
        };
        let places = ["a/{{.ResourceKind}}.json", "b/{{.ResourceKind}}.json"].map(str::to_owned);
        let schemas = JsonSchemas::new(&places, "", &read);
        let node = plimsoll_yaml::read(b"spec: {}", plimsoll_source::FileId(0)).unwrap();
        let found = schemas.check(&node, "x.io/v1", "Thing").unwrap();
        assert_eq!(
            (found[0].path.as_str(), found[0].message.as_str()),
            ("spec", "\"size\" is a required property")
        );
        assert!(schemas.check(&node, "x.io/v1", "Other").is_none());
    }
}
